# SPDX-License-Identifier: Apache-2.0
"""Averages over neighbours of a picture that keep its edges, and the few resamplings that a thumbnail needs."""

import numpy as np
from numpy.typing import NDArray

from digitize.mesh import Floats

_WINDOW = 2
_SHARPNESS = 12  # power of the cosine between two normals
_DEPTH = 0.006  # of the object's extent, for each point between two neighbours


def smoothed(guide: Floats, solid: NDArray[np.bool_], scale: int = 1) -> Floats:
    """Average the first two channels of (h, w, 6) over neighbours that share normal (2..4) and depth (5): (h, w, 2).

    `scale` is how many points of the final picture lie between two of these.
    Source: Eisemann and Durand 2004, Petschnigg et al. 2004 (the cross bilateral filter).
    """
    height, width = solid.shape
    values = guide.astype(np.float32)
    total, weights = np.zeros((height, width, 2), dtype=np.float32), np.zeros((height, width), dtype=np.float32)
    for down in range(-_WINDOW, _WINDOW + 1):
        for across in range(-_WINDOW, _WINDOW + 1):
            here, there = _overlap(height, width, down, across)
            near = _alike(values[here], values[there], np.hypot(down, across) * scale) * (solid[here] & solid[there])
            total[here] += near[..., None] * values[there][..., :2]
            weights[here] += near
    return np.asarray(total / np.maximum(weights, 1e-9)[..., None])


def _overlap(height: int, width: int, down: int, across: int) -> tuple[tuple[slice, slice], tuple[slice, slice]]:
    """Return where a picture and itself moved by so many points overlap: first here, then there."""
    rows = slice(max(0, -down), min(height, height - down)), slice(max(0, down), min(height, height + down))
    columns = slice(max(0, -across), min(width, width - across)), slice(max(0, across), min(width, width + across))
    return (rows[0], columns[0]), (rows[1], columns[1])


def _alike(one: NDArray[np.float32], two: NDArray[np.float32], distance: float) -> NDArray[np.float32]:
    """Return how much two points (…, 6) may share, by normal and depth."""
    cosine = one[..., 2] * two[..., 2] + one[..., 3] * two[..., 3] + one[..., 4] * two[..., 4]
    square = np.clip(cosine, 0, 1) ** 2
    level = (one[..., 5] - two[..., 5]) / np.float32(_DEPTH * (1 + distance))
    return np.asarray(square**4 * square**2 * np.exp(-(level**2)), dtype=np.float32)


def spread(coarse: Floats, known: NDArray[np.bool_], guide: Floats, fine: Floats, pixel: NDArray[np.intp]) -> Floats:
    """Bring two channels from (h, w) to points (k,) of a picture twice as large, from those of the four nearest that are alike.

    Parameters
    ----------
    coarse : (h, w, 2). known : (h, w). guide : (h, w, 6) as in `smoothed`.
    fine : (k, 4), normal and depth of the points wanted. pixel : (k,), their places in the picture of (2h, 2w).

    Source: Kopf et al., "Joint bilateral upsampling", 2007.
    """
    height, width = known.shape
    row, column = pixel // (2 * width), pixel % (2 * width)
    total, weights = np.zeros((len(pixel), 2), dtype=np.float32), np.zeros(len(pixel), dtype=np.float32)
    own = np.hstack([np.zeros((len(pixel), 2)), fine]).astype(np.float32)
    flat, values, solid = guide.reshape(-1, 6).astype(np.float32), coarse.reshape(-1, 2), known.ravel()
    for down in (0, 1):
        for across in (0, 1):
            beside = (row // 2 + (2 * (row % 2) - 1) * down, column // 2 + (2 * (column % 2) - 1) * across)
            at = np.clip(beside[0], 0, height - 1) * width + np.clip(beside[1], 0, width - 1)
            share = (0.75, 0.25)[down] * (0.75, 0.25)[across]
            weight = (_alike(own, flat[at], 2.0) + np.float32(1e-4)) * solid[at] * np.float32(share)
            total += weight[:, None] * values[at]
            weights += weight
    return np.asarray(np.where(weights[:, None] > 0, total / np.maximum(weights, 1e-12)[:, None], 1.0))


def blurred(values: Floats, sigma: float) -> Floats:
    """Blur (h, w) by a Gaussian of `sigma` points; beyond the edges there is nothing."""
    reach = max(1, int(4 * sigma + 0.5))
    kernel = np.exp(-0.5 * (np.arange(-reach, reach + 1) / max(sigma, 1e-6)) ** 2)
    kernel /= kernel.sum()
    for axis in (0, 1):
        padded = np.pad(values, [(reach, reach) if axis == own else (0, 0) for own in (0, 1)])
        length = values.shape[axis]
        values = sum(weight * np.take(padded, np.arange(at, at + length), axis=axis) for at, weight in enumerate(kernel))
    return values


def enlarged(values: Floats, side: int) -> Floats:
    """Bring (h, h) to (side, side), linear between the points."""
    at = np.clip((np.arange(side) + 0.5) / side * len(values) - 0.5, 0, len(values) - 1)
    low = np.minimum(at.astype(np.intp), max(len(values) - 2, 0))
    high, share = np.minimum(low + 1, len(values) - 1), at - low
    rows = values[low] * (1 - share)[:, None] + values[high] * share[:, None]
    return np.asarray(rows[:, low] * (1 - share) + rows[:, high] * share)
