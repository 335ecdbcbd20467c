# SPDX-License-Identifier: Apache-2.0
"""Which texels a mesh's triangles cover in its map."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from digitize.bake.gather import largest, smallest
from digitize.mesh import Integers, Singles

_OUTSIDE = np.finfo(np.float64).tiny


@dataclass(frozen=True)
class Texels:
    """Texels of a map (h, w): (k,) row * w + column, (k,) face, (k, 3) barycentric weights of the texel's centre.

    Weights of texels beside a triangle (`spread`) lie outside 0..1: they extrapolate its plane.
    """

    at: NDArray[np.int64]
    face: Integers
    weights: Singles


def rasterise(uv: Singles, faces: Integers, size: tuple[int, int], *, spread: float = 0.0) -> Texels:
    """Find the texels whose centre lies in a triangle, or within `spread` texels beside it; a texel may appear several times.

    What lies beyond the map comes in again on its other side, as textures repeat.

    Parameters
    ----------
    uv : (n, 2), origin at the top left, 0..1 over the map.
    faces : (m, 3).
    size : (height, width) of the map.
    """
    height, width = size
    corners = uv.astype(np.float64)[faces] * (width, height) - 0.5
    edge, constant = half_planes(corners)
    solid = np.flatnonzero(np.isfinite(constant).all(axis=1))
    edge[~np.isfinite(constant)] = 0.0
    slack = spread * np.hypot(edge[..., 0], edge[..., 1])
    low, high = corners[..., 1].min(axis=1)[solid] - spread, corners[..., 1].max(axis=1)[solid] + spread
    first = np.ceil(low).astype(np.int64)
    rows = np.maximum(np.floor(high).astype(np.int64) - first + 1, 0)
    face = np.repeat(solid, rows)
    row = _ramp(rows) + np.repeat(first, rows)
    left, right = _span(edge[face], constant[face] + slack[face], row, corners[face, :, 0], spread)
    start = np.ceil(left).astype(np.int64)
    count = np.maximum(np.floor(right).astype(np.int64) - start + 1, 0)
    return _texels(face, row, start, count, edge=edge, constant=constant, size=size)


def half_planes(corners: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return weight c of a texel (x, y) as edge[:, c] · (x, y) + constant[:, c]; not finite where a triangle has no area."""
    following, last = np.roll(corners, -1, axis=1), np.roll(corners, -2, axis=1)
    along = last - following
    edge = np.stack([-along[..., 1], along[..., 0]], axis=-1)
    area = np.einsum("mcd,mcd->mc", edge, corners - following)
    with np.errstate(divide="ignore", invalid="ignore"):
        edge = edge / area[..., None]
        constant = -np.einsum("mcd,mcd->mc", edge, following)
    constant[(np.abs(area) < _OUTSIDE).any(axis=1)] = np.nan
    return edge, constant


def _span(
    edge: NDArray[np.float64], constant: NDArray[np.float64], row: NDArray[np.int64], across: NDArray[np.float64], spread: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the columns between which all three weights are at least zero, on each row (k,)."""
    slope, rest = edge[..., 0], edge[..., 1] * row[:, None] + constant
    with np.errstate(divide="ignore", invalid="ignore"):
        bound = -rest / slope
    left, right = largest(np.where(slope > 0, bound, -np.inf)), smallest(np.where(slope < 0, bound, np.inf))
    empty = largest((slope == 0) & (rest < 0))
    left = np.maximum(left, smallest(across) - spread)  # a sharp corner spreads no further than a blunt one
    right = np.minimum(right, largest(across) + spread)
    return np.where(empty, 1.0, left), np.where(empty, 0.0, right)


def _texels(
    face: NDArray[np.intp],
    row: NDArray[np.int64],
    start: NDArray[np.int64],
    count: NDArray[np.int64],
    *,
    edge: NDArray[np.float64],
    constant: NDArray[np.float64],
    size: tuple[int, int],
) -> Texels:
    """Walk along the spans."""
    step = edge[face, :, 0]
    begin = step * start[:, None] + edge[face, :, 1] * row[:, None] + constant[face]
    along = _ramp(count)
    weights = np.repeat(begin.astype(np.float32), count, axis=0)
    weights += np.repeat(step.astype(np.float32), count, axis=0) * along.astype(np.float32)[:, None]
    height, width = size
    column = (np.repeat(start, count) + along) % width
    return Texels(np.repeat(row % height * width, count) + column, np.repeat(face, count).astype(np.int32), weights)


def _ramp(counts: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return 0, 1, … up to each count, one after the other."""
    total = np.cumsum(counts)
    return np.arange(int(total[-1]) if len(total) else 0, dtype=np.int64) - np.repeat(total - counts, counts)
