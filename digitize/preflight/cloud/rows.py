# SPDX-License-Identifier: Apache-2.0
"""Clouds as text: one point a line, as XYZ, ASC, PTS and many programs' CSV have it.

There is no standard. What is supposed here: coordinates come first; a first line of words names the columns; a first line
that is one whole number counts the points that follow (Leica's PTS) and may come again before a further scan. Comments
start with ``#``, ``//`` or ``;``. Columns are separated by spaces, tabs, commas or semicolons; a decimal comma is refused.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from digitize.errors import Refusal
from digitize.preflight.model import LARGEST, Limits
from digitize.preflight.source import decode, line_blocks

Table = NDArray[np.float64]
_COMMENTS = (b"#", b"//", b";")
_SEPARATORS = (b";", b",", b"\t")
_MARK = b"\xef\xbb\xbf"  # a byte order mark, as Windows' editors write it
_MOST_COLUMNS = 64


@dataclass
class Rows:
    """The points of a text file, block by block; what the lines before them say fills up while they are read.

    Attributes
    ----------
    names
        The columns' names, in small letters, where a line states them.
    width
        Columns of every row.
    blocks
        Points that each count line promises, as PTS has them; empty where there is none.
    comments
        The first comments' texts.
    open_end
        Whether the last line has no end.
    """

    path: Path
    limits: Limits
    names: tuple[str, ...] = ()
    width: int = 0
    blocks: list[int] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)
    open_end: bool = False
    _separator: bytes | None = None
    _read: int = 0
    _promised: int = 0

    def tables(self) -> Iterator[tuple[int, Table]]:
        """Read the points.

        Yields
        ------
        The first row's line number, and rows (k, width).

        Raises
        ------
        Refusal
            ``points.row``, ``points.row-width``, ``points.count``, ``mesh.not-finite`` and what `line_blocks` refuses.
        """
        with self.path.open("rb") as file:
            for number, lines in line_blocks(file, self.limits):
                self.open_end = bool(lines[-1:]) and lines[-1].strip() != b""
                yield from self._block(number, lines)
            self.open_end = self.open_end and not _ends_with_newline(self.path)
        self._finish()

    def _block(self, number: int, lines: list[bytes]) -> Iterator[tuple[int, Table]]:
        """Split a block of lines into runs of rows."""
        rows: list[list[bytes]] = []
        places: list[int] = []
        for place, line in enumerate(lines, number):
            words = self._words(line, place)
            if words is None:
                continue
            if self.blocks and len(words) == 1:
                yield from self._table(rows, places)
                rows, places = [], []
                self._count(words[0], place)
                continue
            rows.append(words)
            places.append(place)
        yield from self._table(rows, places)

    def _words(self, line: bytes, place: int) -> list[bytes] | None:
        """Split a line; None where it is blank, a comment, or stands before the rows."""
        text = line.removeprefix(_MARK).strip() if place == 1 else line.strip()
        if not text:
            return None
        if text.startswith(_COMMENTS):
            self._comment(text)
            return None
        if self._separator:
            text = text.replace(self._separator, b" ")
        words = text.split()
        return words if self.width else self._first(text, place)

    def _comment(self, text: bytes) -> None:
        """Remember a comment; before the rows it may name the columns."""
        words = decode(text.lstrip(b"#/; ")).strip()
        if len(self.comments) < 64:
            self.comments.append(words[:200])
        if not self.width and (names := _names(words)):
            self.names = names

    def _first(self, text: bytes, place: int) -> list[bytes] | None:
        """Take in a line before the first row: names, a count, or that row itself."""
        separator = next((one for one in _SEPARATORS if one in text), None)
        words = (text.replace(separator, b" ") if separator else text).split()
        if len(words) == 1 and not self.blocks and not self.names and words[0].isdigit():
            self._count(words[0], place)
            return None
        if not self.names and (names := _names(decode(text))):
            self.names = names
            return None
        if len(words) < 3 or len(words) > _MOST_COLUMNS:
            raise Refusal("points.row", at=f"line {place}", row=1, text=decode(text[:60]))
        self._separator, self.width = separator, len(words)
        if self.names and len(self.names) != self.width:
            raise Refusal("points.row-width", at=f"line {place}", row=1, columns=self.width, expected=len(self.names))
        return words

    def _count(self, word: bytes, place: int) -> None:
        """Take in a line that counts the points that follow."""
        if not word.isdigit() or len(word) > 12 or self._promised + int(word) > self.limits.vertices:
            raise Refusal("points.too-many", at=f"line {place}", limit=self.limits.vertices)
        if self._read != self._promised:
            raise Refusal("points.count", at=f"line {place}", expected=self._promised, points=self._read)
        self.blocks.append(int(word))
        self._promised += int(word)

    def _table(self, rows: list[list[bytes]], places: list[int]) -> Iterator[tuple[int, Table]]:
        """Turn rows of words into numbers."""
        if not rows:
            return
        try:
            table = self._numbers(rows)
        except (ValueError, OverflowError):
            self._blame(rows, places)
        sound = np.abs(table[:, :3]).max(axis=1) <= LARGEST
        if not sound.all():
            row = int(np.argmin(sound))
            raise Refusal("mesh.not-finite", at=f"line {places[row]}", name="x, y, z")
        self._read += len(rows)
        if self._read > (self._promised if self.blocks else self.limits.vertices):
            code = "points.count" if self.blocks else "points.too-many"
            at = f"line {places[-1]}"
            raise Refusal(code, at=at, limit=self.limits.vertices, expected=self._promised, points=self._read)
        yield places[0], table

    def _numbers(self, rows: list[list[bytes]]) -> Table:
        """Convert rows; anything but plain decimal numbers is a ValueError (Python's 1_000 is one)."""
        if any(len(row) != self.width for row in rows):
            raise ValueError("another number of columns")
        words = list(chain.from_iterable(rows))
        if b"_" in b"".join(words):
            raise ValueError("an underscore")
        return np.array(list(map(float, words)), dtype=np.float64).reshape(len(rows), self.width)

    def _blame(self, rows: list[list[bytes]], places: list[int]) -> None:
        """Find the first row that cannot be converted and refuse it."""
        for i, (row, place) in enumerate(zip(rows, places, strict=True)):
            at, number = f"line {place}", self._read + i + 1
            if len(row) != self.width:
                raise Refusal("points.row-width", at=at, row=number, columns=len(row), expected=self.width)
            try:
                self._numbers([row])
            except (ValueError, OverflowError) as error:
                raise Refusal("points.row", at=at, row=number, text=decode(b" ".join(row)[:60])) from error

    def _finish(self) -> None:
        """Refuse a file without points, or with fewer than it promises."""
        if not self._read:
            raise Refusal("points.none")
        if self.blocks and self._read != self._promised:
            raise Refusal("points.truncated", at=f"row {self._read}", complete=self._read, expected=self._promised)


def _ends_with_newline(path: Path) -> bool:
    """Say whether a file's last byte ends a line."""
    with path.open("rb") as file:
        file.seek(-1, 2)
        return file.read(1) in b"\r\n"


def _names(text: str) -> tuple[str, ...]:
    """Read the columns' names from a line that begins with x, y, z; nothing where it does not."""
    for separator in ";,\t":
        text = text.replace(separator, " ")
    words = tuple(word.strip("\"'").lower() for word in text.split())
    return words if [word[:1] for word in words[:3]] == ["x", "y", "z"] and all(len(word) < 40 for word in words) else ()
