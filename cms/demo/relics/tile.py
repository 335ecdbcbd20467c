# SPDX-License-Identifier: Apache-2.0
"""A round eave tile end with cloud scrolls in four quarters, of grey clay; colours at its vertices, +Z up as a scanner left it."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cms.demo.mesh import Floats, Mesh, welded
from cms.demo.noise import Field, layered, sampled, step
from cms.demo.paint import Picture, blurred, hollows
from cms.demo.pen import Pen, canvas, field
from cms.demo.relics.slab import Charts, perimeter, slab
from cms.demo.writers import write_ply

RADIUS, DEPTH = 80.0, 24.0
_SIZE = 1200
_EDGE = 84.0
_RELIEF = 5.0
_NOWHERE = (0.0, 0.0, 0.0, 0.0)


def _cloud(pen: Pen) -> None:
    """Draw one quarter's pair of scrolls rising from the boss and curling outwards, around the direction of +Y."""
    pen.brush(((0, 24, 1.2), (0, 33, 1.5), (0, 40, 1.1)))
    for side in (False, True):
        half = pen.placed(0, 0, mirror=side)
        half.brush(
            (
                (0.5, 40, 1.3),
                (7, 46, 1.5),
                (16, 47, 1.6),
                (24, 41, 1.6),
                (25, 32, 1.5),
                (19, 27, 1.4),
                (13, 30, 1.3),
                (13.5, 36, 1.2),
                (18.5, 36.6, 1.0),
            )
        )
        half.brush(((2.5, 50, 1.0), (10, 53.5, 1.3), (20, 52, 1.2), (27, 47, 0.7)))
        half.brush(((3, 26, 1.0), (7, 31, 1.2), (6.5, 36, 0.8)))
    pen.shape([(-3.2, 52), (0, 48), (3.2, 52), (0, 57)])


@lru_cache(maxsize=1)
def _moulded() -> Field:
    """Draw the mould's pattern in [0, 1] over a square of ±84 mm, row 0 at the top."""
    pen = canvas(_SIZE * 2, _SIZE * 2, units=(-_EDGE, -_EDGE, _EDGE, _EDGE))
    pen.ink(205).disc(0, 0, 14.5)
    pen.ink(60).ring(0, 0, 11.2, 0.7)
    for k in range(8):
        angle = math.radians(45 * k)
        pen.ink(255).brush(
            (
                (2.5 * math.cos(angle), 2.5 * math.sin(angle), 0.6),
                (6 * math.cos(angle), 6 * math.sin(angle), 1.5),
                (8.6 * math.cos(angle), 8.6 * math.sin(angle), 0.5),
            )
        )
    for radius, half in ((19.0, 0.9), (60.5, 1.1), (64.0, 0.7)):
        pen.ink(165).ring(0, 0, radius, half)
    for k in range(4):
        _cloud(pen.ink(190).placed(0, 0, turn=90.0 * k))
        for shift in (-1.6, 1.6):
            spoke = pen.ink(165).placed(0, 0, turn=45.0 + 90.0 * k)
            spoke.line([(shift, 19), (shift, 60)], 0.75)
    pen.ink(235).ring(0, 0, 73.5, 7.6)
    return field(pen, _SIZE, _SIZE)


@lru_cache(maxsize=2)
def _heights(seed: int) -> Field:
    """Measure the face's relief in mm over the pattern's square: worn, pitted, with a struck edge."""
    rng = np.random.default_rng(seed + 4000)
    pattern = blurred(_moulded(), 3.0)
    wear = step(layered(rng, pattern.shape, (4, 4), 4), 0.0, 0.9)
    rough = 0.16 * layered(rng, pattern.shape, (70, 70), 4)
    pits = step(layered(rng, pattern.shape, (60, 60), 2), 0.70, 1.0)
    return np.asarray(_RELIEF * pattern * (1 - 0.35 * wear) + rough - 0.9 * pits, np.float32)


def _disc(count: int) -> tuple[Floats, Floats]:
    """Map a square grid onto the unit disc with even cells, (count+1, count+1) each for x and y.

    Source: P. Shirley, K. Chiu, A low distortion map between disk and square, 1997.
    """
    a, b = np.meshgrid(np.linspace(-1, 1, count + 1), np.linspace(-1, 1, count + 1))
    wide = np.abs(a) >= np.abs(b)
    radius = np.where(wide, a, b)
    safe = np.where(radius == 0, 1.0, radius)
    angle = np.where(wide, math.pi / 4 * b / safe, math.pi / 2 - math.pi / 4 * a / safe)
    return radius * np.cos(angle), radius * np.sin(angle)


def _break(x: Floats, y: Floats) -> Floats:
    """Measure how deep the rim is broken away at its lower left, in mm."""
    rough = 2.2 * np.sin(x / 4.3 + y / 6.1) + 1.3 * np.sin(x / 1.9 - y / 2.3)
    return np.asarray(np.clip((-(0.78 * x + 0.62 * y) - 71.5 + rough) * 1.5, 0.0, 14.0))


def _front(count: int, seed: int) -> Floats:
    x, y = (RADIUS * part for part in _disc(count))
    scale = _SIZE / (2 * _EDGE)
    z = sampled(_heights(seed), (x + _EDGE) * scale - 0.5, (_EDGE - y) * scale - 0.5)
    edge = RADIUS - np.hypot(x, y)
    return np.stack([x, y, DEPTH + z - 1.8 * np.exp(-edge / 1.6) - _break(x, y)], axis=-1)


def _back(count: int, seed: int) -> Floats:
    x, y = ((RADIUS - 1.0) * part for part in _disc(count))
    rough = layered(np.random.default_rng(seed + 4100), x.shape, (8, 8), 3)
    inside = 1 - np.exp(-(RADIUS - 1.0 - np.hypot(x, y)) / 5.0)
    return np.stack([x, y, inside * (3.5 + 0.9 * rough)], axis=-1)


def _sides(front: Floats, back: Floats, rows: int, seed: int) -> Floats:
    first, coarse = perimeter(front), perimeter(back)
    steps = np.arange(len(first)) / 4.0
    last = np.stack([np.interp(steps, np.arange(len(coarse)), coarse[:, axis]) for axis in range(3)], axis=1)
    t = np.linspace(0, 1, rows + 1)[:-1, None, None]
    rings = first * (1 - t) + last * t
    rough = layered(np.random.default_rng(seed + 4200), (rows, len(first)), (5, 90), 3)
    rings[..., :2] *= 1 + 0.004 * (rough * np.sin(t[..., 0] * math.pi))[..., None]
    rings[:, -1], rings[0] = rings[:, 0], first
    return np.asarray(rings)


def _clay(relief: Field, seed: int) -> Field:
    """Paint grey clay with light worn ridges, soil in the hollows and lime spots, (h, w, 3) sRGB."""
    rng = np.random.default_rng(seed + 4300)
    shape = relief.shape
    deep = hollows(relief, 9, 3.0)
    picture = Picture((shape[0], shape[1]), (122, 118, 108))
    picture.lay((98, 96, 90), 0.8 * step(layered(rng, shape, (5, 5), 5), -0.4, 0.7))
    picture.lay((150, 144, 130), 0.55 * step(relief, 0.45, 0.85))
    picture.lay((158, 132, 96), 0.55 * step(layered(rng, shape, (7, 7), 5) + 0.9 * deep, 0.35, 1.1))
    picture.lay((66, 62, 56), np.clip(0.9 * deep, 0, 0.75).astype(np.float32))
    picture.lay((196, 190, 172), 0.5 * step(layered(rng, shape, (16, 16), 5), 0.62, 0.95))
    picture.shade(1 + 0.09 * layered(rng, shape, (200, 200), 2))
    return picture.rgb


def _picked(picture: Field, columns: Floats, rows: Floats) -> Floats:
    return np.stack([sampled(picture[..., k], columns, rows) for k in range(3)], axis=1)


def _painted(points: Floats, seed: int) -> NDArray[np.uint8]:
    """Colour (n, 3) points: the face and the back as seen from above, the side unrolled; (n, 3) uint8."""
    x, y, z = points.T
    scale = _SIZE / (2 * _EDGE)
    columns, rows = (x + _EDGE) * scale - 0.5, (_EDGE - y) * scale - 0.5
    face = _clay(np.clip(_heights(seed) / _RELIEF, 0, 1).astype(np.float32), seed)
    plain = _clay(np.full((_SIZE, _SIZE), 0.6, np.float32), seed + 1)
    unrolled = _picked(plain, (np.arctan2(y, x) / (2 * math.pi) + 0.5) * (_SIZE - 1), (z + DEPTH) * scale)
    side = np.clip((np.hypot(x, y) - RADIUS + 1.5) / 1.0, 0, 1)[:, None]
    up = np.clip((z - DEPTH + 6) / 4.0, 0, 1)[:, None]
    below = _picked(plain, columns, rows) * (1 - side) + unrolled * side
    colours = below * (1 - up) + _picked(face, columns, rows) * up
    fresh = np.clip(_break(x, y) / 3.0, 0, 1)[:, None] * (z > 4)[:, None] * 0.6
    colours = colours * (1 - fresh) + np.array([150.0, 141.0, 126.0]) * fresh
    return np.asarray(np.clip(np.rint(colours), 0, 255), np.uint8)


def mesh(detail: float = 1.0, seed: int = 1) -> Mesh:
    """Build the tile end at `detail` times its full triangle count, in mm, +Z up, lying on its back."""
    count = max(48, round(268 * detail**0.5 / 4) * 4)
    front, back = _front(count, seed), _back(count // 4, seed)
    rings = _sides(front, back, max(4, round(22 * detail**0.5)), seed)
    shape = welded(slab(front, back, rings, Charts(_NOWHERE, _NOWHERE, (_NOWHERE, _NOWHERE, _NOWHERE, _NOWHERE))))
    return replace(shape, colours=_painted(shape.points, seed))


def build(folder: Path, seed: int, detail: float) -> Path:
    """Write the tile as binary PLY."""
    return write_ply(folder / "cloud-tile.ply", mesh(detail, seed), up="+Z")
