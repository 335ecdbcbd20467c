# SPDX-License-Identifier: Apache-2.0
"""How far two surfaces lie apart, measured by nothing of ours: Embree's closest points through open3d, samples of our own drawing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

SAMPLES, SEED = 400_000, 5
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Distance:
    """The larger of both directions' means, and of both directions' largest distances, in 1e-4 of the first surface's diagonal."""

    mean: float
    hausdorff: float


class Ground:
    """The original that others are compared with: points (n, 3), faces (m, 3)."""

    def __init__(self, points: Floats, faces: NDArray[Any]) -> None:
        self._low, high = points.min(axis=0), points.max(axis=0)
        self._diagonal = float(np.linalg.norm(high - self._low))
        self._points, self._samples = self._scaled(points), self._scaled(samples(points, faces, SEED))
        self._scene = scene(self._points, faces)

    def _scaled(self, points: Floats) -> Floats:
        """Move and scale points so that the original's diagonal is one."""
        return (points - self._low) / self._diagonal

    def distance(self, points: Floats, faces: NDArray[Any]) -> Distance:
        """Measure another surface both ways: samples for the mean, vertices too for the largest."""
        drawn, vertices = self._scaled(samples(points, faces, SEED + 1)), self._scaled(points[np.unique(faces)])
        other = scene(self._scaled(points), faces)
        there, back = apart(other, self._samples), apart(self._scene, drawn)
        most = max(float(part.max()) for part in (there, back, apart(other, self._points), apart(self._scene, vertices)))
        return Distance(1e4 * max(float(there.mean()), float(back.mean())), 1e4 * most)


def samples(points: Floats, faces: NDArray[Any], seed: int) -> Floats:
    """Draw points on a surface, each face's share by its area."""
    random = np.random.default_rng(seed)
    a, b, c = (points[faces[:, corner]] for corner in range(3))
    area = np.cumsum(np.linalg.norm(np.cross(b - a, c - a), axis=1))
    face = np.searchsorted(area, random.random(SAMPLES) * area[-1]).clip(0, len(faces) - 1)
    u, v = random.random((2, SAMPLES, 1))
    u, v = np.where(u + v > 1, 1 - u, u), np.where(u + v > 1, 1 - v, v)
    inside: Floats = a[face] + u * (b - a)[face] + v * (c - a)[face]
    return inside


def scene(points: Floats, faces: NDArray[Any]) -> Any:
    """Build Embree's tree over a surface."""
    import open3d

    built = open3d.t.geometry.RaycastingScene()
    tensor: Any = open3d.core.Tensor
    built.add_triangles(tensor(points.astype(np.float32)), tensor(np.ascontiguousarray(faces, dtype=np.uint32)))
    return built


def apart(built: Any, points: Floats) -> Floats:
    """Return the distance of points from a surface."""
    import open3d

    tensor: Any = open3d.core.Tensor
    found: Floats = built.compute_distance(tensor(points.astype(np.float32))).numpy().astype(np.float64)
    return found
