# SPDX-License-Identifier: Apache-2.0
"""Where each texel of a level's map lies on the original."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from digitize.bake.gather import interpolate, smallest, unit
from digitize.bake.original import PIECE, Feet, beyond, feet
from digitize.bake.raster import Texels, rasterise
from digitize.measure.closest import Surface
from digitize.mesh import Integers, Mesh, Singles
from digitize.topology import edges, face_normals

_INSET = np.float32(0.03)
SPREAD = 1.5  # texels beside a chart that bilinear filtering may touch


@dataclass(frozen=True)
class Source:
    """The original with what finds its points; `reach`, in its unit, is how far a level may lie from it."""

    mesh: Mesh
    search: Surface
    reach: float


@dataclass(frozen=True)
class Place:
    """Some texels of a map, the points of the original that they show, and where they start among the canvas's own, if they are."""

    texels: Texels
    feet: Feet
    start: int | None = None


def covered(level: Mesh, faces: NDArray[np.intp], size: tuple[int, int]) -> Texels:
    """Find the texels of the given faces, each once: those inside, and those beside a chart's border."""
    assert level.uv is not None
    inside = rasterise(level.uv, level.faces[faces], size)
    inside = _once(inside, np.arange(len(inside.at)), size[0] * size[1])
    taken = np.zeros(size[0] * size[1], dtype=bool)
    taken[inside.at] = True
    border = np.flatnonzero(at_border(level.faces[faces]))
    beside = rasterise(level.uv, level.faces[faces[border]], size, spread=SPREAD)
    free = np.flatnonzero(~taken[beside.at])
    # The triangle that a texel lies least outside of knows it best.
    order = free[np.argsort(smallest(beside.weights[free]), kind="stable")]
    beside = _once(beside, order, size[0] * size[1])
    face = np.concatenate([faces[inside.face], faces[border[beside.face]]]).astype(np.int32)
    return Texels(np.concatenate([inside.at, beside.at]), face, np.concatenate([inside.weights, beside.weights]))


def _once(texels: Texels, order: NDArray[np.intp], texels_in_all: int) -> Texels:
    """Keep each texel's last entry in the given order, sorted by texel."""
    last = np.full(texels_in_all, -1, dtype=np.int64)
    last[texels.at[order]] = order
    kept = last[last >= 0]
    return Texels(texels.at[kept], texels.face[kept], texels.weights[kept])


def at_border(faces: Integers) -> NDArray[np.bool_]:
    """Tell which faces have a vertex on the border of their chart."""
    ring = edges(faces)
    open_corner = ring.uses[ring.of_corner] == 1
    vertex = np.zeros(int(faces.max(initial=-1)) + 1, dtype=bool)
    vertex[faces.ravel()[open_corner]] = True
    vertex[np.roll(faces, -1, axis=1).ravel()[open_corner]] = True
    return np.asarray(vertex[faces].any(axis=1))


def places(source: Source, level: Mesh, texels: Texels) -> Iterator[Place]:
    """Find each texel's point of the original, piece by piece."""
    normals = level.normals if level.normals is not None else None
    flat = face_normals(level.positions, level.faces).astype(np.float32) if normals is None else None
    border = at_border(level.faces)
    for start in range(0, len(texels.at), PIECE):
        part = slice(start, start + PIECE)
        own = Texels(texels.at[part], texels.face[part], texels.weights[part])
        yield Place(own, _feet(source, level, own, flat, border))


def _feet(source: Source, level: Mesh, texels: Texels, flat: Singles | None, border: NDArray[np.bool_]) -> Feet:
    """Find the original's points of some texels; what lies beyond a border goes on as the original's map does there."""
    # A ray from a seam itself would meet either side of it: look a little further in, and go on from there.
    outside = np.flatnonzero((smallest(texels.weights) < _INSET) & border[texels.face])
    clipped = texels.weights.copy()
    clipped[outside] = np.maximum(clipped[outside], _INSET)
    clipped[outside] /= clipped[outside].sum(axis=1, keepdims=True)
    middle = level.positions.mean(axis=0)
    local = level.positions - middle  # single precision is enough near the origin
    points = interpolate(local, level.faces, texels.face, clipped) + middle
    if flat is None:
        assert level.normals is not None
        across = interpolate(level.normals, level.faces, texels.face, clipped)
    else:
        across = flat[texels.face]
    found = feet(source.search, points, unit(across), source.reach)
    if len(outside):
        own = Feet(found.face[outside], found.weights[outside])
        further = interpolate(local, level.faces, texels.face[outside], texels.weights[outside]) + middle
        step = further - points[outside]
        corner = source.mesh.faces[own.face]
        foot = np.einsum("kc,kcd->kd", own.weights, source.mesh.positions[corner])
        found.weights[outside] = beyond(source.mesh, own, foot + step)
    return found
