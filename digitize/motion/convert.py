# SPDX-License-Identifier: Apache-2.0
"""From a recording to a file with as few keyframes as a stated error allows, and that error measured on the file."""

from dataclasses import dataclass
from pathlib import Path

from digitize.motion import glb
from digitize.motion.readback import Errors, compare
from digitize.motion.skeleton import Motion
from digitize.motion.tracks import tracks

_TRIES = 6


@dataclass(frozen=True, slots=True)
class Written:
    """What was written: triangles of the body, keys of all curves and how many there would be without reduction, the error."""

    triangles: int
    keys: int
    keys_full: int
    errors: Errors


def convert(motion: Motion, path: Path, *, error: float, positions: str, scale: float, up: str) -> Written:
    """Write a motion so that no joint is farther than `error` (source's unit) from where it was recorded in any frame.

    Where single precision alone is worse than that, every frame becomes a key, and the measured error says so.
    """
    tolerance = error
    for attempt in range(_TRIES):
        chosen = tracks(motion, positions, tolerance)
        last = attempt == _TRIES - 1
        counts = glb.write(motion, chosen, path, scale=scale, up=up, short=not last)
        measured = compare(motion, path, positions=positions, scale=scale, up=up)
        if measured.maximum <= error:
            break
        # Errors of joints along a chain add up; the measurement says by how much.
        tolerance = -1.0 if attempt == _TRIES - 2 else tolerance * max(0.1, min(0.8, error / measured.maximum))
    return Written(counts["triangles"], counts["keys"], len(chosen) * motion.frames, measured)
