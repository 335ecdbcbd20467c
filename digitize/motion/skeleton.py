# SPDX-License-Identifier: Apache-2.0
"""A skeleton and its recorded motion, as every reader of motion yields them."""

from dataclasses import dataclass

import numpy as np

from digitize.mesh import Floats

POSITIONS = ("xposition", "yposition", "zposition")
ROTATIONS = ("xrotation", "yrotation", "zrotation")


@dataclass(frozen=True, slots=True)
class Joint:
    """One joint.

    Attributes
    ----------
    parent : index of an earlier joint, or -1 for a root.
    offset : where it stands in its parent's frame at rest, in the source's unit.
    channels : what each frame gives of it, in the order in which rotations are multiplied.
    first : column of its first channel.
    ends : offsets of the end sites below it.
    """

    name: str
    parent: int
    offset: tuple[float, float, float]
    channels: tuple[str, ...]
    first: int
    ends: tuple[tuple[float, float, float], ...] = ()

    @property
    def moves(self) -> bool:
        """Tell whether frames give its position too."""
        return any(channel in POSITIONS for channel in self.channels)


@dataclass(frozen=True, slots=True)
class Motion:
    """A recording: joints, each after its parent; seconds between frames; values (frames, channels), angles in degrees."""

    joints: tuple[Joint, ...]
    frame_time: float
    values: Floats

    @property
    def frames(self) -> int:
        """Count the frames."""
        return len(self.values)

    def rest(self) -> Floats:
        """Return where the joints stand at rest (joints, 3), in the source's unit."""
        places = np.zeros((len(self.joints), 3))
        for number, joint in enumerate(self.joints):
            places[number] = joint.offset if joint.parent < 0 else places[joint.parent] + joint.offset
        return places

    def tips(self) -> Floats:
        """Return where the end sites stand at rest (ends, 3)."""
        rest = self.rest()
        ends = [rest[number] + end for number, joint in enumerate(self.joints) for end in joint.ends]
        return np.array(ends).reshape(-1, 3)

    def with_tips(self) -> "Motion":
        """Return the same motion with its end sites as joints that nothing turns, after all others."""
        ends = [Joint(f"{joint.name} end", number, end, (), 0) for number, joint in enumerate(self.joints) for end in joint.ends]
        return Motion((*self.joints, *ends), self.frame_time, self.values)

    def extent(self) -> float:
        """Return the diagonal of the resting skeleton's bounding box, in the source's unit."""
        places = np.vstack([self.rest(), self.tips()])
        return float(np.linalg.norm(places.max(axis=0) - places.min(axis=0)))
