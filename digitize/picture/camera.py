# SPDX-License-Identifier: Apache-2.0
"""A perspective camera that frames an object; the frame is +X right, +Y up, +Z towards the viewer at azimuth 0."""

from dataclasses import dataclass

import numpy as np

from digitize.mesh import Floats

_ENOUGH = 40_000  # points that tell where an object's outline runs
_VIEW = np.radians(24.0)  # a long lens, as objects are photographed


@dataclass(frozen=True)
class Camera:
    """A camera.

    Attributes
    ----------
    eye : (3,) where it stands.
    right, up, forward : (3,) unit vectors.
    half : half the picture's side at distance one.
    """

    eye: Floats
    right: Floats
    up: Floats
    forward: Floats
    half: float

    def rays(self, across: Floats, down: Floats) -> Floats:
        """Return unit directions (k, 3) through picture points, both from -1 to 1, `down` growing downwards."""
        direction = self.forward + self.half * (across[:, None] * self.right - down[:, None] * self.up)
        return np.asarray(direction / np.linalg.norm(direction, axis=1, keepdims=True))

    def project(self, points: Floats) -> tuple[Floats, Floats, Floats]:
        """Return where points (k, 3) appear, both from -1 to 1, and their depth along `forward`."""
        offset = points - self.eye
        depth = offset @ self.forward
        return offset @ self.right / (depth * self.half), -(offset @ self.up) / (depth * self.half), depth


def framing(points: Floats, azimuth: float, elevation: float, fill: float = 0.86) -> Camera:
    """Place a camera so that points (n, 3) fill the share `fill` of a square picture."""
    back = np.array([np.sin(azimuth) * np.cos(elevation), np.sin(elevation), np.cos(azimuth) * np.cos(elevation)])
    right = np.array([np.cos(azimuth), 0.0, -np.sin(azimuth)])
    up = np.cross(back, right)
    points = points[:: 1 + len(points) // _ENOUGH]
    half = float(np.tan(_VIEW / 2))
    centre = (points.min(axis=0) + points.max(axis=0)) / 2
    radius = float(np.linalg.norm(points - centre, axis=1).max())
    camera = Camera(centre + back * radius * 3 / half, right, up, -back, half)
    for _ in range(8):
        across, down, _ = camera.project(points)
        low, high = np.array([across.min(), down.min()]), np.array([across.max(), down.max()])
        reach = float((high - low).max()) / 2
        distance = float((centre - camera.eye) @ camera.forward)
        middle = (low + high) / 2 * half * distance
        centre = centre + right * middle[0] - up * middle[1]
        distance = max(distance * reach / fill, radius * 1.01)
        camera = Camera(centre + back * distance, right, up, -back, half)
    return camera
