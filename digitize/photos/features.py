# SPDX-License-Identifier: Apache-2.0
"""Points of a photograph that another one of the same object may show too, and what they look like.

Source: Brown, Szeliski and Winder, "Multi-image matching using multi-scale oriented patches", CVPR 2005.
"""

from dataclasses import dataclass

import numpy as np

from digitize.mesh import Floats, Singles

SIDE = 640  # pixels of the longer side on which features are looked for
COUNT = 600
_SCALES = 4
_STEP = 2**0.5
_PATCH, _SPACING = 8, 3.0  # samples a side; pixels between them
_BORDER = 16
_WHOLE = 96  # descriptors are whole numbers: their products are exact in single precision, in any order
_CELLS = 6


@dataclass(frozen=True, slots=True)
class Features:
    """Places (n, 2) as x, y in pixels of the reduced picture, strongest first; descriptors (n, 64) of whole numbers."""

    places: Floats
    descriptors: Singles
    width: int
    height: int


def features(grey: Singles) -> Features:
    """Find up to `COUNT` features of a grey picture (h, w), at most `SIDE` pixels a side."""
    from scipy.ndimage import gaussian_filter, zoom

    height, width = grey.shape
    places, looks, strengths = list[Floats](), list[Singles](), list[Floats]()
    level, scale = grey, 1.0
    for _ in range(_SCALES):
        if min(level.shape) < 4 * _BORDER:
            break
        smooth = gaussian_filter(level, 1.0)
        corner, strength = _corners(smooth)
        look = _descriptors(gaussian_filter(level, 2.0), smooth, corner)
        places.append(corner * scale)
        looks.append(look)
        strengths.append(strength)
        level, scale = zoom(smooth, 1 / _STEP, order=1, grid_mode=True, mode="nearest"), scale * _STEP
    if not places:
        return Features(np.zeros((0, 2)), np.zeros((0, _PATCH**2), dtype=np.float32), width, height)
    chosen = _spread(np.concatenate(places), np.concatenate(strengths), (width, height))
    return Features(np.concatenate(places)[chosen], np.concatenate(looks)[chosen], width, height)


def _corners(smooth: Singles) -> tuple[Floats, Floats]:
    """Find the local maxima of the harmonic corner strength: (n, 2) x, y and (n,)."""
    from scipy.ndimage import gaussian_filter, maximum_filter

    down, across = np.gradient(smooth)
    xx, yy, xy = (gaussian_filter(part, 1.5) for part in (across * across, down * down, across * down))
    strength = (xx * yy - xy * xy) / (xx + yy + 1e-6)
    peak = (strength == maximum_filter(strength, 7)) & (strength > 1.0)
    peak[:_BORDER] = peak[-_BORDER:] = peak[:, :_BORDER] = peak[:, -_BORDER:] = False
    rows, columns = np.nonzero(peak)
    return np.stack([columns, rows], axis=1).astype(np.float64), strength[rows, columns].astype(np.float64)


def _descriptors(blurred: Singles, smooth: Singles, corner: Floats) -> Singles:
    """Sample a patch around each corner, turned to its slope, and bring it to mean zero and equal length: (n, 64)."""
    from scipy.ndimage import gaussian_filter, map_coordinates

    if not len(corner):
        return np.zeros((0, _PATCH**2), dtype=np.float32)
    coarse = gaussian_filter(smooth, 4.0)
    slope = np.gradient(coarse)
    x, y = corner.astype(np.intp).T
    angle = np.arctan2(slope[0][y, x], slope[1][y, x]).astype(np.float64)
    line = (np.arange(_PATCH) - (_PATCH - 1) / 2) * _SPACING
    right, down = (part.ravel() for part in np.meshgrid(line, line))
    cos, sin = np.cos(angle)[:, None], np.sin(angle)[:, None]
    where = np.stack([corner[:, 1:] + sin * right + cos * down, corner[:, :1] + cos * right - sin * down])
    look = map_coordinates(blurred, where, order=1, mode="nearest").astype(np.float64)
    look -= look.mean(axis=1, keepdims=True)
    look /= np.maximum(np.linalg.norm(look, axis=1, keepdims=True), 1e-6)
    return np.rint(look * _WHOLE).astype(np.float32)


def _spread(places: Floats, strength: Floats, size: tuple[int, int]) -> np.ndarray:
    """Choose the strongest features, but from all parts of the picture: each cell gives its best ones in turn."""
    cell = np.minimum((places / np.array(size) * _CELLS).astype(np.intp), _CELLS - 1)
    number = cell[:, 1] * _CELLS + cell[:, 0]
    order = np.lexsort((places[:, 0], places[:, 1], -strength))
    rank = np.empty(len(places), dtype=np.intp)
    for own in range(_CELLS**2):
        mine = order[number[order] == own]
        rank[mine] = np.arange(len(mine))
    return np.lexsort((places[:, 0], places[:, 1], -strength, rank))[:COUNT]
