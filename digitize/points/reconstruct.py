# SPDX-License-Identifier: Apache-2.0
"""A surface of points: screened Poisson, cut back to where points are.

Source: Kazhdan and Hoppe 2013 (screened Poisson reconstruction), in open3d, on one thread: with more, its result depends on them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from digitize import topology
from digitize.errors import Refusal
from digitize.mesh import Bytes, Floats, Integers, Material, Mesh, compact, select
from digitize.points.cloud import Cloud

_MARGIN = 1.1  # open3d's box around the points
_SHALLOW, _DEEP = 4, 11
_PIECE = 1 << 18
_NEAR = 4  # points that a vertex takes its colour from


@dataclass(frozen=True)
class Trim:
    """When the surface is cut: farther than `reach` spacings from any point; or beyond `thin_reach` where density is in its lowest `quantile`."""

    reach: float
    quantile: float
    thin_reach: float
    island: float


@dataclass(frozen=True)
class Rebuilt:
    """A surface, the depth of the octree it came from, the shares of its area cut back and of its islands dropped."""

    mesh: Mesh
    depth: int
    trimmed: float
    islands: int
    island_share: float


def depth_for(extent: float, spacing: float, finest: int) -> int:
    """Choose the octree's depth so that its cells are no smaller than 1.5 spacings: finer ones would model the noise."""
    wanted = np.floor(np.log2(max(extent * _MARGIN / (1.5 * spacing), 2.0)))
    return int(np.clip(wanted, _SHALLOW, min(finest, _DEEP)))


def rebuild(cloud: Cloud, spacing: float, *, finest: int, trim: Trim) -> Rebuilt:
    """Make a surface of points with normals.

    Parameters
    ----------
    spacing : of the points, in their unit.
    finest : depth of the octree at most.

    Raises
    ------
    Refusal
        ``points.no-surface``.
    """
    from scipy.spatial import cKDTree

    low, high = cloud.bounds()
    middle = (low + high) / 2
    extent = float((high - low).max())
    depth = depth_for(extent, spacing, finest)
    # Within the unit cube, whatever the unit: single precision inside would overflow at the ends of the scale.
    vertices, faces, density = _poisson((cloud.positions - middle) / extent, cloud.normals, depth)
    vertices *= extent
    tree = cKDTree(cloud.positions - middle)
    keep = _kept(vertices, density, tree, spacing, trim)
    whole = float(topology.areas(vertices, faces).sum())
    faces = faces[keep[faces].all(axis=1)]
    mesh = Mesh(vertices, faces, np.zeros(len(faces), dtype=np.int32), (Material(name="surface"),))
    if not len(faces):
        raise Refusal("points.no-surface", problem="nothing of it lies near the points")
    left = float(topology.areas(mesh.positions, mesh.faces).sum())
    mesh, islands, share = _without_islands(compact(mesh), trim.island)
    colours = None if cloud.colours is None else _colours(mesh.positions, cloud.colours, tree)
    placed = replace(
        mesh, positions=mesh.positions + middle, colours=colours, unit=cloud.unit, unit_evidence=cloud.unit_evidence, up=cloud.up
    )
    return Rebuilt(placed, depth, 1 - left / whole if whole else 0.0, islands, share)


def _poisson(positions: Floats, normals: Any, depth: int) -> tuple[Floats, Integers, Floats]:
    """Call open3d; return vertices, faces and the density of points at each vertex."""
    from digitize.native import open3d

    o3d = open3d()
    o3d.utility.set_verbosity_level(o3d.utility.VerbosityLevel.Error)
    cloud = o3d.geometry.PointCloud(o3d.utility.Vector3dVector(np.ascontiguousarray(positions)))
    cloud.normals = o3d.utility.Vector3dVector(np.asarray(normals, dtype=np.float64))
    try:
        mesh, density = o3d.geometry.TriangleMesh.create_from_point_cloud_poisson(cloud, depth=depth, n_threads=1)
    except RuntimeError as error:
        raise Refusal("points.no-surface", problem=str(error)[:120]) from error
    vertices, faces = np.asarray(mesh.vertices, dtype=np.float64), np.asarray(mesh.triangles, dtype=np.int32)
    if not len(faces) or not np.isfinite(vertices).all():
        raise Refusal("points.no-surface", problem="the reconstruction is empty")
    return vertices, faces, np.asarray(density, dtype=np.float64)


def _kept(vertices: Floats, density: Floats, tree: Any, spacing: float, trim: Trim) -> NDArray[np.bool_]:
    """Tell which vertices lie where points are."""
    distance = np.concatenate([tree.query(vertices[at : at + _PIECE])[0] for at in range(0, len(vertices), _PIECE)])
    thin = density < np.quantile(density, trim.quantile)
    return np.asarray(distance <= np.where(thin, trim.thin_reach, trim.reach) * spacing)


def _without_islands(mesh: Mesh, least: float) -> tuple[Mesh, int, float]:
    """Drop pieces below a share of the whole area; return how many, and their share."""
    label = topology.component_of(mesh.faces, len(mesh.positions))[mesh.faces[:, 0]]
    area = topology.areas(mesh.positions, mesh.faces)
    share = np.bincount(label, weights=area) / max(float(area.sum()), np.finfo(float).tiny)
    small = (share < least) & (share < share.max())
    count = int(np.count_nonzero(small[np.unique(label)]))
    if not count:
        return mesh, 0, 0.0
    return select(mesh, ~small[label]), count, float(share[small].sum())


def _colours(vertices: Floats, colours: Bytes, tree: Any) -> Bytes:
    """Give each vertex the colour of the points around it, the nearer the more."""
    result = np.full((len(vertices), 4), 255, dtype=np.uint8)
    for at in range(0, len(vertices), _PIECE):
        distance, index = tree.query(vertices[at : at + _PIECE], k=min(_NEAR, len(colours)))
        weight = 1.0 / (distance.reshape(len(distance), -1) ** 2 + 1e-12 * (1.0 + float(distance.max()) ** 2))
        weight /= weight.sum(axis=1, keepdims=True)
        result[at : at + _PIECE, :3] = np.rint(
            np.einsum("nk,nkc->nc", weight, colours[index.reshape(len(distance), -1)].astype(np.float64))
        )
    return result
