# SPDX-License-Identifier: Apache-2.0
"""Points spread over a surface by area, the same for the same seed."""

from dataclasses import dataclass

import numpy as np

from digitize.mesh import Floats, Integers
from digitize.topology import areas

_REVERSED = np.array([0, 4, 2, 6, 1, 5, 3, 7], dtype=np.uint8)  # the bits of 0 … 7 in reverse


@dataclass(frozen=True)
class Samples:
    """Points on a surface: (k, 3) float64 in its unit, (k,) face, (k, 3) barycentric weights."""

    points: Floats
    face: Integers
    weights: Floats

    def part(self, start: int, end: int) -> "Samples":
        """Return the samples from `start` to before `end`."""
        return Samples(self.points[start:end], self.face[start:end], self.weights[start:end])


def by_area(positions: Floats, faces: Integers, count: int, seed: int) -> Samples:
    """Draw `count` points, each face's share proportional to its area.

    Stratified along the faces' cumulated area, which lowers the variance of a mean against independent draws; ordered
    so that the first half, quarter and eighth are spread over the whole surface too.
    Source: Osada et al., "Shape distributions", 2002, §4.1 (the square root in the weights).
    """
    random = np.random.Generator(np.random.PCG64(seed))
    total = np.cumsum(areas(positions, faces))
    at = (np.arange(count) + random.random(count)) / count * total[-1]
    at = at[np.argsort(_REVERSED[np.arange(count) % 8], kind="stable")]
    face = np.minimum(np.searchsorted(total, at, side="right"), len(faces) - 1).astype(np.int32)
    root, share = np.sqrt(random.random(count)), random.random(count)
    weights = np.stack([1 - root, root * (1 - share), root * share], axis=1)
    return Samples(at_weights(positions, faces, face, weights), face, weights)


def at_weights(positions: Floats, faces: Integers, face: Integers, weights: Floats) -> Floats:
    """Return the points (k, 3) at barycentric weights (k, 3) of the given faces."""
    corners = np.take(faces, face, axis=0)
    result = weights[:, :1] * np.take(positions, corners[:, 0], axis=0)
    for corner in (1, 2):
        result += weights[:, corner : corner + 1] * np.take(positions, corners[:, corner], axis=0)
    return result
