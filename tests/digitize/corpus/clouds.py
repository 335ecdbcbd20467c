# SPDX-License-Identifier: Apache-2.0
"""Broken and hostile point clouds and Gaussian splats, and odd ones that are sound."""

from __future__ import annotations

import gzip
import struct
from typing import Any

import numpy as np

from digitize.preflight.cloud.e57.pages import crc32c
from digitize.preflight.cloud.las import RECORDS
from tests.digitize.corpus.case import Case, bad, png

POINTS = ((0.0, 0.0, 0.0), (1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0))


def las(
    points: int | None = None, *, form: int = 0, version: int = 2, record: int | None = None, offset: int | None = None, scale: float = 0.001,
    variables: tuple[tuple[bytes, int, bytes], ...] = (), rows: int = 4, magic: bytes = b"LASF", stated_variables: int | None = None,
) -> bytes:  # fmt: skip
    """Write a LAS of up to four points; what is stated may lie."""
    size = 375 if version == 4 else 227
    extra = b"".join(struct.pack("<H16sHH32s", 0, user, number, len(data), b"") + data for user, number, data in variables)
    begin = size + len(extra) if offset is None else offset
    count = len(POINTS) if points is None else points
    head = bytearray(size)
    head[:4], head[24], head[25] = magic, 1, version
    record = RECORDS[form & 0x3F] if record is None else record
    many = len(variables) if stated_variables is None else stated_variables
    struct.pack_into("<HIIBHI", head, 94, size, begin, many, form, record, min(count, 0xFFFFFFFF))
    struct.pack_into("<12d", head, 131, scale, scale, scale, 0, 0, 0, 1, 0, 1, 0, 1, 0)
    if version == 4:
        struct.pack_into("<Q", head, 247, count)
    body = b"".join(struct.pack("<3i", *(int(part / 0.001) for part in point)).ljust(record, b"\0") for point in POINTS[:rows])
    return bytes(head) + extra + body


def laz(*, chunk: int = 50_000, chunks: int = 1, items: tuple[int, ...] = (20,), compressor: int = 2, table: int | None = None) -> bytes:
    """Write what stands around a LAZ's compressed points; those themselves are noise."""
    packed = struct.pack("<HHBBHIIqqH", compressor, 0, 2, 2, 0, 0, chunk, -1, -1, len(items))
    packed += b"".join(struct.pack("<HHH", 6, size, 2) for size in items)
    head = las(form=0x80, rows=0, variables=((b"laszip encoded", 22204, packed),), record=20)
    begin = len(head)
    place = begin + 8 + 40 if table is None else table
    return head + struct.pack("<q", place) + bytes(40) + struct.pack("<II", 0, chunks) + bytes(8)


def paged(logical: bytes, page: int = 1024) -> bytes:
    """Cut bytes into pages and give each its checksum."""
    inner = page - 4
    rows = np.frombuffer(logical.ljust(-(-len(logical) // inner) * inner, b"\0"), np.uint8).reshape(-1, inner)
    sums = crc32c(rows).astype(">u4").view(np.uint8).reshape(-1, 4)
    return np.hstack([rows, sums]).tobytes()


XML = """<?xml version="1.0" encoding="UTF-8"?>{doctype}<e57Root type="Structure" xmlns="http://www.astm.org/COMMIT/E57/2010-e57-v1.0">
<data3D type="Vector"><vectorChild type="Structure"><points type="CompressedVector" fileOffset="{offset}" recordCount="{count}">
<prototype type="Structure"><cartesianX type="Float" precision="single"/><cartesianY type="Float" precision="single"/>
<cartesianZ type="Float" precision="single"/>{more}</prototype></points>{pose}</vectorChild></data3D></e57Root>"""


def e57(
    *, count: int = 4, rows: int = 4, offset: int = 48, kind: int = 1, packet: int | None = None, streams: int = 3, more: str = "", pose: str = "",
    doctype: str = "", magic: bytes = b"ASTM-E57", xml: str | None = None, length: int | None = None, page: int = 1024, stated: int | None = None,
) -> bytes:  # fmt: skip
    """Write an E57 with one scan in single precision; what is stated may lie."""
    columns = [struct.pack(f"<{rows}f", *(point[axis] for point in POINTS[:rows])) for axis in range(3)]
    body = b"".join(columns)
    size = 6 + 2 * streams + len(body)
    size += -size % 4
    data = struct.pack("<BBHH", 1, 0, (size if packet is None else packet) - 1, streams) + struct.pack("<H", 4 * rows) * streams + body
    data = data.ljust(size, b"\0")
    section = struct.pack("<B7xQQQ", kind, 32 + len(data) if length is None else length, 48 + 32, 0) + data
    text = (xml or XML).format(offset=offset, count=count, more=more, pose=pose, doctype=doctype).encode()
    at = 48 + len(section)
    total = -(-(at + len(text)) // 1020) * 1024
    physical = at // 1020 * 1024 + at % 1020
    head = magic + struct.pack("<IIQQQQ", 1, 0, total if stated is None else stated, physical, len(text), page)
    return paged(head + section + text)


def splat(count: int = 3, *, place: float = 1.0, scale: float = 0.1, alpha: int = 255) -> bytes:
    """Write equal splats."""
    return struct.pack("<6f8B", place, 0, 0, scale, scale, scale, 10, 20, 30, alpha, 255, 128, 128, 128) * count


def spz(
    count: int = 3,
    *,
    version: int = 2,
    degree: int = 0,
    fraction: int = 12,
    stated: int | None = None,
    magic: bytes = b"NGSP",
    tail: int = 0,
) -> bytes:
    """Write splats at the origin."""
    size = 19 + (version == 3) + 3 * (0, 3, 8, 15)[min(degree, 3)]
    head = magic + struct.pack("<IIBBBB", version, count if stated is None else stated, degree, fraction, 0, 0)
    return gzip.compress(head + bytes(count * size + tail), mtime=0)


_XYZ = b"0 0 0\n1 0 0\n0 1 0\n0 0 1\n"
_E57 = e57()
_FLIPPED = bytearray(_E57)
_FLIPPED[100] ^= 1
_NAMED = b"x,y,z,red,green,blue\n" + b"1,2,3,10,20,30\n" * 3
_BOMB = '<!DOCTYPE a [<!ENTITY b "b"><!ENTITY c "&b;&b;">]>'
_DEEP = XML.replace("{pose}", "<a>" * 40 + "</a>" * 40)
_POSE = "<pose><rotation><w>9</w><x>0</x></rotation></pose>"
_INTEGER = '<rowIndex type="Integer" minimum="5" maximum="1"/>'

TEXTS = (
    bad("xyz-empty", "input.empty", None, "a.xyz", b""),
    bad("xyz-only-comments", "points.none", None, "a.xyz", b"# nothing\n// at all\n"),
    bad("xyz-is-html", "points.row", "line 1", "a.xyz", b"<html>404</html>\n"),
    bad("xyz-two-columns", "points.row", "line 1", "a.xyz", b"1 2\n3 4\n"),
    bad("xyz-a-word", "points.row", "line 2", "a.xyz", b"1 2 3\n1 two 3\n"),
    bad("xyz-an-underscore", "points.row", "line 2", "a.xyz", b"1 2 3\n1_0 2 3\n"),
    bad("xyz-decimal-commas", "points.row", "line 1", "a.xyz", b"1,5;2,5;3,5\n" * 3),
    bad("xyz-cut-in-a-row", "points.row-width", "line 3", "a.xyz", b"1 2 3 4\n1 2 3 4\n1 2"),
    bad("xyz-nan", "mesh.not-finite", "line 2", "a.xyz", b"1 2 3\nnan 2 3\n"),
    bad("xyz-infinite", "mesh.not-finite", "line 2", "a.xyz", b"1 2 3\n1 1e999 3\n"),
    bad("xyz-binary", "text.binary", "line 2", "a.xyz", b"1 2 3\n\0\0\0\n"),
    bad("xyz-endless-line", "text.line-too-long", "line 2", "a.xyz", b"1 2 3\n" + b"1 " * 50_000),
    bad("xyz-is-a-picture", "input.wrong-extension", None, "a.xyz", png()),
    bad("xyz-names-too-many", "points.row-width", "line 2", "a.xyz", b"x y z r g b\n1 2 3\n"),
    bad("pts-cut", "points.truncated", "row 2", "a.pts", b"4\n0 0 0\n1 0 0\n"),
    bad("pts-too-long", "points.count", "line 3", "a.pts", b"1\n0 0 0\n1 0 0\n"),
    bad("pts-second-count-early", "points.count", "line 3", "a.pts", b"2\n0 0 0\n1\n0 0 0\n"),
    bad("pts-count-of-twelve-digits", "points.too-many", "line 1", "a.pts", b"999999999999\n0 0 0\n"),
)
LASES = (
    bad("las-header-cut", "las.header", "byte 0", "a.las", las()[:100]),
    bad("las-version-9", "las.header", "byte 24", "a.las", las()[:25] + b"\x09" + las()[26:]),
    bad("las-cut", "las.truncated", "record 3", "a.las", las()[:-5]),
    bad("las-four-billion", "points.too-many", "byte 107", "a.las", las(4_000_000_000)),
    bad("las-2-to-the-60", "points.too-many", "byte 107", "a.las", las(1 << 60, form=6, version=4)),
    bad("las-more-than-there", "las.truncated", "record 4", "a.las", las(5)),
    bad("las-no-points", "points.none", None, "a.las", las(0)),
    bad(
        "las-format-42",
        "las.header",
        "byte 104",
        "a.las",
        las()[:104] + b"\x2a" + las()[105:],
    ),
    bad("las-record-too-short", "las.header", "byte 104", "a.las", las(form=2, record=20)),
    bad("las-points-beyond", "las.header", "byte 96", "a.las", las(offset=1 << 30)),
    bad("las-points-in-header", "las.header", "byte 96", "a.las", las(offset=10)),
    bad("las-scale-zero", "las.header", "byte 131", "a.las", las(scale=0.0)),
    bad("las-scale-nan", "las.header", "byte 131", "a.las", las(scale=float("nan"))),
    bad("las-many-variables", "las.header", "byte 100", "a.las", las(stated_variables=0xFFFFFFFF)),
    bad("laz-without-packing", "laz.header", "byte 100", "a.laz", las(form=0x80)),
    bad("laz-cut", "laz.truncated", f"byte {len(laz()) - 30}", "a.laz", laz()[:-30]),
    bad("laz-table-far-away", "laz.truncated", f"byte {len(laz())}", "a.laz", laz(table=1 << 50)),
    bad("laz-table-negative", "laz.truncated", f"byte {len(laz())}", "a.laz", laz(table=-7)),
    bad("laz-four-billion-chunks", "laz.header", f"byte {len(laz()) - 16}", "a.laz", laz(chunks=0xFFFFFFFF)),
    bad("laz-chunk-of-nothing", "laz.header", "byte 227", "a.laz", laz(chunk=0)),
    bad("laz-items-do-not-fit", "laz.header", "byte 227", "a.laz", laz(items=(20, 8))),
    bad("laz-unknown-compressor", "laz.header", "byte 227", "a.laz", laz(compressor=77)),
)
E57S = (
    bad("e57-header-cut", "e57.header", "byte 0", "a.e57", _E57[:30]),
    bad("e57-cut", "e57.truncated", f"page {len(_E57) // 1024 - 1}", "a.e57", _E57[:-100]),
    bad("e57-flipped-bit", "e57.checksum", "page 1", "a.e57", bytes(_FLIPPED)),
    bad("e57-longer-than-stated", "e57.header", "byte 16", "a.e57", _E57 + bytes(1024)),
    bad("e57-page-of-nothing", "e57.header", "byte 40", "a.e57", e57(page=0)),
    bad("e57-page-of-2-to-the-60", "e57.header", "byte 40", "a.e57", e57(page=1 << 60)),
    bad("e57-entities", "e57.xml", "line 1", "a.e57", e57(doctype=_BOMB)),
    bad("e57-xml-broken", "e57.xml", "line 1", "a.e57", e57(xml="<e57Root>")),
    bad("e57-xml-deep", "e57.xml", "line 4", "a.e57", e57(xml=_DEEP)),
    bad("e57-other-root", "e57.xml", "line 1", "a.e57", e57(xml="<other/>")),
    bad("e57-no-scan", "points.none", None, "a.e57", e57(xml='<e57Root type="Structure"/>')),
    bad("e57-four-billion", "points.too-many", "data3D", "a.e57", e57(count=4_000_000_000)),
    bad("e57-more-than-there", "e57.truncated-scan", "data3D/0/points, record 4", "a.e57", e57(count=5)),
    bad("e57-section-beyond", "e57.offset", "data3D/0/points", "a.e57", e57(offset=1 << 40)),
    bad("e57-section-in-checksum", "e57.offset", "data3D/0/points", "a.e57", e57(offset=1022)),
    bad("e57-section-of-other-kind", "e57.section", "data3D/0/points", "a.e57", e57(kind=3)),
    bad("e57-section-too-long", "e57.section", "data3D/0/points", "a.e57", e57(length=1 << 40)),
    bad("e57-packet-too-long", "e57.section", "data3D/0/points", "a.e57", e57(packet=65536)),
    bad("e57-packet-of-other-streams", "e57.section", "data3D/0/points", "a.e57", e57(streams=2)),
    bad("e57-quaternion-of-length-9", "e57.structure", "data3D/0/pose/rotation", "a.e57", e57(pose=_POSE)),
    bad("e57-minimum-above-maximum", "e57.structure", "data3D/0/points/prototype/rowIndex", "a.e57", e57(more=_INTEGER)),
    bad("e57-negative-count", "e57.structure", "data3D/0/points", "a.e57", e57(count=-4)),
)
SPLATS = (
    bad("splat-cut", "splats.truncated", "record 2", "a.splat", splat()[:-1]),
    bad("splat-nan", "splats.record", "record 1", "a.splat", splat(place=float("nan"))),
    bad("splat-negative-size", "splats.record", "record 1", "a.splat", splat(scale=-1.0)),
    bad("spz-cut", "spz.truncated", "byte 30", "a.spz", gzip.compress(gzip.decompress(spz())[:30], mtime=0)),
    bad("spz-packed-cut", "spz.packing", f"byte {len(spz()) - 9}", "a.spz", spz()[:-9]),
    bad("spz-two-in-one", "spz.packing", f"byte {len(spz())}", "a.spz", spz() + spz(2)),
    bad("spz-too-long", "spz.header", "byte 8", "a.spz", spz(tail=5)),
    bad("spz-version-9", "spz.header", "byte 4", "a.spz", spz(version=9)),
    bad("spz-degree-7", "spz.header", "byte 12", "a.spz", spz(degree=7)),
    bad("spz-four-billion", "points.too-many", "byte 8", "a.spz", spz(stated=4_000_000_000)),
    bad("spz-bomb", "spz.header", "byte 8", "a.spz", gzip.compress(gzip.decompress(spz()) + bytes(50_000_000), mtime=0)),
    bad("spz-is-another-gzip", "input.not-the-format", None, "a.spz", gzip.compress(b"hello" * 100, mtime=0)),
)
CLOUDS: tuple[Case, ...] = (*TEXTS, *LASES, *E57S, *SPLATS)


def _good(name: str, main: str, data: bytes, counts: dict[str, int], *doubts: str) -> Case:
    return Case(name, {main: data}, main, None, None, counts, doubts)


_TWO: dict[str, Any] = {"s1.xyz": _XYZ, "s2.xyz": _XYZ}
SOUND_CLOUDS: tuple[Case, ...] = (
    _good("xyz", "a.xyz", _XYZ, {"points": 4, "scans": 1, "columns": 3}),
    _good("xyz-windows", "a.xyz", b"\xef\xbb\xbf# made by hand\r\n" + _XYZ.replace(b"\n", b"\r\n"), {"points": 4}),
    _good("xyz-open-end", "a.xyz", _XYZ[:-1], {"points": 4}, "points.open-end"),
    _good("xyz-named", "a.asc", _NAMED, {"points": 3, "columns": 6}),
    _good("xyz-named-in-comment", "a.xyz", b"//X Y Z Intensity\n1 2 3 0.5\n4 5 6 0.7\n", {"points": 2}, "points.columns-left-out"),
    _good("xyz-three-readings", "a.xyz", b"1 2 3 40 50 60 70\n" * 2, {"points": 2}, "points.columns-ambiguous", "points.columns-left-out"),
    _good("pts-two-scans", "a.pts", b"2\n0 0 0 -5 1 2 3\n1 0 0 9 4 5 6\n1\n0 1 0 0 7 8 9\n", {"points": 3, "scans": 2}, "points.columns-left-out"),
    _good("las", "a.las", las(), {"points": 4, "scans": 1, "compressed": 0}),
    _good("las-with-more", "a.las", las() + b"tail", {"points": 4}, "input.bytes-after-end"),
    _good("las-other-bounds", "a.las", las(scale=0.002), {"points": 4}, "las.bounds"),
    _good("las-1-4", "a.las", las(form=6, version=4), {"points": 4, "point_format": 6}),
    _good("laz", "a.laz", laz(), {"points": 4, "compressed": 1}),
    _good("e57", "a.e57", _E57, {"points": 4, "scans": 1, "poses": 0}),
    _good("e57-with-pose", "a.e57", e57(pose="<pose><translation><x>1</x></translation></pose>"), {"points": 4, "poses": 1}),
    _good("splat", "a.splat", splat(), {"points": 3}),
    _good("splat-invisible", "a.splat", splat() + splat(1, alpha=0), {"points": 4}, "splats.invisible"),
    _good("spz", "a.spz", spz(), {"points": 3, "degree": 0}),
    _good("spz-3", "a.spz", spz(5, version=3, degree=2), {"points": 5, "degree": 2}),
    Case("scans-in-a-folder", _TWO, "", counts={"points": 8, "files": 2}),
)  # fmt: skip
