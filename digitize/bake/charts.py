# SPDX-License-Identifier: Apache-2.0
"""A plain layout in time that grows with the triangles alone: charts by direction, laid flat as seen from there, packed on shelves.

Where xatlas is missing, or would take minutes.
"""

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from digitize.bake.pack import pack
from digitize.bake.raster import rasterise
from digitize.mesh import Floats, Integers, Mesh, take
from digitize.topology import edges, face_normals, identical_rows, pieces

_ROUNDS = 4  # of smoothing directions over neighbours
_LAYERS = 4  # of a chart that lies over itself
_PROBE = 256  # texels a side of the picture in which overlaps are looked for
_TILT = 0.2  # least cosine between a face and its chart's direction; less would lose most of its texels


def unwrap_plain(mesh: Mesh, size: int, padding: int) -> Mesh:
    """Give a surface a layout for a map of `size` texels a side, `padding` texels between charts; vertices are split along borders."""
    welded = identical_rows(mesh.positions)[1][mesh.faces]
    flat = face_normals(mesh.positions, mesh.faces)
    neighbours = _neighbours(welded)
    chart = _components(len(welded), neighbours, _directions(flat, neighbours))
    flattened = _flattened(mesh, flat, chart)
    chart = _unfolded(flattened, chart, neighbours)
    number = np.unique(chart, return_inverse=True)[1].ravel()
    return _split(mesh, number, pack(flattened, number, size, padding))


def _neighbours(faces: Integers) -> NDArray[np.intp]:
    """Return pairs of faces (e, 2) that share an edge."""
    ring = edges(faces)
    ends = np.cumsum(ring.uses)
    pair = np.flatnonzero(ring.uses == 2)
    return np.stack([ring.order[ends[pair] - 2] // 3, ring.order[ends[pair] - 1] // 3], axis=1)


def _directions(flat: Floats, neighbours: NDArray[np.intp]) -> Integers:
    """Return which of the six axes each face looks along, after its neighbours have been asked."""
    count, mean = len(flat), flat.copy()
    for _ in range(_ROUNDS):
        mean = mean + _summed(mean, neighbours, count)
        mean = mean / np.maximum(np.linalg.norm(mean, axis=1, keepdims=True), np.finfo(np.float64).tiny)
    unit = flat / np.maximum(np.linalg.norm(flat, axis=1, keepdims=True), np.finfo(np.float64).tiny)
    six, own = np.concatenate([mean, -mean], axis=1), np.concatenate([unit, -unit], axis=1)
    return np.where(own > _TILT, six, own - 2).argmax(axis=1).astype(np.int32)


def _summed(values: Floats, neighbours: NDArray[np.intp], count: int) -> Floats:
    """Sum each face's neighbours' values (m, 3)."""
    one, two = neighbours.T
    columns = [
        np.bincount(one, weights=values[two, axis], minlength=count) + np.bincount(two, weights=values[one, axis], minlength=count)
        for axis in range(3)
    ]
    return np.stack(columns, axis=1)


def _components(count: int, neighbours: NDArray[np.intp], label: NDArray[Any]) -> Integers:
    """Give each connected piece of equal label a number."""
    same = neighbours[label[neighbours[:, 0]] == label[neighbours[:, 1]]]
    return pieces(count, same[:, 0], same[:, 1])


def _flattened(mesh: Mesh, flat: Floats, chart: Integers) -> Floats:
    """Return the corners (m, 3, 2) of every face, seen along its chart's mean direction, in the mesh's unit."""
    count = int(chart.max()) + 1
    mean: Floats = np.stack([np.bincount(chart, weights=flat[:, axis], minlength=count) for axis in range(3)], axis=1)
    mean = mean / np.maximum(np.linalg.norm(mean, axis=1, keepdims=True), np.finfo(np.float64).tiny)
    helper = np.eye(3)[np.abs(mean).argmin(axis=1)]
    across = np.cross(helper, mean)
    across /= np.maximum(np.linalg.norm(across, axis=1, keepdims=True), np.finfo(np.float64).tiny)
    frame = np.stack([across, -np.cross(mean, across)], axis=1)  # the map's second axis runs down
    corners = mesh.positions[mesh.faces] - mesh.positions.mean(axis=0)
    return np.asarray(np.einsum("mcd,mad->mca", corners, frame[chart]))


def _unfolded(corners: Floats, chart: Integers, neighbours: NDArray[np.intp]) -> Integers:
    """Move faces that lie over others of their chart, or face away in it, to charts of their own."""
    one, two = corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]
    area = one[:, 0] * two[:, 1] - one[:, 1] * two[:, 0]
    layer = np.where(area > 0, 1, 0)  # the second axis runs down, so what is seen from its front turns clockwise
    for depth in range(1, _LAYERS):
        chart = _components(len(chart), neighbours, chart.astype(np.int64) * 2 * _LAYERS + layer)
        hidden = _hidden(corners, chart)
        if not hidden.any():
            return chart
        layer = np.where(hidden, depth + 1, 0)
    last = int(chart.max()) + 1
    return np.where(_hidden(corners, chart), last + np.arange(len(chart)), chart).astype(np.int32)


def _hidden(corners: Floats, chart: Integers) -> NDArray[np.bool_]:
    """Tell which faces another face of their chart covers, in a picture of each chart."""
    low, extent = _boxes(corners, chart)
    uv = (corners - low[chart][:, None]) / np.maximum(extent[chart], np.finfo(np.float64).tiny)[:, None, None]
    faces = np.arange(len(corners) * 3, dtype=np.int32).reshape(-1, 3)
    found = rasterise((uv * (1 - 2 / _PROBE) + 1 / _PROBE).reshape(-1, 2).astype(np.float32), faces, (_PROBE, _PROBE))
    inside = found.weights.min(axis=1) > 1e-3
    face, at = found.face[inside], found.at[inside]
    key = chart[face].astype(np.int64) * _PROBE * _PROBE + at
    order = np.argsort(key, kind="stable")
    again = order[1:][key[order][1:] == key[order][:-1]]
    hidden = np.zeros(len(corners), dtype=bool)
    hidden[face[again]] = True
    return hidden


def _boxes(corners: Floats, chart: Integers) -> tuple[Floats, Floats]:
    """Return each chart's lowest corner (c, 2) and its larger side (c,)."""
    count = int(chart.max()) + 1
    low, high = np.full((count, 2), np.inf), np.full((count, 2), -np.inf)
    np.minimum.at(low, chart, corners.min(axis=1))
    np.maximum.at(high, chart, corners.max(axis=1))
    return np.where(np.isfinite(low), low, 0.0), np.where(np.isfinite(low[:, 0]), (high - low).max(axis=1), 1.0)


def _split(mesh: Mesh, chart: NDArray[Any], corners: Floats) -> Mesh:
    """Give each chart vertices of its own."""
    key = mesh.faces.astype(np.int64).ravel() << np.int64(32) | np.repeat(chart, 3)
    distinct, first, number = np.unique(key, return_index=True, return_inverse=True)
    split = take(mesh, (distinct >> np.int64(32)).astype(np.intp), number.reshape(-1, 3).astype(np.int32), mesh.material_of)
    return replace(split, uv=corners.reshape(-1, 2)[first].astype(np.float32))
