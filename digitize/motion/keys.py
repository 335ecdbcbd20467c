# SPDX-License-Identifier: Apache-2.0
"""Fewer keyframes: those between which the rest can be interpolated within a tolerance.

Source: Ramer 1972, Douglas and Peucker 1973, here for all stretches of one curve at a time and within bounded blocks.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from digitize.mesh import Floats
from digitize.motion import turn

Indices = NDArray[np.intp]
BLOCK = 256  # frames; a key stands at least so often, which bounds the work on a hostile curve


def rotation_keys(curve: Floats, tolerance: float) -> Indices:
    """Choose frames of rotations (frames, 4) so that every other one is within `tolerance` radians of the way between."""
    return _keys(curve, tolerance, lambda a, b, share, own: turn.between(turn.slerp(a, b, share), own))


def translation_keys(curve: Floats, tolerance: float) -> Indices:
    """Choose frames of points (frames, 3) so that every other one is within `tolerance` of the line between."""

    def off(a: Floats, b: Floats, share: Floats, own: Floats) -> Floats:
        return np.asarray(np.linalg.norm(a + share[:, None] * (b - a) - own, axis=1))

    return _keys(curve, tolerance, off)


def _keys(curve: Floats, tolerance: float, off: Callable[[Floats, Floats, Floats, Floats], Floats]) -> Indices:
    """Split every stretch that is off at the frame where it is most so, until none is."""
    count = len(curve)
    if _still(curve):
        return np.array([0] if count == 1 else [0, count - 1])
    key = np.zeros(count, dtype=bool)
    key[::BLOCK] = key[-1] = True
    open_ = np.flatnonzero(~key)
    while len(open_):
        keys = np.flatnonzero(key)
        after = np.searchsorted(keys, open_)
        start, end = keys[after - 1], keys[after]
        share = (open_ - start) / (end - start)
        error = off(curve[start], curve[end], share, curve[open_])
        worst = np.lexsort((-error, start))
        first = worst[np.concatenate([[True], start[worst][1:] != start[worst][:-1]])]
        split = first[error[first] > tolerance]
        key[open_[split]] = True
        # A stretch that is within the tolerance is done; of the others all but the new key stays.
        going = np.isin(start, start[split])
        going[split] = False
        open_ = open_[going]
    return np.flatnonzero(key)


def _still(curve: Floats) -> bool:
    """Tell whether a curve never changes."""
    return bool((curve == curve[0]).all())


def continuous(rotations: Floats) -> Floats:
    """Choose signs of quaternions (frames, 4) so that neighbours lie on the same side."""
    flips = np.where((rotations[1:] * rotations[:-1]).sum(axis=-1) < 0, -1.0, 1.0)
    return np.asarray(rotations * np.concatenate([[1.0], np.cumprod(flips)])[:, None])
