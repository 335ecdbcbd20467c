# SPDX-License-Identifier: Apache-2.0
"""The boxes of an ISO base media file: each inside its parent, few enough, not too deep.

Source: ISO/IEC 14496-12 §4.2.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

_BOXES = 10_000


class BoxError(Exception):
    """A box that does not fit where it stands."""

    def __init__(self, at: int, problem: str, *, short: bool = False) -> None:
        self.at, self.problem, self.short = at, problem, short
        super().__init__(f"{problem} (byte {at})")


@dataclass(frozen=True, slots=True)
class Box:
    """A box's kind and the place of its body, [at, end)."""

    kind: bytes
    start: int
    at: int
    end: int


def boxes(data: memoryview, at: int, end: int) -> Iterator[Box]:
    """Yield the boxes that lie in [at, end).

    Raises
    ------
    BoxError
        ``short`` where the outermost one reaches beyond the file.
    """
    for _ in range(_BOXES):
        if at >= end:
            return
        if end - at < 8:
            raise BoxError(at, "a box is cut short", short=end == len(data))
        size, kind, body = number(data, at, 4), bytes(data[at + 4 : at + 8]), at + 8
        if size == 1:
            size, body = number(data, at + 8, 8), at + 16
        elif size == 0:
            size = end - at
        if size < body - at:
            raise BoxError(at, "a box is smaller than its own head")
        if at + size > end:
            raise BoxError(at, "a box is larger than what holds it", short=end == len(data))
        yield Box(kind, at, body, at + size)
        at += size
    raise BoxError(at, "it has too many boxes")


def number(data: memoryview, at: int, width: int) -> int:
    """Read an unsigned number, first byte highest; one of no bytes is 0."""
    if at + width > len(data):
        raise BoxError(at, "it ends before a number that it needs", short=True)
    return int.from_bytes(data[at : at + width], "big")


class Cursor:
    """Reads numbers one after the other inside a box."""

    def __init__(self, data: memoryview, box: Box) -> None:
        self._data, self.at, self._end = data, box.at, box.end

    def take(self, width: int) -> int:
        """Read the next number."""
        if self.at + width > self._end:
            raise BoxError(self.at, "a box is too short for what it states")
        value = number(self._data, self.at, width)
        self.at += width
        return value

    def head(self) -> tuple[int, int]:
        """Read the version and flags of a full box."""
        word = self.take(4)
        return word >> 24, word & 0xFFFFFF

    @property
    def left(self) -> int:
        """Give how many bytes of the box are left."""
        return self._end - self.at
