# SPDX-License-Identifier: Apache-2.0
"""What a camera sees of a mesh: rays cast by Embree, or points splatted into a depth buffer where open3d is missing."""

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from digitize.measure.sample import by_area
from digitize.mesh import Floats, Integers
from digitize.picture.camera import Camera

PIECE = 1 << 19


@dataclass(frozen=True)
class Hits:
    """What is seen of `side` x `side` points: (k,) index into them, (k,) face, (k, 3) barycentric weights."""

    side: int
    pixel: NDArray[np.intp]
    face: Integers
    weights: Floats


class Tracer(Protocol):
    """Something that finds what a camera sees; `method` names how."""

    method: str

    def see(self, camera: Camera, side: int, only: NDArray[np.intp] | None = None) -> Hits:
        """Find what `side` x `side` points of the picture show, or those of them in `only`."""

    def occluded(self, origins: Floats, directions: Floats, reach: float) -> NDArray[np.bool_]:
        """Tell which rays (k, 3) meet the mesh within `reach`."""


def tracer(positions: Floats, faces: Integers) -> Tracer:
    """Return the best tracer of this machine; positions (n, 3) lie within the unit cube around the origin."""
    try:
        return EmbreeTracer(positions, faces)
    except ImportError:
        return SplatTracer(positions, faces)


def grid(side: int) -> tuple[Floats, Floats]:
    """Return the picture's points, row by row: both coordinates from -1 to 1."""
    line = (np.arange(side) + 0.5) / side * 2 - 1
    across, down = np.meshgrid(line, line)
    return across.ravel(), down.ravel()


class EmbreeTracer:
    """Ray casting by open3d's RaycastingScene."""

    method = "ray casting by Embree (open3d RaycastingScene)"

    def __init__(self, positions: Floats, faces: Integers) -> None:
        from digitize.native import open3d

        self._o3d = open3d()
        self._scene: Any = self._o3d.t.geometry.RaycastingScene()
        tensor = self._o3d.core.Tensor
        self._scene.add_triangles(tensor(positions.astype(np.float32)), tensor(np.ascontiguousarray(faces, dtype=np.uint32)))

    def _rays(self, origins: Floats, directions: Floats) -> Any:
        """Return rays as a tensor (k, 6)."""
        return self._o3d.core.Tensor(np.hstack([np.broadcast_to(origins, directions.shape), directions]).astype(np.float32))

    def see(self, camera: Camera, side: int, only: NDArray[np.intp] | None = None) -> Hits:
        """Cast one ray through each of the points."""
        pixel = np.arange(side * side) if only is None else only
        found = [self._piece(camera, side, pixel[start : start + PIECE]) for start in range(0, max(len(pixel), 1), PIECE)]
        return Hits(side, *(np.concatenate([getattr(part, name) for part in found]) for name in ("pixel", "face", "weights")))

    def _piece(self, camera: Camera, side: int, pixel: NDArray[np.intp]) -> Hits:
        """Cast some of the rays."""
        across, down = ((part + 0.5) / side * 2 - 1 for part in (pixel % side, pixel // side))
        found = self._scene.cast_rays(self._rays(camera.eye, camera.rays(across, down)))
        hit = np.flatnonzero(np.isfinite(found["t_hit"].numpy()))
        second = found["primitive_uvs"].numpy()[hit].astype(np.float64)
        weights = np.column_stack([1 - second[:, 0] - second[:, 1], second])
        return Hits(0, pixel[hit], found["primitive_ids"].numpy()[hit].astype(np.int32), weights)

    def occluded(self, origins: Floats, directions: Floats, reach: float) -> NDArray[np.bool_]:
        """Cast rays until their first hit."""
        pieces = [
            self._scene.test_occlusions(self._rays(origins[at : at + PIECE], directions[at : at + PIECE]), tfar=reach).numpy()
            for at in range(0, len(origins), PIECE)
        ]
        return np.concatenate(pieces).astype(bool) if pieces else np.zeros(0, dtype=bool)


class SplatTracer:
    """Points spread over the surface, the nearest one in each picture point seen; it knows no shadows."""

    method = "points in a depth buffer (numpy)"
    density = 6  # points per picture point

    def __init__(self, positions: Floats, faces: Integers) -> None:
        self._positions, self._faces = positions, faces

    def see(self, camera: Camera, side: int, only: NDArray[np.intp] | None = None) -> Hits:
        """Splat points and keep the nearest."""
        nearest = np.full(side * side, np.inf)
        face, weights = np.zeros(side * side, dtype=np.int32), np.zeros((side * side, 3))
        for seed in range(-(-self.density * side * side // PIECE)):
            drawn = by_area(self._positions, self._faces, PIECE, seed)
            pixel, chosen, depth = _splat(camera, drawn.points, side)
            closer = depth < nearest[pixel]
            pixel, chosen = pixel[closer], chosen[closer]
            nearest[pixel], face[pixel], weights[pixel] = depth[closer], drawn.face[chosen], drawn.weights[chosen]
        wanted = np.arange(side * side) if only is None else only
        seen = wanted[np.isfinite(nearest[wanted])]
        return Hits(side, seen, face[seen], weights[seen])

    def occluded(self, origins: Floats, directions: Floats, reach: float) -> NDArray[np.bool_]:
        """Say that nothing is in the way."""
        del directions, reach
        return np.zeros(len(origins), dtype=bool)


def _splat(camera: Camera, points: Floats, side: int) -> tuple[NDArray[np.intp], NDArray[np.intp], Floats]:
    """Return each picture point that is hit, the nearest of `points` there, and its depth."""
    across, down, depth = camera.project(points)
    column, row = (np.floor((part + 1) / 2 * side).astype(np.int64) for part in (across, down))
    inside = np.flatnonzero((column >= 0) & (column < side) & (row >= 0) & (row < side) & (depth > 0))
    pixel = row[inside] * side + column[inside]
    order = np.lexsort((depth[inside], pixel))
    seen, first = np.unique(pixel[order], return_index=True)
    chosen = inside[order[first]]
    return seen.astype(np.intp), chosen, depth[chosen]
