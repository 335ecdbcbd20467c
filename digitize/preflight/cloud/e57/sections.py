# SPDX-License-Identifier: Apache-2.0
"""The packets of one scan: they must fill their section, and their streams must hold as many values as there are points.

Source: ASTM E2807 §9 (binary sections, data packets).
"""

from __future__ import annotations

import struct

from digitize.errors import Refusal
from digitize.preflight.cloud.e57.pages import Pages
from digitize.preflight.cloud.e57.scans import Scan

_SECTION, _INDEX, _DATA, _EMPTY = 1, 0, 1, 2
_PIECE = 4 << 20


def check_section(pages: Pages, scan: Scan) -> None:
    """Walk one scan's packets.

    Raises
    ------
    Refusal
        ``e57.section``, ``e57.offset`` or ``e57.truncated-scan``, with the scan and the byte.
    """
    if not scan.points:
        return
    at = f"{scan.at}/points"
    start = pages.to_logical(scan.offset, at)
    kind, length, data, _ = struct.unpack("<B7xQQQ", pages.read(start, 32, at=at))
    if kind != _SECTION or length < 32 or start + length > pages.logical:
        raise Refusal("e57.section", at=at, problem=f"a section of kind {kind} with {length} bytes at byte {scan.offset}")
    place = pages.to_logical(data, at)
    if not start + 32 <= place < start + length:
        raise Refusal("e57.section", at=at, problem=f"its first packet at byte {data} lies outside the section")
    streams = _Window(pages, place, start + length, at).walk(len(scan.fields))
    for field, held in zip(scan.fields, streams, strict=True):
        if held * 8 < scan.points * field.bits:
            complete = held * 8 // field.bits
            raise Refusal("e57.truncated-scan", at=f"{at}, record {complete}", name=field.name, complete=complete, expected=scan.points)


class _Window:
    """The packets between two logical offsets, read in pieces."""

    def __init__(self, pages: Pages, start: int, end: int, at: str) -> None:
        self._pages, self._at, self._end, self._where = pages, start, end, at
        self._piece, self._from = b"", start

    def _bytes(self, length: int) -> bytes:
        """Give the next bytes without passing them."""
        self._within(length)
        if not self._from <= self._at <= self._at + length <= self._from + len(self._piece):
            size = min(max(_PIECE, length), self._end - self._at)
            self._piece, self._from = self._pages.read(self._at, size, at=self._where), self._at
        return self._piece[self._at - self._from :][:length]

    def _within(self, length: int) -> None:
        """Refuse a packet that leaves its section."""
        if self._at + length > self._end:
            raise Refusal("e57.section", at=self._where, problem=f"a packet at logical byte {self._at} reaches beyond the section")

    def walk(self, fields: int) -> list[int]:
        """Add up the bytes of each field's stream over all packets."""
        held = [0] * fields
        while self._at < self._end:
            kind, length = struct.unpack("<BxH", self._bytes(4))
            length += 1
            if kind not in {_INDEX, _DATA, _EMPTY} or length < 4 or length % 4:
                raise Refusal("e57.section", at=self._where, problem=f"a packet of kind {kind} at logical byte {self._at}")
            self._within(length)
            if kind == _DATA:
                for number, size in enumerate(self._sizes(length, fields)):
                    held[number] += size
            self._at += length
        return held

    def _sizes(self, length: int, fields: int) -> tuple[int, ...]:
        """Read how long each stream of a data packet is."""
        count = struct.unpack("<H", self._bytes(6)[4:])[0]
        if count != fields or 6 + 2 * fields > length:
            raise Refusal("e57.section", at=self._where, problem=f"a packet of {count} streams for {fields} fields")
        sizes: tuple[int, ...] = struct.unpack(f"<{fields}H", self._bytes(6 + 2 * fields)[6:])
        if 6 + 2 * fields + sum(sizes) > length:
            raise Refusal("e57.section", at=self._where, problem=f"streams longer than their packet at logical byte {self._at}")
        return sizes
