# SPDX-License-Identifier: Apache-2.0
"""Find how a scan of an object lies in the frame of a later one: rotation and translation, with what is left over.

Source: Alexa, "Super-Fibonacci spirals", 2022 (rotations spread evenly); Chen, Medioni, "Object modelling by registration of
multiple range images", 1992 (point to plane); Chetverikov et al., "The trimmed iterative closest point algorithm", 2002.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from digitize.measure.closest import Surface, surface
from digitize.measure.sample import by_area
from digitize.mesh import METRES, Floats, Mesh
from digitize.topology import face_normals

_STARTS, _POINTS_AT_START = 600, 256
_TRIED, _POINTS_TRIED, _POINTS = 16, 1024, 8192
_TRIM = 0.7  # of the points: what is kept for the fit, so that a part may be missing
_SAME = np.radians(12.0)  # poses closer than this are one
_AMBIGUOUS = 1.25  # a different pose that fits nearly as well


@dataclass(frozen=True)
class Registration:
    """A rigid motion from an original's frame and unit into a later scan's.

    Attributes
    ----------
    rotation, translation, scale : x -> scale * rotation @ x + translation; the scale is that of the units alone.
    residual : root mean square distance of the closest 0.7 of the points after it, in the later scan's unit.
    residual_e4 : the same in 1e-4 of the original's diagonal.
    overlap : share of all points that lie within thrice the residual (at least 1e-3 of the diagonal) of the later scan.
    ambiguous : whether a clearly different pose fits about as well, as with what is round.
    """

    rotation: Floats
    translation: Floats
    scale: float
    residual: float
    residual_e4: float
    overlap: float
    ambiguous: bool

    def moved(self, points: Floats) -> Floats:
        """Bring points (k, 3) into the later scan's frame and unit."""
        return self.scale * points @ self.rotation.T + self.translation

    def turned(self, directions: Floats) -> Floats:
        """Turn directions (k, 3)."""
        return directions @ self.rotation.T

    def as_json(self) -> dict[str, Any]:
        """Give the registration as JSON."""
        return {
            "rotation": self.rotation.tolist(),
            "translation": self.translation.tolist(),
            "scale": self.scale,
            "residual": self.residual,
            "residual_per_10000_of_diagonal": self.residual_e4,
            "overlap": self.overlap,
            "ambiguous": self.ambiguous,
        }


@dataclass(frozen=True)
class _Pose:
    """A rotation (3, 3) and translation (3,), and the trimmed residual they leave."""

    rotation: Floats
    translation: Floats
    residual: float


def register(original: Mesh, later: Mesh, seed: int = 7, search: Surface | None = None) -> Registration:
    """Lay an original into a later scan's frame, whichever way the later one was turned; the same each time.

    Both scans' units are brought together where both are known; otherwise their numbers are taken as they are.
    """
    scale = METRES[original.unit] / METRES[later.unit] if original.unit and later.unit else 1.0
    drawn = by_area(original.positions, original.faces, _POINTS, seed)
    points, normals = drawn.points * scale, _unit(face_normals(original.positions, original.faces[drawn.face]))
    target = search or surface(later.positions, later.faces)
    middle = by_area(later.positions, later.faces, _POINTS, seed).points.mean(axis=0)
    poses = [_refined(pose, points, normals, later, target, rounds=12, count=_POINTS_TRIED) for pose in _starts(points, middle, target)]
    poses.sort(key=lambda pose: pose.residual)
    best = _refined(poses[0], points, normals, later, target, rounds=40, count=_POINTS)
    others = [pose for pose in poses if _apart(pose.rotation, best.rotation) > _SAME]
    diagonal = original.diagonal() * scale
    near = max(_measured(poses[0], points[:_POINTS_TRIED], target), 1e-4 * diagonal)
    distance = target.closest(points @ best.rotation.T + best.translation).distance
    return Registration(
        best.rotation,
        best.translation,
        scale,
        best.residual,
        1e4 * best.residual / diagonal,
        float((distance <= max(3 * best.residual, 1e-3 * diagonal)).mean()),
        bool(others) and others[0].residual < _AMBIGUOUS * near,
    )


def _starts(points: Floats, middle: Floats, target: Surface) -> list[_Pose]:
    """Try rotations spread evenly, middles together, and as it lies; return the most promising ones."""
    few, own = points[:: max(1, len(points) // _POINTS_AT_START)], points.mean(axis=0)
    found = [_Pose(np.eye(3), np.zeros(3), 0.0)]
    found += [_Pose(rotation, middle - rotation @ own, 0.0) for rotation in (np.eye(3), *_rotations(_STARTS))]
    placed = np.concatenate([few @ pose.rotation.T + pose.translation for pose in found])
    distance = np.sort(target.closest(placed).distance.reshape(len(found), -1), axis=1)
    residual = np.sqrt(np.mean(distance[:, : int(_TRIM * distance.shape[1])] ** 2, axis=1))
    order = np.argsort(residual, kind="stable")
    return [_Pose(found[n].rotation, found[n].translation, float(residual[n])) for n in order[:_TRIED]]


def _refined(pose: _Pose, points: Floats, normals: Floats, later: Mesh, target: Surface, *, rounds: int, count: int) -> _Pose:
    """Fit point to plane, round by round, to the closest part of the points whose normals agree."""
    step = max(1, len(points) // count)
    own, turned_normals = points[::step], normals[::step]
    rotation, translation = pose.rotation, pose.translation
    for _ in range(rounds):
        placed = own @ rotation.T + translation
        found = target.closest(placed)
        faces = later.faces[found.face]
        feet = np.einsum("kc,kcd->kd", found.weights, later.positions[faces])
        planes = _unit(face_normals(later.positions, faces))
        agree = np.einsum("kd,kd->k", planes, turned_normals @ rotation.T) > 0.3
        limit = np.quantile(found.distance, _TRIM)
        kept = agree & (found.distance <= limit)
        if np.count_nonzero(kept) < 12:
            break
        turn, shift = _step(placed[kept], feet[kept], planes[kept])
        rotation, translation = turn @ rotation, turn @ translation + shift
        if _apart(turn, np.eye(3)) < 1e-9:
            break
    moved = _Pose(rotation, translation, 0.0)
    return _Pose(rotation, translation, _measured(moved, own, target))


def _step(points: Floats, feet: Floats, planes: Floats) -> tuple[Floats, Floats]:
    """Return the small rotation (3, 3) and shift (3,) that bring points onto the planes through their feet (least squares)."""
    middle = points.mean(axis=0)
    size = float(np.abs(points - middle).max()) or 1.0
    rows = np.hstack([np.cross((points - middle) / size, planes), planes])
    solved = np.linalg.lstsq(
        rows.T @ rows + 1e-9 * len(rows) * np.eye(6), rows.T @ np.einsum("kd,kd->k", feet - points, planes), rcond=None
    )[0]
    turn = _rotation(solved[:3] / size)
    return turn, middle + solved[3:] - turn @ middle


def _measured(pose: _Pose, points: Floats, target: Surface) -> float:
    """Return the trimmed root mean square distance."""
    distance = np.sort(target.closest(points @ pose.rotation.T + pose.translation).distance)
    return float(np.sqrt(np.mean(distance[: int(_TRIM * len(distance))] ** 2)))


def _rotation(vector: Floats) -> Floats:
    """Return the rotation about a vector by its length (Rodrigues)."""
    angle = float(np.linalg.norm(vector))
    if angle < 1e-300:
        return np.eye(3)
    x, y, z = vector / angle
    cross = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]])
    return np.eye(3) + np.sin(angle) * cross + (1 - np.cos(angle)) * cross @ cross


def _apart(one: Floats, two: Floats) -> float:
    """Return the angle between two rotations, radians."""
    return float(np.arccos(np.clip((np.trace(one.T @ two) - 1) / 2, -1.0, 1.0)))


def _rotations(count: int) -> list[Floats]:
    """Return rotations spread evenly."""
    golden, psi = np.sqrt(2.0), 1.533751168755204288118041
    s = np.arange(count) + 0.5
    r, big = np.sqrt(s / count), np.sqrt(1.0 - s / count)
    alpha, beta = 2 * np.pi * s / golden, 2 * np.pi * s / psi
    return [
        _of_quaternion(*each) for each in zip(r * np.sin(alpha), r * np.cos(alpha), big * np.sin(beta), big * np.cos(beta), strict=True)
    ]


def _of_quaternion(x: float, y: float, z: float, w: float) -> Floats:
    """Return the rotation of a unit quaternion."""
    return np.array([
        [1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)],
        [2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)],
        [2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)],
    ])  # fmt: skip


def _unit(vectors: Floats) -> Floats:
    """Scale vectors to length one; null ones stay."""
    length: Floats = np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors / np.maximum(length, np.finfo(np.float64).tiny)
