# SPDX-License-Identifier: Apache-2.0
"""Our own drawing of the bronze's relief band: a beast mask in two mirrored halves on a ground of square spirals."""

from __future__ import annotations

import numpy as np

from cms.demo.noise import Field
from cms.demo.pen import Pen, Stroke, canvas, field

WIDTH, HEIGHT = 200.0, 52.0
"""One of the three units around the vessel, in mm at the belly."""

_PIXELS = 8

_BODIES: tuple[Stroke, ...] = (
    ((5, 44, 2.2), (14, 47.5, 3.0), (27, 47.5, 3.5), (39, 43.5, 3.6), (44.5, 36, 3.3), (41, 29.5, 2.6), (35.5, 31, 1.8), (36.5, 35.5, 1.3)),
    ((10, 36, 1.6), (17, 39, 2.5), (26, 38.5, 2.5), (31.5, 34, 1.8), (32, 29.5, 0.9)),
    ((4, 20, 2.6), (9.5, 13.5, 3.0), (19, 10.5, 3.3), (29, 12, 3.1), (34.5, 17, 2.5), (31.5, 21.5, 1.7), (27.5, 19, 1.1)),
    ((3, 11, 1.7), (9, 6.5, 2.0), (18, 4.6, 2.0), (27, 5.2, 1.6), (33, 8, 0.8)),
    ((40, 17, 1.4), (45.5, 20.5, 2.8), (50.5, 24, 2.4), (53, 28, 0.9)),
    ((50, 34, 3.4), (58, 39, 4.0), (68, 39.5, 4.1), (78, 34.5, 4.0), (85.5, 27.5, 3.7), (92, 29, 3.1), (94.5, 36, 2.5), (90.5, 41.5, 2.0), (85.5, 39, 1.3)),
    ((58, 32, 3.3), (57, 24, 3.1), (52, 16.5, 2.9), (51.5, 9.5, 2.6), (58, 6.2, 2.2), (65, 7.2, 1.2)),
    ((58, 9.5, 1.7), (63, 12.5, 1.4), (66.5, 11, 0.7)),
    ((67, 28, 1.4), (73, 23.5, 2.6), (81, 17, 2.9), (88, 11, 2.7), (93.5, 12, 2.1), (93.5, 18, 1.5), (89.5, 18.5, 0.9)),
    ((55, 46.5, 1.0), (64, 48.6, 2.0), (74, 47.5, 2.1), (81.5, 44.2, 0.9)),
    ((70, 14, 1.0), (75, 8.5, 2.0), (83, 5.2, 2.0), (92, 4.6, 0.9)),
)  # fmt: skip
"""Horn, brow, jaw, lip, ear, body with tail, leg, claw, hind plume, upper and lower feather of one half, nose at x = 0."""

_EYE = (21.5, 27.5)


def _incised(body: Stroke) -> Stroke:
    return [(x, y, 0.42) for x, y, half in body if half > 1.2]


def _ground(pen: Pen) -> None:
    pitch = 4.33
    for row in range(int(HEIGHT / pitch)):
        for column in range(int(WIDTH / 2 / pitch) + 1):
            pen.meander((column + 0.5) * pitch, (row + 0.5) * pitch, pitch * 0.94, 0.36, hand=1 if (row + column) % 2 else -1)


def _half(pen: Pen) -> None:
    for body in _BODIES:
        pen.ink(0, 1.0).brush(body)
        pen.ink(178).brush(body)
        if len(_incised(body)) > 2:
            pen.ink(96).brush(_incised(body))
    _eye(pen)
    for x in (13.0, 20.5, 27.5):
        pen.ink(190).polygon([(x - 1.9, 9.5), (x + 1.9, 9.5), (x + 0.6, 3.2)])
    pen.ink(96).spiral(40.6, 44.6, 2.6, 1.6, 0.42, start=200, hand=-1)
    pen.ink(96).spiral(66.5, 39.6, 3.0, 1.8, 0.42, start=180)
    pen.ink(96).spiral(81.5, 31.0, 2.8, 1.7, 0.42, start=140)


def _eye(pen: Pen) -> None:
    x, y = _EYE
    lid: Stroke = ((x - 10.5, y - 3.6, 0.6), (x - 5, y + 3.6, 1.0), (x + 3, y + 5.6, 1.1), (x + 8, y + 2.4, 0.6))
    pen.ink(0, 0.8).disc(x, y, 6.2)
    pen.ink(178).brush(lid)
    pen.ink(225).disc(x, y, 4.7)
    pen.ink(255).disc(x, y, 3.6)
    pen.ink(70).brush(((x - 2.4, y + 0.3, 0.3), (x, y - 0.2, 0.75), (x + 2.4, y + 0.3, 0.3)))


def _nose(pen: Pen) -> None:
    ridge: Stroke = ((0, 3, 2.6), (0, 12, 3.6), (0, 24, 2.4), (0, 36, 3.0), (0, 49, 1.6))
    pen.ink(0, 1.0).brush(ridge)
    pen.ink(190).brush(ridge)
    for side in (-1, 1):
        pen.ink(96).spiral(side * 1.7, 9.5, 1.9, 1.2, 0.36, start=90, hand=side)


def unit() -> Field:
    """Draw one unit, height in [0, 1], (HEIGHT, WIDTH) at 8 pixels per mm; row 0 is the top."""
    pen = canvas(int(WIDTH * _PIXELS), int(HEIGHT * _PIXELS), units=(-WIDTH / 2, 0.0, WIDTH / 2, HEIGHT))
    for mirror in (False, True):
        _ground(pen.placed(0, 0, mirror=mirror).ink(84))
    for mirror in (False, True):
        _half(pen.placed(0, 0, mirror=mirror))
    _nose(pen)
    return field(pen)


def band() -> Field:
    """Repeat the unit three times around the vessel, turned so that a mask looks towards -Y, between two legs."""
    around = np.tile(unit(), (1, 3))
    return np.roll(around, -(around.shape[1] // 12), axis=1)
