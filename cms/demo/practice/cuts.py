# SPDX-License-Identifier: Apache-2.0
"""The paper-cutter's vocabulary: crescents, saw-teeth, drops, plum blossoms. Units are mm on the sheet."""

from __future__ import annotations

import math

import numpy as np

from cms.demo.pen import Outline, Pen, curve

CUT = 0


def crescent(pen: Pen, x: float, y: float, radius: float, *, turn: float = 0.0, fat: float = 0.42, span: float = 150.0) -> None:
    """Cut a crescent (yueya) whose back lies `radius` from (x, y) in the direction `turn` degrees."""
    angles = np.radians(turn + np.linspace(-span / 2, span / 2, 25))
    taper = np.cos(np.linspace(-math.pi / 2, math.pi / 2, 25))
    outer = [(x + radius * math.cos(a), y + radius * math.sin(a)) for a in angles]
    inner = [
        (x + (radius - fat * radius * t) * math.cos(a), y + (radius - fat * radius * t) * math.sin(a))
        for a, t in zip(angles, taper, strict=True)
    ]
    pen.ink(CUT).polygon([*outer, *inner[::-1]])


def teeth(pen: Pen, line: Outline, length: float, count: int, *, fullness: float = 0.62, value: int = CUT) -> None:
    """Set `count` saw-teeth along a smooth line, pointing to its left; negative length points right."""
    path = curve(np.asarray(line, np.float64), 24)
    steps = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(path, axis=0).T))])
    at = np.linspace(0, steps[-1], 2 * count + 1)
    points = np.stack([np.interp(at, steps, path[:, axis]) for axis in (0, 1)], axis=1)
    for k in range(count):
        left, middle, right = points[2 * k], points[2 * k + 1], points[2 * k + 2]
        along = right - left
        normal = np.array([-along[1], along[0]]) / max(float(np.hypot(*along)), 1e-9)
        # The outer teeth of a row are shorter, as the scissors run in and out.
        reach = length * (0.55 + 0.45 * math.sin(math.pi * (k + 0.5) / count))
        a, b = middle - along * fullness / 2, middle + along * fullness / 2
        pen.ink(value).polygon([(float(p[0]), float(p[1])) for p in (a, b, middle + normal * reach)])


def drop(pen: Pen, start: tuple[float, float], end: tuple[float, float], half: float) -> None:
    """Cut a drop that is pointed at its start and round towards its end."""
    (x, y), (u, v) = start, end
    path = [(x + (u - x) * t, y + (v - y) * t, half * math.sin(math.pi * t**1.6) ** 0.8 + 0.12) for t in np.linspace(0.02, 0.97, 12)]
    pen.ink(CUT).brush(path, pieces=4)


def blossom(pen: Pen, x: float, y: float, radius: float, *, turn: float = 90.0) -> None:
    """Leave a plum blossom standing, with a crescent and a drop in each petal and stamens around an open heart."""
    place = pen.placed(x, y, scale=radius / 10.0)
    for k in range(5):
        petal = place.placed(0, 0, turn=turn + 72.0 * k)
        petal.ink(255).disc(5.9, 0, 4.35)
    place.ink(255).disc(0, 0, 5.4)
    for k in range(5):
        petal = place.placed(0, 0, turn=turn + 72.0 * k)
        crescent(petal, 5.7, 0, 3.3, fat=0.36, span=170)
        drop(petal, (3.2, 0), (6.9, 0), 0.72)
        gap = place.placed(0, 0, turn=turn + 36.0 + 72.0 * k)
        drop(gap, (2.6, 0), (5.3, 0), 0.42)
    place.ink(CUT).disc(0, 0, 1.5)
    place.ink(255).disc(0, 0, 0.7)
    place.ink(255).line([(-1.6, 0), (1.6, 0)], 0.24)


def bud(pen: Pen, x: float, y: float, radius: float, turn: float) -> None:
    """Leave a bud standing that opens in the direction `turn` degrees."""
    place = pen.placed(x, y, turn=turn)
    place.ink(255).brush(((-radius * 0.6, 0, radius * 0.5), (0, 0, radius * 0.95), (radius * 0.9, 0, radius * 0.35)))
    crescent(place, -0.1 * radius, 0, radius * 0.78, fat=0.4, span=130)
