# SPDX-License-Identifier: Apache-2.0
"""Levels of detail chosen by how far they may lie from the original, not by how many triangles they have."""

from dataclasses import dataclass

import numpy as np

from digitize.measure.closest import surface
from digitize.measure.sample import by_area
from digitize.mesh import Mesh
from digitize.refine import target, without_fins
from digitize.simplify import WORTH, Level, bare, draw, reduce, unshaded
from digitize.topology import identical_rows

UNIT = 1e-4  # of the diagonal: what errors are stated in
SAMPLES, SEED = 24_000, 7_001
LEAST = 4  # triangles below which nothing is tried
GAIN = 0.85  # of the mean error is left after drawing, about
AIM, SLACK, TRIES = 0.95, 0.12, 3  # where in the target to aim, how far below it is near enough, how often to try
NEAR = 2.2  # times the triangles of a level: from no further does its last reduction start


@dataclass(frozen=True)
class Chosen:
    """A level with the number of triangles aimed at and the mean distance of the original from it, in `UNIT`."""

    level: Level
    aimed: int
    error: float


@dataclass(frozen=True)
class Place:
    """How far, in `UNIT`, a mesh of so many triangles lies from its original."""

    triangles: int
    error: float


@dataclass(frozen=True)
class Bracket:
    """A mesh that is near enough, and a coarser one that is not, where one is known."""

    fine: Place
    coarse: Place | None

    def middle(self, error: float) -> float:
        """Expect the number of triangles whose error is `error`: a power law, or a line where the fine one has hardly any."""
        if self.coarse is None:
            return self.fine.triangles * max(self.fine.error, 0.1 * error) / error
        low, high = self.coarse, self.fine
        if high.error < 0.1 * low.error:
            return low.triangles + (high.triangles - low.triangles) * (low.error - error) / (low.error - high.error)
        slope = float(np.log(low.error / high.error) / np.log(high.triangles / low.triangles))
        return low.triangles * float((low.error / error) ** (1.0 / min(max(slope, 0.3), 3.0)))

    def narrowed(self, tried: Place, error: float, whole: int) -> "Bracket":
        """Take in what a try has shown; an end that it contradicts is given up."""
        if tried.error > error:
            return Bracket(self.fine if self.fine.triangles > tried.triangles else Place(whole, 0.0), tried)
        return Bracket(tried, self.coarse if self.coarse is not None and self.coarse.triangles < tried.triangles else None)


class Chain:
    """A mesh reduced by halves, from which levels are drawn.

    Each link is reduced from the one before: measured, that is closer to the original than from the original at once
    (0.9 of the mean error at a tenth of the triangles), and faster.

    Parameters
    ----------
    mesh : the original.
    free : whether to reduce the shape alone, without uv, colours and materials.
    sound : whether the original has no face together with its back, so that those which appear may go.
    """

    def __init__(self, mesh: Mesh, *, free: bool = False, sound: bool = True) -> None:
        self.original = bare(mesh) if free else mesh
        self.links = [unshaded(self.original)]
        self._sound, self._target, self._diagonal = sound, target(self.original), mesh.diagonal()
        self._points = by_area(mesh.positions, mesh.faces, SAMPLES, SEED).points
        self._errors: dict[int, float] = {0: 0.0}
        self._drawn = dict[int, Chosen]()

    def chosen(self, error: float, most: int, keep: int = 0) -> Chosen:
        """Choose the fewest triangles, at most `most`, whose mean distance stays within `error` (in `UNIT`).

        Where `most` does not suffice the level has as many, and its `error` says what it came to. An original of at
        most `keep` triangles stays as it is.
        """
        whole = self.original.triangles
        if whole <= min(keep, most):
            return Chosen(Level(self.original, whole, "as it is"), whole, 0.0)
        limit = min(most, whole)
        bracket = self._bracket(error, limit)
        tried = [one for one in self._drawn.values() if one.aimed <= limit and _near(one.error, error)]
        while len(tried) < TRIES and not (tried and _near(tried[-1].error, error)):
            number = _bounded(bracket.middle(AIM * error), LEAST, limit)
            if tried and abs(number - tried[-1].aimed) <= 0.01 * number:
                break
            tried.append(self.of(number))
            bracket = bracket.narrowed(Place(number, tried[-1].error), error, whole)
        within = [one for one in tried if one.error <= error] or [self.of(min(bracket.fine.triangles, limit))]
        return min(within, key=lambda one: one.level.mesh.triangles)

    def of(self, triangles: int) -> Chosen:
        """Draw a level of so many triangles."""
        if triangles >= self.original.triangles:
            return Chosen(Level(self.original, triangles, "as it is"), triangles, 0.0)
        if triangles not in self._drawn:
            reduced = self._sounded(reduce(self._above(triangles), triangles))
            level = draw(reduced, self._target, triangles)
            self._drawn[triangles] = Chosen(level, triangles, self._error(level.mesh))
        return self._drawn[triangles]

    def _bracket(self, error: float, limit: int) -> "Bracket":
        """Walk down the links until one would be too far off."""
        place = self._first_within(limit)
        while self._place(place).error <= error and self._longer(place + 1):
            place += 1
        if self._place(place).error <= error:
            return Bracket(self._place(place), None)
        return Bracket(self._place(max(place - 1, 0)), self._place(place))

    def _place(self, place: int) -> "Place":
        """Expect what a link would come to once it is drawn."""
        triangles = self.links[place].triangles
        drawn = WORTH * triangles <= len(self._target.points)
        return Place(triangles, self._link_error(place) * (GAIN if drawn else 1.0))

    def _first_within(self, most: int) -> int:
        """Find the first link of at most twice as many triangles, making what is missing."""
        place = 0
        while self.links[place].triangles > 2 * most and self._longer(place + 1):
            place += 1
        return place

    def _longer(self, place: int) -> bool:
        """Make the link at a place where there is none yet; tell whether it is there."""
        last = self.links[-1]
        if place < len(self.links):
            return True
        if last.triangles < 2 * LEAST:
            return False
        link = reduce(last, last.triangles // 2)
        if link.triangles > 0.9 * last.triangles:  # seams leave no more to take
            return False
        self.links.append(link)
        return True

    def _above(self, triangles: int) -> Mesh:
        """Find the link to start from: the smallest one that leaves something to choose."""
        while self.links[-1].triangles > NEAR * triangles and self._longer(len(self.links)):
            pass
        return min(
            (link for link in self.links if link.triangles >= 1.2 * triangles), key=lambda each: each.triangles, default=self.links[0]
        )

    def _sounded(self, mesh: Mesh) -> Mesh:
        """Drop the fins that simplifying has made."""
        return without_fins(mesh) if self._sound else mesh

    def _link_error(self, place: int) -> float:
        """Measure a link, once."""
        if place not in self._errors:
            self._errors[place] = self._error(self.links[place])
        return self._errors[place]

    def _error(self, mesh: Mesh) -> float:
        """Return the mean distance of points of the original from a mesh, in `UNIT`."""
        first, number = identical_rows(mesh.positions)
        search = surface(mesh.positions[first], number[mesh.faces])
        points = self._points[: search.budget]
        return float(search.closest(points).distance.mean()) / (self._diagonal * UNIT)


def _near(error: float, wanted: float) -> bool:
    """Tell whether an error is within what is wanted, and not needlessly far."""
    return (1.0 - SLACK) * wanted <= error <= wanted


def _bounded(value: float, low: int, high: int) -> int:
    """Return a whole number between two."""
    return int(min(max(value, low), high))
