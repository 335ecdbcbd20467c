# SPDX-License-Identifier: Apache-2.0
"""Several scans brought into one frame, with what they still differ by.

The first scan stays. Each other one is tried where its file puts it, and where no file says so also where its shape fits
best; it is accepted where enough of its points find partners in what is placed already, close to their planes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from digitize.errors import Doubt, Refusal
from digitize.mesh import Floats
from digitize.points import align, clean, coarse
from digitize.points.align import Fit, Scan
from digitize.points.cloud import Cloud
from digitize.points.normals import normals

_COARSE = 5_000
_BETTER = 0.9  # the file's own place is left only for one that fits this much better
_PLANES = 16
_TOUCHING = 0.01


@dataclass(frozen=True)
class Settings:
    """How scans are registered.

    Attributes
    ----------
    points : of each scan, at most, that take part.
    overlap : share of a scan's points that must find a partner in the others.
    residual : root mean square distance to the partners' planes, at most, in spacings of the thinned scans.
    """

    points: int = 40_000
    overlap: float = 0.15
    residual: float = 0.5


@dataclass(frozen=True)
class Placed:
    """The scans in one frame, and what is known of how well they fit."""

    scans: tuple[Cloud, ...]
    facts: list[dict[str, Any]] = field(default_factory=list)
    doubts: tuple[Doubt, ...] = ()


def register(
    scans: Sequence[tuple[str, Cloud]], framed: bool, settings: Settings, progress: Callable[[float, str], None] = lambda _f, _m: None
) -> Placed:
    """Bring scans into the frame of the first.

    Parameters
    ----------
    scans : by name.
    framed : whether their file says that they stand in one frame already.

    Raises
    ------
    Refusal
        ``points.not-registered`` where a scan without a frame of its own fits nowhere.
    """
    if len(scans) == 1:
        return Placed((scans[0][1],))
    work = _Work(scans, framed, settings)
    waiting = list(range(1, len(scans)))
    while waiting:
        progress(1 - len(waiting) / len(scans), "registering")
        done = [number for number in waiting if work.place(number)]
        if not done:
            work.give_up(waiting)
            break
        waiting = [number for number in waiting if number not in done]
    work.relax()
    return work.result()


class _Work:
    """The scans that are placed, and how."""

    def __init__(self, scans: Sequence[tuple[str, Cloud]], framed: bool, settings: Settings) -> None:
        self._scans, self._framed, self._settings = scans, framed, settings
        low = np.min([cloud.bounds()[0] for _, cloud in scans], axis=0)
        high = np.max([cloud.bounds()[1] for _, cloud in scans], axis=0)
        self._middle = (low + high) / 2
        self._thin, self._spacing = self._thinned(settings.points)
        self._rough, self._rough_spacing = ([], 0.0) if framed else self._thinned(_COARSE)
        self._fits: dict[int, Fit] = {0: Fit(np.eye(4), 1.0, 0.0, 1.0, 0.0)}
        self._method = {0: "reference"}
        self._doubts: list[Doubt] = []

    def _thinned(self, most: int) -> tuple[list[Scan], float]:
        """Thin every scan to a common spacing, about the middle of all."""
        thin = [clean.thinned(cloud, most)[0] for _, cloud in self._scans]
        spacing = max(clean.spacing_of(one.positions) for one in thin)
        found = []
        for one in thin:
            local = replace(
                one, positions=one.positions - self._middle, station=None if one.station is None else one.station - self._middle
            )
            sided = normals(local, _PLANES)
            found.append(align.scan(local.positions, sided.normals))
        return found, spacing

    def _target(self, scans: list[Scan], without: int) -> Scan:
        """Join what is placed, but one."""
        parts = [align.moved(scans[number], fit.matrix) for number, fit in self._fits.items() if number != without]
        return align.scan(np.concatenate([one.positions for one in parts]), np.concatenate([one.normals for one in parts]))

    def place(self, number: int) -> bool:
        """Try to place a scan among those that are."""
        target = self._target(self._thin, number)
        fit, method = self._as_given(number, target), "the file’s frame, iterative closest points"
        if self._rough and not self._good(fit):
            found = self._by_shape(number, target)
            if found is not None and (self._good(found) or found.overlap > fit.overlap):
                fit, method = found, "shape features, iterative closest points"
        if not self._good(fit):
            self._doubtful(number, fit)
            return False
        self._fits[number], self._method[number] = fit, method
        return True

    def _by_shape(self, number: int, target: Scan) -> Fit | None:
        """Refine a scan from where its shape fits best; None where it fits nowhere."""
        rough, near = self._rough[number], self._target(self._rough, number)
        tried = [align.refine(rough, near, start, self._rough_spacing) for start in coarse.guesses(rough, near, self._rough_spacing)]
        if not tried:
            return None
        best = max(tried, key=lambda fit: align.likeness(fit.overlap, fit.residual, self._rough_spacing))
        return align.refine(self._thin[number], target, best.matrix, self._spacing)

    def _as_given(self, number: int, target: Scan) -> Fit:
        """Refine a scan from where its file puts it; keep that place where nothing fits clearly better."""
        identity, scan = np.eye(4), self._thin[number]
        overlap, residual = align.measure(scan, target, identity, self._spacing)
        given = Fit(identity, overlap, residual, overlap, residual)
        if overlap < _TOUCHING:
            return given
        found = align.refine(scan, target, identity, self._spacing)
        return given if self._good(given) and found.residual > _BETTER * residual else found

    def _good(self, fit: Fit) -> bool:
        """Say whether a scan fits."""
        return fit.overlap >= self._settings.overlap and fit.residual <= self._settings.residual * self._spacing

    def _doubtful(self, number: int, fit: Fit) -> None:
        """Remember the best of what did not fit."""
        self._best = {**getattr(self, "_best", {}), number: fit}

    def give_up(self, waiting: list[int]) -> None:
        """Leave what fits nowhere in its file's frame, or refuse.

        Raises
        ------
        Refusal
            ``points.not-registered``.
        """
        best: dict[int, Fit] = self._best
        for number in waiting:
            name, fit = self._scans[number][0], best[number]
            overlap = f"{100 * fit.overlap:.3g}"
            if not self._framed:
                raise Refusal("points.not-registered", at=name, name=name, overlap=overlap, residual=f"{fit.residual:.3g}")
            self._doubts.append(Doubt("points.frame-unchecked", name, {"name": name, "overlap": overlap}))
            target = self._target(self._thin, number)
            own = align.measure(self._thin[number], target, np.eye(4), self._spacing)
            self._fits[number] = Fit(np.eye(4), own[0], own[1], own[0], own[1])
            self._method[number] = "the file’s frame, unchecked"

    def relax(self) -> None:
        """Fit each scan once more against all the others, so that no error is handed down a chain."""
        for number, fit in list(self._fits.items())[1:]:
            if len(self._fits) > 2 and self._good(fit):
                found = align.refine(self._thin[number], self._target(self._thin, number), fit.matrix, self._spacing)
                if self._good(found) and found.residual < _BETTER * fit.residual:
                    self._fits[number] = found

    def result(self) -> Placed:
        """Move the whole scans, and state each one's fit."""
        placed, facts = [], []
        for number, (name, cloud) in enumerate(self._scans):
            fit = self._fits[number]
            matrix = self._about_origin(fit.matrix)
            placed.append(cloud.moved(matrix))
            fact: dict[str, Any] = {"name": name, "points": len(cloud), "method": self._method[number], "matrix": matrix.tolist()}
            if number:
                target = self._target(self._thin, number)
                overlap, residual = align.measure(self._thin[number], target, fit.matrix, self._spacing)
                fact |= {"overlap": overlap, "residual": residual, "fitness": fit.fitness, "rmse": fit.rmse}
                fact |= {"spacing": self._spacing, "unit": cloud.unit}
            facts.append(fact)
        return Placed(tuple(placed), facts, tuple(self._doubts))

    def _about_origin(self, matrix: Floats) -> Floats:
        """Turn a motion about the middle of all into one about the origin."""
        if np.array_equal(matrix, np.eye(4)):
            return matrix
        result = matrix.copy()
        result[:3, 3] = matrix[:3, 3] + self._middle - np.einsum("ij,j->i", matrix[:3, :3], self._middle)
        return result
