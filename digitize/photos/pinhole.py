# SPDX-License-Identifier: Apache-2.0
"""Placed cameras: where points of the model appear in their pictures, and where they look from there.

The frame of a camera is COLMAP's: x to the right, y down, z forward; pixels count from the picture's top left corner. Its lens model is
SIMPLE_RADIAL: focal length f, centre cx, cy, and k of r' = r (1 + k r²).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from digitize.mesh import Floats

_ROUNDS = 20


@dataclass(frozen=True, slots=True)
class Pinhole:
    """One placed camera: its photograph's name, centre (3,), rotation (3, 3) from the model to the camera, lens, size in pixels."""

    name: str
    centre: Floats
    rotation: Floats
    lens: tuple[float, float, float, float]
    size: tuple[int, int]

    def project(self, points: Floats) -> Floats:
        """Return where points (n, 3) appear, in pixels (n, 2); NaN behind the camera."""
        focal, x, y, k = self.lens
        local = (points - self.centre) @ self.rotation.T
        depth = np.where(local[:, 2] > 0, local[:, 2], np.nan)
        flat = local[:, :2] / depth[:, None]
        bent = flat * (1 + k * (flat**2).sum(axis=1, keepdims=True))
        return np.asarray(focal * bent + (x, y))

    def rays(self, places: Floats) -> Floats:
        """Return unit directions (n, 3), in the model's frame, to what appears at pixels (n, 2)."""
        focal, x, y, k = self.lens
        bent = (places - (x, y)) / focal
        flat = bent.copy()
        for _ in range(_ROUNDS):
            flat = bent / (1 + k * (flat**2).sum(axis=1, keepdims=True))
        directions = np.column_stack([flat, np.ones(len(flat))]) @ self.rotation
        return np.asarray(directions / np.linalg.norm(directions, axis=1, keepdims=True))


def of(camera: Mapping[str, Any]) -> Pinhole:
    """Read a camera as `sparse.Model` and ``cameras.json`` state it."""
    focal, x, y, k = (float(part) for part in camera["params"])
    turn = _matrix(*(float(part) for part in camera["rotation"]))
    return Pinhole(camera["name"], np.array(camera["centre"]), turn, (focal, x, y, k), (camera["width"], camera["height"]))


def _matrix(x: float, y: float, z: float, w: float) -> Floats:
    """Turn a unit quaternion into a rotation (3, 3)."""
    return np.array(
        [
            [1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)],
            [2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)],
            [2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)],
        ]
    )
