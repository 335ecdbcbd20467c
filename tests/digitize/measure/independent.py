# SPDX-License-Identifier: Apache-2.0
"""A second measurement that shares nothing with the first: its own points, its own distance to a triangle, every triangle looked at."""

import numpy as np

from digitize.mesh import Mesh


def to_triangle(p: np.ndarray, triangle: np.ndarray) -> float:
    """The distance of a point to a triangle, by where its foot lies among the plane, the edges and the corners."""
    a, b, c = triangle
    normal = np.cross(b - a, c - a)
    area = normal @ normal
    if area > 0:
        foot = p - normal * (((p - a) @ normal) / area)
        sides = [np.cross(v - u, foot - u) @ normal for u, v in ((a, b), (b, c), (c, a))]
        if min(sides) >= 0:
            return float(abs((p - a) @ normal) / np.sqrt(area))
    return min(to_segment(p, u, v) for u, v in ((a, b), (b, c), (c, a)))


def to_segment(p: np.ndarray, u: np.ndarray, v: np.ndarray) -> float:
    along = v - u
    length = along @ along
    share = 0.0 if length == 0 else min(max(((p - u) @ along) / length, 0.0), 1.0)
    return float(np.linalg.norm(p - u - share * along))


def distances(points: np.ndarray, mesh: Mesh) -> np.ndarray:
    """Exact distances: triangles are left out only where the sphere around them is farther than another triangle's corner."""
    triangles = mesh.positions[mesh.faces]
    middle = triangles.mean(axis=1)
    radius = np.linalg.norm(triangles - middle[:, None], axis=2).max(axis=1)
    found = []
    for point in points:
        away = np.linalg.norm(middle - point, axis=1)
        near = np.flatnonzero(away - radius <= np.min(away + radius))
        near = near[np.argsort((away - radius)[near])]
        best = np.inf
        for n in near:
            if away[n] - radius[n] > best:
                break
            best = min(best, to_triangle(point, triangles[n]))
        found.append(best)
    return np.array(found)


def points_on(mesh: Mesh, count: int, seed: int) -> np.ndarray:
    """Independent points by area, folded into the triangle instead of by a square root."""
    random = np.random.default_rng(seed)
    a, b, c = (mesh.positions[mesh.faces[:, k]] for k in range(3))
    size = np.sqrt((np.cross(b - a, c - a) ** 2).sum(axis=1))
    face = random.choice(len(size), count, p=size / size.sum())
    u, v = random.random((2, count))
    fold = u + v > 1
    u[fold], v[fold] = 1 - u[fold], 1 - v[fold]
    return a[face] + u[:, None] * (b - a)[face] + v[:, None] * (c - a)[face]
