# SPDX-License-Identifier: Apache-2.0
"""Rotations as unit quaternions (x, y, z, w), last axis 4, as glTF writes them.

Source: Shoemake, "Animating Rotation with Quaternion Curves", SIGGRAPH 1985.
"""

import numpy as np

from digitize.mesh import Floats

IDENTITY = (0.0, 0.0, 0.0, 1.0)


def multiply(one: Floats, two: Floats) -> Floats:
    """Return the rotation that turns by `two` first, then by `one`."""
    ax, ay, az, aw = np.moveaxis(one, -1, 0)
    bx, by, bz, bw = np.moveaxis(two, -1, 0)
    return np.stack([
        aw * bx + ax * bw + ay * bz - az * by,
        aw * by - ax * bz + ay * bw + az * bx,
        aw * bz + ax * by - ay * bx + az * bw,
        aw * bw - ax * bx - ay * by - az * bz,
    ], axis=-1)  # fmt: skip


def rotate(turn: Floats, vector: Floats) -> Floats:
    """Turn vectors (…, 3)."""
    axis, angle = turn[..., :3], turn[..., 3:]
    side = np.cross(axis, vector)
    return np.asarray(vector + 2 * (angle * side + np.cross(axis, side)))


def about(axis: int, degrees: Floats) -> Floats:
    """Return rotations about x, y or z (0, 1, 2) by angles (n,) in degrees: (n, 4)."""
    half = np.radians(np.fmod(degrees, 360.0)) / 2
    turn = np.zeros((len(half), 4))
    turn[:, axis], turn[:, 3] = np.sin(half), np.cos(half)
    return turn


def between(one: Floats, two: Floats) -> Floats:
    """Return the angle in radians between rotations."""
    return np.asarray(2 * np.arccos(np.clip(np.abs((one * two).sum(axis=-1)), 0.0, 1.0)))


def slerp(one: Floats, two: Floats, share: Floats) -> Floats:
    """Go the share (…) of the shorter way from `one` to `two`, as glTF's LINEAR does (appendix C.4).

    What was rounded is not brought back to length one: viewers do not do so either, and what comes of it is to be measured.
    """
    dot = (one * two).sum(axis=-1)
    sign = np.where(dot < 0, -1.0, 1.0)
    angle = np.arccos(np.clip(np.abs(dot), 0.0, 1.0))
    sine = np.sin(angle)
    near = sine < 1e-6
    safe = np.where(near, 1.0, sine)
    first = np.where(near, 1 - share, np.sin((1 - share) * angle) / safe)
    second = np.where(near, share, np.sin(share * angle) / safe) * sign
    return np.asarray(first[..., None] * one + second[..., None] * two)


def upright(axis: str) -> tuple[float, float, float, float]:
    """Return the rotation that turns an axis ("x", "-z" …) to +Y."""
    half = float(np.sqrt(0.5))
    turns = {
        "y": IDENTITY, "-y": (1.0, 0.0, 0.0, 0.0), "z": (-half, 0.0, 0.0, half),
        "-z": (half, 0.0, 0.0, half), "x": (0.0, 0.0, half, half), "-x": (0.0, 0.0, -half, half),
    }  # fmt: skip
    return turns[axis]
