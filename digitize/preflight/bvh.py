# SPDX-License-Identifier: Apache-2.0
"""BVH: read whole by a reader of our own; what it counts is all that later steps may find."""

from pathlib import Path

from digitize.errors import Refusal
from digitize.motion.bvh import read
from digitize.preflight.model import Findings, Limits

_SMALLEST = 1e-12  # below, single precision and squares of differences lose it


def inspect_bvh(root: Path, main: str, limits: Limits) -> Findings:
    """Check a skeleton and every row of its motion.

    Raises
    ------
    Refusal
        With the first thing that is wrong, and its line or the last sound row.
    """
    motion, doubts = read(root / main, limits)
    if motion.extent() < _SMALLEST:
        raise Refusal("bvh.no-size")
    return Findings({"joints": len(motion.joints), "frames": motion.frames, "channels": motion.values.shape[1]}, (), doubts)
