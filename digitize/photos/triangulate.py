# SPDX-License-Identifier: Apache-2.0
"""Where markers lie, from the photographs that show them and the cameras that took those.

Source: Hartley and Zisserman, "Multiple View Geometry", §12 (triangulation), §4.7 (RANSAC over the smallest sets).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from digitize.mesh import Floats
from digitize.photos.pinhole import Pinhole

LEAST = 3  # photographs that must agree on a marker
_NEAR = 1 / 500  # of a picture's longer side: how far a corner may lie from where it should
_PAIRS = 400
_ROUNDS = 10


@dataclass(frozen=True, slots=True)
class Placed:
    """A marker in the model's frame: corners (4, 3), covariance of each (4, 3, 3), photographs that agree, root mean square error in pixels."""

    corners: Floats
    covariance: Floats
    views: tuple[str, ...]
    error: float

    @property
    def middle(self) -> Floats:
        """Return where the diagonals' middles lie (3,)."""
        return np.asarray(self.corners.mean(axis=0))


View = tuple[Pinhole, Floats]
"""A camera and the four corners (4, 2) of a marker in its picture."""


def place(views: Sequence[View]) -> Placed | None:
    """Triangulate a marker from what most of its views agree on; None where fewer than `LEAST` do."""
    if len(views) < LEAST:
        return None
    best, most = np.zeros(len(views), dtype=bool), (0, 0.0)
    for one, two in _pairs(len(views)):
        corners = _crossing([views[one], views[two]])
        off = _off(corners, views)
        agreeing = off <= [_NEAR * max(camera.size) for camera, _ in views]
        score = int(agreeing.sum()), -float(off[agreeing].sum())
        if score > most:
            best, most = agreeing, score
    if best.sum() < LEAST:
        return None
    return _refined([view for view, good in zip(views, best, strict=True) if good])


def _pairs(count: int) -> list[tuple[int, int]]:
    """List pairs of views, evenly drawn where there are many, the same each time."""
    every = list(combinations(range(count), 2))
    return every[:: -(-len(every) // _PAIRS)]


def _crossing(views: Sequence[View]) -> Floats:
    """Return the points (4, 3) nearest to the views' rays through each corner."""
    rays = np.stack([camera.rays(corners) for camera, corners in views])
    aside = np.eye(3) - rays[..., :, None] * rays[..., None, :]
    centres = np.stack([camera.centre for camera, _ in views])
    total, goal = aside.sum(axis=0), np.einsum("vcij,vj->ci", aside, centres)
    return np.linalg.solve(total + 1e-12 * np.eye(3), goal[..., None])[..., 0]


def _off(corners: Floats, views: Sequence[View]) -> Floats:
    """Return how far the worst corner lies from where each view shows it, in pixels (v,); endless behind the camera."""
    far = [np.linalg.norm(camera.project(corners) - seen, axis=1).max() for camera, seen in views]
    return np.nan_to_num(np.array(far), nan=np.inf)


def _refined(views: Sequence[View]) -> Placed:
    """Move the corners to where the sum of squared distances in all pictures is least (Gauss-Newton)."""
    corners = _crossing(views)
    for _ in range(_ROUNDS):
        slopes, residuals = _linear(corners, views)
        step = np.stack([np.linalg.lstsq(a, b, rcond=None)[0] for a, b in zip(slopes, residuals, strict=True)])
        corners = corners + step
    slopes, residuals = _linear(corners, views)
    mean = 2 * float(np.mean(residuals**2))  # of both coordinates together
    freedom = max(residuals.shape[1] - 3, 1)
    spread = [(b @ b) / freedom * np.linalg.pinv(a.T @ a) for a, b in zip(slopes, residuals, strict=True)]
    return Placed(corners, np.stack(spread), tuple(camera.name for camera, _ in views), mean**0.5)


def _linear(corners: Floats, views: Sequence[View]) -> tuple[Floats, Floats]:
    """Give the slopes (4, 2v, 3) of the projections and what is left (4, 2v), in pixels."""
    tiny = 1e-6 * float(np.linalg.norm(corners.mean(axis=0) - views[0][0].centre))
    slopes = np.empty((4, 2 * len(views), 3))
    left = np.empty((4, 2 * len(views)))
    for number, (camera, seen) in enumerate(views):
        rows = slice(2 * number, 2 * number + 2)
        left[:, rows] = seen - camera.project(corners)
        for axis in range(3):
            shift = np.zeros(3)
            shift[axis] = tiny
            slopes[:, rows, axis] = (camera.project(corners + shift) - camera.project(corners - shift)) / (2 * tiny)
    return slopes, left


def between(one: Placed, two: Placed) -> tuple[float, float]:
    """Return the distance of two markers' middles and its standard error, in the model's unit."""
    apart = two.middle - one.middle
    length = float(np.linalg.norm(apart))
    along = apart / max(length, 1e-300)
    spread = (one.covariance.sum(axis=0) + two.covariance.sum(axis=0)) / 16
    return length, float(along @ spread @ along) ** 0.5


def side(one: Placed) -> tuple[float, float]:
    """Return the mean of a marker's four sides and its standard error, in the model's unit."""
    edges = np.roll(one.corners, -1, axis=0) - one.corners
    lengths = np.linalg.norm(edges, axis=1)
    along: NDArray[np.float64] = edges / np.maximum(lengths, 1e-300)[:, None]
    pull = (np.roll(along, 1, axis=0) - along) / 4  # how the mean changes with each corner
    return float(lengths.mean()), float(np.einsum("ci,cij,cj->", pull, one.covariance, pull)) ** 0.5


def placed(seen: Mapping[int, Sequence[View]]) -> dict[int, Placed]:
    """Triangulate every marker that can be."""
    found = {number: place(views) for number, views in sorted(seen.items())}
    return {number: one for number, one in found.items() if one is not None}
