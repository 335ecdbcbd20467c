# SPDX-License-Identifier: Apache-2.0
"""Values at barycentric weights and in pictures, in single precision: what a bake does millions of times."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from digitize.mesh import Bytes, Integers, Singles


def interpolate(values: NDArray[Any], faces: Integers, face: Integers, weights: Singles) -> Singles:
    """Return per-vertex `values` (n, c) at weights (k, 3) of faces (k,): (k, c) float32."""
    corners = [np.take(np.ascontiguousarray(faces[:, corner]), face) for corner in range(3)]
    shares = [np.ascontiguousarray(weights[:, corner]) for corner in range(3)]
    result = np.empty((len(face), values.shape[1]), dtype=np.float32)
    for column in range(values.shape[1]):  # one at a time: numpy is slow along a short axis
        own = np.ascontiguousarray(values[:, column], dtype=np.float32)
        total = np.take(own, corners[0]) * shares[0]
        for corner in (1, 2):
            total += np.take(own, corners[corner]) * shares[corner]
        result[:, column] = total
    return result


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
    flat, result = image.reshape(-1, channels), np.empty((len(uv), channels), dtype=np.float32)
    (left, right, across), (top, bottom, down) = _between(uv[:, 0], width), _between(uv[:, 1], height)
    corners = [np.take(flat, row * width + column, axis=0) for row in (top, bottom) for column in (left, right)]
    for channel in range(channels):
        upper, further, lower, last = (corner[:, channel].astype(np.float32) for corner in corners)
        upper += (further - upper) * across
        lower += (last - lower) * across
        result[:, channel] = upper + (lower - upper) * down
    return result


def _between(values: Singles, count: int) -> tuple[NDArray[np.int64], NDArray[np.int64], Singles]:
    """Return the two of `count` pixels, around the other end too, that values 0..1 lie between, and how far from the first."""
    place = values.astype(np.float64) * count - 0.5
    floor = np.floor(place)
    first = floor.astype(np.int64)
    if len(first) and (first.min() < 0 or first.max() >= count):
        first %= count
    second = first + 1
    second[second == count] = 0
    return first, second, (place - floor).astype(np.float32)


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
