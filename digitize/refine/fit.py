# SPDX-License-Identifier: Apache-2.0
"""Where points stand on a triangle surface, and the least squares that move its vertices towards them."""

from dataclasses import dataclass

import numpy as np

from digitize.mesh import Floats, Integers
from digitize.topology import face_normals

DAMPING, ROUNDS, ENOUGH = 0.05, 40, 1e-10
NO_AREA = 1e-14  # squared sine of a corner
TINY = np.finfo(np.float64).tiny


@dataclass(frozen=True)
class Crowd:
    """Points (k, 3) of the original, the face (k,) of the simplified mesh that each stands on, and its weight (k,)."""

    points: Floats
    face: Integers
    weight: Floats


@dataclass(frozen=True)
class Footing:
    """How each of k points stands in its face: (k, 3) barycentric weights, (k,) signed distance along the face's unit normal."""

    weights: Floats
    height: Floats


def stand(positions: Floats, faces: Integers, crowd: Crowd) -> Footing:
    """Drop each point onto the plane of its face; a foot outside the triangle is drawn in to its border."""
    face = crowd.face
    a, ab, ac, normal = _frames(positions, faces)
    offset = crowd.points - a[face]
    second, third = np.einsum("kd,kd->k", offset, ab[face]), np.einsum("kd,kd->k", offset, ac[face])
    inside = [np.maximum(weight, 0.0) for weight in (1.0 - second - third, second, third)]
    weights = np.stack(inside, axis=1) / (inside[0] + inside[1] + inside[2])[:, None]
    return Footing(weights, np.einsum("kd,kd->k", offset, normal[face]))


def _frames(positions: Floats, faces: Integers) -> tuple[Floats, Floats, Floats, Floats]:
    """Return each face's first corner, the dual vectors that read the weights of its second and third, and its unit normal."""
    a, b, c = (positions[faces[:, corner]] for corner in range(3))
    e, f = b - a, c - a
    ee, ef, ff = (np.einsum("md,md->m", p, q) for p, q in ((e, e), (e, f), (f, f)))
    area = ee * ff - ef * ef
    sound = area > NO_AREA * ee * ff
    scale = np.where(sound, 1.0, 0.0) / np.where(sound, area, 1.0)  # in a face without area all stand on the first corner
    first = (ff * scale)[:, None] * e - (ef * scale)[:, None] * f
    second = (ee * scale)[:, None] * f - (ef * scale)[:, None] * e
    return a, first, second, unit(np.cross(e, f))


def unit(vectors: Floats) -> Floats:
    """Scale vectors to length one; a null vector stays null."""
    length = np.sqrt(np.einsum("...d,...d->...", vectors, vectors))[..., None]
    scaled: Floats = vectors / np.where(length > 0.0, length, 1.0)
    return scaled


def vertex_normals(positions: Floats, faces: Integers) -> Floats:
    """Return each vertex's area-weighted unit normal: (v, 3)."""
    flat = np.repeat(face_normals(positions, faces), 3, axis=0)
    return unit(np.stack([np.bincount(faces.ravel(), weights=flat[:, axis], minlength=len(positions)) for axis in range(3)], axis=1))


def moves(positions: Floats, faces: Integers, crowd: Crowd, footing: Footing) -> Floats:
    """Return how far each vertex goes along its normal: (v,) in the positions' unit.

    Minimises the weighted sum of squared heights of the points over the moved surface, each foot fixed in its triangle,
    plus `DAMPING` times the mean weight of a vertex times the squared move.
    Source: Hoppe et al., "Mesh optimization", 1993, §4.1 (the projection held fixed, then a sparse linear least squares).
    """
    from scipy.sparse import coo_matrix, diags_array

    normals = vertex_normals(positions, faces)
    tilt = np.einsum("mcd,md->mc", normals[faces], unit(face_normals(positions, faces)))
    right, left = _moments(crowd, footing, len(faces))
    count = len(positions)
    rows, columns = np.repeat(faces, 3, axis=1).ravel(), np.tile(faces, (1, 3)).ravel()
    matrix = coo_matrix(((left * tilt[:, :, None] * tilt[:, None, :]).ravel(), (rows, columns)), shape=(count, count)).tocsr()
    matrix = matrix + diags_array(np.full(count, DAMPING * crowd.weight.sum() / count))
    wanted: Floats = np.bincount(faces.ravel(), weights=(right * tilt).ravel(), minlength=count).astype(np.float64)
    return solve(matrix, wanted)[:, None] * normals


def _moments(crowd: Crowd, footing: Footing, faces: int) -> tuple[Floats, Floats]:
    """Sum over each face's points: weight times barycentric times height (m, 3), and the products of barycentrics (m, 3, 3)."""
    right, left = np.empty((faces, 3)), np.empty((faces, 3, 3))
    for one in range(3):
        own = crowd.weight * footing.weights[:, one]
        right[:, one] = np.bincount(crowd.face, weights=own * footing.height, minlength=faces)
        for two in range(one, 3):
            left[:, one, two] = left[:, two, one] = np.bincount(crowd.face, weights=own * footing.weights[:, two], minlength=faces)
    return right, left


def solve(matrix: object, wanted: Floats) -> Floats:
    """Solve a symmetric positive definite system by conjugate gradients with its diagonal as preconditioner.

    Written out because its sums must run in one order on every machine and with any number of threads.
    Source: Shewchuk, "An introduction to the conjugate gradient method without the agonizing pain", 1994, §B3.
    """
    scale = 1.0 / matrix.diagonal()  # type: ignore[attr-defined]
    found = np.zeros_like(wanted)
    rest = wanted.copy()
    step = scale * rest
    size = first = float(np.sum(rest * step))
    for _round in range(ROUNDS):
        if size <= ENOUGH * first or size <= TINY:
            break
        along = matrix @ step  # type: ignore[operator]
        length = size / float(np.sum(step * along))
        found += length * step
        rest -= length * along
        better = scale * rest
        size, before = float(np.sum(rest * better)), size
        step = better + (size / before) * step
    return found
