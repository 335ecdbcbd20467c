# SPDX-License-Identifier: Apache-2.0
"""Points spread over a surface by area, the same for the same seed."""

from dataclasses import dataclass

import numpy as np

from digitize.mesh import Floats, Integers
from digitize.topology import areas


@dataclass(frozen=True)
class Samples:
    """Points on a surface: (k, 3) float64 in its unit, (k,) face, (k, 3) barycentric weights."""

    points: Floats
    face: Integers
    weights: Floats


def by_area(positions: Floats, faces: Integers, count: int, seed: int) -> Samples:
    """Draw `count` points, each face's share proportional to its area.

    Stratified along the faces' cumulated area, which lowers the variance of a mean against independent draws.
    Source: Osada et al., "Shape distributions", 2002, §4.1 (the square root in the weights).
    """
    random = np.random.Generator(np.random.PCG64(seed))
    total = np.cumsum(areas(positions, faces))
    at = (np.arange(count) + random.random(count)) / count * total[-1]
    face = np.minimum(np.searchsorted(total, at, side="right"), len(faces) - 1).astype(np.int32)
    root, share = np.sqrt(random.random(count)), random.random(count)
    weights = np.stack([1 - root, root * (1 - share), root * share], axis=1)
    return Samples(at_weights(positions, faces, face, weights), face, weights)


def at_weights(positions: Floats, faces: Integers, face: Integers, weights: Floats) -> Floats:
    """Return the points (k, 3) at barycentric weights (k, 3) of the given faces."""
    return np.einsum("kc,kcd->kd", weights, positions[faces[face]])
