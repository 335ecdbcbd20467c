# SPDX-License-Identifier: Apache-2.0
"""Normals that Draco need not write: those that its decoder foretells from the positions, wherever they are close enough.

Source: Draco bitstream specification, "Mesh Prediction Normal" and "Octahedral Transform".
"""

import numpy as np
from numpy.typing import NDArray

from digitize.mesh import Floats, Integers, Singles
from digitize.topology import identical_rows

Numbers = NDArray[np.int64]
_LARGEST = 1 << 29


def foretold(numbers: Numbers, faces: Integers, normals: Singles, bits: int, slack: float) -> Singles:
    """Replace normals by those that a decoder foretells, where they differ by less than `slack` degrees.

    Parameters
    ----------
    numbers : (n, 3) lattice numbers of the positions.
    faces : (m, 3).
    normals : (n, 3) unit vectors; vertices of one position and one normal share what replaces it.
    bits : octahedral bits a coordinate.
    """
    group = identical_rows(np.hstack([numbers.astype(np.float32), normals]))[1]
    guess = _octahedral(_summed(numbers, faces, group), bits)[group]
    length = np.linalg.norm(guess, axis=1, keepdims=True)
    unit: Floats = guess / np.maximum(length, 1e-12)
    close = np.einsum("ij,ij->i", unit, normals) > np.cos(np.radians(slack))
    return np.where(close[:, None], unit, normals).astype(np.float32)


def _summed(numbers: Numbers, faces: Integers, group: Integers) -> Numbers:
    """Add up the faces' normals around each group of corners, in whole numbers; (g, 3)."""
    a, b, c = (numbers[faces[:, k]] for k in range(3))
    normal = np.tile(np.cross(b - a, c - a), (3, 1)).astype(np.float64)
    corner = group[faces.T.ravel()]
    # Sums of products of 16-bit numbers: doubles hold them to the last digit.
    return np.stack([np.bincount(corner, normal[:, k], int(group.max()) + 1) for k in range(3)], axis=1).astype(np.int64)


def _octahedral(vectors: Numbers, bits: int) -> Floats:
    """Bring whole vectors onto the octahedron as the decoder does: divisions round to zero, the third coordinate fills up."""
    centre = ((1 << bits) - 2) // 2
    vectors = _divided(vectors, np.maximum(np.abs(vectors).sum(axis=1) // _LARGEST, 1))
    total = np.abs(vectors).sum(axis=1)
    found = _divided(vectors * centre, np.maximum(total, 1))
    found[total == 0] = (centre, 0, 0)
    rest = centre - np.abs(found[:, 0]) - np.abs(found[:, 1])
    found[:, 2] = np.where(vectors[:, 2] >= 0, rest, -rest)
    return found.astype(np.float64)


def _divided(vectors: Numbers, by: Numbers) -> Numbers:
    """Divide (n, 3) by (n,), towards zero."""
    return np.sign(vectors) * (np.abs(vectors) // by[:, None])
