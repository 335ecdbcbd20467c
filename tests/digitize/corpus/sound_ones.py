# SPDX-License-Identifier: Apache-2.0
"""Odd inputs that are sound, with what they must be counted as: a pre-flight that refuses everything is no use."""

from __future__ import annotations

import zipfile
from typing import Any

from tests.digitize.corpus.archives import pack, raw
from tests.digitize.corpus.case import (
    OBJ,
    STL_TEXT,
    Case,
    buffer,
    data_uri,
    glb,
    gltf,
    jpeg,
    ply_ascii,
    ply_binary,
    ply_header,
    png,
    stl_binary,
    text,
    wav,
)


def good(name: str, main: str, data: bytes, counts: dict[str, int], doubts: tuple[str, ...] = (), **beside: bytes) -> Case:
    """Make a sound case; further files by name, with ``__`` for the dot."""
    return Case(name, {main: data, **{key.replace("__", "."): value for key, value in beside.items()}}, main, None, None, counts, doubts)


_ONE = {"vertices": 3, "triangles": 1}
_MIXED = (
    ply_header(vertices=4, faces=3, encoding="binary_big_endian")
    + ply_binary(">", points=((0, 0, 0), (1, 0, 0), (0, 1, 0), (1, 1, 0)))[-61:-13]
)
_MIXED += b"\x03" + b"\0\0\0\0\0\0\0\1\0\0\0\2" + b"\x04" + b"\0\0\0\0\0\0\0\1\0\0\0\2\0\0\0\3" + b"\x03" + b"\0\0\0\1\0\0\0\2\0\0\0\3"
_STRIPS = ply_ascii("0 0 0\n1 0 0\n0 1 0\n1 1 0\n", "8 0 1 2 3 -1 1 2 3\n").replace(b"element face", b"element tristrips")
_STRIPS = _STRIPS.replace(b"vertex 3", b"vertex 4")
_SPLATS = b"ply\nformat binary_little_endian 1.0\nelement vertex 3\n"
_SPLATS += b"".join(b"property float %s\n" % name for name in (b"x", b"y", b"z", b"f_dc_0", b"opacity", b"scale_0", b"rot_0"))
_SPLATS += b"end_header\n" + bytes(3 * 28)
_SPARSE: list[dict[str, Any]] = [
    {**gltf()["accessors"][0], "sparse": {"count": 1, "indices": {"bufferView": 2, "componentType": 5123}, "values": {"bufferView": 0}}},
    gltf()["accessors"][1],
]
_SPARSE_VIEWS = [*gltf()["bufferViews"], {"buffer": 0, "byteOffset": 38, "byteLength": 2}]
_STRIP = [{"primitives": [{"attributes": {"POSITION": 0}, "mode": 5}, {"attributes": {"POSITION": 0}, "mode": 1}]}]

SOUND: tuple[Case, ...] = (
    good("ply-ascii", "a.ply", ply_ascii(), _ONE),
    good("ply-crlf", "a.ply", ply_ascii().replace(b"\n", b"\r\n"), _ONE),
    good("ply-no-last-newline", "a.ply", ply_ascii()[:-1], _ONE, ("input.open-end",)),
    good("ply-little", "a.ply", ply_binary("<"), _ONE),
    good("ply-big", "a.ply", ply_binary(">"), _ONE),
    good("ply-mixed-polygons", "a.ply", _MIXED, {"vertices": 4, "faces": 3, "triangles": 4}),
    good("ply-trailing-bytes", "a.ply", ply_binary() + b"tail", _ONE, ("input.bytes-after-end",)),
    good(
        "ply-nan-normal",
        "a.ply",
        ply_ascii("0 0 0 nan\n1 0 0 1\n0 1 0 1\n", extra="property float nx"),
        _ONE,
        ("mesh.attribute-not-finite",),
    ),
    good(
        "ply-edge-among-faces",
        "a.ply",
        ply_ascii(
            faces="3 0 1 2\n2 0 1\n",
        ).replace(b"face 1", b"face 2"),
        {"faces": 2, "triangles": 1},
        ("mesh.small-polygons",),
    ),
    good(
        "ply-texture",
        "a.ply",
        ply_ascii().replace(b"element vertex", b"comment TextureFile t.png\nelement vertex"),
        {"images": 1},
        t__png=png(),
    ),
    good("ply-strips", "a.ply", _STRIPS, {"vertices": 4, "faces": 1, "triangles": 3}),
    good("ply-points", "a.ply", ply_ascii(faces="").replace(b"face 1", b"face 0"), {"vertices": 3, "points": 3, "triangles": 0}),
    good("ply-splats", "a.ply", _SPLATS, {"points": 3}),
    good("obj", "a.obj", OBJ, {**_ONE, "uv": 3, "images": 0}),
    good("obj-gbk-names", "a.obj", b"o \xcc\xd5\xb1\xad\n" + OBJ, _ONE),
    good("obj-negative", "a.obj", b"v 0 0 0\nv 1 0 0\nv 0 1 0\nf -3 -2 -1\n", _ONE),
    good("obj-continued", "a.obj", b"v 0 0 0\nv 1 0 \\\n 0\nv 0 1 0\nf 1 2 \\\n3\n", _ONE),
    good("obj-forward-reference", "a.obj", b"f 1 2 3\nv 0 0 0\nv 1 0 0\nv 0 1 0\n", _ONE),
    good("obj-mixed-corners", "a.obj", OBJ + b"vn 0 0 1\nf 1//1 2/2 3\nf 1/1/1 2/2/1 3/3/1\n", {"faces": 3, "triangles": 3, "normals": 1}),
    good("obj-colours", "a.obj", b"v 0 0 0 1 0 0\nv 1 0 0 0 1 0\nv 0 1 0 0 0 1\nf 1 2 3\n", _ONE),
    good("obj-lines", "a.obj", OBJ + b"l 1 2\n", _ONE, ("obj.statements-left-out",)),
    good("obj-picture-beside", "a.obj", OBJ, {"images": 1, "textured": 1}, t__png=png()),
    good("obj-library-missing", "a.obj", b"mtllib gone.mtl\n" + OBJ, _ONE, ("obj.library-missing",)),
    good(
        "obj-one-library-of-two",
        "a.obj",
        b"mtllib a.mtl gone.mtl\n" + OBJ,
        {"materials": 1},
        ("obj.library-missing",),
        a__mtl=b"newmtl m\n",
    ),
    good("obj-unknown-material", "a.obj", b"usemtl gold\n" + OBJ, _ONE, ("obj.unknown-materials",)),
    good(
        "obj-library-in-other-case",
        "a.obj",
        b"mtllib A.MTL\n" + OBJ,
        {"materials": 1, "images": 1},
        a__mtl=b"newmtl m\nmap_Kd -s 1 1 1 my clay.png\n",
        **{"my clay__png": png()},
    ),
    good("stl", "a.stl", stl_binary(2), {"triangles": 2, "vertices": 6}),
    good("stl-says-solid", "a.stl", stl_binary(2, b"solid but binary"), {"triangles": 2}),
    good("stl-text", "a.stl", STL_TEXT, _ONE),
    good("stl-text-two-solids", "a.stl", STL_TEXT * 2, {"triangles": 2}),
    good("gltf", "a.gltf", text(gltf()), _ONE),
    good("gltf-byte-order-mark", "a.gltf", b"\xef\xbb\xbf" + text(gltf()), _ONE),
    good("gltf-file", "a.gltf", text(gltf(buffers=[{"byteLength": 44, "uri": "my%20data.bin"}])), _ONE, **{"my data__bin": buffer()}),
    good(
        "gltf-two-instances",
        "a.gltf",
        text(gltf(nodes=[{"children": [1, 2]}, {"mesh": 0}, {"mesh": 0, "scale": [2, 2, 2]}])),
        {"vertices": 6, "triangles": 2},
    ),
    good("gltf-sparse", "a.gltf", text(gltf(accessors=_SPARSE, bufferViews=_SPARSE_VIEWS)), _ONE),
    good("gltf-strip-and-lines", "a.gltf", text(gltf(meshes=_STRIP)), _ONE, ("gltf.not-carried",)),
    good("gltf-animated", "a.gltf", text(gltf(animations=[{}])), _ONE, ("gltf.not-carried",)),
    good(
        "gltf-picture",
        "a.gltf",
        text(gltf(images=[{"uri": data_uri(jpeg(), "image/jpeg")}], textures=[{"source": 0}])),
        {"images": 1, "textured": 1},
    ),
    good("glb", "a.glb", glb(gltf(buffers=[{"byteLength": 44}]), buffer()), _ONE),
    good("png", "a.png", png(7, 5), {"width": 7, "height": 5, "channels": 1}),
    good("jpeg", "a.JPG", jpeg(9, 4), {"width": 9, "height": 4, "channels": 3}),
    good("wav", "a.wav", wav(64, 2), {"frames": 64, "channels": 2, "sample_rate": 8000, "bits": 16}),
    good(
        "zip",
        "a.zip",
        pack(("in/a.obj", b"mtllib a.mtl\n" + OBJ), ("in/a.mtl", b"newmtl m\nmap_Kd t.png\n"), ("in/t.png", png())),
        {"images": 1, "materials": 1},
    ),
    good("zip-stored", "a.zip", pack(("a.ply", ply_ascii()), method=zipfile.ZIP_STORED), _ONE),
    good("zip-gbk-name", "a.zip", raw("陶杯.ply".encode("gbk"), ply_ascii()), _ONE, ("zip.names-guessed",)),
    good("zip-utf8-name-without-flag", "a.zip", raw("陶杯.ply".encode(), ply_ascii()), _ONE),
    good("zip-left-overs", "a.zip", pack(("a.ply", ply_ascii()), ("__MACOSX/._a.ply", b"x"), (".DS_Store", b"x")), _ONE),
    good("zip-with-more", "a.zip", pack(("a.ply", ply_ascii()), ("notes.txt", b"x")), _ONE, ("input.files-unused",)),
    Case("folder", {"a.stl": stl_binary(1)}, "", counts=_ONE),
)
