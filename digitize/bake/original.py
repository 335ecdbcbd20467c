# SPDX-License-Identifier: Apache-2.0
"""The original surface, asked by a bake: where a point of a level lies on it."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from digitize.bake.gather import interpolate
from digitize.measure.closest import Surface
from digitize.mesh import Floats, Integers, Mesh, Singles

PIECE = 1 << 18
THREADS = 2
_FACING = 0.2  # cosine; what a ray meets must look the same way, else it is the far side of a thin wall


@dataclass(frozen=True)
class Feet:
    """Points on the original: (k,) face, (k, 3) barycentric weights."""

    face: Integers
    weights: Singles


class Rays:
    """Rays through a cage around the original, in single precision within the unit cube; without open3d there are none."""

    def __init__(self, mesh: Mesh) -> None:
        low, high = mesh.bounds()
        self.centre, self.extent = (low + high) / 2, float((high - low).max()) or 1.0
        self._mesh = mesh
        self._scene: Any = None
        try:
            from digitize.native import open3d

            self._o3d = open3d()
        except ImportError:
            return
        tensor = self._o3d.core.Tensor
        self._scene = self._o3d.t.geometry.RaycastingScene(nthreads=THREADS)
        scaled = ((mesh.positions - self.centre) / self.extent).astype(np.float32)
        self._scene.add_triangles(tensor(scaled), tensor(np.ascontiguousarray(mesh.faces, dtype=np.uint32)))
        self._normals = _unit_normals(scaled, mesh.faces)

    def __bool__(self) -> bool:
        return self._scene is not None

    def meet(self, points: Singles, normals: Singles, reach: float) -> tuple[Feet, NDArray[np.bool_]]:
        """Follow each normal (k, 3) from `reach` outside to `reach` inside; tell which rays met the surface.

        `points` and `reach` are within the unit cube (`inside`).
        """
        rays = np.concatenate([points + normals * np.float32(reach), -normals], axis=1)
        found = self._scene.cast_rays(self._o3d.core.Tensor(rays), nthreads=THREADS)
        face = found["primitive_ids"].numpy().astype(np.int32)
        met = found["t_hit"].numpy() <= 2 * reach
        face[~met] = 0
        met &= np.einsum("kd,kd->k", self._normals[face], normals) > _FACING
        second = found["primitive_uvs"].numpy()
        return Feet(face, np.column_stack([1 - second[:, 0] - second[:, 1], second])), met

    def occluded(self, points: Singles, directions: Singles, reach: float) -> NDArray[np.bool_]:
        """Tell which rays meet the original within `reach`, all within the unit cube."""
        rays = self._o3d.core.Tensor(np.concatenate([points, directions], axis=1))
        return np.asarray(self._scene.test_occlusions(rays, tfar=reach, nthreads=THREADS).numpy(), dtype=bool)

    def inside(self, points: Floats) -> Singles:
        """Bring points into the unit cube."""
        return ((points - self.centre) / self.extent).astype(np.float32)


def _unit_normals(positions: Singles, faces: Integers) -> Singles:
    """Return the faces' unit normals (m, 3)."""
    a, b, c = (positions[faces[:, corner]] for corner in range(3))
    flat = np.cross(b - a, c - a)
    return np.asarray(flat / np.maximum(np.linalg.norm(flat, axis=1, keepdims=True), np.finfo(np.float32).tiny), dtype=np.float32)


def feet(rays: Rays, search: Surface, points: Floats, normals: Singles, reach: float) -> Feet:
    """Find the original's point for each point of a level: along its normal within `reach`, else the closest.

    `points` (k, 3) and `reach` are in the unit of the mesh.
    """
    if not rays:
        return _closest(search, points)
    found, met = rays.meet(rays.inside(points), normals, reach / rays.extent)
    missed = np.flatnonzero(~met)
    if len(missed):
        near = _closest(search, points[missed])
        found.face[missed], found.weights[missed] = near.face, near.weights
    return found


def _closest(search: Surface, points: Floats) -> Feet:
    """Find the closest points."""
    near = search.closest(points)
    return Feet(near.face.astype(np.int32), near.weights.astype(np.float32))


def beyond(mesh: Mesh, found: Feet, points: Floats) -> Singles:
    """Return the weights (k, 3) of points on the planes of the faces found, also outside them: what lies beyond a seam."""
    corner = mesh.faces[found.face]
    a, b, c = (mesh.positions[corner[:, number]] for number in range(3))
    ab, ac, ap = b - a, c - a, points - a
    d00, d01, d11 = (np.einsum("kd,kd->k", x, y) for x, y in ((ab, ab), (ab, ac), (ac, ac)))
    d20, d21 = np.einsum("kd,kd->k", ap, ab), np.einsum("kd,kd->k", ap, ac)
    area = d00 * d11 - d01 * d01
    flat = area > 1e-12 * d00 * d11
    scale = 1.0 / np.where(flat, area, 1.0)
    v, w = (d11 * d20 - d01 * d21) * scale, (d00 * d21 - d01 * d20) * scale
    weights = np.stack([1 - v - w, v, w], axis=1)
    return np.where(flat[:, None], weights, found.weights).astype(np.float32)


def mapped(mesh: Mesh, found: Feet) -> Singles:
    """Return the original's uv (k, 2) at the points found."""
    assert mesh.uv is not None
    return interpolate(mesh.uv, mesh.faces, found.face, found.weights)
