# SPDX-License-Identifier: Apache-2.0
"""The triangle mesh that the relics are made as: points in mm, right-handed, +Z up, counter-clockwise faces seen from outside."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

GRAIN = 1e-3
"""Positions are rounded to this many mm, so that equal places are equal numbers on every processor."""

_BITS = 21


@dataclass(frozen=True)
class Mesh:
    """Triangles with texture coordinates or colours at their corners.

    Attributes
    ----------
    points : (n, 3) float64, mm
    faces : (m, 3) int64, indices into points
    uv : (n, 2) float64 in [0, 1], v upwards; zeros where the mesh has no texture
    colours : (n, 3) uint8, sRGB; None where a texture carries the colour
    """

    points: Floats
    faces: Ints
    uv: Floats
    colours: NDArray[np.uint8] | None = None


def grid_faces(points: Floats, keep: NDArray[np.bool_] | None = None) -> Ints:
    """Triangulate an (h, w, 3) grid of points, each cell along its shorter diagonal.

    Rows run away from the viewer's left hand: the cell (i, j), (i, j+1), (i+1, j+1), (i+1, j) is counter-clockwise.
    `keep` is (h-1, w-1); cells that are False become no faces.
    """
    height, width = points.shape[:2]
    index = np.arange(height * width).reshape(height, width)
    corners = np.stack([index[:-1, :-1], index[:-1, 1:], index[1:, 1:], index[1:, :-1]], axis=-1).reshape(-1, 4)
    if keep is not None:
        corners = corners[keep.ravel()]
    flat = points.reshape(-1, 3)
    first = np.sum((flat[corners[:, 0]] - flat[corners[:, 2]]) ** 2, axis=1)
    second = np.sum((flat[corners[:, 1]] - flat[corners[:, 3]]) ** 2, axis=1)
    turned = np.where((second < first)[:, None], np.roll(corners, -1, axis=1), corners)
    return np.concatenate([turned[:, [0, 1, 2]], turned[:, [0, 2, 3]]], axis=1).reshape(-1, 3)


def grid(points: Floats, uv: Floats, *, flip: bool = False, keep: NDArray[np.bool_] | None = None) -> Mesh:
    """Make a mesh of an (h, w, 3) grid of points with its (h, w, 2) texture coordinates; `flip` turns the faces over."""
    rounded = snapped(points)
    faces = grid_faces(rounded, keep)
    return Mesh(rounded.reshape(-1, 3), faces[:, ::-1] if flip else faces, uv.reshape(-1, 2).astype(np.float64))


def snapped(points: Floats) -> Floats:
    """Round positions to the grain."""
    return np.round(np.asarray(points, np.float64) / GRAIN) * GRAIN


def join(*parts: Mesh) -> Mesh:
    """Put meshes side by side in one and drop faces that have collapsed to a line or a point."""
    offsets = np.cumsum([0, *(len(part.points) for part in parts)])
    faces = np.concatenate([part.faces + offset for part, offset in zip(parts, offsets[:-1], strict=True)])
    mesh = Mesh(np.concatenate([part.points for part in parts]), faces, np.concatenate([part.uv for part in parts]))
    return replace(mesh, faces=faces[double_areas(mesh) > 0.0])


def used(mesh: Mesh) -> Mesh:
    """Drop points that no face uses."""
    kept, faces = np.unique(mesh.faces, return_inverse=True)
    colours = None if mesh.colours is None else mesh.colours[kept]
    return Mesh(mesh.points[kept], faces.reshape(-1, 3), mesh.uv[kept], colours)


def double_areas(mesh: Mesh) -> Floats:
    """Measure twice each face's area in mm², exactly zero where two corners share a place."""
    welded = weld(mesh.points)[mesh.faces]
    collapsed = (welded[:, 0] == welded[:, 1]) | (welded[:, 1] == welded[:, 2]) | (welded[:, 2] == welded[:, 0])
    a, b, c = (mesh.points[mesh.faces[:, k]] for k in range(3))
    return np.where(collapsed, 0.0, np.linalg.norm(np.cross(b - a, c - a), axis=1))


def weld(points: Floats) -> Ints:
    """Give equal places among (n, 3) points equal numbers, (n,) int64.

    Raises
    ------
    ValueError
        Where a coordinate is farther than about one metre from the origin (the key has 21 bits per axis).
    """
    steps = np.round(points / GRAIN).astype(np.int64) + (1 << (_BITS - 1))
    if steps.min(initial=0) < 0 or steps.max(initial=0) >= 1 << _BITS:
        raise ValueError("a point lies farther than a metre from the origin")
    key = (steps[:, 0] << (2 * _BITS)) | (steps[:, 1] << _BITS) | steps[:, 2]
    return np.asarray(np.unique(key, return_inverse=True)[1], np.int64).ravel()


def welded(mesh: Mesh) -> Mesh:
    """Share one point between all corners at a place; texture coordinates are given up."""
    places = weld(mesh.points)
    first = np.unique(places, return_index=True)[1]
    return Mesh(mesh.points[first], places[mesh.faces], np.zeros((len(first), 2)))


def unpaired_edges(mesh: Mesh) -> int:
    """Count the directed edges that no single opposite edge answers: 0 for a closed, consistently turned surface."""
    faces = weld(mesh.points)[mesh.faces]
    start, end = faces.ravel(), np.roll(faces, -1, axis=1).ravel()
    count = int(faces.max(initial=0)) + 1
    forward, backward = np.sort(start * count + end), np.sort(end * count + start)
    doubled = int(np.sum(forward[1:] == forward[:-1]))
    return doubled if np.array_equal(forward, backward) else len(np.setxor1d(forward, backward)) + doubled


def volume(mesh: Mesh) -> float:
    """Measure the enclosed volume in mm³, positive where faces look outwards."""
    a, b, c = (mesh.points[mesh.faces[:, k]] for k in range(3))
    return float(np.einsum("ij,ij->", a, np.cross(b, c)) / 6.0)


def normals(mesh: Mesh) -> Floats:
    """Average the faces' normals by area at every place, (n, 3), equal on both sides of a texture seam."""
    places = weld(mesh.points)
    a, b, c = (mesh.points[mesh.faces[:, k]] for k in range(3))
    across = np.cross(b - a, c - a)
    corners = places[mesh.faces]
    total = np.stack([sum(np.bincount(corners[:, k], across[:, axis], places.max() + 1) for k in range(3)) for axis in range(3)], axis=1)
    length = np.linalg.norm(total, axis=1, keepdims=True)
    return np.asarray(total / np.where(length > 0, length, 1.0))[places]


def upright(mesh: Mesh) -> Mesh:
    """Turn +Z up into +Y up, as glTF and most viewers have it."""
    x, y, z = mesh.points.T
    return replace(mesh, points=np.stack([x, z, -y], axis=1))
