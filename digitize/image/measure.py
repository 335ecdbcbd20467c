# SPDX-License-Identifier: Apache-2.0
"""How far a copy's colours lie from the original's.

Source: ISO/CIE 11664-6 (CIEDE2000), computed by libvips; PSNR over the three channels of sRGB.
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from digitize.image.colour import Managed, lab_of, lab_of_srgb, split
from digitize.image.decode import Picture, vips

OFF = 30
# Members that every derivative's error has; of a flat picture there is no distance between surfaces.
NOT_MEASURED = dict.fromkeys(("mean", "max", "mean_relative", "max_relative", "unit"))
_ROWS = 64


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
    `pixels_apart` between the colour-managed original and the copy, and ``delta_e_mean``, ``delta_e_p99``, ``delta_e_max``:
    CIEDE2000 between the original in L*a*b* and the copy, over every pixel that is not transparent.
    """
    copy = vips().Image.webpload(str(path))
    difference = lab_of(picture, small, by).dE00(lab_of_srgb(copy))
    alpha = split(picture, small)[1]
    if alpha is not None:
        difference = (alpha > 0).ifthenelse(difference, 0)
    return {**pixels_apart(srgb.numpy()[..., :3], copy.numpy()[..., :3]), **spread(difference.numpy())}


def pixels_apart(one: NDArray[np.uint8], other: NDArray[np.uint8]) -> dict[str, Any]:
    """Compare two pictures (rows, columns, 3) of eight bits.

    Returns
    -------
    ``colour_psnr`` (dB; None where nothing differs), ``colour_mae`` (of 255), ``colour_off``: the share of pixels of which a
    channel is off by more than 30; and the members of `NOT_MEASURED`.
    """
    squares = total = off = 0
    for row in range(0, len(one), _ROWS):
        part = slice(row, row + _ROWS)
        apart = np.maximum(one[part], other[part]) - np.minimum(one[part], other[part])
        squares += int(np.square(apart, dtype=np.uint16).sum(dtype=np.uint64))
        total += int(apart.sum(dtype=np.uint64))
        off += int((apart.max(axis=-1) > OFF).sum())
    return {
        **NOT_MEASURED,
        "colour_psnr": round(10 * math.log10(255**2 * one.size / squares), 2) if squares else None,
        "colour_mae": round(total / one.size, 3),
        "colour_off": round(off / (one.size // 3), 6),
    }


def spread(difference: NDArray[Any]) -> dict[str, Any]:
    """State mean, 99th percentile and greatest of many differences."""
    values = np.sort(difference.ravel().astype(np.float64))
    return {
        "delta_e_mean": round(float(values.mean()), 3),
        "delta_e_p99": round(float(values[min(len(values) - 1, int(0.99 * len(values)))]), 3),
        "delta_e_max": round(float(values[-1]), 3),
    }
