# SPDX-License-Identifier: Apache-2.0
"""Rays through the tree that Embree has built over a surface, in single precision within the unit cube."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from digitize.mesh import Floats, Integers, Singles

FACING = 0.2  # cosine; what a ray meets must look the same way, else it is the far side of a thin wall
_WITHIN = 1.0 - 1e-6


@dataclass(frozen=True)
class Met:
    """What each ray met: (k,) face and (k, 3) barycentric weights, (k,) whether it met any; face 0 where it did not."""

    face: Integers
    weights: Singles
    any: NDArray[np.bool_]


class Rays:
    """Rays at a surface; points and lengths are in its unit.

    Attributes
    ----------
    centre, extent : what takes a point into the unit cube, (point - centre) / extent.
    """

    def __init__(self, native: Any, scene: Any, centre: Floats, extent: float) -> None:
        self._tensor, self._scene = native.core.Tensor, scene
        self.centre, self.extent = centre, extent

    def near(self, points: Floats, directions: NDArray[np.floating], reach: float) -> NDArray[np.bool_]:
        """Tell of each point (k, 3) whether the surface meets the line along a unit direction (k, 3) within `reach` of it.

        May say no wrongly, never yes.
        """
        found = self._scene.test_occlusions(self._lines(points, directions, reach * _WITHIN), 0.0, 2.0 * reach * _WITHIN / self.extent)
        return np.asarray(found.numpy(), dtype=bool)

    def meet(self, points: Floats, normals: NDArray[np.floating], reach: float) -> Met:
        """Follow each unit normal (k, 3) from `reach` outside its point to `reach` inside, to what looks the same way."""
        found = self._scene.cast_rays(self._lines(points, normals, reach))
        face, second = found["primitive_ids"].numpy().astype(np.int32), found["primitive_uvs"].numpy()
        met = found["t_hit"].numpy() <= 2.0 * reach / self.extent
        met &= np.einsum("kd,kd->k", found["primitive_normals"].numpy(), normals) > FACING
        face[~met] = 0
        return Met(face, np.column_stack([1 - second[:, 0] - second[:, 1], second]), met)

    def occluded(self, points: Singles, directions: Singles, reach: float) -> NDArray[np.bool_]:
        """Tell which rays from points (k, 3) meet the surface within `reach`, all within the unit cube."""
        rays = self._tensor(np.concatenate([points, directions], axis=1))
        return np.asarray(self._scene.test_occlusions(rays, 0.0, reach).numpy(), dtype=bool)

    def _lines(self, points: Floats, directions: NDArray[np.floating], reach: float) -> Any:
        """Return rays (k, 6) against the directions, from `reach` before their points."""
        rays, scaled = np.empty((len(points), 6), dtype=np.float32), np.float32(reach / self.extent)
        for axis in range(3):
            along = directions[:, axis].astype(np.float32, copy=False)
            rays[:, axis] = (points[:, axis] - self.centre[axis]) / self.extent + scaled * along
            rays[:, 3 + axis] = -along
        return self._tensor(rays)
