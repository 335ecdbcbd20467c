# SPDX-License-Identifier: Apache-2.0
"""The elements of an EBML file, read one after the other from a file that may lie.

Source: RFC 8794 §5 (element IDs), §6 (sizes).
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import IO

from digitize.preflight.media.parts import broken

_BUFFER = 1 << 16


@dataclass(frozen=True, slots=True)
class Element:
    """An element: its ID with the marker, body from `start` to `end` (None where its size is not known), where it begins."""

    id: int
    start: int
    end: int | None
    at: int


class Source:
    """A file in pieces: many small reads nearby cost one large one."""

    def __init__(self, file: IO[bytes], size: int, name: str, limit: int) -> None:
        self._file, self.size, self.name, self._left = file, size, name, limit
        self._at, self._piece = 0, b""

    def read(self, at: int, length: int) -> bytes:
        """Read bytes; fewer at the end of the file."""
        if not self._at <= at or at + length > self._at + len(self._piece):
            self._file.seek(at)
            self._at, self._piece = at, self._file.read(max(length, _BUFFER))
        return self._piece[at - self._at : at - self._at + length]

    def element(self, at: int) -> Element | None:
        """Read an element's head; None where the file ends within it.

        Raises
        ------
        Refusal
            ``media.broken`` where there is none, or there are too many.
        """
        self._left -= 1
        if self._left < 0:
            raise broken(self.name, "it has too many parts", at)
        head = self.read(at, 12)
        if not head:
            return None
        width = 9 - head[0].bit_length()
        if width > 4:
            raise broken(self.name, "no element stands where one must", at)
        number, size = int.from_bytes(head[:width], "big"), head[width : width + 1]
        if not size:
            return None
        length = 9 - size[0].bit_length()
        if length > 8:
            raise broken(self.name, "the size of an element is wrong", at)
        raw = head[width : width + length]
        if len(raw) < length:
            return None
        value = int.from_bytes(raw, "big") & ((1 << 7 * length) - 1)
        unknown = value == (1 << 7 * length) - 1
        start = at + width + length
        return Element(number, start, None if unknown else start + value, at)

    def children(self, parent: Element) -> list[Element]:
        """Read the elements inside one whose size is known and which is small."""
        found, at = [], parent.start
        assert parent.end is not None
        while at < parent.end:
            one = self.element(at)
            if one is None or one.end is None or one.end > parent.end:
                raise broken(self.name, "an element is longer than what holds it", at)
            found.append(one)
            at = one.end
        return found

    def number(self, element: Element) -> int:
        """Read an unsigned number."""
        assert element.end is not None
        return int.from_bytes(self.read(element.start, min(element.end - element.start, 8)), "big")

    def real(self, element: Element) -> float:
        """Read a floating number."""
        assert element.end is not None
        data = self.read(element.start, min(element.end - element.start, 8))
        return float(struct.unpack({4: ">f", 8: ">d"}[len(data)], data)[0]) if len(data) in {4, 8} else 0.0

    def text(self, element: Element) -> str:
        """Read a short text."""
        assert element.end is not None
        return self.read(element.start, min(element.end - element.start, 256)).rstrip(b"\0").decode("latin-1")
