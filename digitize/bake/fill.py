# SPDX-License-Identifier: Apache-2.0
"""Texels that no triangle covers: filled from their neighbours, so that no filter and no smaller picture brings in a foreign colour."""

import numpy as np
from numpy.typing import NDArray

from digitize.mesh import Singles


def fill(image: Singles, known: NDArray[np.bool_]) -> Singles:
    """Fill the unknown texels of (h, w, c) with averages of the known ones near them.

    Source: Gortler et al., "The Lumigraph", 1996, §3.4.1 (push-pull).
    """
    if known.all() or not known.any():
        return image
    height, width = known.shape
    padded = np.zeros((height + height % 2, width + width % 2, image.shape[2]), dtype=np.float32)
    weight = np.zeros(padded.shape[:2], dtype=np.float32)
    weight[:height, :width] = known
    padded[:height, :width] = image * known[..., None]
    total = _quarter(weight)
    mean = _quarter(padded) / np.maximum(total, np.float32(0.25))[..., None]
    coarse = fill(np.asarray(mean, dtype=np.float32), total > 0)
    result = image.copy()
    rows, columns = np.nonzero(~known)
    result[rows, columns] = coarse[rows // 2, columns // 2]
    return result


def _quarter(values: Singles) -> Singles:
    """Sum 2 x 2 neighbours."""
    return np.asarray(values[0::2, 0::2] + values[1::2, 0::2] + values[0::2, 1::2] + values[1::2, 1::2])
