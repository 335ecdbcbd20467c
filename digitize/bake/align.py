# SPDX-License-Identifier: Apache-2.0
"""Texture coordinates drawn to the original's: after simplifying, the map slides back to where it was on the surface."""

from dataclasses import replace
from typing import Any

import numpy as np

from digitize.measure.closest import Surface
from digitize.measure.sample import by_area
from digitize.mesh import Floats, Mesh

POINTS, SEED = 4, 7_003  # for each triangle
_MOST = 400_000
_DAMPING, _ROUNDS = 0.03, 15
_JUMP = 1 / 256  # of the map; a closest point further off lies in another chart


def align(original: Mesh, search: Surface, level: Mesh) -> Mesh:
    """Fit a level's uv by damped least squares to the original's uv at the closest points; positions stay."""
    if original.uv is None or level.uv is None or search.budget < _MOST:
        return level
    drawn = by_area(level.positions, level.faces, min(POINTS * level.triangles, _MOST), SEED)
    near = search.closest(drawn.points)
    wanted = np.einsum("kc,kcd->kd", near.weights, original.uv[original.faces[near.face]])
    apart = wanted - np.einsum("kc,kcd->kd", drawn.weights, level.uv[level.faces[drawn.face]])
    sure = np.flatnonzero((np.abs(apart) < _JUMP).all(axis=1))
    if len(sure) == 0:
        return level
    change = _fitted(level, drawn.face[sure], drawn.weights[sure], apart[sure])
    return replace(level, uv=(level.uv + change).astype(np.float32))


def _fitted(level: Mesh, face: Any, weights: Floats, apart: Floats) -> Floats:
    """Solve the normal equations by conjugate gradients, both coordinates at once: (n, 2)."""
    from scipy.sparse import csr_matrix

    count = len(level.positions)
    rows = np.repeat(np.arange(len(face)), 3)
    matrix = csr_matrix((weights.ravel(), (rows, level.faces[face].ravel())), shape=(len(face), count))
    normal, residue = (matrix.T @ matrix).tocsr(), matrix.T @ apart
    damping = _DAMPING * len(face) / count
    change, direction = np.zeros((count, 2)), residue.copy()
    size = np.einsum("nd,nd->d", residue, residue)
    for _ in range(_ROUNDS):
        image = normal @ direction + damping * direction
        step = size / np.maximum(np.einsum("nd,nd->d", direction, image), np.finfo(np.float64).tiny)
        change += step * direction
        residue = residue - step * image
        new = np.einsum("nd,nd->d", residue, residue)
        direction = residue + new / np.maximum(size, np.finfo(np.float64).tiny) * direction
        size = new
    return np.asarray(change)
