# SPDX-License-Identifier: Apache-2.0
"""Two thinned scans laid over each other: iterative closest points, and what they then differ by.

Source: Chen and Medioni 1992 (point to plane); the iteration is open3d's, the residual is measured here by itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from digitize.mesh import Floats
from digitize.points.cloud import turned

_STAGES = (3.0, 2.0, 1.0)  # reach of each stage, in spacings
_ROUNDS = 40
_NEAR = 2.0  # spacings within which a point has a partner
_SAME_SIDE = 0.5  # cosine between partners' normals
_GRAIN = 1e-9


@dataclass(frozen=True)
class Scan:
    """A scan thinned for registration: positions (n, 3) about a common middle, normals (n, 3), a tree over the positions."""

    positions: Floats
    normals: Floats
    tree: Any


@dataclass(frozen=True)
class Fit:
    """How two scans lie: the (4, 4) matrix, the share of partners, their plane residual (root mean square), open3d's own figures."""

    matrix: Floats
    overlap: float
    residual: float
    fitness: float
    rmse: float


def scan(positions: Floats, normals: Floats) -> Scan:
    """Make a scan ready."""
    from scipy.spatial import cKDTree

    return Scan(positions, normals, cKDTree(positions))


def moved(source: Scan, matrix: Floats) -> Scan:
    """Return a scan under a rigid transformation."""
    return scan(turned(source.positions, matrix[:3, :3]) + matrix[:3, 3], turned(source.normals, matrix[:3, :3]))


def measure(source: Scan, target: Scan, matrix: Floats, spacing: float) -> tuple[float, float]:
    """Return the share of `source`'s points with a partner in `target`, and the root mean square distance to the partners' planes."""
    places = turned(source.positions, matrix[:3, :3]) + matrix[:3, 3]
    distance, index = target.tree.query(places, distance_upper_bound=_NEAR * spacing)
    near = np.flatnonzero(np.isfinite(distance))
    facing = np.einsum("nd,nd->n", turned(source.normals[near], matrix[:3, :3]), target.normals[index[near]])
    near = near[facing > _SAME_SIDE]
    if not len(near):
        return 0.0, float("inf")
    plane = np.einsum("nd,nd->n", places[near] - target.positions[index[near]], target.normals[index[near]])
    return len(near) / len(places), float(np.sqrt(np.mean(plane**2)))


def likeness(overlap: float, residual: float, spacing: float) -> float:
    """Weigh overlap against residual: surfaces that merely cross overlap too, but lie about a spacing apart."""
    return overlap * max(1.0 - residual / spacing, 0.0)


def refine(source: Scan, target: Scan, start: Floats, spacing: float) -> Fit:
    """Improve a first guess, with an ever shorter reach."""
    from digitize.native import open3d

    o3d = open3d()
    registration = o3d.pipelines.registration
    clouds = []
    for one in (source, target):
        cloud = o3d.geometry.PointCloud(o3d.utility.Vector3dVector(one.positions))
        cloud.normals = o3d.utility.Vector3dVector(one.normals)
        clouds.append(cloud)
    matrix, found = start, None
    for reach in _STAGES:
        found = registration.registration_icp(
            clouds[0],
            clouds[1],
            reach * spacing,
            matrix,
            registration.TransformationEstimationPointToPlane(),
            registration.ICPConvergenceCriteria(1e-7, 1e-7, _ROUNDS),
        )
        matrix = np.asarray(found.transformation, dtype=np.float64)
    assert found is not None
    matrix = settled(matrix, spacing)
    return Fit(matrix, *measure(source, target, matrix, spacing), float(f"{found.fitness:.8g}"), float(f"{found.inlier_rmse:.8g}"))


def settled(matrix: Floats, spacing: float) -> Floats:
    """Round away what the order of additions in several threads leaves open, and make the rotation one again."""
    result = np.eye(4)
    u, _, v = np.linalg.svd(np.round(matrix[:3, :3] / _GRAIN) * _GRAIN)
    result[:3, :3] = u @ np.diag([1.0, 1.0, float(np.sign(np.linalg.det(u @ v)))]) @ v
    grain = 1e3 * _GRAIN * spacing
    result[:3, 3] = np.round(matrix[:3, 3] / grain) * grain
    return result
