# SPDX-License-Identifier: Apache-2.0
"""The vertex of a surface that is farthest from another: exact, though hardly any vertex is asked."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from digitize.measure.closest import Surface, morton
from digitize.mesh import Floats, Mesh, Singles
from digitize.topology import face_normals

_FLOOR = 1e-6  # of the diagonal: below, single precision tells nothing
_KEPT = 1 << 12


@dataclass(frozen=True)
class Farthest:
    """The largest distance found, the vertices (k, 3) that had to be asked, farthest first, and how many they were."""

    distance: float
    vertices: Floats
    asked: int


@dataclass(frozen=True)
class Vertices:
    """A surface's vertices, neighbours together: positions (n, 3) in its unit and unit normals (n, 3)."""

    positions: Floats
    normals: Singles

    @classmethod
    def of(cls, mesh: Mesh) -> "Vertices":
        """Put a mesh's vertices in order."""
        order = np.argsort(morton(mesh.positions))
        return cls(np.take(mesh.positions, order, axis=0), np.take(vertex_normals(mesh), order, axis=0).astype(np.float32))

    def farthest(self, search: Surface, known: float, diagonal: float) -> Farthest:
        """Find the largest distance to `search`.

        A vertex with a part of the other surface within `known` of it, along its normal, cannot be farther than that: a
        ray tells, at a tenth of a closest point's cost. Only the others are asked.

        Parameters
        ----------
        known : the largest distance met so far, which the result is not below, in the unit.
        diagonal : of the original, in the unit.
        """
        if search.rays is None:  # no rays: every n-th vertex where all would be too many
            asked = self.positions[:: -(-len(self.positions) // search.budget)]
        else:
            asked = self.positions[~search.rays.near(self.positions, self.normals, max(known, _FLOOR * diagonal))]
        return ask(search, asked, known)


def ask(search: Surface, points: Floats, known: float) -> Farthest:
    """Compute the distances of points (k, 3) to `search`."""
    if len(points) == 0:
        return Farthest(known, points, 0)
    distance = search.closest(points).distance
    order = np.argsort(-distance, kind="stable")[:_KEPT]
    return Farthest(max(known, float(distance.max())), points[order], len(points))


def vertex_normals(mesh: Mesh) -> NDArray[np.floating]:
    """Return the vertices' unit normals (n, 3): the mesh's own, else area-weighted ones; zero where they have none."""
    if mesh.normals is not None:
        return mesh.normals
    flat, corners = face_normals(mesh.positions, mesh.faces), mesh.faces.ravel()
    sums = [np.bincount(corners, weights=np.repeat(flat[:, axis], 3), minlength=len(mesh.positions)) for axis in range(3)]
    normals: Floats = np.stack(sums, axis=1)
    return normals / np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), np.finfo(np.float64).tiny)
