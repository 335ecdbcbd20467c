# SPDX-License-Identifier: Apache-2.0
"""The body of an ASCII PLY: blocks of lines, checked together where they are alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import chain
from typing import IO

import numpy as np

from digitize.errors import Refusal
from digitize.preflight.model import MIB, Limits
from digitize.preflight.ply.header import STRIPS, Element, Header, Property
from digitize.preflight.ply.tally import Tally
from digitize.preflight.source import line_blocks

Words = list[bytes]
_STRIP_LINE = 16 * MIB  # a whole mesh may be one strip, and a strip is one line


def scan_ascii(file: IO[bytes], header: Header, tally: Tally, limits: Limits) -> None:
    """Check every row of every element; empty lines between rows are passed over.

    Raises
    ------
    Refusal
        With the first row or line that is wrong.
    """
    body = _Body(header, tally)
    if header.count(STRIPS):
        limits = replace(limits, line_bytes=max(limits.line_bytes, _STRIP_LINE))
    for number, lines in line_blocks(file, limits, first=header.lines + 1):
        body.take(number, lines)
    body.end()


class _Body:
    """Where the reading stands: which element, which row."""

    def __init__(self, header: Header, tally: Tally) -> None:
        self._elements = [element for element in header.elements if element.count]
        self._tally = tally
        self._row = 0

    def take(self, number: int, lines: list[bytes]) -> None:
        """Take in a block of lines, the first of which has this number."""
        rows, numbers = [], []
        for i, line in enumerate(lines):
            if words := line.split():
                rows.append(words)
                numbers.append(number + i)
        done = 0
        while done < len(rows) and self._elements:
            element = self._elements[0]
            part = rows[done : done + element.count - self._row]
            _Rows(element, self._tally, self._row).check(part, numbers[done : done + len(part)])
            self._row += len(part)
            done += len(part)
            if self._row == element.count:
                self._elements.pop(0)
                self._row = 0
        self._tally.extra_bytes += sum(len(word) + 1 for words in rows[done:] for word in words)

    def end(self) -> None:
        """See to it that nothing is missing."""
        if self._elements:
            raise self._tally.truncated(self._elements[0], self._row)


class _Rows:
    """Some rows of one element."""

    def __init__(self, element: Element, tally: Tally, first: int) -> None:
        self._element, self._tally, self._first = element, tally, first

    def check(self, rows: Sequence[Words], numbers: Sequence[int]) -> None:
        """Check rows of one shape together; where something is wrong, one by one, to name its line."""
        before = self._tally.mark()
        try:
            for shape, alike in self._shapes(rows).items():
                self._table(alike, shape, self._first)
        except (Refusal, ValueError, OverflowError, IndexError):
            self._tally.back_to(before)
            for i, (words, number) in enumerate(zip(rows, numbers, strict=True)):
                self._check_one(words, number, self._first + i)
            raise

    def _shapes(self, rows: Sequence[Words]) -> dict[tuple[int, ...], list[Words]]:
        """Gather rows by the lengths of their lists."""
        if not self._element.lists:
            return {(): list(rows)}
        shapes: dict[tuple[int, ...], list[Words]] = {}
        for i, words in enumerate(rows):
            shapes.setdefault(self._shape(words, self._first + i), []).append(words)
        return shapes

    def _shape(self, words: Words, row: int) -> tuple[int, ...]:
        """Read the lengths of a row's lists."""
        at, lengths = 0, []
        for one in self._element.properties:
            if one.length is None:
                at += 1
            else:
                length = int(words[at])
                self._tally.length(self._element, length, row)
                lengths.append(length)
                at += 1 + length
        return tuple(lengths)

    def _table(self, rows: Sequence[Words], shape: tuple[int, ...], first: int) -> None:
        """Check rows of one shape, column by column."""
        width = sum(shape) + len(self._element.properties)
        words = list(chain.from_iterable(rows))
        if any(len(row) != width for row in rows):
            raise ValueError("a row has another number of values")
        # Python reads 1_000 as a number; C libraries read 1.
        if b"_" in b"".join(words):
            raise ValueError("a number has an underscore")
        at, rest = 0, iter(shape)
        for one in self._element.properties:
            length = next(rest) if one.length else 1
            at += 1 if one.length else 0
            columns = [words[at + k :: width] for k in range(length)]
            self._columns(one, columns, first)
            at += length

    def _columns(self, one: Property, columns: list[Words], first: int) -> None:
        """Check the values of one property: a column, or as many as its list is long."""
        kind = float if one.type.startswith("f") else int
        dtype = np.float64 if kind is float else np.int64
        table = np.array([list(map(kind, column)) for column in columns], dtype=dtype)
        if one.length:
            self._tally.lists(self._element, one, table.T, first)
        else:
            self._tally.scalars(self._element, one, table[0], first)

    def _check_one(self, words: Words, number: int, row: int) -> None:
        """Check one row by itself."""
        try:
            self._table([words], self._shape(words, row), row)
        except (ValueError, OverflowError, IndexError) as error:
            shown = b" ".join(words)[:60].decode("latin-1")
            raise Refusal("ply.row", at=f"line {number}", element=self._element.name, row=row + 1, text=shown) from error
