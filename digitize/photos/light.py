# SPDX-License-Identifier: Apache-2.0
"""How a photograph is exposed."""

from dataclasses import dataclass

import numpy as np

from digitize.measure.colour import to_linear
from digitize.mesh import Bytes

_BLACK, _WHITE = 3, 252
_LEAST = 1e-4


@dataclass(frozen=True, slots=True)
class Light:
    """How a photograph is exposed.

    Attributes
    ----------
    dark, bright : shares of points without shadow or highlight detail.
    stops : brightness that a tenth of the picture exceeds, in stops below full white (linear light). A mean would tell more of how much dark
        or white ground there is behind the object than of the exposure.
    tones : the same that three, two and one quarter of the picture exceed.
    """

    dark: float
    bright: float
    stops: float
    tones: tuple[float, float, float]


_WEIGHTS = (0.2126, 0.7152, 0.0722)  # of red, green and blue in brightness: ITU-R BT.709
_LINEAR = to_linear(np.arange(256.0))


def light(pixels: Bytes) -> Light:
    """Measure an sRGB picture (h, w, 3): a point is clipped where its brightest channel is black or its darkest is white."""
    flat = pixels.reshape(-1, 3)
    dark, bright = float((flat.max(axis=1) <= _BLACK).mean()), float((flat.min(axis=1) >= _WHITE).mean())
    lightness = sum(weight * _LINEAR[flat[:, channel]] for channel, weight in enumerate(_WEIGHTS))
    quarter, half, three, most = (
        round(float(stops), 3) for stops in np.log2(np.maximum(np.quantile(lightness, (0.25, 0.5, 0.75, 0.9)), _LEAST))
    )
    return Light(round(dark, 5), round(bright, 5), most, (quarter, half, three))
