# SPDX-License-Identifier: Apache-2.0
"""A second measurement that shares nothing with the first: its own points, its own distance to a triangle, every triangle looked at."""

import numpy as np

from digitize.mesh import Mesh

PIECE = 512


def to_triangles(p: np.ndarray, triangles: np.ndarray) -> np.ndarray:
    """The distance of each point (k, 3) to its triangle (k, 3, 3), by where its foot lies among the plane, the edges and the corners."""
    a, b, c = (triangles[:, corner] for corner in range(3))
    edges = [to_segments(p, u, v) for u, v in ((a, b), (b, c), (c, a))]
    nearest = np.minimum(np.minimum(edges[0], edges[1]), edges[2])
    normal = np.cross(b - a, c - a)
    area = (normal * normal).sum(axis=1)
    flat = area <= 0
    height = ((p - a) * normal).sum(axis=1) / np.where(flat, 1, area)
    foot = p - normal * height[:, None]
    sides = [(np.cross(v - u, foot - u) * normal).sum(axis=1) for u, v in ((a, b), (b, c), (c, a))]
    inside = ~flat & (sides[0] >= 0) & (sides[1] >= 0) & (sides[2] >= 0)
    return np.where(inside, np.abs(height) * np.sqrt(area), nearest)


def to_segments(p: np.ndarray, u: np.ndarray, v: np.ndarray) -> np.ndarray:
    along = v - u
    length = (along * along).sum(axis=1)
    share = np.where(length == 0, 0, ((p - u) * along).sum(axis=1) / np.where(length == 0, 1, length)).clip(0, 1)
    return np.linalg.norm(p - u - share[:, None] * along, axis=1)


def distances(points: np.ndarray, mesh: Mesh) -> np.ndarray:
    """Exact distances: triangles are left out only where the sphere around them is farther than another triangle's corner."""
    triangles = mesh.positions[mesh.faces]
    middle = triangles.mean(axis=1)
    radius = np.linalg.norm(triangles - middle[:, None], axis=2).max(axis=1)
    found = np.full(len(points), np.inf)
    for start in range(0, len(points), PIECE):
        part = points[start : start + PIECE]
        away = np.sqrt(sum((part[:, None, axis] - middle[None, :, axis]) ** 2 for axis in range(3)))
        row, near = np.nonzero(away - radius <= (away + radius).min(axis=1, keepdims=True))
        np.minimum.at(found, start + row, to_triangles(part[row], triangles[near]))
    return found


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


def beyond(one: Mesh, two: Mesh, points: int = 300_000, seed: int = 33) -> float:
    """The distance from `two` that one in a thousand points of `one` passes.

    No point is farther from a surface than from a point of it: only where that bound is large the distance itself is computed, of
    so many that no other can pass the answer.
    """
    from scipy.spatial import cKDTree

    drawn = points_on(one, points, seed)
    bound = cKDTree(points_on(two, points, seed + 1)).query(drawn)[0]
    order, asked = np.argsort(-bound), points // 200
    while True:
        answer = np.sort(distances(drawn[order[:asked]], two))[-points // 1000]
        if asked >= points or answer >= bound[order[asked]]:
            return float(answer)
        asked *= 2
