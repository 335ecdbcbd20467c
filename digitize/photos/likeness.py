# SPDX-License-Identifier: Apache-2.0
"""Which photographs show the same thing from the same place.

Source: Zauner, "Implementation and Benchmarking of Perceptual Image Hash Functions", 2010 (the hash by cosine transform).
"""

import numpy as np

from digitize.mesh import Singles

_SIDE, _KEPT = 32, 8
_NEAR, _ALIKE = 10, 0.99


def perceptual_hash(grey: Singles) -> int:
    """Return 64 bits that change little when a picture (h, w) is scaled, brightened or compressed."""
    from scipy.fft import dctn

    low = dctn(reduced(grey, _SIDE), norm="ortho")[:_KEPT, :_KEPT].ravel()
    bits = low > np.median(low[1:])
    return int.from_bytes(np.packbits(bits).tobytes(), "big")


def reduced(grey: Singles, side: int) -> Singles:
    """Average a picture (h, w) down to (side, side)."""
    from PIL import Image

    small = Image.fromarray(grey.astype(np.float32), mode="F").resize((side, side), Image.Resampling.BOX)
    return np.asarray(small, dtype=np.float32)


def alike(hashes: list[int], small: Singles) -> dict[int, int]:
    """Map each later photograph to the first one that shows the same from the same place.

    Parameters
    ----------
    small : (n, s, s) the pictures, reduced. A hash alone would take two sides of a round cup for one.
    """
    flat = small.reshape(len(small), -1).astype(np.float64)
    flat = flat - flat.mean(axis=1, keepdims=True)
    flat /= np.maximum(np.linalg.norm(flat, axis=1, keepdims=True), 1e-9)
    found: dict[int, int] = {}
    for later in range(len(hashes)):
        for first in range(later):
            if first in found or (hashes[first] ^ hashes[later]).bit_count() > _NEAR:
                continue
            if float(flat[first] @ flat[later]) >= _ALIKE:
                found[later] = first
                break
    return found
