# SPDX-License-Identifier: Apache-2.0
"""Which face of a simplified mesh each point of the original stands on."""

import numpy as np
from numpy.typing import NDArray

from digitize.measure.closest import Surface, morton
from digitize.measure.rays import Rays
from digitize.mesh import Floats, Integers
from digitize.refine.fit import unit

PIECE = 1 << 18
PROBE = 64  # one point of so many tells how far the others lie
REACH = 4.0  # mean distances: what lies further off is asked for its closest face
FLOOR = 1e-5  # of the unit cube: nearer, single precision tells nothing


def in_line(points: Floats) -> NDArray[np.intp]:
    """Order points (k, 3) so that neighbours follow each other: twice as fast a search, and fewer misses in all that follows."""
    return np.argsort(morton(points), kind="stable")


def stood_on(search: Surface, points: Floats, normals: Floats) -> Integers:
    """Return the face (k,) that each point (k, 3) stands on: the one that its normal (k, 3) meets, else the closest.

    A ray costs a fifth of a closest point, and of the faces it finds one in seventy is another, next to the closest.
    """
    if search.rays is None:
        return search.closest(points).face
    reach = max(REACH * float(search.closest(points[::PROBE]).distance.mean()), FLOOR)
    parts = [slice(start, start + PIECE) for start in range(0, len(points), PIECE)]
    return np.concatenate([_met(search, search.rays, points[part], unit(normals[part]), reach) for part in parts])


def _met(search: Surface, rays: Rays, points: Floats, normals: Floats, reach: float) -> Integers:
    """Cast the rays of some points, and ask for what they miss."""
    found = rays.meet(points, normals, reach)
    missed = np.flatnonzero(~found.any)
    if len(missed):
        found.face[missed] = search.closest(points[missed]).face
    return found.face
