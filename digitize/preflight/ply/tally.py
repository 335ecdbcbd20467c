# SPDX-License-Identifier: Apache-2.0
"""Check a PLY's values as they come and count what they make; one set of rules for text and binary."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from digitize.errors import Doubt, Refusal
from digitize.preflight.model import LARGEST, Limits
from digitize.preflight.ply.header import INDEX_NAMES, STRIPS, Element, Header, Property

_PLACED = frozenset({"x", "y", "z", "s", "t", "u", "v", "texture_u", "texture_v", "texcoord"})


class Tally:
    """Counts of one file; rows are numbered from 1 in messages."""

    def __init__(self, header: Header, limits: Limits) -> None:
        self._header, self._limits = header, limits
        self.vertices, self.faces = header.count("vertex"), header.count("face") + header.count(STRIPS)
        self.triangles = 0
        self._small = 0
        self._odd_values: dict[str, int] = {}
        self.extra_bytes = 0

    def mark(self) -> tuple[int, int, dict[str, int]]:
        """Remember the counts, for rows that may have to be read again."""
        return self.triangles, self._small, dict(self._odd_values)

    def back_to(self, mark: tuple[int, int, dict[str, int]]) -> None:
        """Forget what was counted since `mark`."""
        self.triangles, self._small, self._odd_values = mark

    def scalars(self, element: Element, one: Property, values: NDArray[Any], first: int) -> None:
        """Check a column: (n,) of any type; `first` is its first row's number from 0."""
        if not one.type.startswith("f"):
            return
        finite = np.abs(values) <= LARGEST
        if finite.all():
            return
        if one.name in _PLACED and element.name in {"vertex", "face"}:
            row = first + int(np.argmin(finite))
            raise Refusal("mesh.not-finite", at=f"{element.name} {row + 1}", name=one.name)
        self._odd_values[one.name] = self._odd_values.get(one.name, 0) + int((~finite).sum())

    def lists(self, element: Element, one: Property, values: NDArray[Any], first: int) -> None:
        """Check rows of lists of one length: (n, length)."""
        if element.name not in {"face", STRIPS} or one.name not in INDEX_NAMES:
            if one.name == "texcoord" and values.size:
                self.scalars(element, one, np.abs(values).max(axis=1), first)
            return
        rows, length = values.shape
        if values.size:
            self._indices(values.astype(np.int64), first, element.name)
        if element.name == STRIPS:
            self.triangles += strip_triangles(values)
        else:
            self._small += rows * (length < 3)
            self.triangles += rows * max(length - 2, 0)
        if self.triangles > self._limits.faces:
            raise Refusal("mesh.too-many-triangles", at=f"{element.name} {first + rows}", limit=self._limits.faces)

    def _indices(self, values: NDArray[np.int64], first: int, name: str) -> None:
        """Refuse an index that names no vertex; -1 ends a strip."""
        least = -1 if name == STRIPS else 0
        if int(values.min()) >= least and int(values.max()) < self.vertices:
            return
        bad = (values < least) | (values >= self.vertices)
        row = int(np.argmax(bad.any(axis=1)))
        index = int(values[row][bad[row]][0])
        raise Refusal("mesh.index-out-of-range", at=f"{name} {first + row + 1}", index=index, vertices=self.vertices)

    def length(self, element: Element, length: int, row: int) -> None:
        """Check one list's length; a strip may be as long as a mesh."""
        if element.name == STRIPS and length > 2 * self._limits.faces:
            raise Refusal("mesh.too-many-triangles", at=f"{STRIPS} {row + 1}", limit=self._limits.faces)
        if length < 0 or (element.name != STRIPS and length > self._limits.corners):
            raise Refusal("mesh.polygon-size", at=f"{element.name} {row + 1}", corners=length, limit=self._limits.corners)

    def truncated(self, element: Element, row: int) -> Refusal:
        """Say that the file ends in the middle of an element; `row` rows of it are whole."""
        return Refusal("ply.truncated", at=f"{element.name} {row + 1}", element=element.name, complete=row, expected=element.count)

    def counts(self) -> dict[str, int]:
        """Give what was counted.

        Raises
        ------
        Refusal
            Where a mesh has no triangle.
        """
        if self._header.kind != "mesh":
            return {"vertices": self.vertices, "points": self.vertices, "faces": 0, "triangles": 0}
        if not self.triangles:
            raise Refusal("mesh.no-faces")
        return {"vertices": self.vertices, "faces": self.faces, "triangles": self.triangles}

    def doubts(self) -> Iterable[Doubt]:
        """Give what was let pass."""
        if self._small:
            yield Doubt("mesh.small-polygons", None, {"count": self._small})
        for name, count in self._odd_values.items():
            yield Doubt("mesh.attribute-not-finite", None, {"name": name, "count": count})
        if self.extra_bytes:
            yield Doubt("input.bytes-after-end", None, {"bytes": self.extra_bytes})


def strip_triangles(strips: NDArray[Any]) -> int:
    """Count the triangles of strips (n, length), in which -1 begins anew."""
    ended = np.pad(strips.astype(np.int64), ((0, 0), (0, 1)), constant_values=-1).ravel()
    stops = np.flatnonzero(ended < 0)
    runs = np.diff(stops, prepend=-1) - 1
    return int(np.maximum(runs - 2, 0).sum())
