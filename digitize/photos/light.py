# SPDX-License-Identifier: Apache-2.0
"""How a photograph is exposed."""

from dataclasses import dataclass

import numpy as np

from digitize.measure.colour import to_linear
from digitize.mesh import Bytes

_BLACK, _WHITE = 3, 252


@dataclass(frozen=True, slots=True)
class Light:
    """Shares of points without shadow or highlight detail; mean brightness in stops below full white (linear light)."""

    dark: float
    bright: float
    stops: float


_LINEAR = to_linear(np.arange(256.0))


def light(pixels: Bytes) -> Light:
    """Measure an sRGB picture (h, w, 3): a point is clipped where its brightest channel is black or its darkest is white."""
    flat = pixels.reshape(-1, 3)
    dark, bright = float((flat.max(axis=1) <= _BLACK).mean()), float((flat.min(axis=1) >= _WHITE).mean())
    mean = float(_LINEAR[flat].mean())
    return Light(round(dark, 5), round(bright, 5), round(float(np.log2(max(mean, 1e-4))), 3))
