# SPDX-License-Identifier: Apache-2.0
"""Edges flipped where the other diagonal of a quadrilateral lies closer to the original's points."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from digitize.mesh import Floats, Integers, Singles
from digitize.refine.fit import TINY, Crowd, length, over, planes, unit
from digitize.topology import edges, face_normals

WORTH = 0.98  # of the squared error of the two faces: above that a flip is noise
FOLD = 0.5  # cosine between each of the four faces and their quadrilateral's normal, at least
GAP = 4.0  # root mean squares of height that a flip may move the surface: few points stand there to object
SLIVER = 0.02  # of the quadrilateral's area, at least, for each new face
Indices = NDArray[np.intp]


@dataclass(frozen=True)
class Seats:
    """What the flips must not tear: (3m,) the vertex of each corner before welding, (m,) material, (n, 2) uv or None."""

    vertex: Integers
    material_of: Integers
    uv: Singles | None


@dataclass(frozen=True)
class Quads:
    """Pairs of faces that could swap their common edge.

    Attributes
    ----------
    corners : (q, 4) places among the 3m corners: the edge's ends a, b as the first face has them, then the corner
        opposite in the first face, c, and in the second, d.
    faces : (q, 2) the first and second face.
    """

    corners: Indices
    faces: Indices


@dataclass(frozen=True)
class Planes:
    """Of each quadrilateral: the plane that parts its new faces, positive towards a, and theirs as heights along its normal; (q, 4) each."""

    side: Floats
    first: Floats
    second: Floats


def flip(positions: Floats, faces: Integers, seats: Seats, crowd: Crowd) -> tuple[Indices, Crowd]:
    """Flip, never two in one face, the edges whose flip lowers the weighted squared height of the points.

    Parameters
    ----------
    positions : (v, 3), best within the unit cube. faces : (m, 3) over welded vertices.

    Returns
    -------
    The places among the 3m corners that make up the new faces, (m, 3), and the points on their new faces.
    """
    flat = face_normals(positions, faces)
    quads = _convex(positions, flat, faces, _unseamed(_pairs(faces), seats))
    squares = _squares(positions, flat, faces, crowd)
    quads = _take(quads, _gap(positions, faces, quads) < GAP * np.sqrt(squares.sum() / max(float(crowd.weight.sum()), TINY)))
    parted = _parted(positions, flat, faces, quads)
    before, after = _before(squares, flat, quads), _after(parted, quads, crowd, len(faces))
    chosen = _independent(np.where(after < WORTH * before, before - after, 0.0), quads, faces)
    flips = Quads(quads.corners[chosen], quads.faces[chosen])
    return _turned(flips, len(faces)), replace(crowd, face=_settled(flips, parted.side[chosen], crowd, len(faces)))


def _pairs(faces: Integers) -> Quads:
    """Find the edges between two faces that run opposite ways, and whose flip would not make an edge that is there."""
    ring = edges(faces)
    ends = np.cumsum(ring.uses)
    inner = np.flatnonzero((ring.uses == 2) & (ring.balance == 0))
    one, two = ring.order[ends[inner] - 2], ring.order[ends[inner] - 1]
    corners = np.stack([one, _next(one), _next(_next(one)), _next(_next(two))], axis=1)
    flat, first = faces.ravel(), ring.order[ends - 1]
    there = _keys(flat[first], flat[_next(first)])  # ascending, as the edges are
    wanted = _keys(flat[corners[:, 2]], flat[corners[:, 3]])
    place = np.minimum(np.searchsorted(there, wanted), len(there) - 1)
    free = (there[place] != wanted) & (flat[corners[:, 2]] != flat[corners[:, 3]])
    return Quads(corners[free], np.stack([one // 3, two // 3], axis=1)[free])


def _keys(start: Integers, end: Integers) -> NDArray[np.int64]:
    """Name undirected edges by one number each."""
    return np.minimum(start, end).astype(np.int64) << np.int64(32) | np.maximum(start, end)


def _next(corner: Indices) -> Indices:
    """Return the corner that follows each within its face."""
    return corner + np.where(corner % 3 == 2, -2, 1)


def _take(quads: Quads, keep: NDArray[np.bool_]) -> Quads:
    """Keep some quadrilaterals."""
    return Quads(quads.corners[keep], quads.faces[keep])


def _unseamed(quads: Quads, seats: Seats) -> Quads:
    """Leave out the edges that are seams or part materials, and the flips that would fold the uv over."""
    b_there = _next(quads.corners[:, 3])  # the second face runs d, b, a
    keep = seats.vertex[quads.corners[:, 0]] == seats.vertex[_next(b_there)]
    keep &= seats.vertex[quads.corners[:, 1]] == seats.vertex[b_there]
    keep &= seats.material_of[quads.faces[:, 0]] == seats.material_of[quads.faces[:, 1]]
    quads = _take(quads, keep)
    if seats.uv is None:
        return quads
    a, b, c, d = (seats.uv[seats.vertex[quads.corners[:, corner]]].astype(np.float64) for corner in range(4))
    turns = np.sign([_turn(a, b, c), _turn(b, a, d), _turn(a, d, c), _turn(b, c, d)])
    return _take(quads, (turns == turns[0]).all(axis=0))


def _turn(a: Floats, b: Floats, c: Floats) -> Floats:
    """Return twice the signed area of triangles in the plane."""
    along, up = b - a, c - a
    area: Floats = along[:, 0] * up[:, 1] - along[:, 1] * up[:, 0]
    return area


def _convex(positions: Floats, flat: Floats, faces: Integers, quads: Quads) -> Quads:
    """Leave out folded and concave quadrilaterals, and flips that would make slivers."""
    a, b, c, d = _corners(positions, faces, quads)
    pair = flat[quads.faces[:, 0]], flat[quads.faces[:, 1]]
    middle = unit(pair[0] + pair[1])
    every = (*pair, np.cross(d - a, c - a), np.cross(c - b, d - b))
    sizes = [length(normal) for normal in every]
    keep = np.logical_and.reduce([_dot(normal, middle) > FOLD * size for normal, size in zip(every, sizes, strict=True)])
    return _take(quads, keep & (np.minimum(sizes[2], sizes[3]) > SLIVER * (sizes[0] + sizes[1])))


def _corners(positions: Floats, faces: Integers, quads: Quads) -> tuple[Floats, ...]:
    """Return the four corners' positions, (q, 3) each."""
    return tuple(positions[faces.ravel()[quads.corners[:, corner]]] for corner in range(4))


def _gap(positions: Floats, faces: Integers, quads: Quads) -> Floats:
    """Return how far the two diagonals of each quadrilateral pass each other: (q,)."""
    a, b, c, d = _corners(positions, faces, quads)
    between: Floats = np.abs(_dot(c - a, unit(np.cross(b - a, d - c))))
    return between


def _squares(positions: Floats, flat: Floats, faces: Integers, crowd: Crowd) -> Floats:
    """Sum the weighted squared heights of each face's points: (m,)."""
    height = over(planes(unit(flat), positions[faces[:, 0]]), crowd)
    sums: Floats = np.bincount(crowd.face, weights=crowd.weight * height * height, minlength=len(faces)).astype(np.float64)
    return sums


def _dot(one: Floats, two: Floats) -> Floats:
    """Multiply vectors row by row."""
    product: Floats = np.einsum("qd,qd->q", one, two)
    return product


def _parted(positions: Floats, flat: Floats, faces: Integers, quads: Quads) -> Planes:
    """Set up the planes of every flip."""
    a, b, c, d = _corners(positions, faces, quads)
    middle = unit(flat[quads.faces[:, 0]] + flat[quads.faces[:, 1]])
    side, first, second = np.cross(d - c, middle), np.cross(d - a, c - a), np.cross(c - b, d - b)
    return Planes(
        planes(side * np.sign(_dot(side, a - c))[:, None], c),
        planes(first / _dot(first, middle)[:, None], a),
        planes(second / _dot(second, middle)[:, None], b),
    )


def _before(squares: Floats, flat: Floats, quads: Quads) -> Floats:
    """Sum the squared heights of each quadrilateral's points over its faces as they are, along its normal: (q,)."""
    normal, (one, two) = unit(flat), quads.faces.T
    middle = unit(flat[one] + flat[two])
    both: Floats = squares[one] / _dot(normal[one], middle) ** 2 + squares[two] / _dot(normal[two], middle) ** 2
    return both


def _after(parted: Planes, quads: Quads, crowd: Crowd, faces: int) -> Floats:
    """Sum the squared heights of each quadrilateral's points over its new faces: (q,)."""
    # Single precision within the unit cube is a hundredth of the error of any level worth making, at half the time.
    table = np.stack([parted.side, parted.first, parted.second], axis=1).astype(np.float32)
    at = np.ones((len(crowd.points), 4), dtype=np.float32)
    at[:, :3] = crowd.points
    pair_of = np.full(3 * faces, -1, dtype=np.int32)
    pair_of[quads.corners[:, 0]] = pair_of[_next(quads.corners[:, 3])] = np.arange(len(quads.faces))
    pairs, total = pair_of.reshape(-1, 3)[crowd.face], np.zeros(len(quads.faces))
    for pair in pairs.T:
        own = np.flatnonzero(pair >= 0)
        side, first, second = np.einsum("kd,ksd->sk", at[own], table[pair[own]])
        height = np.where(side > 0.0, first, second).astype(np.float64)
        total += np.bincount(pair[own], weights=crowd.weight[own] * height * height, minlength=len(total))
    return total


def _independent(gain: Floats, quads: Quads, faces: Integers) -> Indices:
    """Choose the flips that gain most in both their faces, so that no face is changed twice and no edge made twice."""
    best = np.zeros(len(faces))
    for own in quads.faces.T:
        np.maximum.at(best, own, gain)
    chosen = np.flatnonzero((gain > 0.0) & (gain == best[quads.faces[:, 0]]) & (gain == best[quads.faces[:, 1]]))
    ends = faces.ravel()[quads.corners[chosen]]
    chosen = chosen[np.unique(_keys(ends[:, 2], ends[:, 3]), return_index=True)[1]]
    # Two quadrilaterals of equal gain may still share a face: the first of them stays.
    order = quads.faces[chosen].ravel()
    alone = np.isin(np.arange(len(order)), np.unique(order, return_index=True)[1]).reshape(-1, 2).all(axis=1)
    return chosen[alone]


def _turned(flips: Quads, faces: int) -> Indices:
    """Give the corners of the faces after the flips: (m, 3)."""
    made = np.arange(3 * faces).reshape(-1, 3)
    a, b, c, d = flips.corners.T
    made[flips.faces[:, 0]], made[flips.faces[:, 1]] = np.stack([a, d, c], axis=1), np.stack([b, c, d], axis=1)
    return made


def _settled(flips: Quads, side: Floats, crowd: Crowd, faces: int) -> Integers:
    """Give each point the face on its side of the new edge: (k,)."""
    flip_of = np.full(faces, -1, dtype=np.intp)
    flip_of[flips.faces] = np.arange(len(flips.faces))[:, None]
    own = np.flatnonzero(flip_of[crowd.face] >= 0)
    which = flip_of[crowd.face[own]]
    first = _dot(crowd.points[own], side[which, :3]) + side[which, 3] > 0.0
    face = crowd.face.copy()
    face[own] = np.where(first, flips.faces[which, 0], flips.faces[which, 1])
    return face
