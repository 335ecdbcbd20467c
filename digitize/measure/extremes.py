# SPDX-License-Identifier: Apache-2.0
"""Where a surface is farthest from another: the vertices worth asking, instead of all of them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from digitize.measure.closest import Surface, morton
from digitize.mesh import Floats, Mesh
from digitize.topology import face_normals

ALL = 1 << 17  # so many vertices are asked without choosing
SHARP, SPREAD, WORST = 1 << 12, 1 << 14, 1 << 14
_CELLS, _DROPPED = 1 << 15, np.uint32(15)  # 32 cells a side


@dataclass(frozen=True)
class Extremes:
    """The vertices of a surface, ready to be searched for the one farthest from another surface.

    Attributes
    ----------
    positions : (n, 3) the vertices.
    probes : (p, 3) those that are always asked: all where they are few, else the sharpest, and some everywhere.
    cell : (n,) the cell of each vertex; None where all are asked.
    box : lowest corner and side of the cells' cube.
    """

    positions: Floats
    probes: Floats
    cell: NDArray[np.uint16] | None
    box: tuple[Floats, float]

    @property
    def asked(self) -> int:
        """Count the vertices that are asked, about."""
        return len(self.probes) + (0 if self.cell is None else WORST)

    def most(self, search: Surface, points: Floats, distance: Floats) -> float:
        """Return the largest distance to `search` that is found.

        Parameters
        ----------
        points, distance : (k, 3) samples of the same surface and their (k,) distances, which tell where it is worth asking.
        """
        probes = self.probes[:: -(-len(self.probes) // search.budget)]
        found = search.closest(probes).distance
        most = float(max(found.max(initial=0.0), distance.max(initial=0.0)))
        if self.cell is None:
            return most
        known = np.zeros(_CELLS)
        np.maximum.at(known, self._cells(points), distance)
        np.maximum.at(known, self._cells(probes), found)
        worst = self._vertices(known)
        return max(most, float(search.closest(self.positions[worst[: search.budget]]).distance.max(initial=0.0)))

    def _vertices(self, known: Floats) -> NDArray[np.intp]:
        """Return the vertices of the cells with the largest known distance, about `WORST` of them."""
        assert self.cell is not None
        order = np.argsort(-known, kind="stable")
        enough = int(np.searchsorted(np.cumsum(np.bincount(self.cell, minlength=_CELLS)[order]), WORST)) + 1
        chosen = np.zeros(_CELLS, dtype=bool)
        chosen[order[:enough]] = True
        vertices = np.flatnonzero(chosen[self.cell])
        return vertices[:: -(-len(vertices) // (4 * WORST))]  # one cell may hold most of the surface

    def _cells(self, points: Floats) -> NDArray[np.uint16]:
        """Return the cell of each point."""
        return (morton(points, self.box) >> _DROPPED).astype(np.uint16)


def extremes(mesh: Mesh, pieces: Floats | None = None) -> Extremes:
    """Prepare a mesh's vertices; `pieces` (p, 3) is a point of each connected piece, so that none can be lost unseen."""
    positions = mesh.positions
    low, high = positions.min(axis=0), positions.max(axis=0)
    box = low, float((high - low).max())
    if len(positions) <= ALL:
        return Extremes(positions, positions, None, box)
    sharp = np.argpartition(-_sharpness(mesh), SHARP)[:SHARP]
    probes = [positions[sharp], positions[:: max(1, len(positions) // SPREAD)]]
    cell = (morton(positions, box) >> _DROPPED).astype(np.uint16)
    return Extremes(positions, np.concatenate(probes if pieces is None else [*probes, pieces]), cell, box)


def _sharpness(mesh: Mesh) -> Floats:
    """Return how far each vertex stands out from the middle of its neighbours along its normal, in the unit."""
    corners, count = mesh.faces.ravel(), len(mesh.positions)
    beside = 2.0 * np.maximum(np.bincount(corners, minlength=count), 1)
    normals = _normals(mesh) if mesh.normals is None else mesh.normals
    along = np.zeros(count)
    for axis in range(3):
        column = np.ascontiguousarray(mesh.positions[:, axis])
        own = np.take(column, mesh.faces)
        others = np.stack([own[:, 1] + own[:, 2], own[:, 2] + own[:, 0], own[:, 0] + own[:, 1]], axis=1)
        around = np.bincount(corners, weights=others.ravel(), minlength=count)
        along += (around / beside - column) * normals[:, axis]
    return np.abs(along)


def _normals(mesh: Mesh) -> Floats:
    """Return the vertices' area-weighted unit normals (n, 3); zero where they have none."""
    flat, corners = face_normals(mesh.positions, mesh.faces), mesh.faces.ravel()
    sums = [np.bincount(corners, weights=np.repeat(flat[:, axis], 3), minlength=len(mesh.positions)) for axis in range(3)]
    normals = np.stack(sums, axis=1)
    length: Floats = np.linalg.norm(normals, axis=1, keepdims=True)
    return normals / np.maximum(length, np.finfo(np.float64).tiny)
