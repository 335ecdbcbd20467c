# SPDX-License-Identifier: Apache-2.0
"""Points that stand apart, and clouds thinned to what a page can carry.

Source: Rusu et al. 2008 (statistical outlier removal by the mean distance to the nearest neighbours), with median and MAD of
the logarithm instead of mean and standard deviation, so that the outliers do not set the measure for themselves.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from digitize.mesh import Floats
from digitize.points.cloud import Cloud
from digitize.topology import identical_rows

_PIECE = 1 << 17
_SAMPLE = 20_000
_LEAST_FACTOR = 2.5  # at the corner of a flat scan the neighbours lie twice as far as within


@dataclass(frozen=True)
class Spread:
    """How far each point's neighbours lie (n,), and beyond which distance a point stands apart."""

    distance: Floats
    limit: float


def distinct(cloud: Cloud) -> Cloud:
    """Keep the first of points that lie in exactly one place."""
    first, _ = identical_rows(cloud.positions)
    return cloud if len(first) == len(cloud) else cloud.take(first)


def spread(positions: Floats, neighbours: int, sigmas: float) -> Spread:
    """Measure how far each point's nearest neighbours lie on average, in the unit of the positions."""
    from scipy.spatial import cKDTree

    if len(positions) < 2:  # one point has no neighbour
        return Spread(np.zeros(len(positions)), np.inf)
    tree = cKDTree(positions, balanced_tree=False, compact_nodes=False)
    distance = np.empty(len(positions))
    wanted = min(neighbours + 1, len(positions))
    for start in range(0, len(positions), _PIECE):
        rows = slice(start, start + _PIECE)
        distance[rows] = tree.query(positions[rows], k=wanted)[0][:, 1:].mean(axis=1)
    typical = distance[distance > 0]
    if not len(typical):
        return Spread(distance, np.inf)
    logs = np.log(typical)
    middle = float(np.median(logs))
    width = 1.4826 * float(np.median(np.abs(logs - middle)))
    limit = np.exp(middle) * max(_LEAST_FACTOR, float(np.exp(sigmas * width)))
    return Spread(distance, float(limit))


def spacing_of(positions: Floats) -> float:
    """Return how far apart neighbours lie, in the unit of the positions: the median distance to the fourth nearest of a sample.

    (A square lattice's fourth neighbour lies one spacing away.) One point alone has none: 0.
    """
    from scipy.spatial import cKDTree

    if len(positions) < 2:
        return 0.0
    tree = cKDTree(positions, balanced_tree=False, compact_nodes=False)
    found = tree.query(positions[:: max(len(positions) // _SAMPLE, 1)], k=min(5, len(positions)))[0]
    return float(np.median(found[:, -1]))


def inliers(found: Spread) -> NDArray[np.bool_]:
    """Tell which points have neighbours as near as most."""
    return found.distance <= found.limit


def thinned(cloud: Cloud, most: int) -> tuple[Cloud, float]:
    """Keep one point of each cell of a grid, the nearest to the middle of those in it; return the cell's side (0 where all stay).

    No point is moved or made: what is published was measured.
    """
    if len(cloud) <= most:
        return cloud, 0.0
    low, high = cloud.bounds()
    cell = float(np.max(high - low)) / most**0.5 / 2
    chosen = _one_a_cell(cloud.positions, low, cell)
    while len(chosen) > most:
        cell *= max((len(chosen) / most) ** 0.5, 1.02)
        chosen = _one_a_cell(cloud.positions, low, cell)
    return cloud.take(chosen), cell


def _one_a_cell(positions: Floats, low: Floats, cell: float) -> NDArray[np.intp]:
    """Choose one point of each cell, in the points' order."""
    key, offset = _cells(positions, low, cell)
    order = np.lexsort((offset, key))
    first = np.flatnonzero(np.diff(key[order], prepend=-1))
    return np.sort(order[first])


def _cells(positions: Floats, low: Floats, cell: float) -> tuple[NDArray[np.int64], Floats]:
    """Count cells in one number for each point, and measure how far it lies from its cell's middle."""
    key = np.zeros(len(positions), dtype=np.int64)
    offset = np.zeros(len(positions))
    for axis in range(3):
        place = (positions[:, axis] - low[axis]) / cell
        whole = np.minimum(np.floor(place), (1 << 20) - 1)
        key = key << np.int64(20) | whole.astype(np.int64)
        offset += (place - whole - 0.5) ** 2
    return key, offset
