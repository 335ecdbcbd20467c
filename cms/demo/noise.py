# SPDX-License-Identifier: Apache-2.0
"""Seeded smooth noise over a picture, cheap enough for 2048² on a laptop."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from PIL import Image

Field = NDArray[np.float32]

_PAD = 4


def resized(field: Field, height: int, width: int) -> Field:
    """Resample a field to (height, width) by bicubic interpolation."""
    return np.asarray(Image.fromarray(field).resize((width, height), Image.Resampling.BICUBIC), np.float32)


def smooth(rng: Generator, shape: tuple[int, ...], cells: tuple[float, float]) -> Field:
    """Draw one octave of value noise in about [-1, 1], wrapping from the right edge to the left.

    `cells` is how many bumps fit (down, across); few across and many down gives streaks.
    """
    height, width = shape[0], shape[1]
    down, across = max(2, round(cells[0])), max(2, round(cells[1]))
    lattice = rng.uniform(-1.0, 1.0, (down, across)).astype(np.float32)
    padded = np.pad(lattice, ((0, 0), (_PAD, _PAD)), mode="wrap")
    # An eighth of a texture's resolution is plenty for coarse octaves.
    extra = round(width * _PAD / across)
    return resized(padded, height, width + 2 * extra)[:, extra : extra + width]


def layered(rng: Generator, shape: tuple[int, ...], cells: tuple[float, float], octaves: int = 4, gain: float = 0.5) -> Field:
    """Sum octaves of value noise, each twice as fine and `gain` times as strong, scaled to about [-1, 1]."""
    total = np.zeros(shape[:2], np.float32)
    weight = 0.0
    for octave in range(octaves):
        strength = gain**octave
        total += strength * smooth(rng, shape, (cells[0] * 2**octave, cells[1] * 2**octave))
        weight += strength
    return total * np.float32(1.6 / weight)


def step(field: NDArray[np.floating[Any]], low: float, high: float) -> Field:
    """Rise smoothly from 0 at `low` to 1 at `high`."""
    t = np.clip((field - low) / (high - low), 0.0, 1.0)
    return np.asarray(t * t * (3.0 - 2.0 * t), np.float32)


def sampled(field: Field, x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.float64]:
    """Read a field bilinearly at pixel coordinates (x right, y down), clamped at its borders."""
    height, width = field.shape
    x, y = np.clip(x, 0, width - 1.001), np.clip(y, 0, height - 1.001)
    i, j = y.astype(np.int64), x.astype(np.int64)
    fy, fx = y - i, x - j
    upper = field[i, j] * (1 - fx) + field[i, j + 1] * fx
    lower = field[i + 1, j] * (1 - fx) + field[i + 1, j + 1] * fx
    return np.asarray(upper * (1 - fy) + lower * fy, np.float64)
