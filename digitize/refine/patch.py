# SPDX-License-Identifier: Apache-2.0
"""A few more vertices where a simplified mesh lies furthest from its original: a mean hides them, a Hausdorff distance does not."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from digitize.mesh import Floats, Integers, Mesh
from digitize.refine.fit import Crowd, Footing
from digitize.refine.flips import Seats, flip

SHARE = 0.001  # of the faces may get a vertex of their own
FAR = 3.5  # root mean squares away, at least
INSIDE = 0.1  # the least weight of a corner: a vertex nearer to an edge would make slivers, one beyond it folds
ROUNDS = 2  # of flips around the new vertices
Indices = NDArray[np.intp]


@dataclass(frozen=True)
class Cloth:
    """A mesh in hand: as it is, and over welded vertices (positions (v, 3), faces (m, 3)); the points on its faces."""

    mesh: Mesh
    positions: Floats
    faces: Integers
    crowd: Crowd


def spots(faces: int) -> int:
    """Return how many of so many faces may get a vertex; each adds two faces."""
    return int(SHARE * faces)


def patch(cloth: Cloth, footing: Footing) -> Cloth:
    """Give the faces with the furthest points a vertex there, and flip the edges around."""
    faces, crowd = cloth.faces, cloth.crowd
    chosen = _worst(crowd, footing, spots(len(faces)))
    if len(chosen) == 0:
        return cloth
    own, weights = crowd.face[chosen], footing.weights[chosen]
    marked = np.zeros(len(cloth.positions) + len(chosen), dtype=bool)
    marked[np.unique(faces[own])] = True
    cloth = Cloth(
        _with_vertices(cloth.mesh, own, weights, crowd.points[chosen]),
        np.concatenate([cloth.positions, crowd.points[chosen]]),
        _split(faces, own, len(cloth.positions)),
        replace(crowd, face=_settled(crowd.face, footing, own, weights, len(faces))),
    )
    for _round in range(ROUNDS):
        cloth = _flipped(cloth, marked)
    return cloth


def _worst(crowd: Crowd, footing: Footing, most: int) -> Indices:
    """Choose the furthest point, well inside its face, of each of the faces with the furthest points."""
    away = np.abs(footing.height) * (crowd.weight > 0.0)
    inside = np.minimum(np.minimum(footing.weights[:, 0], footing.weights[:, 1]), footing.weights[:, 2]) > INSIDE
    far = np.flatnonzero(inside & (away > FAR * float(np.sqrt(np.mean(away * away)))))
    far = far[np.argsort(-away[far], kind="stable")]
    return far[np.sort(np.unique(crowd.face[far], return_index=True)[1])][:most]


def _with_vertices(mesh: Mesh, own: Integers, weights: Floats, points: Floats) -> Mesh:
    """Put a vertex into each of some faces, its uv and colour in between those of the corners."""
    corners = mesh.faces[own]
    between = [
        None if values is None else np.einsum("kc,kcd->kd", weights, values[corners].astype(np.float64))
        for values in (mesh.uv, mesh.colours)
    ]
    return replace(
        mesh,
        positions=np.concatenate([mesh.positions, points]),
        faces=_split(mesh.faces, own, len(mesh.positions)),
        material_of=np.concatenate([mesh.material_of, np.tile(mesh.material_of[own], 2)]),
        uv=None if mesh.uv is None or between[0] is None else np.concatenate([mesh.uv, between[0].astype(np.float32)]),
        colours=None
        if mesh.colours is None or between[1] is None
        else np.concatenate([mesh.colours, np.rint(between[1]).astype(np.uint8)]),
    )


def _split(faces: Integers, own: Integers, first: int) -> Integers:
    """Cut each face (a, b, c) of `own` into (a, b, p), (b, c, p) and (c, a, p), the last two after all others."""
    a, b, c = faces[own].T
    p = np.arange(first, first + len(own), dtype=np.int32)
    cut = faces.copy()
    cut[own] = np.stack([a, b, p], axis=1)
    return np.concatenate([cut, np.stack([b, c, p], axis=1), np.stack([c, a, p], axis=1)]).astype(np.int32)


def _settled(face: Integers, footing: Footing, own: Integers, weights: Floats, faces: int) -> Integers:
    """Give the points of the cut faces the piece they stand on: the one opposite the corner whose share is smallest."""
    place = np.full(faces, -1, dtype=np.intp)
    place[own] = np.arange(len(own))
    there = np.flatnonzero(place[face] >= 0)
    cut = place[face[there]]
    opposite = np.argmin(footing.weights[there] / weights[cut], axis=1)
    settled = face.copy()
    settled[there] = np.choose(opposite, [faces + cut, faces + len(own) + cut, face[there]])
    return settled


def _flipped(cloth: Cloth, marked: NDArray[np.bool_]) -> Cloth:
    """Flip edges among the faces around the marked vertices; of the faces beyond, only the edges matter."""
    faces, crowd = cloth.faces, cloth.crowd
    around = np.asarray(marked[faces].any(axis=1))
    wide = marked.copy()
    wide[faces[around]] = True
    rows = np.flatnonzero(wide[faces].any(axis=1))
    place = np.zeros(len(faces), dtype=np.int32)
    place[rows] = np.arange(len(rows), dtype=np.int32)
    some = np.flatnonzero(around[crowd.face])
    seats = Seats(cloth.mesh.faces[rows].ravel(), cloth.mesh.material_of[rows], cloth.mesh.uv)
    near = Crowd(crowd.points[some], place[crowd.face[some]], crowd.weight[some])
    made, near = flip(cloth.positions, faces[rows], seats, near)
    corners = np.arange(faces.size).reshape(-1, 3)
    corners[rows] = 3 * rows[made // 3] + made % 3
    settled = crowd.face.copy()
    settled[some] = rows[near.face]
    mesh = replace(cloth.mesh, faces=cloth.mesh.faces.ravel()[corners])
    return Cloth(mesh, cloth.positions, faces.ravel()[corners], replace(crowd, face=settled))
