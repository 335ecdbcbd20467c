# SPDX-License-Identifier: Apache-2.0
"""What holds of a surface whatever its texture does: welding, edges, components, area and volume."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from digitize.mesh import Floats, Integers, Mesh, Singles, take


def identical_rows(rows: NDArray[Any]) -> tuple[NDArray[np.intp], Integers]:
    """Find the distinct rows of an array, bit for bit (+0 and -0 count as equal).

    Parameters
    ----------
    rows : (n, k) of any 4- or 8-byte numeric type.

    Returns
    -------
    first : (d,) index of each distinct row's first occurrence, ascending.
    number : (n,) int32, each row's place in `first`.
    """
    clean = np.ascontiguousarray(rows + rows.dtype.type(0))
    words = clean.view(f"u{rows.dtype.itemsize}").astype(np.uint64)
    key = np.zeros(len(rows), dtype=np.uint64)
    for column in range(words.shape[1]):
        key = (key ^ (words[:, column] + np.uint64(0x9E3779B97F4A7C15))) * np.uint64(0xBF58476D1CE4E5B9)
        key ^= key >> np.uint64(29)
    _, first, inverse = np.unique(key, return_index=True, return_inverse=True)
    if not np.array_equal(clean[first][inverse], clean):  # two rows met in one key: sort the rows themselves
        _, first, inverse = np.unique(clean, axis=0, return_index=True, return_inverse=True)
    order = np.argsort(first)
    place = np.empty(len(order), dtype=np.int32)
    place[order] = np.arange(len(order), dtype=np.int32)
    return first[order], place[inverse.ravel()]


def welded_faces(mesh: Mesh) -> tuple[NDArray[np.intp], Integers]:
    """Return one vertex per distinct position, and the faces over those."""
    first, number = identical_rows(mesh.positions)
    return first, number[mesh.faces]


def face_normals(positions: Floats, faces: Integers) -> Floats:
    """Return each face's normal, as long as twice its area: (m, 3) in the square of the unit."""
    a, b, c = (positions[faces[:, corner]] for corner in range(3))
    return np.cross(b - a, c - a)


def areas(positions: Floats, faces: Integers) -> Floats:
    """Return each face's area: (m,) in the square of the unit."""
    lengths: Floats = np.linalg.norm(face_normals(positions, faces), axis=1)
    return 0.5 * lengths


@dataclass(frozen=True)
class Edges:
    """Undirected edges of welded faces.

    Attributes
    ----------
    count : number of distinct edges.
    of_corner : (3m,) int32, the edge from corner i of a face to its next corner.
    uses : (count,) how many faces meet at each.
    balance : (count,) how many run one way minus how many run the other.
    """

    count: int
    of_corner: Integers
    uses: NDArray[np.intp]
    balance: NDArray[np.intp]


def edges(faces: Integers) -> Edges:
    """Find the undirected edges of `faces` (m, 3) over welded vertices."""
    start, end = faces.ravel().astype(np.int64), np.roll(faces, -1, axis=1).ravel().astype(np.int64)
    low, high = np.minimum(start, end), np.maximum(start, end)
    _, inverse = np.unique(low << np.int64(32) | high, return_inverse=True)
    number = inverse.astype(np.int32).ravel()
    count = int(number.max(initial=-1)) + 1
    forward = np.bincount(number[start < end], minlength=count)
    uses = np.bincount(number, minlength=count)
    return Edges(count, number, uses, 2 * forward - uses)


def components(faces: Integers, vertices: int) -> int:
    """Count the connected pieces of the welded faces."""
    return int(np.unique(_component_of(faces, vertices)[faces[:, 0]]).size)


def _component_of(faces: Integers, vertices: int) -> Integers:
    """Label every vertex with its piece."""
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    start, end = np.concatenate([faces[:, 0], faces[:, 1]]), np.concatenate([faces[:, 1], faces[:, 2]])
    graph = coo_matrix((np.ones(len(start), dtype=np.int8), (start, end)), shape=(vertices, vertices))
    labels: Integers = connected_components(graph, directed=False)[1]
    return labels


def volume(positions: Floats, faces: Integers) -> float:
    """Return the signed volume that closed faces enclose, in the cube of the unit (divergence theorem)."""
    centre = positions.mean(axis=0)
    a = positions[faces[:, 0]] - centre
    return float(np.einsum("ij,ij->", a, face_normals(positions, faces)) / 6.0)


def smooth_normals(mesh: Mesh, crease: float = 60.0) -> Mesh:
    """Give every vertex an area-weighted normal; faces that meet at more than `crease` degrees do not share one.

    A vertex on a crease is split; positions, uv and colours stay as they were.
    """
    _, faces = welded_faces(mesh)
    flat = face_normals(mesh.positions, mesh.faces)
    group = _smoothing_groups(faces, flat, np.cos(np.radians(crease)))
    sums: Floats = np.stack([np.bincount(group, weights=np.repeat(flat[:, axis], 3)) for axis in range(3)], axis=1).astype(np.float64)
    unit = _unit(sums)
    return _split_by(mesh, group, unit)


def _unit(vectors: Floats) -> Singles:
    """Scale vectors to length one; a null vector becomes +Y, which glTF's validator accepts."""
    length = np.linalg.norm(vectors, axis=1, keepdims=True)
    null = length[:, 0] < np.finfo(np.float64).tiny
    result = vectors / np.where(null[:, None], 1.0, length)
    result[null] = (0.0, 1.0, 0.0)
    return result.astype(np.float32)


def _smoothing_groups(faces: Integers, flat: Floats, cosine: float) -> Integers:
    """Label the 3m corners: one label per run of faces around a vertex without a crease between them."""
    sharp = _sharp_edges(faces, flat, cosine)
    if not sharp.any():
        return faces.ravel()
    rough = np.zeros(int(faces.max()) + 1, dtype=bool)
    ring = edges(faces).of_corner
    at = sharp[ring]
    rough[faces.ravel()[at]] = rough[np.roll(faces, -1, axis=1).ravel()[at]] = True
    return _split_rough(faces, ring, sharp, rough)


def _sharp_edges(faces: Integers, flat: Floats, cosine: float) -> NDArray[np.bool_]:
    """Tell which edges fold more than the crease angle allows; open edges never do, edges of three faces always."""
    ring = edges(faces)
    order = np.argsort(ring.of_corner, kind="stable")
    ends = np.cumsum(ring.uses)
    pair = np.flatnonzero(ring.uses == 2)
    one, two = order[ends[pair] - 2] // 3, order[ends[pair] - 1] // 3
    unit = flat / np.maximum(np.linalg.norm(flat, axis=1, keepdims=True), np.finfo(np.float64).tiny)
    sharp: NDArray[np.bool_] = ring.uses > 2
    sharp[pair] = np.einsum("ij,ij->i", unit[one], unit[two]) < cosine
    return sharp


def _split_rough(faces: Integers, ring: Integers, sharp: NDArray[np.bool_], rough: NDArray[np.bool_]) -> Integers:
    """Join the corners across smooth edges, at the vertices that a crease touches; elsewhere the vertex is the group."""
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    corner = np.arange(faces.size)
    follower = corner + np.where(corner % 3 == 2, -2, 1)
    order = np.argsort(ring, kind="stable")
    same = (ring[order][1:] == ring[order][:-1]) & ~sharp[ring[order][1:]]
    one, two = order[:-1][same], order[1:][same]
    vertex = faces.ravel()
    # An edge's two faces name its ends in either order: try all four pairs, keep those that are one vertex.
    start = np.concatenate([one, one, follower[one], follower[one]])
    end = np.concatenate([two, follower[two], two, follower[two]])
    joined = (vertex[start] == vertex[end]) & rough[vertex[start]]
    start, end = start[joined], end[joined]
    graph = coo_matrix((np.ones(len(start), dtype=np.int8), (start, end)), shape=(faces.size, faces.size))
    labels = connected_components(graph, directed=False)[1]
    merged = np.where(rough[vertex], labels.astype(np.int64) + len(rough), vertex)
    return np.unique(merged, return_inverse=True)[1].ravel().astype(np.int32)


def _split_by(mesh: Mesh, group: Integers, normals: Singles) -> Mesh:
    """Split vertices whose corners lie in different groups, and set each group's normal."""
    corner_vertex = mesh.faces.ravel()
    key = corner_vertex.astype(np.int64) << np.int64(32) | group
    distinct, inverse = np.unique(key, return_inverse=True)
    split = take(mesh, (distinct >> np.int64(32)).astype(np.intp), inverse.reshape(-1, 3).astype(np.int32), mesh.material_of)
    return replace(split, normals=normals[(distinct & np.int64(0xFFFFFFFF)).astype(np.intp)])
