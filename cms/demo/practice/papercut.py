# SPDX-License-Identifier: Apache-2.0
"""A window flower of our own design: two magpies on plum branches in a ring of petals, cut from one folded sheet of red paper."""

from __future__ import annotations

import math
from functools import lru_cache
from pathlib import Path

import numpy as np
from PIL import Image

from cms.demo.noise import Field, layered, smooth
from cms.demo.paint import Picture, blurred
from cms.demo.pen import Pen, Stroke, canvas, field
from cms.demo.practice.cuts import CUT, blossom, bud, crescent, drop, teeth

SIZE = 1600
_HALF = 222.0
_FIELD, _RING, _PETALS, _FRAME = 132.0, 142.0, 186.0, 192.0

_BRANCHES: tuple[Stroke, ...] = (
    ((0, -126, 15.0), (2, -96, 10.0), (14, -74, 8.0), (34, -60, 7.0), (58, -50, 6.2), (82, -38, 5.4), (102, -16, 4.6), (116, 12, 3.8), (134, 30, 3.6)),
    ((0, -100, 8.5), (-1, -66, 6.6), (2, -36, 5.4), (-1, -4, 4.4), (0, 30, 3.8), (0, 60, 3.6), (0, 136, 3.4)),
    ((106, -8, 3.8), (104, 16, 3.0), (98, 36, 2.4)),
    ((94, 106, 3.8), (82, 88, 3.4), (64, 78, 2.8), (44, 80, 2.2)),
    ((40, -58, 4.0), (52, -78, 3.2), (70, -88, 2.6), (92, -96, 3.0), (98, -100, 3.4)),
    ((0, -60, 3.6), (10, -48, 2.8), (21, -40, 2.4)),
    ((0, 92, 3.6), (22, 110, 2.8), (40, 117, 2.4), (58, 130, 3.0)),
)  # fmt: skip
"""Branches of the right half; the left half answers. Several reach the ring, so that the sheet stays one piece."""

_BLOSSOMS: tuple[tuple[float, float, float, float], ...] = (
    (0, 90, 28, 90), (98, 44, 15.5, 40), (62, 78, 16.5, 130), (90, 98, 11.5, 20), (124, -4, 12.5, 10), (66, -88, 15, 250), (22, -94, 12, 60), (98, -72, 11, 20),
    (22, -38, 12.5, 60), (36, 115, 9.5, 75),
)  # fmt: skip
_BUDS: tuple[tuple[float, float, float, float], ...] = (
    (42, 81, 5.4, 175),
    (46, -102, 5.4, 250),
    (40, 62, 5.0, 200),
    (112, 64, 5.2, 60),
    (84, -114, 4.8, 270),
    (120, -36, 5.0, 330),
    (12, -14, 4.8, 70),
)
_TWIGS: tuple[Stroke, ...] = (
    ((62, 78, 2.0), (50, 68, 1.8), (42, 62, 1.6)), ((98, 44, 2.0), (106, 56, 1.8), (116, 72, 2.0)), ((58, -84, 2.0), (50, -94, 1.8), (46, -104, 1.6)),
    ((70, -90, 2.0), (80, -104, 1.8), (84, -118, 2.4)), ((110, -26, 2.4), (116, -32, 2.0), (134, -38, 2.4)), ((96, -70, 2.0), (106, -72, 2.0), (122, -76, 2.4)),
    ((0, -30, 2.2), (7, -22, 2.0), (12, -15, 1.8)), ((84, -40, 2.2), (92, -56, 1.9), (96, -70, 1.8)), ((106, -8, 2.2), (116, -6, 2.0), (130, -6, 2.6)),
)  # fmt: skip

_BODY: tuple[Stroke, ...] = (
    ((24, 36, 11.5), (33, 24, 14.5), (45, 8, 17.5), (60, -8, 15.5), (74, -22, 10.0)),
    ((17, 39, 6.0), (8, 38, 2.6), (1.5, 36.4, 0.6)),
    ((70, -17, 9.0), (84, -34, 8.0), (97, -51, 7.8), (109, -67, 6.6), (115, -77, 3.6)),
    ((56, -24, 2.2), (52, -38, 1.7), (50, -50, 1.9)), ((47, -22, 2.0), (40, -36, 1.6), (38, -54, 1.9)),
)  # fmt: skip
_WING: Stroke = ((40, 20, 8.0), (56, 13, 11.5), (76, -1, 10.5), (92, -19, 6.0), (103, -34, 1.0))


def _mound(pen: Pen) -> None:
    """Raise the bank the tree grows from."""
    pen.ink(255).shape([(0, -104), (26, -108), (52, -116), (76, -124), (60, -140), (0, -146)])


def _scales(pen: Pen) -> None:
    """Cut the bank into overlapping waves."""
    for row, (y, count) in enumerate(((-117, 4), (-126, 5), (-134.5, 4))):
        for k in range(count):
            x = 17.5 * (k + (0.5 if row % 2 == 0 else 0.0)) + (6 if row == 0 else 0)
            if x < 74 - 7 * row:
                crescent(pen, x, y - 5.5, 7.2, turn=90, fat=0.34, span=140)


def _tree(pen: Pen) -> None:
    for stroke in (*_BRANCHES, *_TWIGS):
        pen.ink(255).brush(stroke)
    for x, y, radius, turn in _BUDS:
        bud(pen, x, y, radius, turn)
    for x, y, radius, turn in _BLOSSOMS:
        blossom(pen, x, y, radius, turn=turn)
    for stroke in _BRANCHES:
        if len(stroke) > 6:
            for x, y, half in stroke[1:-1]:
                crescent(pen, x, y - half * 0.4, half * 0.66, turn=70, fat=0.5, span=120)


def _magpie(pen: Pen) -> None:
    for stroke in (*_BODY, _WING):
        pen.ink(CUT, 2.2).brush(stroke)
    for stroke in _BODY:
        pen.ink(255).brush(stroke)
    pen.ink(CUT, 1.5).brush(_WING)
    pen.ink(255).brush(_WING)
    # The cut around the wing leaves it hanging by the shoulder and the tip, as a cutter would.
    pen.ink(255).brush(((36, 18, 5.0), (44, 18, 5.0)))
    pen.ink(255).line([(90, -26), (97, -34)], 3.4)
    for foot, y in ((50, -51), (38, -55)):
        pen.ink(255).brush(((foot - 5, y + 1.5, 1.2), (foot, y + 0.5, 2.0), (foot + 5, y + 0.5, 1.2)))
        pen.ink(255).line([(foot, y + 3), (foot, y - 3)], 2.0)
    _face(pen)
    _plumage(pen)


def _face(pen: Pen) -> None:
    pen.ink(CUT).disc(21.5, 40.5, 3.5)
    pen.ink(255).disc(21.2, 40.5, 1.8)
    pen.ink(255).line([(21.2, 40.5), (25.5, 40.5)], 0.7)
    drop(pen, (4.5, 37.0), (15.0, 38.2), 0.75)
    teeth(pen, [(16, 27.5), (24, 22.5), (33, 23), (38, 29.5)], 6.2, 9)
    crescent(pen, 26, 38.5, 8.6, turn=48, fat=0.3, span=105)


def _plumage(pen: Pen) -> None:
    """Cut rows of crescents in the breast, drops in the wing and long slits in the tail."""
    rows = (
        ((26, 17), (32, 12)),
        ((31, 5), (37, 2), (26, 9)),
        ((38, -5), (44, -4), (33, -1)),
        ((47, -13), (53, -13), (42, -10)),
        ((57, -20), (62, -20), (51, -18)),
    )
    for row in rows:
        for x, y in row:
            crescent(pen, x, y, 3.5, turn=300, fat=0.5, span=150)
    teeth(pen, [(43, 24.5), (56, 21), (72, 10.5), (86, -5)], -5.4, 13)
    for k in range(6):
        t = k / 5
        start = (48 + 9.5 * k, 12.2 - 6.0 * k - 2.4 * t)
        drop(pen, start, (start[0] + 11 - 2 * t, start[1] - 8.0 - 5.5 * t), 1.45 - 0.25 * t)
    for shift in (-3.6, 0.0, 3.6):
        across = np.array([0.78, 0.62]) * shift
        stem = [(x + across[0], y + across[1]) for x, y in ((80, -29), (95, -48), (108, -66))]
        pen.ink(CUT).brush([(stem[0][0], stem[0][1], 0.4), (stem[1][0], stem[1][1], 1.25), (stem[2][0], stem[2][1], 0.4)])
    teeth(pen, [(67, -27), (71, -21), (78, -14.5)], 4.4, 6)


def _ring(pen: Pen) -> None:
    """Surround the field with a toothed ring and 32 petals."""
    pen.ink(255).ring(0, 0, _RING, 3.6)
    for k in range(120):
        place = pen.placed(0, 0, turn=3.0 * k)
        place.ink(255).polygon([(_RING - 2, -2.7), (_RING - 2, 2.7), (_RING - 10.5, 0)])
    for k in range(32):
        place = pen.placed(0, 0, turn=11.25 * (k + 0.5))
        place.ink(255).shape(
            [(_RING, -12), (156, -14.6), (170, -14.0), (181, -8.0), (_PETALS, 0), (181, 8.0), (170, 14.0), (156, 14.6), (_RING, 12)]
        )
    for k in range(32):
        _petal(pen.placed(0, 0, turn=11.25 * (k + 0.5)))
    _beads(pen)


def _beads(pen: Pen) -> None:
    """Open the ring with two rows of small drops."""
    for k in range(96):
        place = pen.placed(0, 0, turn=3.75 * (k + 0.5))
        drop(place, (139.5, 0), (145.5, 0), 1.15)


def _petal(place: Pen) -> None:
    place.ink(CUT).line([(149.5, 14.7), (164, 16.3), (178, 18.0), (190, 19.0)], 1.25)
    crescent(place, 168.5, 0, 12.2, fat=0.24, span=150)
    drop(place, (149.5, 0), (172.5, 0), 2.5)
    for side in (-1, 1):
        drop(place, (150.5, side * 4.2), (167.5, side * 6.2), 1.45)
        drop(place, (151.5, side * 9.0), (163.0, side * 10.6), 0.95)


def _frame(pen: Pen) -> None:
    """Hold the ring in a square of two lines with teeth between, joined where the petals touch it."""
    edge = _FRAME
    for reach, half in ((edge, 2.6), (edge + 15, 2.4)):
        pen.ink(255).line([(-reach, -reach), (reach, -reach), (reach, reach), (-reach, reach), (-reach, -reach)], half)
    for quarter in range(4):
        side = pen.placed(0, 0, turn=90.0 * quarter)
        for k in range(41):
            x = -(edge + 9) + (2 * edge + 18) / 40 * k
            side.ink(255).polygon([(x - 3.6, edge + 13.5), (x + 3.6, edge + 13.5), (x, edge + 5.2)])
        for k in range(10):
            side.ink(255).line([(-180 + 40 * k, edge), (-180 + 40 * k, edge + 14)], 1.5)
        for angle in (84.375, 95.625):
            spot = math.radians(angle)
            side.ink(255).line([(180 * math.cos(spot), 180 * math.sin(spot)), (186 * math.cos(spot), edge)], 3.0)


def _corner(pen: Pen) -> None:
    """Fill a corner, drawn along the diagonal to the upper right, with a flower between two leaves."""
    place = pen.placed(0, 0, turn=45.0)
    place.ink(255).line([(150, 0), (268, 0)], 2.6)
    for mirror in (1, -1):
        place.ink(255).brush([(226, mirror * 4, 2.0), (214, mirror * 22, 6.5), (214, mirror * 42, 7.5), (215, mirror * 56, 1.6)])
        place.ink(255).brush([(250, mirror * 3, 2.0), (243, mirror * 14, 4.8), (241, mirror * 27, 1.4)])
        place.ink(255).brush([(214, mirror * 44, 1.8), (206, mirror * 40, 1.8), (195, mirror * 33, 2.0), (181, mirror * 18.5, 2.4)])
        drop(place, (222, mirror * 10), (213.5, mirror * 34), 1.7)
        teeth(place, [(211, mirror * 24), (209.5, mirror * 40), (213, mirror * 52)], -mirror * 4.6, 8)
        drop(place, (248.5, mirror * 6), (242.5, mirror * 20), 1.2)
    blossom(place, 220, 0, 17.0, turn=180.0)


@lru_cache(maxsize=1)
def sheet() -> Field:
    """Cut the sheet: 1 where paper is left, 0 where it is cut away, (1600, 1600), mirrored exactly left to right."""
    size = 2 * SIZE
    pen = canvas(size, size, units=(-_HALF, -_HALF, _HALF, _HALF))
    _ring(pen)
    _frame(pen)
    for quarter in range(4):
        _corner(pen.placed(0, 0, turn=90.0 * quarter))
    _mound(pen)
    _tree(pen)
    _scales(pen)
    _magpie(pen)
    right = np.asarray(pen.image)[:, SIZE:]
    folded = Image.fromarray(np.concatenate([right[:, ::-1], right], axis=1))
    return field(Pen(folded, pen.frame), SIZE, SIZE)


def picture(seed: int = 1, size: int = SIZE) -> Picture:
    """Lay the red sheet on pale paper: fibres, mottled dye, a soft shadow beneath."""
    rng = np.random.default_rng(seed + 5000)
    shape = (SIZE, SIZE)
    mask = sheet()
    drawn = Picture(shape, (244, 238, 226))
    drawn.shade(1 + 0.010 * layered(rng, shape, (12, 12), 4) + 0.012 * smooth(rng, shape, (SIZE / 3, SIZE / 40)))
    shadow = np.roll(blurred(mask, 7.0), (9, 6), axis=(0, 1))
    drawn.lay((120, 84, 66), 0.42 * shadow)
    red = Picture(shape, (186, 34, 26))
    red.shade(
        1
        + 0.05 * layered(rng, shape, (7, 7), 4)
        + 0.035 * smooth(rng, shape, (SIZE / 2, SIZE / 60))
        + 0.02 * smooth(rng, shape, (SIZE / 2, SIZE / 2))
    )
    light = blurred(mask, 1.6)
    red.shade(1 + 0.9 * (light - np.roll(light, (2, 2), axis=(0, 1))))
    drawn.rgb += (red.rgb - drawn.rgb) * mask[..., None]
    if size != SIZE:
        small = Image.fromarray(drawn.pixels()).resize((size, size), Image.Resampling.BOX)
        drawn.rgb = np.asarray(small, np.float32)
    return drawn


def build(folder: Path, seed: int, detail: float) -> Path:
    """Write the paper-cut as PNG, 1600 x 1600 or a quarter of it for tests."""
    path = folder / "magpie-papercut.png"
    path.write_bytes(picture(seed, SIZE if detail > 0.5 else SIZE // 4).png())
    return path
