# SPDX-License-Identifier: Apache-2.0
"""Which face of a simplified mesh each point of the original is closest to."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from digitize.measure.closest import TreeSurface, morton
from digitize.mesh import Floats, Integers

PIECE = 1 << 18


def in_line(points: Floats) -> NDArray[np.intp]:
    """Order points (k, 3) so that neighbours follow each other: twice as fast a search, and fewer misses in all that follows."""
    return np.argsort(morton(points), kind="stable")


def closest_faces(positions: Floats, faces: Integers, points: Floats) -> Integers:
    """Return the face (k,) closest to each point (k, 3); positions best within the unit cube, where single precision serves.

    By Embree where open3d is there, else by trees over the triangles' centres.
    """
    try:
        from digitize.native import open3d

        native = open3d()
    except ImportError:
        return TreeSurface(positions, faces).closest(points).face
    return _by_embree(native, positions, faces, points)


def budget() -> int:
    """Return how many points a search may reasonably take on this machine."""
    try:
        from digitize.native import open3d

        open3d()
    except ImportError:
        return TreeSurface.budget
    return 1 << 62


def _by_embree(native: Any, positions: Floats, faces: Integers, points: Floats) -> Integers:
    """Ask Embree, a piece at a time."""
    tensor = native.core.Tensor
    scene = native.t.geometry.RaycastingScene()
    scene.add_triangles(tensor(positions.astype(np.float32)), tensor(np.ascontiguousarray(faces, dtype=np.uint32)))
    pieces = [points[start : start + PIECE].astype(np.float32) for start in range(0, len(points), PIECE)]
    found = [scene.compute_closest_points(tensor(piece))["primitive_ids"].numpy() for piece in pieces]
    return np.concatenate(found).astype(np.int32)
