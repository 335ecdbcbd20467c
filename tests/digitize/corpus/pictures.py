# SPDX-License-Identifier: Apache-2.0
"""Broken and hostile TIFF, WebP, HEIC, PNG and JPEG, and colour targets; and odd ones that are sound."""

from __future__ import annotations

import io
import json
import struct
import zlib
from collections.abc import Mapping
from typing import Any

from tests.digitize.corpus.case import Case, bad, jpeg, png

_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 16: 8}


def tiff(
    width: int = 8, height: int = 8, *, samples: int = 1, bits: int = 8, photometric: int = 1, rows: int | None = None, tile: int | None = None,
    compression: int = 1, big: bool = False, order: str = "<", data: bytes | None = None, pages: int = 1, loop: bool = False,
    tail: bytes = b"", changes: Mapping[int, Any] | None = None,
) -> bytes:  # fmt: skip
    """Write a TIFF: directories first, pixels behind them.

    Parameters
    ----------
    changes
        Fields by tag: ``(type, values)`` to state instead, None to leave out.
    loop
        Let the last directory point to the first.
    """
    columns, rows = (tile or width), (tile or rows or height)
    parts = -(-width // columns) * -(-height // rows)
    length = (columns * samples * bits + 7) // 8 * rows
    pixels = data if data is not None else bytes(length * parts)
    short = len(pixels) - length * (parts - 1) if not tile and parts else length
    lengths = [length] * (parts - 1) + [max(short, 1)] if data is None else [max(1, len(pixels) // parts)] * parts
    entry, head, wide = (20, 8, 8) if big else (12, 2, 4)
    start = 16 if big else 8
    block = 4096 + 16 * parts
    pixels_at = start + block * pages
    out = (
        struct.pack(order + "2sHHHQ", b"II" if order == "<" else b"MM", 43, 8, 0, 16)
        if big
        else struct.pack(order + "2sHI", b"II" if order == "<" else b"MM", 42, 8)
    )
    for page in range(pages):
        at = start + block * page
        fields: dict[int, Any] = {
            256: (4, [width]), 257: (4, [height]), 258: (3, [bits] * samples), 259: (3, [compression]), 262: (3, [photometric]),
            277: (3, [samples]),
        }  # fmt: skip
        offsets = [pixels_at + sum(lengths[:i]) for i in range(parts)]
        if tile:
            fields |= {322: (4, [tile]), 323: (4, [tile]), 324: (16 if big else 4, offsets), 325: (4, lengths)}
        else:
            fields |= {273: (16 if big else 4, offsets), 278: (4, [rows]), 279: (4, lengths)}
        fields = {tag: value for tag, value in {**fields, **(changes or {})}.items() if value is not None}
        behind, entries, values = at + head + entry * len(fields) + wide, b"", b""
        for tag, (kind, numbers) in sorted(fields.items()):
            raw = b"".join(struct.pack(order + {1: "B", 2: "B", 3: "H", 4: "I", 16: "Q"}[kind], n) for n in numbers)
            count = len(raw) // _SIZES[kind]
            inside = len(raw) <= wide
            place = raw.ljust(wide, b"\0") if inside else struct.pack(order + ("Q" if big else "I"), behind + len(values))
            values += b"" if inside else raw + bytes(len(raw) % 2)
            entries += struct.pack(order + "HH" + ("Q" if big else "I"), tag, kind, count) + place
        following = at + block if page + 1 < pages else (start if loop else 0)
        one = (
            struct.pack(order + ("Q" if big else "H"), len(fields))
            + entries
            + struct.pack(order + ("Q" if big else "I"), following)
            + values
        )
        out += one.ljust(block, b"\0")
    return out + pixels + tail


def webp(width: int = 8, height: int = 8, *, lossless: bool = False) -> bytes:
    """Write a small WebP."""
    from PIL import Image

    stream = io.BytesIO()
    Image.new("RGB", (width, height), (120, 80, 40)).save(stream, "WEBP", lossless=lossless)
    return stream.getvalue()


def riff(*chunks: tuple[bytes, bytes], stated: int | None = None) -> bytes:
    """Write a WebP's container around chunks."""
    body = b"WEBP" + b"".join(kind + struct.pack("<I", len(data)) + data + bytes(len(data) % 2) for kind, data in chunks)
    return b"RIFF" + struct.pack("<I", len(body) if stated is None else stated) + body


def box(kind: bytes, *bodies: bytes, full: int | None = None) -> bytes:
    """Write a box; `full` is the version of one that has a version."""
    body = b"".join(bodies) if full is None else struct.pack(">I", full << 24) + b"".join(bodies)
    return struct.pack(">I4s", 8 + len(body), kind) + body


def heif(
    width: int = 64, height: int = 64, *, kind: bytes = b"hvc1", at: int | None = None, length: int = 16, primary: int = 1, brand: bytes = b"heic",
    tiles: tuple[tuple[int, int], ...] = (), data: bytes = bytes(64),
) -> bytes:  # fmt: skip
    """Write the boxes of a HEIC around bytes that are no picture; `tiles` (place, length) make it a grid."""
    items = [(1, b"grid" if tiles else kind), *((2 + i, b"hvc1") for i in range(len(tiles)))]
    infos = [box(b"infe", struct.pack(">HH4s", item, 0, form), b"\0", full=2) for item, form in items]
    sizes = [(width, height), *((width, height // len(tiles)) for _ in tiles)]
    properties = b"".join(box(b"ispe", struct.pack(">II", *size), full=0) for size in sizes)
    owned = struct.pack(">I", len(items)) + b"".join(struct.pack(">HBB", item, 1, i + 1) for i, (item, _) in enumerate(items))
    references = (
        box(b"iref", box(b"dimg", struct.pack(f">HH{len(tiles)}H", 1, len(tiles), *range(2, 2 + len(tiles)))), full=0) if tiles else b""
    )

    def meta(first: int) -> bytes:
        places = [(first if at is None else at, length), *((first + place, size) for place, size in tiles)]
        location = struct.pack(">BBH", 0x44, 0, len(items))
        for (item, _), (place, size) in zip(items, places, strict=True):
            location += struct.pack(">HHHII", item, 0, 1, place, size)
        return box(
            b"meta",
            box(b"hdlr", bytes(4) + b"pict" + bytes(13), full=0),
            box(b"pitm", struct.pack(">H", primary), full=0),
            box(b"iinf", struct.pack(">H", len(infos)), *infos, full=0),
            box(b"iprp", box(b"ipco", properties), box(b"ipma", owned, full=0)),
            references,
            box(b"iloc", location, full=0),
            full=0,
        )

    head = box(b"ftyp", brand + bytes(4) + b"mif1" + brand)
    return head + meta(len(head) + len(meta(0)) + 8) + box(b"mdat", data)


def filled_png(width: int, height: int, data: bytes) -> bytes:
    """Write a grey PNG around its unpacked data, whatever that is."""
    parts = (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)), (b"IDAT", zlib.compress(data)), (b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(struct.pack(">I", len(b)) + k + b + struct.pack(">I", zlib.crc32(k + b)) for k, b in parts)


def target(**changes: Any) -> bytes:
    """Write a colour target's text."""
    patch = {"name": "A1", "x": 0, "y": 0, "width": 1, "height": 1, "lab": [50, 0, 0]}
    return json.dumps({"target": "grey", "patches": [{**patch, **changes}]}).encode()


_TIFF = tiff(rows=2)
_DATA = len(_TIFF) - 64
_WEBP = webp()
_HEIF = heif()

PICTURES: tuple[Case, ...] = (
    bad("tiff-only-magic", "image.truncated", "byte 4", "a.tif", b"II*\0"),
    bad("tiff-directory-outside", "image.truncated", "byte 8", "a.tif", b"II*\0\x00\x10\x00\x00"),
    bad("tiff-no-directory", "image.broken", "byte 0", "a.tif", b"II*\0\0\0\0\0"),
    bad("tiff-loop", "image.broken", "byte 8", "a.tif", tiff(pages=2, loop=True)),
    bad("tiff-fields-countless", "image.broken", "byte 8", "a.tif", _TIFF[:8] + b"\xff\xff" + _TIFF[10:]),
    bad("tiff-values-outside", "image.truncated", "byte 10", "a.tif", b"II*\0\x08\0\0\0\1\0" + struct.pack("<HHII", 256, 4, 1000, 9) + bytes(4)),
    bad("tiff-cut", "image.cut", "row 5", "a.tif", _TIFF[: _DATA + 44]),
    bad("tiff-cut-tile", "image.cut", "row 16", "a.tif", tiff(32, 32, tile=16)[:-300]),
    bad("tiff-packed-wrong", "image.broken", "row 0", "a.tif", tiff(compression=8, data=bytes(40))),
    bad("tiff-packed-checksum", "image.broken", "row 0", "a.tif", tiff(compression=8, data=zlib.compress(bytes(64))[:-1] + b"x")),
    bad("tiff-packed-too-little", "image.cut", "row 0", "a.tif", tiff(compression=8, data=zlib.compress(bytes(60)))),
    bad("tiff-packed-too-much", "image.broken", "row 0", "a.tif", tiff(compression=8, data=zlib.compress(bytes(1 << 20)))),
    bad("tiff-cut-packed", "image.cut", "row 4", "a.tif", tiff(rows=2, compression=5)[:-20]),
    bad("tiff-strips-too-few", "image.broken", "byte 78", "a.tif", tiff(changes={278: (4, [1])})),
    bad("tiff-strip-empty", "image.broken", "byte 122", "a.tif", tiff(rows=4, changes={279: (4, [32, 0])})),
    bad("tiff-strip-too-short", "image.broken", "byte 130", "a.tif", tiff(rows=4, changes={279: (4, [32, 31])})),
    bad("tiff-strip-negative", "image.cut", "row 0", "a.tif", tiff(changes={273: (4, [0xFFFFFFF0])})),
    bad("tiff-offsets-wrap", "image.cut", "row 0", "a.tif", tiff(big=True, changes={273: (16, [2**63 - 1]), 279: (16, [2**62])})),
    bad("tiff-offsets-beyond", "image.broken", "byte 136", "a.tif", tiff(big=True, changes={273: (16, [2**64 - 1])})),
    bad("tiff-no-width", "image.broken", "byte 8", "a.tif", tiff(changes={256: None})),
    bad("tiff-no-pixels", "image.broken", None, "a.tif", tiff(changes={257: (4, [0])})),
    bad("tiff-400000-wide", "image.too-many-pixels", None, "a.tif", tiff(changes={256: (4, [400_000])})),
    bad("tiff-terapixel", "image.too-many-pixels", None, "a.tif", tiff(changes={256: (4, [200_000]), 257: (4, [200_000])})),
    bad("tiff-one-huge-tile", "image.part-too-large", None, "a.tif", tiff(40_000, 40_000, tile=40_000, compression=5, data=bytes(9))),
    bad("tiff-one-huge-strip", "image.part-too-large", None, "a.tif", tiff(40_000, 40_000, compression=8, data=bytes(9))),
    bad("tiff-tile-of-seven", "image.broken", None, "a.tif", tiff(changes={322: (4, [7]), 323: (4, [7]), 324: (4, [8]), 325: (4, [1])})),
    bad("tiff-float", "image.samples", None, "a.tif", tiff(bits=32, changes={339: (3, [3])})),
    bad("tiff-signed", "image.samples", None, "a.tif", tiff(bits=16, changes={339: (3, [2])})),
    bad("tiff-12-bits", "image.samples", None, "a.tif", tiff(bits=12)),
    bad("tiff-mixed-depths", "image.samples", None, "a.tif", tiff(samples=3, photometric=2, changes={258: (3, [8, 8, 16])})),
    bad("tiff-spot-inks", "image.samples", None, "a.tif", tiff(samples=4, photometric=5, changes={332: (3, [2])})),
    bad("tiff-palette-short", "image.broken", None, "a.tif", tiff(photometric=3, changes={320: (3, [0] * 30)})),
    bad("tiff-forty-channels", "image.broken", None, "a.tif", tiff(samples=40)),
    bad("tiff-old-jpeg", "image.compression", None, "a.tif", tiff(compression=6)),
    bad("tiff-unknown-compression", "image.compression", None, "a.tif", tiff(compression=34_712)),
    bad("tiff-fax-in-colour", "image.broken", None, "a.tif", tiff(samples=3, photometric=2, compression=4)),
    bad("bigtiff-odd-offsets", "image.broken", "byte 4", "a.tif", b"II+\0\x10\0\0\0" + tiff(big=True)[8:]),
    bad("webp-cut", "image.truncated", f"byte {len(_WEBP) - 4}", "a.webp", _WEBP[:-4]),
    bad("webp-chunk-beyond", "image.broken", "byte 12", "a.webp", b"RIFF\x14\0\0\0WEBPVP8 \xff\xff\0\0" + bytes(8)),
    bad("webp-empty", "image.broken", "byte 12", "a.webp", riff()),
    bad("webp-two-pictures", "image.broken", "byte 30", "a.webp", riff((b"VP8L", b"\x2f" + bytes(9)), (b"VP8L", b"\x2f" + bytes(9)))),
    bad("webp-sizes-contradict", "image.broken", "byte 12", "a.webp", riff((b"VP8X", bytes(4) + b"\7\0\0\7\0\0"), (b"VP8L", b"\x2f" + bytes(9)))),
    bad("webp-animated", "image.animated", "byte 12", "a.webp", riff((b"VP8X", b"\2" + bytes(9)))),
    bad("webp-not-a-key-frame", "image.broken", "byte 12", "a.webp", riff((b"VP8 ", b"\1" + bytes(20)))),
    bad("webp-without-width", "image.broken", None, "a.webp", riff((b"VP8 ", b"\0\0\0\x9d\x01\x2a\0\0\1\0" + bytes(9)))),
    bad("webp-first-part-beyond", "image.broken", "byte 12", "a.webp", riff((b"VP8 ", b"\xf0\xff\xff\x9d\x01\x2a\1\0\1\0" + bytes(9)))),
    bad("heic-cut-in-data", "image.cut", "row 0", "a.heic", heif(length=64)[:-8]),
    bad("heic-cut-in-second-tile", "image.cut", "row 32", "a.heic", heif(tiles=((0, 16), (16, 48)))[:-8]),
    bad("heic-cut-in-boxes", "image.truncated", "byte 24", "a.heic", _HEIF[:80]),
    bad("heic-extent-outside", "image.cut", "row 0", "a.heic", heif(at=1 << 30)),
    bad("heic-100000-wide", "image.too-many-pixels", None, "a.heic", heif(100_000, 10)),
    bad("heic-no-such-primary", "image.unsupported", None, "a.heic", heif(primary=9)),
    bad("heic-av1", "image.unsupported", None, "a.heic", heif(kind=b"av01")),
    bad("heic-box-smaller-than-its-head", "image.broken", "byte 24", "a.heic", _HEIF[:24] + b"\0\0\0\4" + _HEIF[28:]),
    bad("heic-box-too-large", "image.truncated", "byte 24", "a.heic", _HEIF[:24] + b"\x7f\0\0\0" + _HEIF[28:]),
    bad("png-data-too-long", "image.broken", "byte 33", "a.png", filled_png(4, 4, bytes(5000))),
    bad("png-data-too-short", "image.cut", "row 3", "a.png", filled_png(4, 4, bytes(5 * 3 + 2))),
    bad("jpeg-two-frames", "image.broken", "byte 177", "a.jpg", jpeg()[: jpeg().index(b"\xff\xc0")] + jpeg()[jpeg().index(b"\xff\xc0") :][:19] * 2 + jpeg()[-60:]),
    bad("jpeg-arithmetic", "image.broken", "byte 158", "a.jpg", jpeg().replace(b"\xff\xc0", b"\xff\xc9", 1)),
    Case("target-of-four-hundred-digits", {"a.png": png(), "t.json": target(lab=[10**400, 2, 3])}, "", "target.invalid", "patches/0"),
    Case("target-outside", {"a.png": png(), "t.json": target(x=2)}, "", "target.invalid", "patches/0"),
    Case("target-nan", {"a.png": png(), "t.json": target(lab=[float("nan"), 0, 0])}, "", "target.invalid", "patches/0"),
    Case("target-many", {"a.png": png(), "t.json": b'{"target": "x", "patches": []}'}, "", "target.invalid", "patches"),
    Case("target-twice", {"a.png": png(), "t.json": target(), "u.json": target()}, "", "target.several", "u.json"),
    Case("page-text-in-latin", {"p1.png": png(), "p2.png": png(), "p2.txt": b"caf\xe9"}, "", "document.text-encoding", "p2.txt, byte 3"),
    Case("page-text-of-two", {"p1.png": png(), "p2.png": png(), "p1.txt": b"a\x0cb"}, "", "document.text-pages", "p1.txt"),
)  # fmt: skip

_PLAIN = {"width": 8, "height": 8}


def _good(name: str, main: str, data: bytes, doubts: tuple[str, ...] = (), **counts: int) -> Case:
    return Case(name, {main: data}, main, None, None, counts or _PLAIN, doubts)


SOUND_PICTURES: tuple[Case, ...] = (
    _good("tiff", "a.tif", _TIFF),
    _good("tiff-motorola", "a.tiff", tiff(order=">")),
    _good("tiff-big", "a.tif", tiff(20, 20, tile=16, big=True), width=20, height=20),
    _good("tiff-16-bits", "a.tif", tiff(bits=16, samples=3, photometric=2), channels=3, bits=16),
    _good("tiff-packed", "a.tif", tiff(compression=8, data=zlib.compress(bytes(64)))),
    _good("tiff-pages", "a.tif", tiff(pages=3), pages=3),
    _good("tiff-page-and-copy", "a.tif", tiff(pages=2, changes={254: (4, [1])}), ("image.copies-left-out",), pages=1),
    _good("webp", "a.webp", _WEBP),
    _good("webp-lossless", "a.webp", webp(lossless=True)),
    _good("heic", "a.heic", _HEIF, width=64, height=64),
    _good("heic-grid", "a.heic", heif(tiles=((0, 16), (16, 48))), width=64, height=64),
    _good("jpeg-trailing-bytes", "a.jpg", jpeg() + b"tail", ("input.bytes-after-end",)),
    Case("target", {"a.png": png(), "t.json": target()}, "", counts={"width": 2, "patches": 1}),
    Case("page-texts", {"p1.png": png(), "p2.png": png(), "p1.txt": b"one"}, "", counts={"files": 2, "texts": 1, "pages": 2}),
)  # fmt: skip
