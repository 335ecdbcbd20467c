# SPDX-License-Identifier: Apache-2.0
"""What the columns of a text cloud hold: by their names, else by their values where only one reading fits."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from digitize.errors import Doubt

_COLOURS = (("r", "g", "b"), ("red", "green", "blue"), ("rf", "gf", "bf"))
_NORMALS = (("nx", "ny", "nz"), ("normalx", "normaly", "normalz"), ("normal_x", "normal_y", "normal_z"))
_UNIT_LENGTH = 0.01


@dataclass(frozen=True, slots=True)
class Layout:
    """First columns of colour and normal (None where there is none), what full colour is, and the columns left out."""

    colour: int | None
    normal: int | None
    full: float
    left: tuple[str, ...]
    ambiguous: bool


class Tally:
    """What every column has shown so far; enough to tell its meaning without keeping the rows."""

    def __init__(self, width: int) -> None:
        self.width = width
        self._low, self._high = np.full(width, np.inf), np.full(width, -np.inf)
        self._whole = np.ones(width, dtype=bool)
        self._unit = np.ones(max(width - 2, 0), dtype=bool)

    def add(self, table: NDArray[np.float64]) -> None:
        """Take in rows (k, width)."""
        with np.errstate(invalid="ignore", over="ignore"):
            self._low, self._high = np.minimum(self._low, table.min(axis=0)), np.maximum(self._high, table.max(axis=0))
            self._whole &= (table == np.rint(table)).all(axis=0)
            for column in range(3, self.width - 2):
                length = np.sqrt((table[:, column : column + 3] ** 2).sum(axis=1))
                self._unit[column] &= bool((np.abs(length - 1) <= _UNIT_LENGTH).all())

    def layout(self, names: tuple[str, ...], *, pts: bool) -> Layout:
        """Decide what the columns are; `pts` says that the file counts its points, as Leica's format does."""
        if names:
            colour, normal, ambiguous = _find(names, _COLOURS), _find(names, _NORMALS), False
        else:
            colours = [column for column in range(3, self.width - 2) if self._is_colour(column)]
            normals = [column for column in range(3, self.width - 2) if self._unit[column] and column not in colours]
            if pts and self.width == 7 and 4 in colours:  # Leica's order: x y z intensity red green blue
                colours = [4]
            ambiguous = len(colours) > 1 or len(normals) > 1
            colour, normal = _only(colours), _only(normals)
        used = {column + i for column in (colour, normal) if column is not None for i in range(3)}
        left = tuple(names[i] if names else str(i + 1) for i in range(3, self.width) if i not in used)
        return Layout(colour, normal, self._full(colour), left, ambiguous)

    def _is_colour(self, column: int) -> bool:
        """Say whether three columns can be 8-bit colours and nothing else."""
        part = slice(column, column + 3)
        return bool(self._whole[part].all() and (self._low[part] >= 0).all() and (self._high[part] <= 255).all()) and bool(
            self._high[part].max() > 1
        )

    def _full(self, column: int | None) -> float:
        """Give the value of full colour: 1, 255 or 65535."""
        if column is None:
            return 255.0
        part = slice(column, column + 3)
        if self._high[part].max() <= 1 and not self._whole[part].all():
            return 1.0
        return 255.0 if self._high[part].max() <= 255 else 65535.0


def _find(names: tuple[str, ...], wanted: tuple[tuple[str, ...], ...]) -> int | None:
    """Find three named columns that stand together."""
    for column in range(3, len(names) - 2):
        if names[column : column + 3] in wanted:
            return column
    return None


def _only(found: list[int]) -> int | None:
    """Take the one candidate; several are none."""
    return found[0] if len(found) == 1 else None


def doubts(layout: Layout, *, open_end: bool) -> tuple[Doubt, ...]:
    """Say what of a text cloud is not certain or not carried."""
    found = []
    if layout.ambiguous:
        found.append(Doubt("points.columns-ambiguous"))
    if layout.left:
        found.append(Doubt("points.columns-left-out", None, {"names": ", ".join(layout.left)}))
    if open_end:
        found.append(Doubt("points.open-end"))
    return tuple(found)
