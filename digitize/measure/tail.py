# SPDX-License-Identifier: Apache-2.0
"""The 99.9th percentile of a distance: where few points lie that far, it rests on many more of which hardly any is asked."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from digitize.measure.closest import Surface
from digitize.mesh import Floats

SHARE = 0.001  # of the surface lies farther than the percentile
SURE = 0.04  # of the percentile: how far its confidence interval may reach to either side
MOST = 1 << 20  # points
_DEVIATIONS = 2.0  # standard deviations of the count of points beyond: 95 % of all draws
_FLOOR = 1e-6  # of the diagonal: below, single precision tells nothing

Draw = Callable[[int, int], tuple[Floats, NDArray[np.floating]]]
"""Draws so many points (k, 3) of a surface by area, with their unit normals (k, 3), the same for the same seed."""


@dataclass(frozen=True)
class Tail:
    """The percentile, how far its 95 % confidence interval reaches to the farther side, and how many points it rests on.

    Source of the interval: David, Nagaraja, "Order statistics", 2003, §7.1.
    """

    p999: float
    error: float
    points: int


def tail(distance: Floats, search: Surface, draw: Draw, diagonal: float, seed: int) -> Tail:
    """State the percentile of the distances to `search`, known for some points (k,).

    As long as it is uncertain as many points again are drawn. What a ray along its normal meets within a distance that is
    surely below the percentile counts as near: only the others, some in a thousand, are asked.
    """
    count, far, found = len(distance), np.sort(distance)[::-1], stated(distance)
    rank = SHARE * count
    reach = float(far[min(int(rank + 6.0 * np.sqrt(rank)) + 10, count - 1)])
    if search.rays is None or reach <= _FLOOR * diagonal:
        return found
    far = far[far > reach]
    while found.error > SURE * found.p999 and 2 * count <= MOST:
        points, normals = draw(count, seed + count)
        asked = points[~search.rays.near(points, normals, reach)]
        more = search.closest(asked).distance if len(asked) else np.zeros(0)
        far = np.sort(np.concatenate([far, more[more > reach]]))[::-1]
        count *= 2
        found = _stated(far, count)
    return found


def stated(distance: Floats) -> Tail:
    """State the percentile of distances (k,) as they are."""
    return _stated(np.sort(distance)[::-1], len(distance))


def _stated(far: Floats, count: int) -> Tail:
    """State the percentile of `count` distances of which the farthest are known, in descending order."""
    rank = SHARE * (count - 1)
    aside = _DEVIATIONS * np.sqrt(rank)
    upper, middle, lower = np.interp([rank - aside, rank, rank + aside], np.arange(len(far)), far)
    return Tail(float(middle), float(max(upper - middle, middle - lower)), count)
