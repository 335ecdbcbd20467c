# SPDX-License-Identifier: Apache-2.0
"""A colour ramp for measured values: lightness rises evenly, and blue turns to yellow, so that no colour vision misorders it.

Source: Ottosson, "A perceptual color space for image processing" (Oklab), 2020.
"""

import numpy as np

from digitize.measure.colour import to_srgb
from digitize.mesh import Bytes, Floats

# Oklab: lightness, green to red, blue to yellow. Lightness and the last rise all the way.
_STOPS = np.array([[0.26, 0.02, -0.12], [0.42, 0.09, -0.09], [0.58, 0.13, -0.01], [0.75, 0.08, 0.10], [0.93, -0.03, 0.15]])
_TO_CONES = np.array([[1.0, 0.3963377774, 0.2158037573], [1.0, -0.1055613458, -0.0638541728], [1.0, -0.0894841775, -1.2914855480]])
_TO_RGB = np.array(
    [
        [4.0767416621, -3.3077115913, 0.2309699292],
        [-1.2684380046, 2.6097574011, -0.3413193965],
        [-0.0041960863, -0.7034186147, 1.7076147010],
    ]
)


def ramp(share: Floats) -> Bytes:
    """Return the sRGB colours (k, 3) of shares (k,) from 0, dark blue, to 1, light yellow."""
    at = np.clip(share, 0.0, 1.0) * (len(_STOPS) - 1)
    lab = np.stack([np.interp(at, np.arange(len(_STOPS)), _STOPS[:, axis]) for axis in range(3)], axis=1)
    linear = (lab @ _TO_CONES.T) ** 3 @ _TO_RGB.T
    return np.rint(to_srgb(linear)).astype(np.uint8)


def legend(steps: int = 9) -> list[str]:
    """Return the ramp's colours as "#rrggbb", from low to high."""
    return ["#" + bytes(colour.tolist()).hex() for colour in ramp(np.linspace(0.0, 1.0, steps))]
