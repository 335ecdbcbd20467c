# SPDX-License-Identifier: Apache-2.0
"""A body for a skeleton: an octahedral bone from each joint to what hangs on it, and a small knot at each joint."""

from dataclasses import dataclass

import numpy as np

from digitize.mesh import Floats, Integers
from digitize.motion.skeleton import Motion

BONE, KNOT = 0, 1
_WIDTH, _KNOT, _WIDEST = 0.1, 0.006, 0.02  # of a bone's length; of the skeleton's extent
_WAIST = 0.18  # where along its length a bone is widest
_FACES = ((0, 1, 2), (0, 2, 3), (0, 3, 4), (0, 4, 1), (5, 2, 1), (5, 3, 2), (5, 4, 3), (5, 1, 4))


@dataclass(frozen=True, slots=True)
class Body:
    """Flat-shaded triangles at rest.

    Attributes
    ----------
    positions, normals : (n, 3) float64, three vertices of their own for each triangle, in the source's unit.
    joint : (n,) int32, which joint carries a vertex.
    part : (n / 3,) int32, `BONE` or `KNOT` for each triangle.
    """

    positions: Floats
    normals: Floats
    joint: Integers
    part: Integers


def body(motion: Motion) -> Body:
    """Build the body of the resting skeleton."""
    rest, extent = motion.rest(), motion.extent()
    shapes = [(_bone(rest[a], to, extent), a, BONE) for a, to in _limbs(motion, rest)]
    shapes += [(_knot(place, _KNOT * extent), number, KNOT) for number, place in enumerate(rest)]
    corners = np.concatenate([shape[np.array(_FACES)] for shape, _, _ in shapes])
    normals = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    normals /= np.linalg.norm(normals, axis=1, keepdims=True)
    joint = np.repeat(np.array([number for _, number, _ in shapes], dtype=np.int32), 3 * len(_FACES))
    part = np.repeat(np.array([part for _, _, part in shapes], dtype=np.int32), len(_FACES))
    return Body(corners.reshape(-1, 3), np.repeat(normals, 3, axis=0), joint, part)


def _limbs(motion: Motion, rest: Floats) -> list[tuple[int, Floats]]:
    """List each joint with each place that hangs on it and is not where it is."""
    found = [(joint.parent, rest[number]) for number, joint in enumerate(motion.joints) if joint.parent >= 0]
    found += [(number, rest[number] + end) for number, joint in enumerate(motion.joints) for end in joint.ends]
    shortest = 1e-6 * motion.extent()
    return [(a, to) for a, to in found if np.linalg.norm(to - rest[a]) > shortest]


def _bone(start: Floats, end: Floats, extent: float) -> Floats:
    """Return the six corners of a long octahedron: start, waist, end."""
    along = end - start
    length = float(np.linalg.norm(along))
    helper = np.eye(3)[int(np.argmin(np.abs(along)))]
    side = np.cross(along, helper)
    side *= min(_WIDTH * length, _WIDEST * extent) / np.linalg.norm(side)
    other = np.cross(along / length, side)
    waist = start + _WAIST * along
    return np.array([start, waist + side, waist + other, waist - side, waist - other, end])[[0, 4, 3, 2, 1, 5]]


def _knot(place: Floats, radius: float) -> Floats:
    """Return the six corners of a regular octahedron."""
    x, y, z = radius * np.eye(3)
    return np.array([place - z, place + y, place + x, place - y, place - x, place + z])
