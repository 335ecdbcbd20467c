# SPDX-License-Identifier: Apache-2.0
"""Normals of points, all looking away from the object.

Source: Hoppe et al. 1992 (tangent planes; sides made consistent along a minimum spanning tree of the neighbours' graph).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from digitize.mesh import Floats, Integers
from digitize.points.cloud import Cloud

_ANCHORS = 60_000  # points on which sides are agreed; the others follow the nearest of them
_NEIGHBOURS = 10
_FEW = 5_000


@dataclass(frozen=True)
class Sided:
    """Normals (n, 3), how their sides were told, and the share of the evidence that agrees (None where it was stated)."""

    normals: Floats
    method: str
    agreement: float | None


def normals(cloud: Cloud, neighbours: int) -> Sided:
    """Give every point a normal: the file's own, else a plane's through its neighbours, turned to the scanner where that is known."""
    if cloud.normals is not None:
        return Sided(cloud.normals.astype(np.float64), "the file’s own", None)
    planes = _planes(cloud.positions, neighbours)
    if cloud.station is not None:
        towards = np.einsum("nd,nd->n", planes, cloud.station - cloud.positions)
        return Sided(planes * np.where(towards < 0, -1.0, 1.0)[:, None], "towards the scanner’s position", None)
    sided, agreement = consistent(cloud.positions, planes)
    return Sided(sided, "along a minimum spanning tree, outwards", agreement)


def _planes(positions: Floats, neighbours: int) -> Floats:
    """Fit a plane to each point's neighbours (open3d); which side it shows is by chance."""
    from digitize.native import open3d

    o3d = open3d()
    cloud = o3d.geometry.PointCloud(o3d.utility.Vector3dVector(positions - positions.mean(axis=0)))
    cloud.estimate_normals(o3d.geometry.KDTreeSearchParamKNN(min(neighbours, len(positions))))
    found = np.asarray(cloud.normals)
    return np.where(np.isfinite(found).all(axis=1, keepdims=True), found, [0.0, 0.0, 1.0])


def thickness(positions: Floats, neighbours: int) -> float:
    """Return how far the median point's neighbours spread across their plane, of all their spread (variances): 0 is a sheet, a third is fog.

    Source: Pauly, Gross, Kobbelt 2002 (surface variation).
    """
    from scipy.spatial import cKDTree

    chosen = positions[:: max(len(positions) // _FEW, 1)]
    near = positions[cKDTree(positions).query(chosen, k=min(neighbours, len(positions)))[1]]
    near -= near.mean(axis=1, keepdims=True)
    spread = np.linalg.eigvalsh(np.einsum("nki,nkj->nij", near, near))
    return float(np.median(spread[:, 0] / np.maximum(spread.sum(axis=1), np.finfo(float).tiny)))


def consistent(positions: Floats, planes: Floats) -> tuple[Floats, float]:
    """Turn normals (n, 3) so that neighbours agree and the outermost points look outwards.

    Returns
    -------
    The normals, and the share (weighted by how clearly each says it) of the outermost points that agree: a half says nothing.
    """
    from scipy.spatial import cKDTree

    step = -(-len(positions) // _ANCHORS)
    chosen = np.arange(0, len(positions), step)
    tree = cKDTree(positions[chosen])
    sides, agreement = _sides(positions[chosen], planes[chosen], tree)
    nearest = chosen[tree.query(positions)[1]]
    anchor = planes[nearest] * sides[nearest // step][:, None]
    flip = np.where(np.einsum("nd,nd->n", planes, anchor) < 0, -1.0, 1.0)
    return planes * flip[:, None], agreement


def _sides(positions: Floats, planes: Floats, tree: object) -> tuple[Floats, float]:
    """Agree on a sign (n,) for each of a few normals."""
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import breadth_first_order, connected_components, minimum_spanning_tree

    count = min(_NEIGHBOURS + 1, len(positions))
    near = tree.query(positions, k=count)[1][:, 1:]  # type: ignore[attr-defined]
    one, two = np.repeat(np.arange(len(positions)), count - 1), near.ravel()
    bend = 1.0 - np.abs(np.einsum("nd,nd->n", planes[one], planes[two])) + 1e-6
    graph = coo_matrix((bend, (one, two)), shape=(len(positions),) * 2).tocsr()
    forest = minimum_spanning_tree(graph.maximum(graph.T))
    forest = forest + forest.T
    parts, label = connected_components(forest, directed=False)
    sides, votes, weight = np.ones(len(positions)), 0.0, 0.0
    firsts = np.unique(label, return_index=True)[1]
    for part in range(parts):
        order, before = breadth_first_order(forest, int(firsts[part]), directed=False)
        _pass_on(sides, planes, order, before)
        outward, clear = _outward(positions[order], planes[order] * sides[order][:, None])
        if outward < 0:
            sides[order] *= -1.0
        votes, weight = votes + abs(outward) * len(order), weight + clear * len(order)
    return sides, 0.5 + 0.5 * votes / weight if weight else 0.5


def _pass_on(sides: Floats, planes: Floats, order: Integers, before: Integers) -> None:
    """Turn each normal to the one before it in the tree."""
    agrees = np.einsum("nd,nd->n", planes[order[1:]], planes[before[order[1:]]]) >= 0
    for place, same in zip(order[1:].tolist(), agrees.tolist(), strict=True):
        sides[place] = sides[before[place]] if same else -sides[before[place]]


def _outward(positions: Floats, normals_: Floats) -> tuple[float, float]:
    """Ask the outermost points in many directions which side looks out: the sum of what they say, and of how clearly."""
    steps = np.arange(96)
    height, turn = 1 - (2 * steps + 1) / len(steps), np.pi * (1 + 5**0.5) * steps
    flat = np.sqrt(1 - height**2)
    directions = np.stack([flat * np.cos(turn), flat * np.sin(turn), height], axis=1)
    said = np.array([normals_[int(np.argmax(positions @ one))] @ one for one in directions])
    return float((said * np.abs(said)).sum()), float((said**2).sum())
