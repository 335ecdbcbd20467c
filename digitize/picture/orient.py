# SPDX-License-Identifier: Apache-2.0
"""Which way an object stands: proposed from its shape for the picture only, never applied to what is given out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from digitize.mesh import Floats, Mesh
from digitize.topology import face_normals

AXES = {"x": (1, 0, 0), "-x": (-1, 0, 0), "y": (0, 1, 0), "-y": (0, -1, 0), "z": (0, 0, 1), "-z": (0, 0, -1)}
_PRIOR = {"y": 0.25, "z": 0.2, "x": 0.0, "-x": 0.0, "-y": 0.0, "-z": 0.0}
ROUND = float(np.radians(14.0))  # elevation for what has no flat side
_ENOUGH = 25_000  # points that tell on what an object rests
_SIDES = 32  # directions that find the outermost points
_SLICE = 0.02  # of the height: what counts as touching the ground


@dataclass(frozen=True)
class Stance:
    """An up axis and where it comes from.

    Attributes
    ----------
    rest : the share of the footprint on which the object would rest; None if declared.
    confidence : 1 if declared, else from 0 (another axis is as likely) to 1, the lead over the next best axis.
    confirmed : whether it was declared; a proposal is never applied.
    scores : what speaks for each axis; empty if declared.
    """

    up: str
    evidence: str
    rest: float | None
    confidence: float = 1.0
    confirmed: bool = True
    scores: Mapping[str, float] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """Give the stance as the fact `orientation`."""
        return {
            "up": self.up,
            "evidence": self.evidence,
            "rest": self.rest,
            "confidence": self.confidence,
            "confirmed": self.confirmed,
            "scores": dict(self.scores),
        }


def stance(mesh: Mesh) -> Stance:
    """Take the declared up axis, else propose the one on which the object rests best."""
    if mesh.up is not None:
        return Stance(mesh.up, "declared", None)
    points = mesh.positions[:: 1 + len(mesh.positions) // _ENOUGH]
    rests = {axis: _rest(points, np.array(direction, dtype=np.float64)) for axis, direction in AXES.items()}
    scores = {axis: rests[axis] + _PRIOR[axis] for axis in AXES}
    best = max(AXES, key=lambda axis: (scores[axis], axis))
    lead = scores[best] - max(score for axis, score in scores.items() if axis != best)
    told = {axis: round(score, 4) for axis, score in scores.items()}
    confidence = round(min(lead / (scores[best] or 1.0), 1.0), 4)
    return Stance(best, "proposed: rests on the widest base", round(rests[best], 4), confidence, False, told)


def _rest(points: Floats, up: Floats) -> float:
    """Return the share of the footprint's area that the resting points span; 0 where the centre would tip over."""
    height = points @ up
    low, high = float(height.min()), float(height.max())
    feet = points[height <= low + _SLICE * max(high - low, 1e-300)]
    plane = np.flatnonzero(up == 0)
    base, whole = _hull(feet[:, plane]), _hull(points[:, plane])
    if base is None or whole is None or not _inside(base, (points[:, plane].max(axis=0) + points[:, plane].min(axis=0)) / 2):
        return 0.0
    return _area(base) / max(_area(whole), 1e-300)


def _hull(points: Floats) -> Floats | None:
    """Return the convex hull of points in the plane, counter-clockwise; None where they span no area."""
    angle = np.linspace(0, 2 * np.pi, _SIDES, endpoint=False)
    outward = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    corners = points[np.unique((points @ outward.T).argmax(axis=0))]
    # What lies well inside the polygon of the outermost points is on no hull (Akl and Toussaint, 1978).
    if len(corners) > 2:
        order = np.argsort(np.arctan2(*(corners - corners.mean(axis=0)).T[::-1]))
        edge = np.roll(corners[order], -1, axis=0) - corners[order]
        normal = np.stack([edge[:, 1], -edge[:, 0]], axis=1)
        beyond = (points @ normal.T - np.einsum("kd,kd->k", corners[order], normal)).max(axis=1)
        points = points[beyond >= -1e-12 * float(np.abs(edge).max()) ** 2]
    chain = _chain(points[np.lexsort((points[:, 1], points[:, 0]))])
    return chain if len(chain) > 2 else None


def _chain(points: Floats) -> Floats:
    """Return the convex hull of points sorted by x, then y (Andrew, 1979, the monotone chain)."""
    halves = []
    for way in (points.tolist(), points[::-1].tolist()):
        half: list[list[float]] = []
        for x, y in way:
            while len(half) > 1:
                (ax, ay), (bx, by) = half[-2:]
                if (bx - ax) * (y - ay) - (by - ay) * (x - ax) > 0:
                    break
                half.pop()
            half.append([x, y])
        halves += half[:-1]
    return np.array(halves).reshape(-1, 2)


def _area(polygon: Floats) -> float:
    """Return a polygon's area (shoelace formula)."""
    x, y = polygon.T
    return float(abs(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1))) / 2)


def _inside(polygon: Floats, point: Floats) -> bool:
    """Tell whether a point lies within a convex counter-clockwise polygon."""
    edge, to = np.roll(polygon, -1, axis=0) - polygon, point - polygon
    return bool((edge[:, 0] * to[:, 1] - edge[:, 1] * to[:, 0] >= 0).all())


def turned(positions: Floats, up: str) -> Floats:
    """Turn (n, 3) points or vectors so that `up` becomes +Y, and what looked along -Y under +Z looks along +Z."""
    x, y, z = positions.T
    columns = {"y": (x, y, z), "-y": (x, -y, -z), "z": (x, z, -y), "-z": (x, -z, y), "x": (-y, x, z), "-x": (y, -x, z)}
    return np.stack(columns[up], axis=1)


def view(mesh: Mesh, up: str) -> tuple[float, float]:
    """Choose azimuth and elevation in radians: three quarters, but more from the front for what is flat."""
    points = turned(mesh.positions, up)
    width, height, depth = (float(part) for part in points.max(axis=0) - points.min(axis=0))
    if depth < 0.3 * min(width, height):
        return _relief_side(mesh, up, axis=2, straight=0.0), np.radians(10.0)
    if width < 0.3 * min(height, depth):
        return _relief_side(mesh, up, axis=0, straight=np.pi / 2), np.radians(10.0)
    if height < 0.3 * min(width, depth):
        return np.radians(24.0), np.radians(52.0)
    return np.radians(32.0), ROUND


def _relief_side(mesh: Mesh, up: str, axis: int, straight: float) -> float:
    """Return the azimuth that looks, a little from the side, at the face of a slab with more relief."""
    normals = turned(face_normals(mesh.positions, mesh.faces), up)
    size = np.linalg.norm(normals, axis=1)
    along = normals[:, axis] / np.maximum(size, 1e-300)
    slope = [float((size * (1 - np.abs(along)))[side].sum() / max(float(size[side].sum()), 1e-300)) for side in (along > 0.2, along < -0.2)]
    lean = np.radians(22.0)
    return straight + lean if slope[0] >= slope[1] * 0.98 else straight + np.pi - lean
