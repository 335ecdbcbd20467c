# SPDX-License-Identifier: Apache-2.0
"""What a simplified mesh is drawn to: points of the original."""

from dataclasses import dataclass

import numpy as np

from digitize.mesh import Floats, Integers, Mesh
from digitize.topology import areas, face_normals

MOST = 2_000_000


@dataclass(frozen=True)
class Target:
    """Points spread over an original: the middles of faces (n, 3), and its normals there (n, 3), as long as the faces' area.

    `shaded` tells whether those are the original's own normals.
    """

    points: Floats
    normals: Floats
    shaded: bool = False


def target(mesh: Mesh, most: int = MOST) -> Target:
    """Take the middles of an original's faces, of evenly chosen ones where there are more than `most`."""
    face = _every(mesh.triangles, most)
    faces = mesh.faces[face]
    points = _middles(mesh.positions, faces)
    if mesh.normals is None:
        return Target(points, 0.5 * face_normals(mesh.positions, faces))
    normals = mesh.normals[faces].sum(axis=1, dtype=np.float64)
    length = np.linalg.norm(normals, axis=1)
    sizes = areas(mesh.positions, faces) / np.where(length > 0.0, length, 1.0)
    return Target(points, normals * sizes[:, None], shaded=True)


def _middles(positions: Floats, faces: Integers) -> Floats:
    """Return the middles (m, 3) of faces, one axis at a time: gathering from a short column stays within the processor's cache."""
    corners, result = [np.ascontiguousarray(faces[:, corner]) for corner in range(3)], np.empty((len(faces), 3))
    for axis in range(3):
        column = np.ascontiguousarray(positions[:, axis])
        result[:, axis] = (np.take(column, corners[0]) + np.take(column, corners[1]) + np.take(column, corners[2])) / 3.0
    return result


def chosen(original: Target, most: int) -> Target:
    """Take at most so many of the points, evenly."""
    place = _every(len(original.points), most)
    return original if isinstance(place, slice) else Target(original.points[place], original.normals[place], original.shaded)


def _every(count: int, most: int) -> "slice | np.ndarray[tuple[int], np.dtype[np.int64]]":
    """Choose evenly spaced places, or all."""
    return slice(None) if count <= most else (np.arange(most, dtype=np.int64) * count) // most
