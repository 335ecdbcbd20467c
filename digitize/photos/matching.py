# SPDX-License-Identifier: Apache-2.0
"""How many features two photographs share in a way that one rigid scene can explain: an estimate of their overlap.

Source: Lowe 2004 (the ratio test); Hartley 1997 (the normalised eight-point algorithm); Fischler and Bolles 1981 (RANSAC);
Hartley and Zisserman, "Multiple View Geometry", §11.4 (Sampson distance).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from digitize.mesh import Floats
from digitize.photos.features import Features

LEAST = 16  # shared features from which two photographs count as overlapping
_RATIO = 0.85
_TRIES = 300
_TOLERANCE = 2.5  # pixels of the reduced picture
_FULL = 96.0**2
_SHARE = 0.3  # below this share of what looks alike, chance explains the geometry as well


@dataclass(frozen=True, slots=True)
class Pair:
    """Two photographs' shared features: alike at all, and of these in one geometry (0 where that may be chance)."""

    alike: int
    shared: int


def match(one: Features, two: Features) -> Pair:
    """Count the features that two photographs share; the same each time."""
    first, second = _alike(one, two)
    if len(first) < LEAST:
        return Pair(len(first), 0)
    shared = int(_consistent(one.places[first], two.places[second]).sum())
    return Pair(len(first), shared if shared >= max(LEAST, _SHARE * len(first)) else 0)


def _alike(one: Features, two: Features) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Pair features that are each other's best and clearly better than the second best."""
    if min(len(one.places), len(two.places)) < 2:
        return np.zeros(0, dtype=np.intp), np.zeros(0, dtype=np.intp)
    likeness = one.descriptors @ two.descriptors.T
    best = likeness.argmax(axis=1)
    rows = np.arange(len(best))
    top = likeness[rows, best].copy()
    back = likeness.argmax(axis=0)
    likeness[rows, best] = -np.inf
    next_ = likeness.max(axis=1)
    # Distances of vectors of one length follow from their products.
    ratio = np.sqrt(np.maximum(_FULL - top, 0.0)) < _RATIO * np.sqrt(np.maximum(_FULL - next_, 1e-9))
    keep = (back[best] == rows) & ratio
    return rows[keep], best[keep]


def _consistent(one: Floats, two: Floats) -> NDArray[np.bool_]:
    """Find the largest set of pairs (n, 2) that agrees with one fundamental matrix."""
    a, to_a = _normalised(one)
    b, to_b = _normalised(two)
    random = np.random.Generator(np.random.PCG64(7))
    chosen = np.argsort(random.random((_TRIES, len(a))), axis=1)[:, :8]
    rows = _equations(a[chosen], b[chosen])
    matrices = np.linalg.svd(rows, full_matrices=True)[2][:, -1].reshape(-1, 3, 3)
    matrices = to_b.T @ _singular(matrices) @ to_a
    best = max(range(_TRIES), key=lambda number: (int(_near(matrices[number], one, two).sum()), -number))
    return _near(matrices[best], one, two)


def _normalised(points: Floats) -> tuple[Floats, Floats]:
    """Bring points to mean zero and mean length sqrt(2); return them as (n, 3) and the matrix that does it."""
    centre = points.mean(axis=0)
    scale = 2**0.5 / max(float(np.linalg.norm(points - centre, axis=1).mean()), 1e-9)
    matrix = np.array([[scale, 0, -scale * centre[0]], [0, scale, -scale * centre[1]], [0, 0, 1]])
    return np.column_stack([points, np.ones(len(points))]) @ matrix.T, matrix


def _equations(a: Floats, b: Floats) -> Floats:
    """Write b' F a = 0 for samples (t, 8, 3): (t, 8, 9)."""
    return (b[..., :, None] * a[..., None, :]).reshape(*a.shape[:-1], 9)


def _singular(matrices: Floats) -> Floats:
    """Bring matrices (t, 3, 3) to rank two."""
    left, values, right = np.linalg.svd(matrices)
    values[:, 2] = 0
    return np.asarray(left * values[:, None, :] @ right)


def _near(matrix: Floats, one: Floats, two: Floats) -> NDArray[np.bool_]:
    """Tell which pairs lie within the tolerance of each other's epipolar lines (Sampson)."""
    a, b = (np.column_stack([points, np.ones(len(points))]) for points in (one, two))
    line_b, line_a = a @ matrix.T, b @ matrix
    off = np.einsum("nd,nd->n", b, line_b) ** 2
    length = line_b[:, 0] ** 2 + line_b[:, 1] ** 2 + line_a[:, 0] ** 2 + line_a[:, 1] ** 2
    return np.asarray(off <= _TOLERANCE**2 * np.maximum(length, 1e-30))
