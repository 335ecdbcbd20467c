# SPDX-License-Identifier: Apache-2.0
"""The original surface, asked by a bake: where a point of a level lies on it."""

from dataclasses import dataclass

import numpy as np

from digitize.bake.gather import interpolate
from digitize.measure.closest import Surface
from digitize.mesh import Floats, Integers, Mesh, Singles

PIECE = 1 << 18


@dataclass(frozen=True)
class Feet:
    """Points on the original: (k,) face, (k, 3) barycentric weights."""

    face: Integers
    weights: Singles


def feet(search: Surface, points: Floats, normals: Singles, reach: float) -> Feet:
    """Find the original's point for each point of a level: along its normal within `reach`, else the closest.

    `points` (k, 3) and `reach` are in the unit of the mesh.
    """
    if search.rays is None:
        return _closest(search, points)
    met = search.rays.meet(points, normals, reach)
    missed = np.flatnonzero(~met.any)
    if len(missed):
        near = _closest(search, points[missed])
        met.face[missed], met.weights[missed] = near.face, near.weights
    return Feet(met.face, met.weights)


def _closest(search: Surface, points: Floats) -> Feet:
    """Find the closest points."""
    near = search.closest(points)
    return Feet(near.face.astype(np.int32), near.weights.astype(np.float32))


def beyond(mesh: Mesh, found: Feet, points: Floats) -> Singles:
    """Return the weights (k, 3) of points on the planes of the faces found, also outside them: what lies beyond a seam."""
    corner = mesh.faces[found.face]
    a, b, c = (mesh.positions[corner[:, number]] for number in range(3))
    ab, ac, ap = b - a, c - a, points - a
    d00, d01, d11 = (np.einsum("kd,kd->k", x, y) for x, y in ((ab, ab), (ab, ac), (ac, ac)))
    d20, d21 = np.einsum("kd,kd->k", ap, ab), np.einsum("kd,kd->k", ap, ac)
    area = d00 * d11 - d01 * d01
    flat = area > 1e-12 * d00 * d11
    scale = 1.0 / np.where(flat, area, 1.0)
    v, w = (d11 * d20 - d01 * d21) * scale, (d00 * d21 - d01 * d20) * scale
    weights = np.stack([1 - v - w, v, w], axis=1)
    return np.where(flat[:, None], weights, found.weights).astype(np.float32)


def mapped(mesh: Mesh, found: Feet) -> Singles:
    """Return the original's uv (k, 2) at the points found."""
    assert mesh.uv is not None
    return interpolate(mesh.uv, mesh.faces, found.face, found.weights)
