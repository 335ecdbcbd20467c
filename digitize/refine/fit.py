# SPDX-License-Identifier: Apache-2.0
"""Where points stand on a triangle surface, and the least squares that move its vertices towards them."""

from dataclasses import dataclass

import numpy as np

from digitize.mesh import Floats, Integers
from digitize.topology import edges, face_normals

DAMPING, ROUNDS, ENOUGH = 0.05, 40, 1e-10
NO_AREA = 1e-14  # squared sine of a corner
TINY = np.finfo(np.float64).tiny


@dataclass(frozen=True)
class Crowd:
    """Points (k, 3) of the original, the face (k,) of the simplified mesh that each stands on, and its weight (k,).

    Everything here reads the points axis by axis: in Fortran's order that is twice as fast.
    """

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
    second, third, height = (over(planes, crowd) for planes in _readers(positions, faces))
    inside = [np.maximum(weight, 0.0) for weight in (1.0 - second - third, second, third)]
    total = inside[0] + inside[1] + inside[2]
    return Footing(np.stack([weight / total for weight in inside], axis=1), height)


def _readers(positions: Floats, faces: Integers) -> tuple[Floats, Floats, Floats]:
    """Return the planes that read a point's second and third weight in each face, and its height over it: (m, 4) each."""
    a, b, c = (positions[faces[:, corner]] for corner in range(3))
    e, f = b - a, c - a
    ee, ef, ff = (np.einsum("md,md->m", p, q) for p, q in ((e, e), (e, f), (f, f)))
    area = ee * ff - ef * ef
    sound = area > NO_AREA * ee * ff
    scale = np.where(sound, 1.0, 0.0) / np.where(sound, area, 1.0)  # in a face without area all stand on the first corner
    first = (ff * scale)[:, None] * e - (ef * scale)[:, None] * f
    second = (ee * scale)[:, None] * f - (ef * scale)[:, None] * e
    return planes(first, a), planes(second, a), planes(unit(face_normals(positions, faces)), a)


def planes(normals: Floats, through: Floats) -> Floats:
    """Write planes as (normal, offset): (m, 4)."""
    return np.column_stack([normals, -np.einsum("md,md->m", normals, through)])


def over(plane_of: Floats, crowd: Crowd) -> Floats:
    """Return each point's value over its own face's plane, of (m, 4): (k,).

    One axis at a time: gathering from a short column stays within the processor's cache.
    """
    value = np.take(np.ascontiguousarray(plane_of[:, 3]), crowd.face)
    for axis in range(3):
        value += crowd.points[:, axis] * np.take(np.ascontiguousarray(plane_of[:, axis]), crowd.face)
    return value


def length(vectors: Floats) -> Floats:
    """Return the lengths (m,) of vectors (m, 3); several times as fast as numpy's norm along a short axis."""
    return np.sqrt(np.einsum("md,md->m", vectors, vectors))


def unit(vectors: Floats) -> Floats:
    """Scale vectors (m, 3) to length one; a null vector stays null."""
    size = length(vectors)
    scaled: Floats = vectors / np.where(size > 0.0, size, 1.0)[:, None]
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
    normals = vertex_normals(positions, faces)
    tilt = np.einsum("mcd,md->mc", normals[faces], unit(face_normals(positions, faces)))
    right, left = _moments(crowd, footing, len(faces))
    count = len(positions)
    spring = DAMPING * float(crowd.weight.sum()) / count
    matrix = _springs(faces, left * tilt[:, :, None] * tilt[:, None, :], count, spring)
    wanted: Floats = np.bincount(faces.ravel(), weights=(right * tilt).ravel(), minlength=count).astype(np.float64)
    return solve(matrix, wanted)[:, None] * normals


@dataclass(frozen=True)
class Springs:
    """A symmetric matrix with an entry for each vertex (v,) and for each edge (e,) from `one` to `two`."""

    diagonal: Floats
    one: Integers
    two: Integers
    between: Floats

    def __matmul__(self, values: Floats) -> Floats:
        """Multiply by a vector (v,)."""
        result: Floats = self.diagonal * values
        result += np.bincount(self.one, weights=self.between * values[self.two], minlength=len(values))
        result += np.bincount(self.two, weights=self.between * values[self.one], minlength=len(values))
        return result


def _springs(faces: Integers, products: Floats, vertices: int, spring: float) -> Springs:
    """Add up the faces' products (m, 3, 3) over their vertices and edges, `spring` on the diagonal."""
    ring, corner = edges(faces), faces.ravel()
    first = ring.order[np.cumsum(ring.uses) - 1]
    following = np.stack([products[:, 0, 1], products[:, 1, 2], products[:, 2, 0]], axis=1)
    diagonal: Floats = np.full(vertices, spring)
    diagonal += np.bincount(corner, weights=np.einsum("mcc->mc", products).ravel(), minlength=vertices)
    between: Floats = np.bincount(ring.of_corner, weights=following.ravel(), minlength=len(ring.uses)).astype(np.float64)
    return Springs(diagonal, corner[first], np.roll(faces, -1, axis=1).ravel()[first], between)


def _moments(crowd: Crowd, footing: Footing, faces: int) -> tuple[Floats, Floats]:
    """Sum over each face's points: weight times barycentric times height (m, 3), and the products of barycentrics (m, 3, 3)."""
    right, left = np.empty((faces, 3)), np.empty((faces, 3, 3))
    for one in range(3):
        own = crowd.weight * footing.weights[:, one]
        right[:, one] = np.bincount(crowd.face, weights=own * footing.height, minlength=faces)
        for two in range(one, 3):
            left[:, one, two] = left[:, two, one] = np.bincount(crowd.face, weights=own * footing.weights[:, two], minlength=faces)
    return right, left


def solve(matrix: Springs, wanted: Floats) -> Floats:
    """Solve a symmetric positive definite system by conjugate gradients with its diagonal as preconditioner.

    Written out because its sums must run in one order on every machine and with any number of threads.
    Source: Shewchuk, "An introduction to the conjugate gradient method without the agonizing pain", 1994, §B3.
    """
    scale = 1.0 / matrix.diagonal
    found = np.zeros_like(wanted)
    rest = wanted.copy()
    step = scale * rest
    size = first = float(np.sum(rest * step))
    for _round in range(ROUNDS):
        if size <= ENOUGH * first or size <= TINY:
            break
        along = matrix @ step
        stride = size / float(np.sum(step * along))
        found += stride * step
        rest -= stride * along
        better = scale * rest
        size, before = float(np.sum(rest * better)), size
        step = better + (size / before) * step
    return found
