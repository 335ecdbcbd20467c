# SPDX-License-Identifier: Apache-2.0
"""The statements of an OBJ: runs of equal ones together, odd ones by themselves."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import chain
from typing import IO

import numpy as np

from digitize.errors import Refusal
from digitize.preflight.model import LARGEST, Limits
from digitize.preflight.source import decode, line_blocks

Words = list[bytes]

_QUIET = frozenset({b"o", b"g", b"s", b"mg", b"lod", b"bevel", b"c_interp", b"d_interp", b"shadow_obj", b"trace_obj"})
_LEFT_OUT = frozenset({
    b"l", b"p", b"vp", b"curv", b"curv2", b"surf", b"cstype", b"deg", b"bmat", b"step", b"parm", b"trim", b"hole", b"scrv", b"sp", b"end",
    b"con", b"ctech", b"stech", b"maplib", b"usemap", b"call", b"csh", b"bzp", b"bsp", b"cdc", b"cdp", b"res",
})  # fmt: skip


@dataclass(slots=True)
class Statements:
    """What an OBJ says: counts, and the names that it uses."""

    vertices: int = 0
    uv: int = 0
    normals: int = 0
    faces: int = 0
    triangles: int = 0
    small: int = 0
    libraries: list[tuple[str, str]] = field(default_factory=list)
    used: set[str] = field(default_factory=set)
    left_out: set[str] = field(default_factory=set)


def scan_statements(file: IO[bytes], limits: Limits) -> Statements:
    """Read every statement.

    Raises
    ------
    Refusal
        ``obj.statement``, ``mesh.index-out-of-range``, ``mesh.not-finite``, ``mesh.polygon-size``, ….
    """
    reader = _Reader(limits)
    for number, lines in line_blocks(file, limits):
        reader.take(number, lines)
    return reader.end()


class _Reader:
    """Where the reading stands."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._found = Statements()
        self._carry: tuple[int, bytes] | None = None
        self._most = [0, 0, 0]
        self._most_at = ["", "", ""]
        self._runs: dict[bytes, Callable[[list[Words], list[int]], None]] = {
            b"v": self._vertices,
            b"vt": self._uv,
            b"vn": self._normals,
            b"f": self._faces,
        }

    def take(self, number: int, lines: list[bytes]) -> None:
        """Take in a block of lines, the first of which has this number."""
        key = b""
        rows: list[Words] = []
        numbers: list[int] = []
        for at, words in self._statements(number, lines):
            if words[0] != key:
                self._run(key, rows, numbers)
                key, rows, numbers = words[0], [], []
            rows.append(words)
            numbers.append(at)
        self._run(key, rows, numbers)

    def _statements(self, number: int, lines: list[bytes]) -> Iterator[tuple[int, Words]]:
        """Yield statements as words: comments cut off, continued lines joined."""
        for at, line in enumerate(lines, number):
            whole = line
            if b"#" in whole:
                whole = whole.partition(b"#")[0]
            if self._carry:
                at, whole = self._carry[0], self._carry[1] + b" " + whole  # noqa: PLW2901 - the statement began there
                self._carry = None
            if whole.rstrip().endswith(b"\\"):
                self._hold(at, whole.rstrip()[:-1])
                continue
            if words := whole.split():
                yield at, words

    def _hold(self, at: int, text: bytes) -> None:
        """Keep the beginning of a statement that goes on in the next line."""
        if len(text) > self._limits.line_bytes:
            raise Refusal("text.line-too-long", at=f"line {at}", limit=self._limits.line_bytes)
        self._carry = (at, text)

    def _run(self, key: bytes, rows: list[Words], numbers: list[int]) -> None:
        """Check a run of statements with one keyword."""
        if not rows:
            return
        together = self._runs.get(key)
        if together:
            together(rows, numbers)
        else:
            for words, number in zip(rows, numbers, strict=True):
                self._other(words, number)

    def _other(self, words: Words, number: int) -> None:
        """Take in a statement that is no geometry of ours; a keyword that is none in OBJ refuses the file."""
        key = words[0]
        if key == b"mtllib":
            self._found.libraries.append((decode(b" ".join(words[1:])), f"line {number}"))
        elif key == b"usemtl":
            self._found.used.add(decode(b" ".join(words[1:])))
        elif key in _LEFT_OUT:
            self._found.left_out.add(decode(key))
        elif key not in _QUIET:
            raise _wrong(words, number)

    def _vertices(self, rows: list[Words], numbers: list[int]) -> None:
        self._found.vertices += len(rows)
        if self._found.vertices > self._limits.vertices:
            raise Refusal("mesh.too-many-vertices", at=f"line {numbers[-1]}", limit=self._limits.vertices)
        self._numbers(rows, numbers, (3, 8))

    def _uv(self, rows: list[Words], numbers: list[int]) -> None:
        self._found.uv += len(rows)
        self._numbers(rows, numbers, (1, 3))

    def _normals(self, rows: list[Words], numbers: list[int]) -> None:
        self._found.normals += len(rows)
        self._numbers(rows, numbers, (3, 3))

    def _numbers(self, rows: list[Words], numbers: list[int], width: tuple[int, int]) -> None:
        """Check that rows hold so many finite numbers; the sum of all is not finite if one is not."""
        try:
            sizes = set(map(len, rows))
            values = list(map(float, chain.from_iterable(words[1:] for words in rows)))
            # NaN slips through least and greatest, so the sum must tell it.
            good = (
                math.isfinite(sum(values))
                and max(values) <= LARGEST
                and min(values) >= -LARGEST
                and width[0] < min(sizes) <= max(sizes) <= width[1] + 1
            )
        except ValueError:
            good = False
        if not good or any(b"_" in word for words in rows for word in words):
            for words, number in zip(rows, numbers, strict=True):
                _check_numbers(words, number, width)

    def _faces(self, rows: list[Words], numbers: list[int]) -> None:
        """Check polygons; those of a run that look alike together."""
        groups: dict[tuple[int, int, int], tuple[list[Words], list[int]]] = {}
        for words, number in zip(rows, numbers, strict=True):
            first = words[-1]
            shape = (len(words) - 1, first.count(b"/"), b"//" in first)
            group = groups.setdefault(shape, ([], []))
            group[0].append(words)
            group[1].append(number)
        for (corners, slashes, bare), (alike, places) in groups.items():
            self._polygons(corners, slashes, bool(bare), alike, places)
        self._found.faces += len(rows)

    def _polygons(self, corners: int, slashes: int, bare: bool, rows: list[Words], numbers: list[int]) -> None:
        """Check polygons with one number of corners, all written in one way."""
        if corners > self._limits.corners or corners < 1:
            raise Refusal("mesh.polygon-size", at=f"line {numbers[0]}", corners=corners, limit=self._limits.corners)
        self._found.small += len(rows) * (corners < 3)
        self._found.triangles += len(rows) * max(corners - 2, 0)
        if self._found.triangles > self._limits.faces:
            raise Refusal("mesh.too-many-triangles", at=f"line {numbers[-1]}", limit=self._limits.faces)
        columns = (0, 2) if bare else tuple(range(slashes + 1))
        try:
            if slashes > 2:
                raise ValueError("a corner has more than three parts")
            table = _corner_table(rows, corners, len(columns), slashes, bare=bare)
        except ValueError:
            for words, number in zip(rows, numbers, strict=True):
                self._polygon(words, number)
            return
        for k, column in enumerate(columns):
            self._indices(column, table[:, k].reshape(len(rows), corners), numbers)

    def _polygon(self, words: Words, number: int) -> None:
        """Check a polygon whose corners are written in several ways, or badly."""
        for corner in words[1:]:
            parts = corner.split(b"/")
            if len(parts) > 3 or not parts[0] or (len(parts) == 2 and not parts[1]):
                raise _wrong(words, number)
            for column, part in enumerate(parts):
                if part:
                    self._indices(column, np.array([[_index(part, words, number)]], dtype=np.int64), [number])

    def _indices(self, column: int, table: np.ndarray[tuple[int, ...], np.dtype[np.int64]], numbers: list[int]) -> None:
        """Check indices: from 1 upwards at the end of the file, negative ones against what stands before them.

        Statements of one run stand together, so nothing was defined between them.
        """
        known = (self._found.vertices, self._found.uv, self._found.normals)[column]
        least, most = int(table.min()), int(table.max())
        if most > self._most[column]:
            row = int(np.argmax((table == most).any(axis=1)))
            self._most[column], self._most_at[column] = most, f"line {numbers[row]}"
        if least >= 1:
            return
        bad = (table == 0) | (table < -known)
        if bad.any():
            row = int(np.argmax(bad.any(axis=1)))
            raise _out_of_range(f"line {numbers[row]}", int(table[row][bad[row]][0]), column, known)

    def end(self) -> Statements:
        """Compare the highest indices with what the whole file defines: OBJ allows to name what comes later."""
        found = self._found
        if self._carry:
            raise Refusal("obj.statement", at=f"line {self._carry[0]}", text=decode(self._carry[1][:60]))
        if not found.vertices:
            raise Refusal("mesh.no-vertices")
        for column, known in enumerate((found.vertices, found.uv, found.normals)):
            if self._most[column] > known:
                raise _out_of_range(self._most_at[column], self._most[column], column, known)
        if not found.triangles:
            raise Refusal("mesh.no-faces")
        return found


def _out_of_range(at: str, index: int, column: int, known: int) -> Refusal:
    if column == 0:
        return Refusal("mesh.index-out-of-range", at=at, index=index, vertices=known)
    return Refusal("obj.index-out-of-range", at=at, index=index, name=("v", "vt", "vn")[column], known=known)


def _corner_table(
    rows: list[Words], corners: int, columns: int, slashes: int, *, bare: bool
) -> np.ndarray[tuple[int, ...], np.dtype[np.int64]]:
    """Read all corners of polygons that are written alike, (rows * corners, columns) int64.

    Raises
    ------
    ValueError
        Where one is written otherwise, or is no whole number.
    """
    words = list(chain.from_iterable(row[1:] for row in rows))
    joined = b" ".join(words)
    if b"_" in joined or joined.count(b"/") != slashes * len(words) or joined.count(b"//") != bare * len(words):
        raise ValueError("corners are written in several ways")
    numbers = joined.replace(b"//" if bare else b"/", b" ").split()
    if len(numbers) != len(rows) * corners * columns:
        raise ValueError("a corner lacks a number")
    table = np.array(list(map(int, numbers)), dtype=object if max(map(len, numbers)) > 18 else np.int64)
    clipped: np.ndarray[tuple[int, ...], np.dtype[np.int64]] = np.clip(table, -(2**62), 2**62).astype(np.int64)
    return clipped.reshape(-1, columns)


def _check_numbers(words: Words, number: int, width: tuple[int, int]) -> None:
    """Check one row of numbers by itself."""
    try:
        values = list(map(float, words[1:]))
    except ValueError as error:
        raise _wrong(words, number) from error
    if not width[0] <= len(values) <= width[1] or any(b"_" in word for word in words):
        raise _wrong(words, number)
    if not all(abs(value) <= LARGEST for value in values):
        raise Refusal("mesh.not-finite", at=f"line {number}", name=decode(words[0]))


def _index(part: bytes, words: Words, number: int) -> int:
    """Read one index."""
    try:
        if b"_" in part:
            raise _wrong(words, number)
        return max(-(2**62), min(2**62, int(part)))
    except ValueError as error:
        raise _wrong(words, number) from error


def _wrong(words: Words, number: int) -> Refusal:
    return Refusal("obj.statement", at=f"line {number}", text=decode(b" ".join(words)[:60]))
