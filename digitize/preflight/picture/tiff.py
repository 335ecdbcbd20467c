# SPDX-License-Identifier: Apache-2.0
"""TIFF and BigTIFF: every page's form, every strip and tile inside the file.

Source: TIFF 6.0 §2-§8, §15 (tiles), §16 (CMYK), §23 (L*a*b*); TIFF Technical Note 1 (reduced copies); the BigTIFF design.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import numpy as np
from numpy.typing import NDArray

from digitize.errors import Doubt, Refusal
from digitize.preflight.model import Limits
from digitize.preflight.picture import exif
from digitize.preflight.picture.form import Image, broken, cut, sized, truncated, view
from digitize.preflight.picture.ifd import Directories, DirectoryError, Entry

_SUBFILE, _WIDTH, _HEIGHT, _BITS, _COMPRESSION, _PHOTOMETRIC = 254, 256, 257, 258, 259, 262
_STRIPS, _SAMPLES, _ROWS, _STRIP_BYTES, _PLANAR, _PREDICTOR = 273, 277, 278, 279, 284, 317
_COLOURS, _TILE_WIDTH, _TILE_HEIGHT, _TILES, _TILE_BYTES = 320, 322, 323, 324, 325
_INKS, _EXTRA, _SAMPLE_FORMAT = 332, 338, 339
_NONE, _OLD_JPEG = 1, 6
_DEFLATE = frozenset({8, 32946})
_BILEVEL = frozenset({2, 3, 4})
# None, CCITT, LZW, JPEG, deflate (both numbers), PackBits, WebP: what libvips' own build unpacks.
_COMPRESSIONS = frozenset({_NONE, 2, 3, 4, 5, 7, 8, 32946, 32773, 50001})
# Photometric interpretation -> channels of colour.
_CHANNELS = {0: 1, 1: 1, 2: 3, 3: 1, 5: 4, 6: 3, 8: 3, 9: 3}
_PALETTE, _CMYK, _YCBCR = 3, 5, 6
_DEPTHS = {3: (1, 2, 4, 8), 0: (1, 2, 4, 8, 16), 1: (1, 2, 4, 8, 16)}
_MOST_CHANNELS = 8
_MOST_DIRECTORIES = 100_000
_UNSIGNED, _FLOAT = 1, 3
_FORMATS = {
    2: "signed numbers",
    _FLOAT: "floating-point numbers",
    4: "values of no stated kind",
    5: "complex numbers",
    6: "complex numbers",
}
_REDUCED, _MASK = 1, 4


@dataclass(frozen=True, slots=True)
class _Page:
    """One page's form and how its data is cut into parts (strips or tiles)."""

    image: Image
    rows: int
    columns: int
    compression: int
    planes: int
    subsampled: bool

    @property
    def across(self) -> int:
        """Count the parts beside each other."""
        return -(-self.image.width // self.columns)

    @property
    def down(self) -> int:
        """Count the parts below each other."""
        return -(-self.image.height // self.rows)

    def bytes_of(self, width: int, rows: int) -> int:
        """Give the bytes of so many columns and rows, uncompressed."""
        channels = 1 if self.planes > 1 else self.image.channels
        return (width * channels * self.image.bits + 7) // 8 * rows


def scan(file: IO[bytes], name: str, size: int, limits: Limits) -> Image:
    """Walk the directories and check every page that is no smaller copy of another.

    Raises
    ------
    Refusal
        ``image.broken``, ``image.cut`` naming the last sound row, ``image.truncated``, ``image.samples``,
        ``image.compression``, ``image.too-many-pixels``.
    """
    pages, exposed, copies, left = list[Image](), False, 0, 2 * size
    try:
        found = Directories(view(file))
        for number, fields in enumerate(found.chain(limits.pages), 1):
            kind = _one(found, fields, _SUBFILE, 0)
            if kind & (_REDUCED | _MASK) and pages:
                copies += 1
                continue
            page, held = _page(found, fields, name, limits, number)
            left -= held
            if left < 0:  # a kilobyte that every part names would be unpacked for ever
                raise broken(name, found.first, "its parts of picture data lie one over another")
            pages.append(page)
            exposed = exposed or exif.tiff_exposed(found, fields)
    except DirectoryError as error:
        if error.short:
            raise truncated(name, min(error.at, size)) from error
        raise broken(name, error.at, error.problem) from error
    if not pages:
        raise broken(name, found.first, "it has no page")
    doubts = (Doubt("image.copies-left-out", None, {"count": copies}),) if copies else ()
    first = pages[0]
    return Image("tiff", first.width, first.height, first.channels, first.bits, len(pages), exposed, doubts)


def page_places(path: Path) -> list[int]:
    """Give for each page of a file that passed its place among all directories, smaller copies counted too."""
    with path.open("rb") as file:
        found = Directories(view(file))
        kinds = [_one(found, fields, _SUBFILE, 0) for fields in found.chain(_MOST_DIRECTORIES)]
    return [place for place, kind in enumerate(kinds) if place == 0 or not kind & (_REDUCED | _MASK)]


def _page(found: Directories, fields: dict[int, Entry], name: str, limits: Limits, number: int) -> tuple[Image, int]:
    """Check one page: its form, then its parts, whose bytes are told too; a refusal names the page where there are several."""
    try:
        page = _form(found, fields, name, limits)
        held = _parts(found, fields, page, name)
    except Refusal as refusal:
        if number == 1:
            raise
        raise Refusal(refusal.code, at=f"page {number}, {refusal.at or 'its form'}", **refusal.params) from refusal
    return page.image, held


def _one(found: Directories, fields: dict[int, Entry], tag: int, default: int | None = None) -> int:
    """Read a field of one whole number."""
    if tag not in fields and default is not None:
        return default
    if tag not in fields or not fields[tag].count:
        raise DirectoryError(found.first, f"field {tag} is missing")
    return int(found.whole(fields[tag], 1)[0])


def _form(found: Directories, fields: dict[int, Entry], name: str, limits: Limits) -> _Page:
    """Read what a page says of itself and refuse what does not fit together."""
    width, height = _one(found, fields, _WIDTH), _one(found, fields, _HEIGHT)
    samples, photometric = _one(found, fields, _SAMPLES, 1), _one(found, fields, _PHOTOMETRIC)
    compression = _one(found, fields, _COMPRESSION, _NONE)
    if compression not in _COMPRESSIONS:
        raise Refusal("image.compression", name=name, compression=compression)
    bits = _depth(found, fields, name, samples, photometric)
    if compression in _BILEVEL and (bits, samples) != (1, 1):
        raise broken(name, None, "a compression for black and white holds more than that")
    image = sized(name, Image("tiff", width, height, samples, bits), limits, in_parts=True)
    planes = samples if _one(found, fields, _PLANAR, 1) == 2 and samples > 1 else 1
    tiles = _TILES in fields or _TILE_WIDTH in fields
    rows = _one(found, fields, _TILE_HEIGHT) if tiles else min(_one(found, fields, _ROWS, height), height)
    columns = _one(found, fields, _TILE_WIDTH) if tiles else width
    if not rows or not columns or (tiles and (rows % 16 or columns % 16)):
        raise broken(name, None, "its tiles or strips have an impossible size")
    page = _Page(image, rows, columns, compression, planes, photometric == _YCBCR)
    # A part is decoded as a whole; strips are read row by row where they are not compressed.
    if page.bytes_of(columns, rows) > limits.part_bytes and (tiles or compression != _NONE):
        raise Refusal("image.part-too-large", name=name, bytes=page.bytes_of(columns, rows), limit=limits.part_bytes)
    return page


def _depth(found: Directories, fields: dict[int, Entry], name: str, samples: int, photometric: int) -> int:
    """Read the bits of a channel; all channels have the same, and whole numbers without sign."""
    if photometric not in _CHANNELS or not _CHANNELS[photometric] <= samples <= _MOST_CHANNELS:
        raise broken(name, None, f"it has {samples} channels of colour model {photometric}")
    for kind in found.whole(fields[_SAMPLE_FORMAT], samples) if _SAMPLE_FORMAT in fields else ():
        if kind != _UNSIGNED:
            raise Refusal("image.samples", name=name, kind=_FORMATS.get(int(kind), f"samples of kind {int(kind)}"))
    bits = np.unique(found.whole(fields[_BITS], samples)) if _BITS in fields else np.array([1])
    if len(bits) != 1 or int(bits[0]) not in _DEPTHS.get(photometric, (8, 16)):
        raise Refusal("image.samples", name=name, kind=f"channels of {', '.join(map(str, bits[:4])) or 'no'} bits")
    if photometric == _CMYK and _one(found, fields, _INKS, 1) != 1:
        raise Refusal("image.samples", name=name, kind="inks other than cyan, magenta, yellow and black")
    if photometric == _PALETTE and (_COLOURS not in fields or fields[_COLOURS].count != 3 << int(bits[0])):
        raise broken(name, None, "its palette has the wrong size")
    return int(bits[0])


def _parts(found: Directories, fields: dict[int, Entry], page: _Page, name: str) -> int:
    """Compare the strips or tiles with the page's size and the file's length; give the bytes of all."""
    tiles = _TILES in fields
    places, lengths = (_TILES, _TILE_BYTES) if tiles else (_STRIPS, _STRIP_BYTES)
    if places not in fields or lengths not in fields:
        raise broken(name, None, "it does not say where its picture data lies")
    count = page.across * page.down * page.planes
    if fields[places].count != count or fields[lengths].count != count:
        raise broken(name, fields[places].at, f"it lists {fields[places].count} parts of picture data where {count} are needed")
    at, sizes = found.whole(fields[places]), found.whole(fields[lengths])
    if not (at.all() and sizes.all()):
        raise broken(name, fields[places].at, f"part {int(np.argmax((at == 0) | (sizes == 0))) + 1} of its picture data is empty")
    past = (at > found.size) | (sizes > found.size - at)
    if past.any():
        raise cut(name, _sound_rows(page, past, at, found.size), page.image.height)
    held = int(sizes.astype(np.float64).sum())
    if held > 2 * found.size:
        raise broken(name, fields[places].at, "its parts of picture data lie one over another")
    if page.compression == _NONE and not page.subsampled:
        _filled(page, sizes, name, fields[lengths].at, tiles=tiles)
    if page.compression in _DEFLATE:
        _unpacked(found, page, at, sizes, name, tiles=tiles)
    return held


def _sound_rows(page: _Page, past: NDArray[np.bool_], at: NDArray[np.int64], size: int) -> int:
    """Count the rows from the top of which every part lies inside the file; rows of plain strips are counted singly."""
    by_row = past.reshape(page.planes, page.down, page.across).any(axis=(0, 2))
    first = int(np.argmax(by_row))
    rows = first * page.rows
    if page.compression == _NONE and not page.subsampled and page.planes == 1 and page.columns == page.image.width:
        rows += max(0, size - int(at[first])) // max(1, page.bytes_of(page.columns, 1))
    return min(rows, page.image.height)


def _unpacked(found: Directories, page: _Page, at: NDArray[np.int64], sizes: NDArray[np.int64], name: str, *, tiles: bool) -> None:
    """Unpack every deflated part without keeping it: the decoder stops at the last pixel and never looks at the checksum."""
    for part, (start, size) in enumerate(zip(at.tolist(), sizes.tolist(), strict=True)):
        row = part % (page.down * page.across) // page.across
        rows = page.rows if tiles else min(page.rows, page.image.height - row * page.rows)
        try:
            stream = zlib.decompressobj()
            length = len(stream.decompress(found.data[start : start + size], page.bytes_of(page.columns, page.rows) + 1))
        except zlib.error as error:
            raise Refusal(
                "image.broken", at=f"row {row * page.rows}", name=name, problem=f"part {part + 1} of its picture data cannot be unpacked"
            ) from error
        if length > page.bytes_of(page.columns, page.rows):
            problem = f"part {part + 1} of its picture data holds more than its size needs"
            raise Refusal("image.broken", at=f"row {row * page.rows}", name=name, problem=problem)
        if not stream.eof or length < page.bytes_of(page.columns, rows):
            raise cut(name, row * page.rows, page.image.height)


def _filled(page: _Page, sizes: NDArray[np.int64], name: str, at: int, *, tiles: bool) -> None:
    """Check that uncompressed parts have as many bytes as their pixels need."""
    needed = np.full((page.planes, page.down, page.across), page.bytes_of(page.columns, page.rows), np.int64)
    if not tiles:
        needed[:, -1, :] = page.bytes_of(page.columns, page.image.height - (page.down - 1) * page.rows)
    short = sizes < needed.ravel()
    if short.any():
        raise broken(name, at, f"part {int(np.argmax(short)) + 1} of its picture data has too few bytes")
