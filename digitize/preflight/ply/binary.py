# SPDX-License-Identifier: Apache-2.0
"""The body of a binary PLY: whole blocks of equal rows at once, odd rows one by one."""

from __future__ import annotations

import struct
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from digitize.errors import Refusal
from digitize.preflight.model import Limits
from digitize.preflight.ply.header import SIZES, Element, Header, Property
from digitize.preflight.ply.tally import Tally

_BLOCK = 4 << 20
# After rows of unequal length this many are read one by one before equal ones are tried again.
_ONE_BY_ONE = 2048
_STRUCT = {"i1": "b", "u1": "B", "i2": "h", "u2": "H", "i4": "i", "u4": "I", "f4": "f", "f8": "d"}

Lengths = tuple[int, ...]


class _Window:
    """The next bytes of a file, refilled block by block."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.data = b""
        self.at = 0

    def left(self) -> int:
        """Give how many bytes stand ready."""
        return len(self.data) - self.at

    def fill(self, least: int) -> bool:
        """Have so many bytes ready; False where the file ends before."""
        if self.left() < least:
            self.data = self.data[self.at :] + self._file.read(max(_BLOCK, least))
            self.at = 0
        return self.left() >= least

    def rest(self) -> int:
        """Count the bytes that nothing has read."""
        here = self._file.tell()
        return self.left() + self._file.seek(0, 2) - here


def scan_binary(file: IO[bytes], header: Header, tally: Tally, limits: Limits) -> None:
    """Check every row of every element.

    Raises
    ------
    Refusal
        With the first row that is wrong.
    """
    del limits  # the tally holds them
    window = _Window(file)
    for element in header.elements:
        _Rows(element, header.encoding, window, tally).scan()
    tally.extra_bytes = window.rest()


class _Rows:
    """The rows of one element."""

    def __init__(self, element: Element, order: str, window: _Window, tally: Tally) -> None:
        self._element, self._order, self._window, self._tally = element, order, window, tally
        self._row = 0
        self._known: dict[Lengths, np.dtype[Any]] = {}

    def scan(self) -> None:
        """Read all rows."""
        while self._row < self._element.count:
            if not self._equal_rows(self._lengths()) and self._element.lists:
                self._odd_rows()

    def _lengths(self) -> Lengths:
        """Read the lengths of the next row's lists."""
        at, lengths = 0, []
        for one in self._element.properties:
            size = SIZES[one.length or one.type]
            if not self._window.fill(at + size):
                raise self._tally.truncated(self._element, self._row)
            if one.length is None:
                at += size
                continue
            length = struct.unpack_from(self._order + _STRUCT[one.length], self._window.data, self._window.at + at)[0]
            self._tally.length(self._element, length, self._row)
            lengths.append(length)
            at += size + length * SIZES[one.type]
        if not self._window.fill(at):
            raise self._tally.truncated(self._element, self._row)
        return tuple(lengths)

    def _equal_rows(self, lengths: Lengths) -> bool:
        """Read as many rows with these list lengths as stand ready; False where another length came soon."""
        dtype = self._dtype(lengths)
        ready = min(self._window.left() // dtype.itemsize, self._element.count - self._row)
        table = np.frombuffer(self._window.data, dtype, ready, self._window.at)
        same = self._same(table, lengths)
        self._check(table[:same])
        self._window.at += same * dtype.itemsize
        self._row += same
        return same == ready or same >= _ONE_BY_ONE

    def _odd_rows(self) -> None:
        """Read some rows whose lengths differ, gathered by length so that their values are still checked together."""
        groups: dict[Lengths, list[tuple[int, bytes]]] = {}
        for _ in range(min(_ONE_BY_ONE, self._element.count - self._row)):
            lengths = self._lengths()
            size = self._dtype(lengths).itemsize
            groups.setdefault(lengths, []).append((self._row, self._window.data[self._window.at : self._window.at + size]))
            self._window.at += size
            self._row += 1
        for lengths, rows in groups.items():
            self._check_group(lengths, rows)

    def _check_group(self, lengths: Lengths, rows: list[tuple[int, bytes]]) -> None:
        """Check gathered rows; on a refusal, again one by one, so that its place is the right one."""
        dtype, before = self._dtype(lengths), self._tally.mark()
        try:
            self._check(np.frombuffer(b"".join(data for _, data in rows), dtype), first=rows[0][0])
        except Refusal:
            self._tally.back_to(before)
            for row, data in rows:
                self._check(np.frombuffer(data, dtype), first=row)
            raise

    def _dtype(self, lengths: Lengths) -> np.dtype[Any]:
        """Describe a row whose lists have these lengths; made once per shape."""
        known = self._known.get(lengths)
        if known is None:
            rest, fields = iter(lengths), []
            for i, one in enumerate(self._element.properties):
                if one.length:
                    fields += [(f"n{i}", self._order + one.length), (f"p{i}", self._order + one.type, (next(rest),))]
                else:
                    fields.append((f"p{i}", self._order + one.type))
            known = self._known[lengths] = np.dtype(fields)
        return known

    def _same(self, table: NDArray[Any], lengths: Lengths) -> int:
        """Count the leading rows whose lists have the lengths of the first."""
        same, rest = len(table), iter(lengths)
        for i, one in enumerate(self._element.properties):
            if one.length:
                differs = table[f"n{i}"][:same] != next(rest)
                same = int(np.argmax(differs)) if differs.any() else same
        return same

    def _check(self, table: NDArray[Any], first: int | None = None) -> None:
        """Check the values of rows of one shape."""
        start = self._row if first is None else first
        for i, one in enumerate(self._element.properties):
            self._check_one(one, table[f"p{i}"], start)

    def _check_one(self, one: Property, values: NDArray[Any], start: int) -> None:
        if one.length:
            self._tally.lists(self._element, one, values, start)
        else:
            self._tally.scalars(self._element, one, values, start)
