# SPDX-License-Identifier: Apache-2.0
"""The closest point of a triangle surface: by Embree where open3d is there, else by trees over the triangles' centres."""

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from digitize.measure.rays import Rays
from digitize.measure.sample import at_weights
from digitize.mesh import Floats, Integers

PIECE = 1 << 18


@dataclass(frozen=True)
class Closest:
    """For each query: distance (k,) in the unit of the surface, face (k,), barycentric weights (k, 3)."""

    distance: Floats
    face: Integers
    weights: Floats


class Surface(Protocol):
    """A surface that knows its closest points; `method` names how, `budget` how many queries at a time are reasonable.

    `rays` is None where it cannot cast any.
    """

    method: str
    budget: int

    @property
    def rays(self) -> Rays | None:
        """Return what casts rays at the same surface."""

    def closest(self, points: Floats) -> Closest:
        """Find the closest surface point of each of `points` (k, 3), in the surface's unit."""


def surface(positions: Floats, faces: Integers) -> Surface:
    """Build the best search that this machine offers."""
    try:
        return EmbreeSurface(positions, faces)
    except ImportError:
        return TreeSurface(positions, faces)


class EmbreeSurface:
    """Embree's closest point through open3d, in single precision within the unit cube."""

    method = "Embree (open3d RaycastingScene)"
    budget = 1 << 62

    def __init__(self, positions: Floats, faces: Integers) -> None:
        from digitize.native import open3d

        self._o3d = open3d()
        low, high = positions.min(axis=0), positions.max(axis=0)
        self._centre, self._extent = (low + high) / 2, float((high - low).max()) or 1.0
        self._scene = self._o3d.t.geometry.RaycastingScene()
        self._scene.add_triangles(self._single(positions), self._o3d.core.Tensor(np.ascontiguousarray(faces, dtype=np.uint32)))
        self._rays = Rays(self._o3d, self._scene, self._centre, self._extent)
        self._positions, self._faces = positions, faces

    def _single(self, points: Floats) -> Any:
        """Return points as a tensor within the unit cube."""
        return self._o3d.core.Tensor(((points - self._centre) / self._extent).astype(np.float32))

    @property
    def rays(self) -> Rays:
        """Return rays through the same tree."""
        return self._rays

    def closest(self, points: Floats) -> Closest:
        """Find the closest surface points; the distance itself is taken in double precision."""
        pieces = [self._piece(points[start : start + PIECE]) for start in range(0, len(points), PIECE)]
        return joined(pieces)

    def _piece(self, points: Floats) -> Closest:
        """Ask Embree for one piece of the queries, neighbours together: twice as fast as in any order."""
        order = np.argsort(morton(points))
        found = self._scene.compute_closest_points(self._single(np.take(points, order, axis=0)))
        face = np.empty(len(points), dtype=np.int32)
        face[order] = found["primitive_ids"].numpy()
        weights = np.empty((len(points), 3))
        weights[order, 1:] = found["primitive_uvs"].numpy()
        weights[:, 0] = 1.0 - weights[:, 1] - weights[:, 2]
        away = points - at_weights(self._positions, self._faces, face, weights)
        return Closest(np.sqrt(np.einsum("kd,kd->k", away, away)), face, weights)


def morton(points: Floats) -> NDArray[np.uint32]:
    """Return each point's (k, 3) number along a Z-shaped curve of 1024 steps a side, so that close numbers are close points.

    Source: Morton, "A computer oriented geodetic data base", 1966.
    """
    low = points.min(axis=0)
    side = float((points.max(axis=0) - low).max()) or 1.0
    steps = ((points - low) * (1023.0 / side)).astype(np.uint32)
    for shift, mask in ((16, 0x030000FF), (8, 0x0300F00F), (4, 0x030C30C3), (2, 0x09249249)):
        steps = (steps | steps << np.uint32(shift)) & np.uint32(mask)
    return steps[:, 0] | steps[:, 1] << np.uint32(1) | steps[:, 2] << np.uint32(2)


class TreeSurface:
    """Trees over the triangles' centres, one per octave of triangle size, searched until nothing closer can exist."""

    method = "k-d trees over triangle centres (scipy)"
    budget = 50_000  # a query takes a hundred times as long as Embree's
    most = 512  # neighbours per tree; a query that needs more is answered by the best of them
    rays = None

    def __init__(self, positions: Floats, faces: Integers) -> None:
        from scipy.spatial import cKDTree

        self._positions, self._faces = positions, faces
        corners = positions[faces]
        centres = corners.mean(axis=1)
        radius = np.linalg.norm(corners - centres[:, None], axis=2).max(axis=1)
        octave = np.floor(np.log2(np.maximum(radius, radius.max() * 2.0**-12))).astype(np.int64)
        bins = [np.flatnonzero(octave == number) for number in np.unique(octave)]
        bins.sort(key=len, reverse=True)
        self._bins = [(cKDTree(centres[own]), own, radius[own]) for own in bins]

    def closest(self, points: Floats) -> Closest:
        """Find the closest surface points."""
        return joined([self._piece(points[start : start + 65536]) for start in range(0, len(points), 65536)])

    def _piece(self, points: Floats) -> Closest:
        """Search every tree for one piece of the queries, keeping the best."""
        best = Closest(np.full(len(points), np.inf), np.zeros(len(points), dtype=np.int32), np.zeros((len(points), 3)))
        for tree, own, radius in self._bins:
            rows, count, done = np.arange(len(points)), 1, 0
            while len(rows) and done < min(len(own), self.most):
                wanted = min(count, len(own))
                distance, index = (part.reshape(len(rows), wanted) for part in tree.query(points[rows], k=wanted))
                for column in range(done, wanted):
                    candidate = index[:, column]
                    near = distance[:, column] - radius[candidate] < best.distance[rows]
                    self._improve(best, points, rows[near], own[candidate[near]])
                # All further centres lie at least as far as the last one, and no triangle reaches further than the largest.
                rows = rows[distance[:, -1] - radius.max() < best.distance[rows]]
                count, done = count * 4, wanted
        return best

    def _improve(self, best: Closest, points: Floats, rows: NDArray[np.intp], candidate: NDArray[np.intp]) -> None:
        """Compare one triangle (r,) for each of the queries `rows` with the best so far."""
        corners = self._positions[self._faces[candidate]]
        weights = triangle_weights(points[rows], corners)
        distance = np.linalg.norm(points[rows] - np.einsum("kc,kcd->kd", weights, corners), axis=1)
        better = distance < best.distance[rows]
        chosen = rows[better]
        best.distance[chosen] = distance[better]
        best.face[chosen] = candidate[better]
        best.weights[chosen] = weights[better]


def triangle_weights(points: Floats, corners: Floats) -> Floats:
    """Return the barycentric weights (k, 3) of the point of each triangle (k, 3, 3) closest to each point (k, 3).

    Source: Ericson, "Real-Time Collision Detection", 2005, §5.1.5: the plane's foot, else the best of the three edges.
    """
    a, b, c = corners[:, 0], corners[:, 1], corners[:, 2]
    best = _inside(points, a, b, c)
    distance = np.where(
        np.isnan(best[:, 0]), np.inf, np.linalg.norm(points - np.einsum("kc,kcd->kd", np.nan_to_num(best), corners), axis=1)
    )
    for one, two in ((0, 1), (1, 2), (2, 0)):
        start, along = corners[:, one], corners[:, two] - corners[:, one]
        length = np.maximum(np.einsum("kd,kd->k", along, along), np.finfo(np.float64).tiny)
        share = np.clip(np.einsum("kd,kd->k", points - start, along) / length, 0.0, 1.0)
        found = np.linalg.norm(points - start - share[:, None] * along, axis=1)
        better = found < distance
        weights = np.zeros((len(points), 3))
        weights[:, one], weights[:, two] = 1.0 - share, share
        best[better], distance[better] = weights[better], found[better]
    return best


def _inside(points: Floats, a: Floats, b: Floats, c: Floats) -> Floats:
    """Return the weights of each point's foot on the plane; NaN where it lies outside the triangle or there is no plane."""
    ab, ac, ap = b - a, c - a, points - a
    d00, d01, d11 = (np.einsum("kd,kd->k", x, y) for x, y in ((ab, ab), (ab, ac), (ac, ac)))
    d20, d21 = np.einsum("kd,kd->k", ap, ab), np.einsum("kd,kd->k", ap, ac)
    with np.errstate(divide="ignore", invalid="ignore"):
        scale = 1.0 / (d00 * d11 - d01 * d01)
        v, w = (d11 * d20 - d01 * d21) * scale, (d00 * d21 - d01 * d20) * scale
        weights = np.stack([1.0 - v - w, v, w], axis=1)
    weights[~((weights >= 0.0).all(axis=1) & np.isfinite(weights).all(axis=1))] = np.nan
    return weights


def joined(pieces: list[Closest]) -> Closest:
    """Put pieces one after the other."""
    names = ("distance", "face", "weights")
    return Closest(*(np.concatenate([getattr(piece, name) for piece in pieces]) for name in names))
