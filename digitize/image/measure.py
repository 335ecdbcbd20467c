# SPDX-License-Identifier: Apache-2.0
"""How far a copy's colours lie from the original's.

Source: CIE 142-2001 and ISO/CIE 11664-6 (CIEDE2000), computed by libvips; PSNR over the three channels of sRGB.
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

from digitize.image.colour import Managed, lab_of, lab_of_srgb, split
from digitize.image.decode import Picture, vips

# A copy without any difference: a number is easier to compare than infinity, and JSON has none.
BEST = 100.0


def copy_error(picture: Picture, small: Any, srgb: Any, by: Managed, path: Path) -> dict[str, Any]:
    """Compare a written web copy with the original at the same size.

    Parameters
    ----------
    small
        The original in its own colours at the copy's size.
    srgb
        The same brought to sRGB, before it was compressed.

    Returns
    -------
    ``delta_e_mean``, ``delta_e_p99``, ``delta_e_max``: CIEDE2000 between the original in L*a*b* and the copy, over every pixel;
    ``psnr``: dB, between the colour-managed original and the copy; at most 100.
    """
    copy = vips().Image.webpload(str(path))
    difference = lab_of(picture, small, by).dE00(lab_of_srgb(copy))
    alpha = split(picture, small)[1]
    if alpha is not None:
        difference = (alpha > 0).ifthenelse(difference, 0)
    squares = ((srgb.extract_band(0, n=3).cast("float") - copy.extract_band(0, n=3).cast("float")) ** 2).avg()
    return {**spread(difference), "psnr": BEST if not squares else round(min(BEST, 10 * math.log10(255**2 / squares)), 2)}


def spread(difference: Any) -> dict[str, Any]:
    """State mean, 99th percentile and greatest of an image of differences."""
    import numpy as np

    values = np.sort(difference.numpy().ravel().astype(np.float64))
    return {
        "delta_e_mean": round(float(values.mean()), 3),
        "delta_e_p99": round(float(values[min(len(values) - 1, int(0.99 * len(values)))]), 3),
        "delta_e_max": round(float(values[-1]), 3),
    }
