# SPDX-License-Identifier: Apache-2.0
"""HEIF with HEVC (HEIC): the boxes that say which items there are, how large, and where; every extent inside the file.

Source: ISO/IEC 23008-12 §6 (items, properties, grids), ISO/IEC 14496-12 §8.11 (item location and information).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import IO

from digitize.errors import Refusal
from digitize.preflight.model import Limits
from digitize.preflight.picture import exif
from digitize.preflight.picture.boxes import Box, BoxError, Cursor, boxes
from digitize.preflight.picture.form import Image, broken, cut, sized, truncated, view

_BRANDS = frozenset({b"heic", b"heix", b"mif1", b"heim", b"heis"})
_ITEMS, _OWNED = 10_000, 256
_CODED, _GRID = b"hvc1", b"grid"
_EXIF = 1 << 20
Extent = tuple[int, int]


@dataclass(slots=True)
class _Items:
    """What the ``meta`` box says of the items."""

    primary: int | None = None
    kinds: dict[int, bytes] = field(default_factory=dict)
    extents: dict[int, list[Extent]] = field(default_factory=dict)
    inside: dict[int, int] = field(default_factory=dict)
    properties: list[tuple[bytes, bytes]] = field(default_factory=list)
    owned: dict[int, list[int]] = field(default_factory=dict)
    made_of: dict[int, list[int]] = field(default_factory=dict)
    alpha: bool = False
    data: Box | None = None


def scan(file: IO[bytes], name: str, size: int, limits: Limits) -> Image:
    """Read the items and check the primary one, and every tile of it where it is a grid.

    Raises
    ------
    Refusal
        ``image.broken``, ``image.cut`` naming the last sound row, ``image.truncated``, ``image.unsupported``,
        ``image.too-many-pixels``.
    """
    data = view(file)
    try:
        items = _read(data, name)
        return _checked(data, items, name, size, limits)
    except BoxError as error:
        if error.short:
            raise truncated(name, error.at) from error
        raise broken(name, error.at, error.problem) from error


def _read(data: memoryview, name: str) -> _Items:
    """Find ``ftyp`` and ``meta`` among the outermost boxes; a media box that is cut is left for the items to notice."""
    items, begun = _Items(), False
    try:
        for box in boxes(data, 0, len(data)):
            if box.kind == b"ftyp":
                begun = True
                brands = bytes(data[box.at : box.end])
                if not _BRANDS & {brands[i : i + 4] for i in (0, *range(8, min(len(brands), 400), 4))}:
                    raise Refusal("image.unsupported", name=name)
            elif box.kind == b"meta":
                _meta(data, box, items)
    except BoxError as error:
        if not error.short or not items.kinds:
            raise
    if not begun or items.primary is None:
        raise broken(name, 0, "it names no picture")
    return items


def _meta(data: memoryview, meta: Box, items: _Items) -> None:
    """Read the boxes of ``meta``."""
    readers = {b"pitm": _primary, b"iinf": _kinds, b"iloc": _extents, b"iprp": _properties, b"iref": _references}
    for box in boxes(data, meta.at + 4, meta.end):
        if box.kind in readers:
            readers[box.kind](data, box, items)
        elif box.kind == b"idat":
            items.data = box


def _primary(data: memoryview, box: Box, items: _Items) -> None:
    cursor = Cursor(data, box)
    version, _ = cursor.head()
    items.primary = cursor.take(4 if version else 2)


def _kinds(data: memoryview, box: Box, items: _Items) -> None:
    """Read which item is of which kind."""
    cursor = Cursor(data, box)
    version, _ = cursor.head()
    if cursor.take(4 if version else 2) > _ITEMS:
        raise BoxError(box.start, "it has too many items")
    for entry in boxes(data, cursor.at, box.end):
        inner = Cursor(data, entry)
        form, _ = inner.head()
        if entry.kind == b"infe" and form >= 2:
            item = inner.take(2 if form == 2 else 4)
            inner.take(2)
            items.kinds[item] = inner.take(4).to_bytes(4, "big")


def _extents(data: memoryview, box: Box, items: _Items) -> None:
    """Read where each item lies."""
    cursor = Cursor(data, box)
    version, _ = cursor.head()
    widths = cursor.take(2)
    offset, length, base = widths >> 12, widths >> 8 & 15, widths >> 4 & 15
    index = widths & 15 if version else 0
    if not {offset, length, base, index} <= {0, 4, 8}:
        raise BoxError(box.start, "its places have an unknown width")
    count = cursor.take(2 if version < 2 else 4)
    if count > _ITEMS:
        raise BoxError(box.start, "it has too many items")
    for _ in range(count):
        item = cursor.take(2 if version < 2 else 4)
        items.inside[item] = cursor.take(2) & 15 if version else 0
        cursor.take(2)
        start = cursor.take(base)
        items.extents[item] = []
        for _ in range(cursor.take(2)):
            cursor.take(index)
            items.extents[item].append((start + cursor.take(offset), cursor.take(length)))
            if offset + length + index == 0 and len(items.extents[item]) > 1:
                raise BoxError(box.start, "an item has parts without places")


def _properties(data: memoryview, box: Box, items: _Items) -> None:
    """Read the properties, and which item has which."""
    for part in boxes(data, box.at, box.end):
        if part.kind == b"ipco":
            items.properties = [(one.kind, bytes(data[one.at : min(one.end, one.at + 64)])) for one in boxes(data, part.at, part.end)]
        elif part.kind == b"ipma":
            cursor = Cursor(data, part)
            version, flags = cursor.head()
            for _ in range(min(cursor.take(4), _ITEMS)):
                item = cursor.take(4 if version else 2)
                wide = flags & 1
                own = [cursor.take(2) & 0x7FFF if wide else cursor.take(1) & 0x7F for _ in range(cursor.take(1))]
                items.owned.setdefault(item, []).extend(own)
                if len(items.owned[item]) > _OWNED:  # a grid may ask for them sixty thousand times
                    raise BoxError(part.start, "an item has too many properties")


def _references(data: memoryview, box: Box, items: _Items) -> None:
    """Read which items a grid is made of, and whether something is a transparency."""
    cursor = Cursor(data, box)
    version, _ = cursor.head()
    for one in boxes(data, cursor.at, box.end):
        inner, wide = Cursor(data, one), 4 if version else 2
        source = inner.take(wide)
        targets = [inner.take(wide) for _ in range(inner.take(2))]
        if one.kind == b"dimg":
            items.made_of[source] = targets
        items.alpha = items.alpha or (one.kind == b"auxl" and _is_alpha(items, source))


def _is_alpha(items: _Items, item: int) -> bool:
    """Say whether an auxiliary item is a transparency; its property may follow later, then it counts as none."""
    return any(kind == b"auxC" and b":alpha" in body for kind, body in _own(items, item))


def _own(items: _Items, item: int) -> list[tuple[bytes, bytes]]:
    """Give an item's properties."""
    return [items.properties[i - 1] for i in items.owned.get(item, ()) if 0 < i <= len(items.properties)]


def _checked(data: memoryview, items: _Items, name: str, size: int, limits: Limits) -> Image:
    """Check the primary item's size, parts and extents."""
    assert items.primary is not None
    primary, kind = items.primary, items.kinds.get(items.primary)
    if kind not in {_CODED, _GRID}:
        raise Refusal("image.unsupported", name=name)
    image = sized(name, _image(items, primary, name), limits)
    coded = items.made_of.get(primary, []) if kind == _GRID else [primary]
    if not coded or any(items.kinds.get(item) != _CODED for item in coded):
        raise broken(name, None, "its picture is made of parts that are no pictures")
    _tiles(items, coded, name, image, limits)
    for place, item in enumerate(coded):
        if not _within(items, item, size):
            raise cut(name, _row(items, coded, place, image), image.height)
    return Image("heif", image.width, image.height, image.channels, image.bits, exposed=_exposed(data, items, size))


def _image(items: _Items, item: int, name: str) -> Image:
    """Read an item's size and depth from its properties."""
    own = _own(items, item)
    spatial = next((body for kind, body in own if kind == b"ispe" and len(body) >= 12), None)
    if spatial is None:
        raise broken(name, None, "it does not state its size")
    pixel = next((body for kind, body in own if kind == b"pixi" and len(body) >= 6), b"\0\0\0\0\1\x08")
    width, height = int.from_bytes(spatial[4:8], "big"), int.from_bytes(spatial[8:12], "big")
    if any(kind == b"irot" and body and body[0] & 1 for kind, body in own):
        width, height = height, width
    alpha = any(kind == b"auxl" for kind in items.kinds.values()) or items.alpha
    return Image("heif", width, height, 4 if alpha else 3, pixel[5])


def _tiles(items: _Items, coded: list[int], name: str, image: Image, limits: Limits) -> None:
    """Check the sizes of the parts: together they must cover the picture, and none may be out of all proportion."""
    covered = 0
    for item in coded:
        tile = sized(name, _image(items, item, name), limits)
        covered += tile.width * tile.height
    if covered < image.width * image.height or covered > 4 * (image.width + 1024) * (image.height + 1024):
        raise broken(name, None, "its parts do not make up its size")


def _within(items: _Items, item: int, size: int) -> bool:
    """Say whether an item has bytes, and all of them inside the file (or inside the box that it names)."""
    extents = items.extents.get(item, [])
    if items.inside.get(item, 0) == 1:
        start, end = (items.data.at, items.data.end) if items.data else (0, 0)
    else:
        start, end = 0, size
    return bool(extents) and all(length > 0 and start + at + length <= end for at, length in extents)


def _row(items: _Items, coded: list[int], place: int, image: Image) -> int:
    """Give how many rows lie above the part at a place of a grid."""
    if len(coded) == 1:
        return 0
    across = next((-(-image.width // tile.width) for tile in [_image(items, coded[0], "")] if tile.width), 1)
    return min(place // across * _image(items, coded[0], "").height, image.height)


def _exposed(data: memoryview, items: _Items, size: int) -> bool:
    """Look into the EXIF item, behind the four bytes that say where it begins."""
    for item, kind in items.kinds.items():
        if kind == b"Exif" and _within(items, item, size) and not items.inside.get(item, 0):
            at, length = items.extents[item][0]
            block = bytes(data[at + 4 : at + min(length, _EXIF)])
            return exif.exposed(block[block.find(b"II*\0") if b"II*\0" in block[:16] else max(block.find(b"MM\0*"), 0) :])
    return False
