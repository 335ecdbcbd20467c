# SPDX-License-Identifier: Apache-2.0
"""JPEG: its segments, its scans, its end.

Source: ITU-T T.81 Annex B; T.872 §6.5.3 (the application's segment of Adobe).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import IO

from digitize.errors import Doubt
from digitize.preflight.model import Limits
from digitize.preflight.picture import exif
from digitize.preflight.picture.form import Image, broken, cut, sized, truncated, view
from digitize.preflight.picture.jpeg_rows import Frame, Tables, whole_rows

MAGIC = b"\xff\xd8\xff"
_FRAMES = frozenset({0xC0, 0xC1, 0xC2})
_OTHER_FRAMES = frozenset({0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF})
_ALONE = frozenset({0x01, *range(0xD0, 0xD8)})
_SOI, _EOI, _SOS, _DHT, _DRI, _APP1 = 0xD8, 0xD9, 0xDA, 0xC4, 0xDD, 0xE1
# A marker inside a scan's data, other than a restart, a stuffed zero or a fill byte.
_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
_SEGMENTS = 20_000


@dataclass(slots=True)
class _Found:
    """What the walk has met so far."""

    image: Image | None = None
    frame: Frame | None = None
    tables: Tables = field(default_factory=Tables)
    exposed: bool = False
    scans: int = 0
    data_at: int = 0


def scan(file: IO[bytes], name: str, size: int, limits: Limits) -> Image:
    """Walk the segments and scans to the end marker.

    Raises
    ------
    Refusal
        ``image.broken``, ``image.cut`` naming the last sound row, ``image.truncated`` where the file ends before any
        picture data or where rows cannot be told, ``image.too-many-pixels``.
    """
    data, found, at = view(file), _Found(), 2
    for _ in range(_SEGMENTS):
        marker, at = _marker(data, name, at, found)
        if marker == _EOI:
            break
        if marker in _ALONE:
            continue
        length = int.from_bytes(data[at : at + 2], "big")
        if at + 2 > size or length < 2 or at + length > size:
            raise _early(data, name, at - 2, found, size)
        _segment(marker, bytes(data[at + 2 : at + length]), name, at - 2, found, limits)
        at += length
        if marker == _SOS:
            at = _past_scan(data, name, at, found)
    else:
        raise broken(name, at, "it has too many parts")
    if found.image is None or not found.scans:
        raise broken(name, at, "it holds no picture data")
    doubts = (Doubt("input.bytes-after-end", None, {"bytes": size - at}),) if size > at else ()
    one = found.image
    return Image("jpeg", one.width, one.height, one.channels, exposed=found.exposed, doubts=doubts)


def _marker(data: memoryview, name: str, at: int, found: _Found) -> tuple[int, int]:
    """Read a marker, over fill bytes; give it and the place behind it."""
    size = len(data)
    if at < size and data[at] != 0xFF:
        raise broken(name, at, "a marker is missing")
    start = at
    while at < size and data[at] == 0xFF and at - start < 1 << 16:
        at += 1
    if at >= size:
        raise _early(data, name, start, found, size)
    return data[at], at + 1


def _segment(marker: int, body: bytes, name: str, at: int, found: _Found, limits: Limits) -> None:  # noqa: PLR0917 - one place
    """Take note of a segment."""
    if marker in _OTHER_FRAMES:
        raise broken(name, at, "it uses a form of JPEG that few programs read")
    if marker == _SOI:
        raise broken(name, at, "a second picture begins inside it")
    if marker in _FRAMES:
        if found.image is not None:
            raise broken(name, at, "it states its size twice")
        if len(body) < 6 or body[0] != 8 or body[5] not in (1, 3, 4) or len(body) < 6 + 3 * body[5]:
            raise broken(name, at, "its frame states a form that does not exist")
        width, height = int.from_bytes(body[3:5], "big"), int.from_bytes(body[1:3], "big")
        found.image = sized(name, Image("jpeg", width, height, body[5]), limits)
        found.frame = Frame.read(body, progressive=marker == 0xC2)
        if found.frame is None:
            raise broken(name, at, "its frame states a form that does not exist")
    elif marker == _DHT:
        found.tables.read(body)
    elif marker == _DRI and len(body) >= 2:
        found.tables.restart = int.from_bytes(body[:2], "big")
    elif marker == _SOS:
        if found.image is None:
            raise broken(name, at, "its picture comes before its size")
        found.tables.scan = body
    elif marker == _APP1 and body.startswith(exif.PREFIX):
        found.exposed = found.exposed or exif.exposed(body)


def _past_scan(data: memoryview, name: str, at: int, found: _Found) -> int:
    """Find the marker that ends a scan's data."""
    found.scans, found.data_at = found.scans + 1, at
    after = _MARKER.search(data, at)
    if after is None:
        raise _early(data, name, len(data), found, len(data))
    return after.start()


def _early(data: memoryview, name: str, at: int, found: _Found, size: int) -> Exception:
    """Refuse a file that ends too early, by the row where that can be told."""
    if found.image is None or found.frame is None or not found.scans:
        return truncated(name, at)
    rows = whole_rows(found.frame, found.tables, bytes(data[found.data_at : size]))
    return truncated(name, size) if rows is None else cut(name, min(rows, found.image.height), found.image.height)
