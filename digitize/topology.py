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
    key = _hashed(clean)
    # A row alone in its bucket is like no other: only the rest is sorted.
    bits = max(len(key).bit_length() + 2, 8)
    bucket = (key >> np.uint64(64 - bits)).astype(np.int64)
    rest = np.flatnonzero(np.bincount(bucket, minlength=1 << bits)[bucket] > 1)
    leader = np.arange(len(key))
    leader[rest] = rest[_leaders(clean[rest], key[rest])]
    own = leader == np.arange(len(key))
    place = np.cumsum(own, dtype=np.int32) - np.int32(1)
    return np.flatnonzero(own), place[leader]


def _hashed(rows: NDArray[Any]) -> NDArray[np.uint64]:
    """Mix each row's bits into one number."""
    words = rows.view(f"u{rows.dtype.itemsize}").astype(np.uint64)
    key = np.zeros(len(rows), dtype=np.uint64)
    for column in range(words.shape[1]):
        key = (key ^ (words[:, column] + np.uint64(0x9E3779B97F4A7C15))) * np.uint64(0xBF58476D1CE4E5B9)
        key ^= key >> np.uint64(29)
    return key * np.uint64(0x94D049BB133111EB)


def _leaders(rows: NDArray[Any], key: NDArray[np.uint64]) -> NDArray[np.intp]:
    """Return each row's first occurrence, given keys that are equal for equal rows."""
    _, first, inverse = np.unique(key, return_index=True, return_inverse=True)
    if not np.array_equal(rows[first][inverse], rows):  # two rows met in one key: sort the rows themselves
        _, first, inverse = np.unique(rows, axis=0, return_index=True, return_inverse=True)
    return np.asarray(first[inverse.ravel()])


def pairs(one: NDArray[Any], two: NDArray[Any]) -> tuple[NDArray[np.intp], NDArray[np.int64]]:
    """Find the distinct pairs of two lists of numbers from 0, ascending.

    Returns
    -------
    first : (d,) each distinct pair's first occurrence.
    number : (n,) every element's place among the distinct pairs.
    """
    first, second = int(one.max(initial=0)).bit_length(), int(two.max(initial=0)).bit_length()
    place = len(one).bit_length()
    if first + second + place > 63 or len(one) == 0:
        key = one.astype(np.int64) << np.int64(32) | two.astype(np.int64)
        _, begin, inverse = np.unique(key, return_index=True, return_inverse=True)
        return begin, inverse.ravel().astype(np.int64)
    # Pair and place sorted as one number: several times as fast as sorting places by pairs.
    packed = (one.astype(np.int64) << np.int64(second) | two) << np.int64(place) | np.arange(len(one))
    packed.sort()
    order = packed & np.int64((1 << place) - 1)
    packed >>= np.int64(place)
    new = np.empty(len(packed), dtype=bool)
    new[0], new[1:] = True, packed[1:] != packed[:-1]
    number = np.empty(len(packed), dtype=np.int64)
    number[order] = np.cumsum(new) - 1
    return order[new].astype(np.intp), number


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
    one, two, three = (np.ascontiguousarray(faces[:, corner]) for corner in range(3))
    sides = []
    for axis in range(3):  # one axis at a time: gathering from a short column stays within the processor's cache
        column = np.ascontiguousarray(positions[:, axis])
        start = np.take(column, one)
        sides.append((np.take(column, two) - start, np.take(column, three) - start))
    (x, u), (y, v), (z, w) = sides
    result = np.empty((len(faces), 3))
    result[:, 0], result[:, 1], result[:, 2] = y * w - z * v, z * u - x * w, x * v - y * u
    return result


def areas(positions: Floats, faces: Integers) -> Floats:
    """Return each face's area: (m,) in the square of the unit."""
    normals = face_normals(positions, faces)
    return 0.5 * np.sqrt(np.einsum("ij,ij->i", normals, normals))


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
    ordered, order = _sorted_with_places(key, int(faces.max(initial=0)))
    number = np.zeros(len(key), dtype=np.int32)
    number[1:] = np.cumsum(ordered[1:] != ordered[:-1])
    of_corner = np.empty_like(number)
    of_corner[order] = number
    uses = np.bincount(number)
    return Edges(of_corner, order, uses, 2 * np.bincount(of_corner[start < end], minlength=len(uses)) - uses)


def _sorted_with_places(key: NDArray[np.int64], largest: int) -> tuple[NDArray[np.int64], NDArray[np.intp]]:
    """Sort keys of two vertices each, the upper in the high 32 bits; return them and where each stood, equal ones in their order.

    Where both vertices and the place fit into 63 bits they are sorted as one number, which is several times as fast.
    """
    vertex, place = largest.bit_length(), len(key).bit_length()
    if 2 * vertex + place > 63:
        order = np.argsort(key, kind="stable")
        return key[order], order
    low = np.int64((1 << vertex) - 1)
    packed = (key >> np.int64(32) << np.int64(vertex) | key & low) << np.int64(place) | np.arange(len(key))
    packed.sort()
    order = (packed & np.int64((1 << place) - 1)).astype(np.intp)
    packed >>= np.int64(place)
    return packed >> np.int64(vertex) << np.int64(32) | packed & low, order


def components(faces: Integers, vertices: int) -> int:
    """Count the connected pieces of the welded faces."""
    return int(np.unique(component_of(faces, vertices)[faces[:, 0]]).size)


def component_of(faces: Integers, vertices: int) -> Integers:
    """Label every vertex with its piece."""
    return pieces(vertices, np.concatenate([faces[:, 0], faces[:, 1]]), np.concatenate([faces[:, 1], faces[:, 2]]))


def pieces(count: int, one: NDArray[Any], two: NDArray[Any]) -> Integers:
    """Give each of `count` nodes its connected piece's number, in the order of first nodes; edges run from `one` (e,) to `two` (e,).

    In numpy, since loading scipy's search takes longer than searching most graphs.
    Source: Liu, Tarjan, "Simple concurrent labeling algorithms for connected components", 2019 (hooking to the smaller root,
    shortcutting, altering).
    """
    root = np.arange(count)
    while len(one):
        np.minimum.at(root, np.maximum(one, two), np.minimum(one, two))
        while not np.array_equal(root, further := root[root]):
            root = further
        one, two = root[one], root[two]
        apart = one != two
        one, two = one[apart], two[apart]
    place = np.cumsum(root == np.arange(count), dtype=np.int32) - np.int32(1)
    return place[root]


def volume(positions: Floats, faces: Integers) -> float:
    """Return the signed volume that closed faces enclose, in the cube of the unit (divergence theorem)."""
    centre = positions.mean(axis=0)
    a = positions[faces[:, 0]] - centre
    return float(np.einsum("ij,ij->", a, face_normals(positions, faces)) / 6.0)
