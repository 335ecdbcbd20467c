# SPDX-License-Identifier: Apache-2.0
"""The boxes of an MP4 or QuickTime file.

Source: ISO/IEC 14496-12 §4.2; Apple, QuickTime File Format (atoms).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from digitize.preflight.media.parts import broken


@dataclass(frozen=True, slots=True)
class Box:
    """A box in bytes that lie in memory: its kind, its body from `start` to `end`, and where it begins in the file."""

    kind: bytes
    start: int
    end: int
    at: int


class Index:
    """A box read whole (``moov``, ``moof``), and its inner boxes; bounded in number and depth."""

    def __init__(self, data: bytes, at: int, name: str, limit: int) -> None:
        self.data, self._at, self._name, self._left = data, at, name, limit

    def inner(self, start: int = 0, end: int | None = None) -> Iterator[Box]:
        """Walk the boxes between two places.

        Raises
        ------
        Refusal
            ``media.broken`` where a box is longer than the one around it, or there are too many.
        """
        place, last = start, len(self.data) if end is None else end
        while place + 8 <= last:
            self._left -= 1
            if self._left < 0:
                raise broken(self._name, "it has too many parts", self._at + place)
            length, kind, head = int.from_bytes(self.data[place : place + 4], "big"), self.data[place + 4 : place + 8], 8
            if length == 1:
                length, head = int.from_bytes(self.data[place + 8 : place + 16], "big"), 16
            if length == 0 and kind == b"\0\0\0\0":
                return  # QuickTime ends some lists so
            if length == 0:
                length = last - place
            if length < head:
                raise broken(self._name, f"its part {_shown(kind)} is shorter than its own head", self._at + place)
            if place + length > last:
                raise broken(self._name, f"its part {_shown(kind)} is longer than what holds it", self._at + place)
            yield Box(kind, place + head, place + length, self._at + place)
            place += length

    def find(self, path: str, start: int = 0, end: int | None = None) -> Box | None:
        """Find the first box at a path such as ``mdia/minf/stbl``."""
        found: Box | None = None
        for name in path.split("/"):
            found = next((box for box in self.inner(start, end) if box.kind == name.encode("latin-1")), None)
            if found is None:
                return None
            start, end = found.start, found.end
        return found

    def need(self, path: str, within: Box) -> Box:
        """Find a box that must be there."""
        found = self.find(path, within.start, within.end)
        if found is None:
            raise broken(self._name, f"its part {path} is missing", within.at)
        return found

    def body(self, box: Box) -> bytes:
        """Give a box's body."""
        return self.data[box.start : box.end]


def _shown(kind: bytes) -> str:
    return kind.decode("latin-1").strip() or "?"
