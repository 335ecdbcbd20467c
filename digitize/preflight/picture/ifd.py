# SPDX-License-Identifier: Apache-2.0
"""The directories of TIFF, BigTIFF and EXIF: bounded, without loops, every value inside its file.

Source: TIFF 6.0 §2; the BigTIFF design (libtiff); Exif 3.0 §4.6.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4, 16: 8, 17: 8, 18: 8}
_WHOLE = {1: "u1", 3: "u2", 4: "u4", 6: "i1", 8: "i2", 9: "i4", 13: "u4", 16: "u8", 17: "i8", 18: "u8"}
_ENTRIES = 4096
_VALUES = 64 << 20


class DirectoryError(Exception):
    """A directory that cannot be followed: the byte, and what is wrong there."""

    def __init__(self, at: int, problem: str, *, short: bool = False) -> None:
        self.at, self.problem, self.short = at, problem, short
        super().__init__(f"{problem} (byte {at})")


@dataclass(frozen=True, slots=True)
class Entry:
    """One field: its type and count, and where its values lie."""

    type: int
    count: int
    at: int


class Directories:
    """A file's byte order and width of offsets, and its directories.

    Parameters
    ----------
    data
        The whole file, or the whole EXIF block.

    Raises
    ------
    DirectoryError
    """

    def __init__(self, data: memoryview) -> None:
        self.data, self.size = data, len(data)
        order = bytes(data[:2])
        if order not in {b"II", b"MM"}:
            raise DirectoryError(0, "it states no byte order")
        self.order = "<" if order == b"II" else ">"
        version = self.number(2, 2)
        if version not in {42, 43}:
            raise DirectoryError(2, f"it is of version {version}")
        self.big = version == 43
        if self.big and (self.number(4, 2), self.number(6, 2)) != (8, 0):
            raise DirectoryError(4, "its offsets have an unknown width")
        self.first = self.number(8, 8) if self.big else self.number(4, 4)

    def number(self, at: int, width: int) -> int:
        """Read an unsigned number."""
        if at < 0 or at + width > self.size:
            raise DirectoryError(min(at, self.size), "it ends before a number that it needs", short=True)
        return int.from_bytes(self.data[at : at + width], "little" if self.order == "<" else "big")

    def chain(self, limit: int) -> Iterator[dict[int, Entry]]:
        """Yield each directory of the main chain.

        Raises
        ------
        DirectoryError
            Where the chain comes back to itself, leaves the file or is longer than `limit`.
        """
        at, seen = self.first, set[int]()
        while at:
            if at in seen:
                raise DirectoryError(at, "its directories form a loop")
            if len(seen) >= limit:
                raise DirectoryError(at, f"it has more than {limit} pages")
            seen.add(at)
            fields, at = self.directory(at)
            yield fields

    def directory(self, at: int) -> tuple[dict[int, Entry], int]:
        """Read one directory: its fields by tag, and where the next one is (0 for none)."""
        wide, entry, head = (8, 20, 8) if self.big else (4, 12, 2)
        count = self.number(at, head)
        if not 0 < count <= _ENTRIES:
            raise DirectoryError(at, f"a directory states {count} fields")
        fields: dict[int, Entry] = {}
        for place in range(at + head, at + head + count * entry, entry):
            tag, found = self._entry(place, wide)
            if found is not None:
                fields.setdefault(tag, found)
        return fields, self.number(at + head + count * entry, wide)

    def _entry(self, at: int, wide: int) -> tuple[int, Entry | None]:
        """Read one field; a type of its maker's own is passed over."""
        tag, kind, count = self.number(at, 2), self.number(at + 2, 2), self.number(at + 4, wide)
        if kind not in _SIZES:
            return tag, None
        length, place = count * _SIZES[kind], at + 4 + wide
        if length > wide:
            place = self.number(place, wide)
        if place + length > self.size:
            raise DirectoryError(at, f"the values of field {tag} lie outside the file", short=True)
        return tag, Entry(kind, count, place)

    def raw(self, entry: Entry, limit: int = _VALUES) -> bytes:
        """Give a field's bytes, at most `limit`."""
        return bytes(self.data[entry.at : entry.at + min(entry.count * _SIZES[entry.type], limit)])

    def whole(self, entry: Entry, most: int | None = None) -> NDArray[np.int64]:
        """Give a field's whole numbers (N,), no more than the first `most`.

        Raises
        ------
        DirectoryError
            Where they are not whole, or beyond 2^63.
        """
        kind = _WHOLE.get(entry.type)
        count = entry.count if most is None else min(entry.count, most)
        if kind is None or count * _SIZES[entry.type] > _VALUES:
            raise DirectoryError(entry.at, "a field holds no whole numbers where they are needed")
        values = np.frombuffer(self.data, self.order + kind, count, entry.at)
        if len(values) and (values.max() > np.iinfo(np.int64).max or values.min() < 0):
            raise DirectoryError(entry.at, "a number in it is out of range")
        return values.astype(np.int64)
