# SPDX-License-Identifier: Apache-2.0
"""What of a motion is written: for each joint that turns or moves, keyframes that keep within a tolerance."""

from dataclasses import dataclass

import numpy as np

from digitize.mesh import Floats
from digitize.motion import turn
from digitize.motion.keys import Indices, continuous, rotation_keys, translation_keys
from digitize.motion.pose import rotation, translation
from digitize.motion.skeleton import Motion

_STEADIEST = float(np.radians(1.0))  # what hangs on nothing is still kept within a degree


@dataclass(frozen=True, slots=True)
class Track:
    """One joint's curve: `path` as glTF names it, the frames of its keys, and the values there (k, 4) or (k, 3)."""

    joint: int
    path: str
    keys: Indices
    values: Floats


def tracks(motion: Motion, positions: str, tolerance: float) -> list[Track]:
    """Choose keyframes; `tolerance` is the place error in the source's unit that one joint alone may cause."""
    found, reach = list[Track](), reaches(motion)
    for number, joint in enumerate(motion.joints):
        curve = continuous(rotation(joint, motion.values))
        if joint.parent < 0 or (curve != turn.IDENTITY).any():
            keys = rotation_keys(curve, min(tolerance / max(reach[number], 1e-300), _STEADIEST))
            found.append(Track(number, "rotation", keys, curve[keys]))
        if joint.parent < 0 or joint.moves:
            path = translation(joint, motion.values, positions)
            keys = translation_keys(path, tolerance)
            found.append(Track(number, "translation", keys, path[keys]))
    return found


def reaches(motion: Motion) -> Floats:
    """Return how far from each joint lies, at rest, the farthest thing that turns with it (joints,)."""
    whole = motion.with_tips()
    places = whole.rest()
    reach = np.zeros(len(whole.joints))
    for number, joint in enumerate(whole.joints):
        above = joint.parent
        while above >= 0:
            reach[above] = max(reach[above], float(np.linalg.norm(places[number] - places[above])))
            above = whole.joints[above].parent
    return reach[: len(motion.joints)]
