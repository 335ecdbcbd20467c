# SPDX-License-Identifier: Apache-2.0
"""Normals for meshes that came without: smooth, except where the surface folds."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from digitize.mesh import Floats, Integers, Mesh, Singles, take
from digitize.topology import Welded, face_normals, pairs, pieces, weld

_FILL = 1e-3  # the weight of a face's own normal beside a better-known one


def smooth_normals(mesh: Mesh, crease: float = 60.0, welded: Welded | None = None, shading: Floats | None = None) -> Mesh:
    """Give every vertex an area-weighted normal; faces that meet at more than `crease` degrees do not share one.

    A vertex on a crease is split; positions, uv and colours stay as they were. `shading`, (3m, 3), is a better-known
    normal of each corner as long as its share of the area, such as an original's; the faces' own fill in where it is null.
    """
    flat = face_normals(mesh.positions, mesh.faces)
    group = _smoothing_groups(welded or weld(mesh), flat, np.cos(np.radians(crease)))
    corner = np.repeat(flat, 3, axis=0) if shading is None else shading + _FILL * np.repeat(flat, 3, axis=0)
    sums: Floats = np.stack([np.bincount(group, weights=corner[:, axis]) for axis in range(3)], axis=1).astype(np.float64)
    unit = _unit(sums)
    return _split_by(mesh, group, unit)


def _unit(vectors: Floats) -> Singles:
    """Scale vectors to length one; a null vector becomes +Y, which glTF's validator accepts."""
    length = np.linalg.norm(vectors, axis=1, keepdims=True)
    null = length[:, 0] < np.finfo(np.float64).tiny
    result = vectors / np.where(null[:, None], 1.0, length)
    result[null] = (0.0, 1.0, 0.0)
    return result.astype(np.float32)


def _smoothing_groups(welded: Welded, flat: Floats, cosine: float) -> Integers:
    """Label the 3m corners: one label per run of faces around a vertex without a crease between them."""
    sharp = _sharp_edges(welded, flat, cosine)
    vertex = welded.faces.ravel()
    if not sharp.any():
        return vertex
    rough = np.zeros(len(welded.first), dtype=bool)
    at = sharp[welded.ring.of_corner]
    rough[vertex[at]] = rough[np.roll(welded.faces, -1, axis=1).ravel()[at]] = True
    return _split_rough(welded, sharp, rough)


def _sharp_edges(welded: Welded, flat: Floats, cosine: float) -> NDArray[np.bool_]:
    """Tell which edges fold more than the crease angle allows; open edges never do, edges of three faces always."""
    ring = welded.ring
    ends = np.cumsum(ring.uses)
    pair = np.flatnonzero(ring.uses == 2)
    one, two = ring.order[ends[pair] - 2] // 3, ring.order[ends[pair] - 1] // 3
    unit = flat / np.maximum(np.linalg.norm(flat, axis=1, keepdims=True), np.finfo(np.float64).tiny)
    sharp: NDArray[np.bool_] = ring.uses > 2
    sharp[pair] = np.einsum("ij,ij->i", unit[one], unit[two]) < cosine
    return sharp


def _split_rough(welded: Welded, sharp: NDArray[np.bool_], rough: NDArray[np.bool_]) -> Integers:
    """Join the corners across smooth edges, at the vertices that a crease touches; elsewhere the vertex is the group."""
    vertex, order = welded.faces.ravel(), welded.ring.order
    edge = welded.ring.of_corner[order]
    same = (edge[1:] == edge[:-1]) & ~sharp[edge[1:]]
    one, two = order[:-1][same], order[1:][same]
    touched = rough[vertex[one]] | rough[vertex[_next(one)]]
    one, two = one[touched], two[touched]
    # An edge's two faces name its ends in either order: try all four pairs, keep those that are one rough vertex.
    start = np.concatenate([one, one, _next(one), _next(one)])
    end = np.concatenate([two, _next(two), two, _next(two)])
    joined = (vertex[start] == vertex[end]) & rough[vertex[start]]
    own = np.flatnonzero(rough[vertex])
    place = np.zeros(len(vertex), dtype=np.int32)
    place[own] = np.arange(len(own), dtype=np.int32)
    result = vertex.copy()
    result[own] = pieces(len(own), place[start[joined]], place[end[joined]]) + np.int32(len(rough))
    return result


def _next(corner: NDArray[np.intp]) -> NDArray[np.intp]:
    """Return the corner that follows each within its face."""
    return corner + np.where(corner % 3 == 2, -2, 1)


def _split_by(mesh: Mesh, group: Integers, normals: Singles) -> Mesh:
    """Split vertices whose corners lie in different groups, and set each group's normal."""
    corner_vertex = mesh.faces.ravel()
    first, number = pairs(corner_vertex, group)
    split = take(mesh, corner_vertex[first], number.reshape(-1, 3).astype(np.int32), mesh.material_of)
    return replace(split, normals=normals[group[first]])
