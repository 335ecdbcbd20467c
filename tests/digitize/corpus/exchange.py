# SPDX-License-Identifier: Apache-2.0
"""Broken, hostile and odd but sound OFF and 3MF."""

from __future__ import annotations

import struct

from tests.digitize.corpus.archives import pack
from tests.digitize.corpus.case import Case, bad, png

CORE = "http://schemas.microsoft.com/3dmanufacturing/core/2015/02"
MATERIAL = "http://schemas.microsoft.com/3dmanufacturing/material/2015/02"
PRODUCTION = "http://schemas.microsoft.com/3dmanufacturing/production/2015/06"
RELATIONSHIPS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r" Target="/{}" '
    'Type="http://schemas.microsoft.com/3dmanufacturing/2013/01/3dmodel"/></Relationships>'
)
MESH = (
    '<mesh><vertices><vertex x="0" y="0" z="0"/><vertex x="1" y="0" z="0"/><vertex x="0" y="1" z="0"/></vertices>'
    '<triangles><triangle v1="0" v2="1" v3="2"/></triangles></mesh>'
)
OBJECT = f'<object id="1" type="model">{MESH}</object>'
OFF = b"OFF\n3 1 3\n0 0 0\n1 0 0\n0 1 0\n3 0 1 2\n"


def model(resources: str = OBJECT, build: str = '<item objectid="1"/>', head: str = 'unit="millimeter"', before: str = "") -> str:
    """Write a model part."""
    spaces = f'xmlns="{CORE}" xmlns:m="{MATERIAL}" xmlns:p="{PRODUCTION}"'
    return f'<?xml version="1.0" encoding="UTF-8"?>{before}<model {spaces} {head}><resources>{resources}</resources><build>{build}</build></model>'


def package(*parts: tuple[str, bytes], root: str = "3D/3dmodel.model", **changes: str) -> bytes:
    """Write a 3MF; `changes` are those of `model`."""
    return pack(
        ("[Content_Types].xml", b"<Types/>"),
        ("_rels/.rels", RELATIONSHIPS.format(root).encode()),
        ("3D/3dmodel.model", model(**changes).encode()),
        *parts,
    )


def _off(name: str, code: str, at: str | None, data: bytes) -> Case:
    return bad(f"off-{name}", code, at, "a.off", data)


def _3mf(name: str, code: str, at: str | None, **changes: str) -> Case:
    return bad(f"3mf-{name}", code, at, "a.3mf", package(**changes))


def _object(mesh: str) -> str:
    return f'<object id="1">{mesh}</object>'


def doubling(levels: int) -> str:
    """Make each object show the one before it twice."""
    rest = "".join(
        f'<object id="{n}"><components><component objectid="{n - 1}"/><component objectid="{n - 1}"/></components></object>'
        for n in range(2, levels + 2)
    )
    return OBJECT + rest


_LAUGHS = '<!DOCTYPE model [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
_OUTSIDE = '<!DOCTYPE model [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
_GROUP = '<m:colorgroup id="9"><m:color color="#FF0000"/></m:colorgroup>'
_TEXTURED = (
    '<m:texture2d id="7" path="/3D/Textures/t.png" contenttype="image/png"/>'
    '<m:texture2dgroup id="9" texid="7"><m:tex2coord u="0" v="0"/></m:texture2dgroup>'
    '<object id="1" pid="9" pindex="0">' + MESH + "</object>"
)
_LONG_TAG = f'<object id="1" name="{"x" * 3_000_000}">'

EXCHANGE: tuple[Case, ...] = (
    _off("cut-in-vertices", "off.truncated", "vertex 2", OFF[:16]),
    _off("cut-in-a-row", "off.row", "line 4", OFF[:18]),
    _off("cut-in-faces", "off.truncated", "face 1", OFF[: OFF.index(b"3 0 1 2")]),
    _off("cut-before-counts", "off.header", None, b"OFF\n# nothing\n"),
    _off("four-dimensions", "off.header", "line 1", b"4OFF\n" + OFF[4:]),
    _off("binary", "text.binary", "line 2", b"OFF BINARY\n" + struct.pack(">3i", 3, 1, 0)),
    _off("counts-are-words", "off.header", "line 2", OFF.replace(b"3 1 3", b"three 1 3")),
    _off("negative-count", "off.header", "line 2", OFF.replace(b"3 1 3", b"-3 1 3")),
    _off("huge-count", "off.count-too-large", "line 2", OFF.replace(b"3 1 3", b"999999999999 1 0")),
    _off("count-of-a-thousand-digits", "off.header", "line 2", OFF.replace(b"3 1 3", b"9" * 1000 + b" 1 0")),
    _off("no-vertices", "mesh.no-vertices", "line 2", b"OFF\n0 0 0\n"),
    _off("no-faces", "mesh.no-faces", None, b"OFF\n3 0 0\n0 0 0\n1 0 0\n0 1 0\n"),
    _off("index-out-of-range", "mesh.index-out-of-range", "line 6", OFF.replace(b"3 0 1 2", b"3 0 1 3")),
    _off("index-negative", "mesh.index-out-of-range", "line 6", OFF.replace(b"3 0 1 2", b"3 0 1 -1")),
    _off("index-huge", "off.row", "line 6", OFF.replace(b"3 0 1 2", b"3 0 1 99999999999999999999")),
    _off("polygon-of-a-million", "mesh.polygon-size", "line 6", OFF.replace(b"3 0 1 2", b"100000 0 1 2")),
    _off("face-too-short", "off.row", "line 6", OFF.replace(b"3 0 1 2", b"4 0 1 2")),
    _off("nan", "mesh.not-finite", "line 4", OFF.replace(b"1 0 0", b"nan 0 0")),
    _off("infinite", "mesh.not-finite", "line 5", OFF.replace(b"0 1 0", b"0 1e999 0")),
    _off("word", "off.row", "line 4", OFF.replace(b"1 0 0", b"1 zero 0")),
    _off("underscore", "off.row", "line 4", OFF.replace(b"1 0 0", b"1_0 0 0")),
    _off("vertex-too-short", "off.row", "line 4", OFF.replace(b"1 0 0", b"1 0")),
    _off("normals-missing", "off.row", "line 3", b"N" + OFF),
    _off("endless-line", "text.line-too-long", "line 3", b"OFF\n3 1 0\n" + b"0 " * 100_000),
    bad("off-is-ply", "input.wrong-extension", None, "a.off", b"ply\nformat ascii 1.0\nend_header\n"),
    bad("3mf-cut", "zip.broken", None, "a.3mf", package()[:-40] + b"[Content_Types].xml 3D/a.model"),
    bad("3mf-without-model", "3mf.part-missing", "3D/other.model", "a.3mf", package(root="3D/other.model")),
    bad("3mf-names-outside", "3mf.part-missing", "../../etc/passwd", "a.3mf", package(root="../../etc/passwd")),
    bad("3mf-relationships-missing", "3mf.part-missing", "_rels/.rels", "a.3mf", pack(("[Content_Types].xml", b"x"), ("3D/a.model", b"x"))),
    bad("3mf-bomb", "zip.ratio", "3D/3dmodel.model", "a.3mf", package(build=" " * 40_000_000)),
    bad("3mf-zip-slip", "zip.unsafe-name", "../x.model", "a.3mf", package(("../x.model", b"x"))),
    _3mf("entities", "3mf.xml", "line 1", before=_LAUGHS),
    _3mf("outside-entity", "3mf.xml", "line 1", before=_OUTSIDE),
    _3mf("cut-xml", "3mf.xml", "line 1", build="<item"),
    _3mf("deep", "3mf.xml", "line 1", build="<a>" * 100_000),
    bad("3mf-tag-of-three-megabytes", "zip.ratio", "3D/3dmodel.model", "a.3mf", package(resources=_LONG_TAG)),
    _3mf("required-extension", "3mf.extension", "line 1", head='requiredextensions="x"'),
    _3mf("unknown-unit", "3mf.structure", "line 1", head='unit="cubit"'),
    _3mf("index-out-of-range", "mesh.index-out-of-range", "line 1", resources=OBJECT.replace('v3="2"', 'v3="3"')),
    _3mf("index-negative", "3mf.structure", "line 1", resources=OBJECT.replace('v3="2"', 'v3="-1"')),
    _3mf("index-huge", "3mf.structure", "line 1", resources=OBJECT.replace('v3="2"', f'v3="{"9" * 400}"')),
    _3mf("nan", "mesh.not-finite", "line 1", resources=OBJECT.replace('x="1"', 'x="nan"')),
    _3mf("infinite", "mesh.not-finite", "line 1", resources=OBJECT.replace('x="1"', 'x="1e999"')),
    _3mf("no-number", "3mf.structure", "line 1", resources=OBJECT.replace('x="1"', 'x="one"')),
    _3mf("no-triangles", "mesh.no-faces", None, resources=OBJECT.replace('<triangle v1="0" v2="1" v3="2"/>', "")),
    _3mf("nothing-built", "mesh.no-faces", None, build=""),
    _3mf("item-missing", "3mf.structure", "build", build='<item objectid="5"/>'),
    _3mf("shows-itself", "3mf.structure", "line 1", resources='<object id="1"><components><component objectid="1"/></components></object>'),
    _3mf("cycle", "3mf.structure", "line 1", resources='<object id="1"><components><component objectid="2"/></components></object>'),
    _3mf("object-twice", "3mf.structure", "line 1", resources=OBJECT * 2),
    _3mf("dag-bomb", "3mf.structure", "build", resources=doubling(40), build='<item objectid="41"/>'),
    _3mf("instances-of-nothing", "3mf.structure", "build", resources=doubling(20).replace(MESH, ""), build='<item objectid="21"/>'),
    _3mf("transform-short", "3mf.structure", "line 1", build='<item objectid="1" transform="1 0 0"/>'),
    _3mf("transform-nan", "3mf.structure", "line 1", build=f'<item objectid="1" transform="{"nan " * 12}"/>'),
    _3mf("group-missing", "3mf.structure", "object 1", resources=OBJECT.replace('type="model"', 'pid="9" pindex="0"')),
    _3mf("property-missing", "3mf.structure", "object 1", resources=_GROUP + OBJECT.replace('type="model"', 'pid="9" pindex="4"')),
    _3mf("colour-is-a-word", "3mf.structure", "line 1", resources=_GROUP.replace("#FF0000", "red") + OBJECT),
    _3mf("texture-missing", "3mf.part-missing", "3D/Textures/t.png", resources=_TEXTURED),
    _3mf("part-missing", "3mf.part-missing", "3D/b.model", build='<item objectid="1" p:path="/3D/b.model"/>'),
    bad(
        "3mf-picture-30000",
        "image.too-many-pixels",
        None,
        "a.3mf",
        package(("3D/Textures/t.png", png(30_000, 30_000)), resources=_TEXTURED),
    ),
)

_ONE = {"vertices": 3, "triangles": 1}


def _good(name: str, main: str, data: bytes, counts: dict[str, int], *doubts: str) -> Case:
    return Case(name, {main: data}, main, None, None, counts, doubts)


EXCHANGE_SOUND: tuple[Case, ...] = (
    _good("off", "a.off", OFF, _ONE),
    _good("off-counts-beside-keyword", "a.off", b"# made by hand\n\n" + OFF.replace(b"OFF\n", b"OFF "), _ONE),
    _good("off-two-counts-crlf", "a.off", OFF.replace(b"3 1 3", b"3 1").replace(b"\n", b"\r\n"), _ONE),
    _good("off-comments", "a.off", OFF.replace(b"\n", b" # here\n"), _ONE),
    _good(
        "off-polygons",
        "a.off",
        b"OFF\n5 3 0\n0 0 0\n1 0 0\n1 1 0\n0 1 0\n.5 2 0\n5 0 1 2 4 3\n3 0 1 2\n2 0 1\n",
        {"faces": 3, "triangles": 4},
        "mesh.small-polygons",
    ),
    _good(
        "off-values-unannounced",
        "a.off",
        OFF.replace(b"0 0 0", b"0 0 0 1").replace(b"1 0 0", b"1 0 0 1").replace(b"0 1 0\n", b"0 1 0 1\n"),
        _ONE,
        "off.values-left-out",
    ),
    _good("off-tail", "a.off", OFF + b"tail\n", _ONE, "input.bytes-after-end"),
    _good("3mf", "a.3mf", package(), {**_ONE, "objects": 1}),
    _good(
        "3mf-object-of-points-only",
        "a.3mf",
        package(
            resources=OBJECT + OBJECT.replace('id="1"', 'id="2"').replace('<triangle v1="0" v2="1" v3="2"/>', ""),
            build='<item objectid="1"/><item objectid="2"/>',
        ),
        _ONE,
    ),
    _good("3mf-twice-built", "a.3mf", package(build='<item objectid="1"/>' * 3), {"vertices": 9, "triangles": 3}),
    _good("3mf-components", "a.3mf", package(resources=doubling(3), build='<item objectid="4"/>'), {"vertices": 24, "triangles": 8}),
    _good(
        "3mf-other-parts",
        "a.3mf",
        package(("3D/b.model", model(build="").encode()), build='<item objectid="1" p:path="/3D/b.model"/>', resources=""),
        _ONE,
    ),
    _good("3mf-textured", "a.3mf", package(("3D/Textures/t.png", png()), resources=_TEXTURED), {**_ONE, "images": 1, "textured": 1}),
    _good(
        "3mf-more",
        "a.3mf",
        package(resources=OBJECT.replace("<mesh>", '<mesh><beamlattice xmlns="http://x.org/b/2"/>')),
        _ONE,
        "3mf.left-out",
    ),
)
