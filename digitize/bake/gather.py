# SPDX-License-Identifier: Apache-2.0
"""Values at barycentric weights and in pictures, in single precision: what a bake does millions of times."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from digitize.mesh import Bytes, Integers, Singles


def interpolate(values: NDArray[Any], faces: Integers, face: Integers, weights: Singles) -> Singles:
    """Return per-vertex `values` (n, c) at weights (k, 3) of faces (k,): (k, c) float32."""
    single = np.ascontiguousarray(values, dtype=np.float32)
    corner = faces[face]
    result = single[corner[:, 0]] * weights[:, :1]
    result += single[corner[:, 1]] * weights[:, 1:2]
    result += single[corner[:, 2]] * weights[:, 2:]
    return np.asarray(result)


def largest(values: NDArray[Any]) -> NDArray[Any]:
    """Return the largest of each row (k, c), column by column: ten times as fast as numpy along a short axis."""
    result = values[..., 0].copy()
    for column in range(1, values.shape[-1]):
        np.maximum(result, values[..., column], out=result)
    return result


def smallest(values: NDArray[Any]) -> NDArray[Any]:
    """Return the smallest of each row (k, c)."""
    result = values[..., 0].copy()
    for column in range(1, values.shape[-1]):
        np.minimum(result, values[..., column], out=result)
    return result


def unit(vectors: Singles) -> Singles:
    """Scale vectors (k, 3) to length one; null vectors stay null."""
    length = np.sqrt(np.einsum("kd,kd->k", vectors, vectors))
    return np.asarray(vectors / np.maximum(length, np.finfo(np.float32).tiny)[:, None], dtype=np.float32)


def bilinear(image: NDArray[Any], uv: Singles) -> Singles:
    """Look a picture (h, w, c) up at uv (k, 2), origin at the top left, repeating beyond the edges: (k, c) float32."""
    height, width, channels = image.shape
    x, y = uv[:, 0].astype(np.float64) * width - 0.5, uv[:, 1].astype(np.float64) * height - 0.5
    left, top = np.floor(x), np.floor(y)
    across, down = (x - left).astype(np.float32)[:, None], (y - top).astype(np.float32)[:, None]
    column, row = left.astype(np.int64) % width, top.astype(np.int64) % height
    further, below = column + 1, row + 1
    further[further == width], below[below == height] = 0, 0
    flat = image.reshape(-1, channels)
    row, below = row * width, below * width

    def between(at: NDArray[np.int64]) -> Singles:
        start = flat[at + column].astype(np.float32)
        return np.asarray(start + (flat[at + further] - start) * across)

    upper = between(row)
    return np.asarray(upper + (between(below) - upper) * down)


def halved(image: Bytes, linear: bool) -> Singles:
    """Average 2 x 2 pixels of a picture (h, w, 3 or 4) of 0..255; `linear` averages light rather than sRGB numbers."""
    height, width = image.shape[0] // 2 * 2, image.shape[1] // 2 * 2
    even = image[:height, :width]
    if linear:
        even = np.concatenate([LINEAR[even[..., :3]], even[..., 3:].astype(np.float32)], axis=2)
    even = even.astype(np.float32, copy=False)
    mean = (even[0::2, 0::2] + even[1::2, 0::2] + even[0::2, 1::2] + even[1::2, 1::2]) * np.float32(0.25)
    if linear:
        mean[..., :3] = encoded(mean[..., :3])
    return np.asarray(mean)


def _table() -> Singles:
    value = np.arange(256) / 255.0
    return np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4).astype(np.float32)


LINEAR = _table()


def encoded(linear: Singles) -> Singles:
    """Turn linear 0..1 into sRGB 0..255 (IEC 61966-2-1)."""
    power = np.power(np.maximum(linear, np.float32(0.0031308)), np.float32(1 / 2.4))
    srgb = np.where(linear <= 0.0031308, linear * np.float32(12.92), np.float32(1.055) * power - np.float32(0.055))
    return np.asarray(srgb * np.float32(255), dtype=np.float32)
