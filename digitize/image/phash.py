# SPDX-License-Identifier: Apache-2.0
"""A perceptual hash: pictures that look alike have hashes that differ in few bits.

Source: C. Zauner, Implementation and Benchmarking of Perceptual Image Hash Functions (2010) §3.2.1 (DCT based hash).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

SIDE, _KEPT = 32, 8
BITS = 64


def of(grey: NDArray[Any]) -> str:
    """Hash a picture.

    Parameters
    ----------
    grey
        Its luma (32, 32), any scale.

    Returns
    -------
    64 bits as 16 hexadecimal digits, the lowest frequencies first.
    """
    if grey.shape != (SIDE, SIDE):
        raise ValueError(grey.shape)
    place = np.arange(SIDE)
    waves = np.cos(np.pi * np.outer(np.arange(1, _KEPT + 1), 2 * place + 1) / (2 * SIDE))
    # Rounded, so that equal coefficients stay equal whatever order the machine adds in.
    low = np.round(waves @ grey.astype(np.float64) @ waves.T, 6).ravel()
    bits = low > np.median(low)
    return f"{int(''.join('1' if bit else '0' for bit in bits), 2):016x}"


def distance(one: str, other: str) -> int:
    """Count the bits in which two hashes differ: 0 to 64; below about 10 the pictures look alike."""
    return (int(one, 16) ^ int(other, 16)).bit_count()
