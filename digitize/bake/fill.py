# SPDX-License-Identifier: Apache-2.0
"""Texels that no triangle covers: filled from their neighbours, so that no filter and no smaller picture brings in a foreign colour."""

import numpy as np
from numpy.typing import NDArray

from digitize.mesh import Singles


def fill(image: Singles, known: NDArray[np.bool_]) -> Singles:
    """Fill the unknown texels of (h, w, c), which are zero, with averages of the known ones near them; the picture itself changes.

    Source: Gortler et al., "The Lumigraph", 1996, §3.4.1 (push-pull).
    """
    if known.all() or not known.any():
        return image
    total = _quarter(known[..., None].astype(np.float32))
    mean = _quarter(image)
    mean /= np.maximum(total, np.float32(0.25))
    coarse = fill(mean, total[..., 0] > 0)
    rows, columns = np.nonzero(~known)
    image[rows, columns] = coarse[rows // 2, columns // 2]
    return image


def _quarter(values: Singles) -> Singles:
    """Sum 2 x 2 neighbours; beyond the edges there is nothing."""
    height, width = values.shape[:2]
    result = values[0::2, 0::2].copy()
    result[: height // 2] += values[1::2, 0::2]
    result[:, : width // 2] += values[0::2, 1::2]
    result[: height // 2, : width // 2] += values[1::2, 1::2]
    return result
