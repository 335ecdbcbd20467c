# SPDX-License-Identifier: Apache-2.0
"""OFF, in text: counts, vertices with what the header announces, polygons.

Source: Geomview manual, "OFF Files". Colours of 0 to 255 as MeshLab and others write them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from digitize.errors import Doubt, Refusal
from digitize.preflight.model import LARGEST, Findings, Limits
from digitize.preflight.source import line_blocks, open_end

KEYWORD = re.compile(rb"(ST)?(C)?(N)?(4)?(n)?OFF(?![^\s])")
Words = list[bytes]


@dataclass(frozen=True, slots=True)
class Form:
    """What the header announces of each vertex beside x, y, z."""

    uv: bool = False
    colours: bool = False
    normals: bool = False

    def least(self) -> int:
        """Give how many values a vertex has at least; a colour has three or four."""
        return 3 + 3 * self.normals + 3 * self.colours + 2 * self.uv


def first_word(head: bytes) -> bytes:
    """Give the first word that is no comment."""
    words = (line.split(b"#")[0].split() for line in head.removeprefix(b"\xef\xbb\xbf").split(b"\n"))
    return next((found[0] for found in words if found), b"")


def inspect_off(root: Path, main: str, limits: Limits) -> Findings:
    """Check an OFF row by row.

    Raises
    ------
    Refusal
        ``off.*`` and ``mesh.*``, with the line.
    """
    scan = _Scan(limits)
    with (root / main).open("rb") as file:
        for number, lines in line_blocks(file, limits):
            rows, numbers = [], []
            for i, line in enumerate(lines):
                if words := line.split(b"#")[0].split():
                    rows.append(words)
                    numbers.append(number + i)
            scan.take(rows, numbers)
    found = scan.findings()
    return replace(found, doubts=(*found.doubts, *open_end(root / main)))


class _Scan:
    """Where the reading stands."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._form: Form | None = None
        self._counts: tuple[int, int] | None = None
        self._vertices = self._faces = self._width = 0
        self._triangles = self._small = self._coloured = self._odd = self._extra = 0

    def take(self, rows: list[Words], numbers: list[int]) -> None:
        """Take in rows and their lines' numbers."""
        at = 0
        while at < len(rows) and self._counts is None:
            at += self._head(rows, numbers[at], at)
        if self._counts is None:
            return
        for element, done in (("vertex", self._vertices), ("face", self._faces)):
            part = slice(at, at + self._counts[element == "face"] - done)
            if found := rows[part]:
                (self._vertex_rows if element == "vertex" else self._face_rows)(found, numbers[part])
                at += len(found)
        self._extra += sum(len(word) + 1 for words in rows[at:] for word in words)

    def _head(self, rows: list[Words], number: int, at: int) -> int:
        """Read the keyword or the counts, which may share a line; give how many rows that took."""
        words = rows[at]
        if self._form is None:
            self._form = _form(words[0].removeprefix(b"\xef\xbb\xbf"), number)
            words = words[1:]
            if not words:
                return 1
        if words[0].upper() == b"BINARY":
            raise Refusal("off.header", at=f"line {number}", problem="it is a binary OFF, which is not read here")
        if not 2 <= len(words) <= 3 or not all(word.isdigit() and len(word) < 13 for word in words):
            raise Refusal("off.header", at=f"line {number}", problem="the counts of vertices and faces must be two or three whole numbers")
        self._counts = int(words[0]), int(words[1])
        for name, count, limit in zip(("vertex", "face"), self._counts, (self._limits.vertices, self._limits.faces), strict=True):
            if count > limit:
                raise Refusal("off.count-too-large", at=f"line {number}", element=name, count=count, limit=limit)
        if not self._counts[0]:
            raise Refusal("mesh.no-vertices", at=f"line {number}")
        return 1

    def _vertex_rows(self, rows: list[Words], numbers: list[int]) -> None:
        """Check vertices, all of one width."""
        assert self._form is not None
        self._width = self._width or len(rows[0])
        width = self._width
        odd = next((i for i, row in enumerate(rows) if len(row) != width), None)
        if odd is not None or width < self._form.least():
            raise self._row("vertex", self._vertices, rows, numbers, odd or 0)
        table = self._numbers("vertex", self._vertices, rows, numbers)
        finite = np.abs(table) <= LARGEST
        if not finite[:, :3].all():
            raise Refusal("mesh.not-finite", at=f"line {numbers[int(np.argmin(finite[:, :3].all(axis=1)))]}", name="vertex")
        if self._form.uv and not finite[:, -2:].all():
            raise Refusal("mesh.not-finite", at=f"line {numbers[int(np.argmin(finite[:, -2:].all(axis=1)))]}", name="texture coordinate")
        self._odd += int((~finite).sum())
        self._vertices += len(rows)

    def _face_rows(self, rows: list[Words], numbers: list[int]) -> None:
        """Check polygons, those of one shape together."""
        shapes: dict[tuple[bytes, int], list[int]] = {}
        for i, row in enumerate(rows):
            shapes.setdefault((row[0], len(row)), []).append(i)
        for (corners, width), places in shapes.items():
            if not corners.isdigit() or len(corners) > 6:
                raise self._row("face", self._faces, rows, numbers, places[0])
            size = int(corners)
            if not 1 <= size <= self._limits.corners:
                at = f"line {numbers[places[0]]}"
                raise Refusal("mesh.polygon-size", at=at, corners=size, limit=self._limits.corners)
            if width < size + 1:
                raise self._row("face", self._faces, rows, numbers, places[0])
            alike = [rows[i][1 : size + 1] for i in places]
            self._indices(alike, [numbers[i] for i in places], rows, numbers, places)
            self._coloured += len(places) * (width > size + 1)
            self._small += len(places) * (size < 3)
            self._triangles += len(places) * max(size - 2, 0)
        self._faces += len(rows)
        if self._triangles > self._limits.faces:
            raise Refusal("mesh.too-many-triangles", at=f"line {numbers[-1]}", limit=self._limits.faces)

    def _indices(self, alike: list[Words], lines: list[int], rows: list[Words], numbers: list[int], places: list[int]) -> None:
        """Refuse a corner that is no vertex."""
        try:
            values = np.array(list(map(int, chain.from_iterable(alike))), dtype=np.int64).reshape(len(alike), -1)
        except (ValueError, OverflowError):
            bad = next(i for i, words in enumerate(alike) if not all(_is_whole(word) for word in words))
            raise self._row("face", self._faces, rows, numbers, places[bad]) from None
        assert self._counts is not None
        wrong = (values < 0) | (values >= self._counts[0])
        if wrong.any():
            row = int(np.argmax(wrong.any(axis=1)))
            index = int(values[row][wrong[row]][0])
            raise Refusal("mesh.index-out-of-range", at=f"line {lines[row]}", index=index, vertices=self._counts[0])

    def _numbers(self, element: str, first: int, rows: list[Words], numbers: list[int]) -> NDArray[np.float64]:
        """Turn rows of one width into numbers."""
        words = list(chain.from_iterable(rows))
        try:
            if b"_" in b"".join(words):  # Python reads 1_000 as a number; other readers read 1
                raise ValueError
            return np.array(list(map(float, words))).reshape(len(rows), -1)
        except ValueError:
            bad = next(i for i, row in enumerate(rows) if not all(_is_number(word) for word in row))
            raise self._row(element, first, rows, numbers, bad) from None

    @staticmethod
    def _row(element: str, first: int, rows: list[Words], numbers: list[int], place: int) -> Refusal:
        """Name a row that cannot be read."""
        shown = b" ".join(rows[place])[:60].decode("latin-1")
        return Refusal("off.row", at=f"line {numbers[place]}", element=element, row=first + place + 1, text=shown)

    def findings(self) -> Findings:
        """Put the counts together.

        Raises
        ------
        Refusal
            Where something is missing.
        """
        if self._form is None or self._counts is None:
            raise Refusal("off.header", problem="it ends before its counts")
        for name, complete, expected in zip(("vertex", "face"), (self._vertices, self._faces), self._counts, strict=True):
            if complete < expected:
                raise Refusal("off.truncated", at=f"{name} {complete + 1}", element=name, complete=complete, expected=expected)
        if not self._triangles:
            raise Refusal("mesh.no-faces")
        counts = {"vertices": self._vertices, "faces": self._faces, "triangles": self._triangles, "images": 0, "textured": 0}
        return Findings(counts, (), tuple(self._doubts(self._form)))

    def _doubts(self, form: Form) -> list[Doubt]:
        """Name what is let pass or left out."""
        surplus = self._width - form.least() - (form.colours and self._width > form.least())
        found: list[tuple[int, str, dict[str, Any]]] = [
            (self._small, "mesh.small-polygons", {"count": self._small}),
            (self._odd, "mesh.attribute-not-finite", {"name": "normal, colour", "count": self._odd}),
            (self._extra, "input.bytes-after-end", {"bytes": self._extra}),
            (surplus, "off.values-left-out", {"count": surplus}),
        ]
        return [Doubt(code, None, params) for count, code, params in found if count]


def _form(word: bytes, number: int) -> Form:
    """Read the keyword."""
    found = KEYWORD.match(word)
    if found is None:
        raise Refusal("off.header", at=f"line {number}", problem="it does not begin with OFF")
    uv, colours, normals, four, many = (part is not None for part in found.groups())
    if four or many:
        raise Refusal("off.header", at=f"line {number}", problem="its vertices have another number of dimensions than three")
    return Form(uv, colours, normals)


def _is_number(word: bytes) -> bool:
    try:
        float(word)
    except ValueError:
        return False
    return b"_" not in word


def _is_whole(word: bytes) -> bool:
    return word.removeprefix(b"-").isdigit() and len(word) < 18
