# SPDX-License-Identifier: Apache-2.0
"""Where a skeleton's joints are in each frame, straight from the recorded angles."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from digitize.errors import Doubt
from digitize.mesh import Floats
from digitize.motion import turn
from digitize.motion.skeleton import POSITIONS, ROTATIONS, Joint, Motion

READINGS = ("replace", "add")
_BLOCK = 1 << 18  # joints times frames worked on together


@dataclass(frozen=True, slots=True)
class Local:
    """Each joint against its parent: rotations (frames, joints, 4) and translations (frames, joints, 3) in the source's unit."""

    rotations: Floats
    translations: Floats


def local(motion: Motion, part: slice, positions: str) -> Local:
    """Turn some frames' channels into rotations and translations.

    Parameters
    ----------
    positions : how position channels stand to a joint's OFFSET, one of `READINGS`.
    """
    values = motion.values[part]
    rotations = np.zeros((len(values), len(motion.joints), 4))
    translations = np.zeros((len(values), len(motion.joints), 3))
    for number, joint in enumerate(motion.joints):
        rotations[:, number] = rotation(joint, values)
        translations[:, number] = translation(joint, values, positions)
    return Local(rotations, translations)


def rotation(joint: Joint, values: Floats) -> Floats:
    """Multiply a joint's rotations in the order of its channels: (frames, 4)."""
    total = np.tile(turn.IDENTITY, (len(values), 1))
    for column, channel in enumerate(joint.channels, joint.first):
        if channel in ROTATIONS:
            total = turn.multiply(total, turn.about(ROTATIONS.index(channel), values[:, column]))
    return total


def translation(joint: Joint, values: Floats, positions: str) -> Floats:
    """Return where a joint stands in its parent's frame: (frames, 3)."""
    total = np.tile(joint.offset, (len(values), 1))
    for column, channel in enumerate(joint.channels, joint.first):
        if channel in POSITIONS:
            axis = POSITIONS.index(channel)
            total[:, axis] = values[:, column] + (joint.offset[axis] if positions == "add" else 0.0)
    return total


def blocks(motion: Motion) -> Iterator[slice]:
    """Cut the frames into pieces that fit in little memory."""
    size = max(1, _BLOCK // len(motion.joints))
    return (slice(start, min(start + size, motion.frames)) for start in range(0, motion.frames, size))


def places(motion: Motion, part: slice, positions: str) -> Floats:
    """Return where the joints are in some frames (frames, joints, 3), by rotation matrices: no quaternion is involved."""
    values = motion.values[part]
    count = len(values)
    frames = np.zeros((len(motion.joints), count, 3, 3))
    found = np.zeros((len(motion.joints), count, 3))
    for number, joint in enumerate(motion.joints):
        own, step = _matrix(joint, values), translation(joint, values, positions)
        if joint.parent < 0:
            frames[number], found[number] = own, step
        else:
            frames[number] = frames[joint.parent] @ own
            found[number] = found[joint.parent] + np.einsum("fij,fj->fi", frames[joint.parent], step)
    return np.moveaxis(found, 0, 1)


def _matrix(joint: Joint, values: Floats) -> Floats:
    """Multiply a joint's rotation matrices in the order of its channels: (frames, 3, 3)."""
    total = np.tile(np.eye(3), (len(values), 1, 1))
    for column, channel in enumerate(joint.channels, joint.first):
        if channel in ROTATIONS:
            total = total @ _about(ROTATIONS.index(channel), np.radians(values[:, column]))
    return total


def _about(axis: int, angle: Floats) -> Floats:
    """Return the matrices (n, 3, 3) that turn about x, y or z."""
    one, two = (axis + 1) % 3, (axis + 2) % 3
    found = np.zeros((len(angle), 3, 3))
    found[:, axis, axis] = 1.0
    found[:, one, one] = found[:, two, two] = np.cos(angle)
    found[:, two, one] = np.sin(angle)
    found[:, one, two] = -found[:, two, one]
    return found


def compose(parents: list[int], pose: Local) -> tuple[Floats, Floats]:
    """Return rotations (frames, joints, 4) and places (frames, joints, 3) in the skeleton's frame."""
    rotations, found = np.empty_like(pose.rotations), np.empty_like(pose.translations)
    for number, parent in enumerate(parents):
        own, step = pose.rotations[:, number], pose.translations[:, number]
        if parent < 0:
            rotations[:, number], found[:, number] = own, step
        else:
            rotations[:, number] = turn.multiply(rotations[:, parent], own)
            found[:, number] = found[:, parent] + turn.rotate(rotations[:, parent], step)
    return rotations, found


def doubts(motion: Motion, positions: str) -> list[Doubt]:
    """Say where OFFSET and positions meet, for programs differ in what that means."""
    torn = [joint.name for joint in motion.joints if joint.moves and any(joint.offset)]
    if not torn:
        return []
    how = "in place of" if positions == "replace" else "on top of"
    return [Doubt("bvh.offset-and-position", None, {"count": len(torn), "how": how, "names": ", ".join(torn[:5])})]
