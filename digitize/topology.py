# SPDX-License-Identifier: Apache-2.0
"""What holds of a surface whatever its texture does: welding, edges, components, area and volume."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from digitize.mesh import Floats, Integers, Mesh


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


@dataclass(frozen=True)
class Welded:
    """A mesh with its equal positions joined: (d,) one vertex of the mesh for each, (m, 3) faces over those, their edges."""

    first: NDArray[np.intp]
    faces: Integers
    ring: "Edges"


def weld(mesh: Mesh) -> Welded:
    """Join vertices of equal position."""
    first, number = identical_rows(mesh.positions)
    faces = number[mesh.faces]
    return Welded(first, faces, edges(faces))


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
    of_corner : (3m,) int32, the edge from corner i of a face to its next corner.
    order : (3m,) the corners sorted by their edge.
    uses : (e,) how many faces meet at each edge.
    balance : (e,) how many run one way minus how many run the other.
    """

    of_corner: Integers
    order: NDArray[np.intp]
    uses: NDArray[np.intp]
    balance: NDArray[np.intp]


def edges(faces: Integers) -> Edges:
    """Find the undirected edges of `faces` (m, 3) over welded vertices."""
    start, end = faces.ravel().astype(np.int64), np.roll(faces, -1, axis=1).ravel().astype(np.int64)
    key = np.minimum(start, end) << np.int64(32) | np.maximum(start, end)
    order = np.argsort(key, kind="stable")
    ordered = key[order]
    number = np.zeros(len(key), dtype=np.int32)
    number[1:] = np.cumsum(ordered[1:] != ordered[:-1])
    of_corner = np.empty_like(number)
    of_corner[order] = number
    uses = np.bincount(number)
    return Edges(of_corner, order, uses, 2 * np.bincount(of_corner[start < end], minlength=len(uses)) - uses)


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
