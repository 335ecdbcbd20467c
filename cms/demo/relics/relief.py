# SPDX-License-Identifier: Apache-2.0
"""A Han carved stone: a feast, a hunt and a drum dance above a procession of chariots, with a cartouche of four characters."""

from __future__ import annotations

import math
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.random import Generator

from cms.demo.mesh import Floats, Mesh
from cms.demo.noise import Field, layered, resized, sampled, smooth, step
from cms.demo.paint import Picture, blurred, hollows
from cms.demo.pen import canvas, field
from cms.demo.relics import han
from cms.demo.relics.inscription import CHARACTERS
from cms.demo.relics.slab import Charts, perimeter, slab
from cms.demo.writers import write_glb

WIDTH, HEIGHT, DEPTH = 1000.0, 520.0, 120.0
_RAISED, _INCISED = 5.0, 1.5
_PIXELS = 4
_CHARTS = Charts(
    front=(0.0, 0.475, 1.0, 0.995),
    back=(0.0, 0.01, 0.64, 0.335),
    sides=((0.0, 0.42, 1.0, 0.465), (0.0, 0.345, 0.5, 0.375), (0.0, 0.38, 1.0, 0.415), (0.51, 0.345, 1.0, 0.375)),
)


def _frame(stone: han.Stone) -> None:
    pen = stone.raised
    for left, bottom, right, top in ((0, 0, 1000, 13), (0, 507, 1000, 520), (0, 0, 13, 520), (987, 0, 1000, 520)):
        pen.polygon([(left, bottom), (right, bottom), (right, top), (left, top)])
    for y, left, right in ((46.0, 10, 990), (474.0, 10, 990), (251.0, 44, 956), (259.0, 44, 956)):
        pen.line([(left, y), (right, y)], 1.7)
    for x in (44.0, 956.0):
        pen.line([(x, 46), (x, 474)], 1.7)


def _lozenges(stone: han.Stone) -> None:
    """Fill the top border with paired lozenges and the sides with hanging triangles."""
    for k in range(32):
        x = 44.0 + 30.4 * (k - 0.5)
        for half, value in ((13.4, 255), (9.2, 0), (5.2, 255)):
            stone.raised.ink(value).polygon([(x - half, 490.5), (x, 490.5 + half * 0.95), (x + half, 490.5), (x, 490.5 - half * 0.95)])
    for k in range(20):
        y = 50.0 + 21.1 * k
        for x, side in ((17.0, 1), (983.0, -1)):
            stone.raised.polygon([(x, y + 1), (x, y + 19), (x + side * 21, y + 10)])
            stone.raised.ink(0).polygon([(x + side * 3, y + 6.5), (x + side * 3, y + 13.5), (x + side * 11, y + 10)])


def _waves(stone: han.Stone) -> None:
    """Let a running scroll of water fill the bottom border."""
    for k in range(21):
        x = 22.0 + 47.8 * k
        crest = (
            (x - 18, 17, 0.9),
            (x - 4, 17.5, 2.6),
            (x + 9, 24, 3.0),
            (x + 10, 35, 2.5),
            (x - 1, 38.5, 2.0),
            (x - 7, 32, 1.6),
            (x - 2, 27, 1.1),
        )
        stone.raised.brush(crest)
        stone.raised.brush(((x + 13, 17, 0.8), (x + 20, 21.5, 2.0), (x + 27, 17, 0.8)))
        stone.incised.brush([(px, py, 0.5) for px, py, _ in crest[1:5]])


def _arcs(stone: han.Stone) -> None:
    """Hang a row of linked arcs beneath the dividing band."""
    for k in range(38):
        stone.raised.ring(56.0 + 24.0 * k, 251.0, 11.0, 1.3, start=180, end=360)


def _procession(stone: han.Stone) -> None:
    """March five groups to the left along the lower register."""
    ground = 60.0
    stone.raised.line([(44, 57), (956, 57)], 1.6)
    _rider(stone, 66, ground, han.BANNER)
    _chariot(stone, 236, ground)
    _rider(stone, 448, ground, han.HALBERD)
    _chariot(stone, 614, ground)
    stone.put(han.ATTENDANT, 850, ground, scale=1.32)
    stone.put(han.ATTENDANT, 900, ground, scale=1.32)
    for x, y, mirror in ((222, 214, False), (432, 210, False), (592, 216, False), (806, 206, True), (886, 192, False)):
        stone.put(han.BIRD, x, y, scale=0.95, mirror=mirror, moat=1.5)


def _rider(stone: han.Stone, x: float, y: float, held: han.Figure) -> None:
    stone.put(held, x, y, scale=1.22)
    stone.put(han.HORSE, x, y, scale=1.22)
    stone.put(han.RIDER, x, y, scale=1.22, moat=1.5)


def _chariot(stone: han.Stone, x: float, y: float) -> None:
    stone.put(han.HORSE, x, y, scale=1.15)
    for figure in (han.CAR, han.PASSENGER, han.DRIVER, han.WHEEL):
        stone.put(figure, x + 128, y, scale=1.15, moat=1.5)


def _feast(stone: han.Stone) -> None:
    """Seat host and guests in the hall of the upper register."""
    ground = 262.0
    stone.put(han.HALL, 500, ground, scale=1.12)
    stone.put(han.HOST, 556, ground + 9, scale=1.18)
    stone.put(han.TABLE, 505, ground + 9, scale=1.1)
    stone.put(han.GUEST, 440, ground + 9, scale=1.2, mirror=True)
    stone.put(han.ATTENDANT, 600, ground + 9, scale=0.98)
    for x, mirror in ((430, False), (566, True)):
        stone.put(han.BIRD, x, ground + 162, scale=1.15, mirror=mirror, moat=1.5)
    for x in (392, 446, 500):
        stone.put(han.FISH, x, ground + 86, scale=0.62, moat=1.0)


def _hunt(stone: han.Stone) -> None:
    ground = 262.0
    stone.put(han.TREE, 142, ground, scale=1.42)
    stone.put(han.HORSE, 60, ground, scale=0.66, moat=3.0)
    stone.put(han.ARCHER, 262, ground, scale=1.3)
    for x, y, mirror in ((62, 446, False), (226, 440, True), (268, 418, True)):
        stone.put(han.BIRD, x, y, scale=0.92, mirror=mirror, moat=1.5)


def _dance(stone: han.Stone) -> None:
    ground = 262.0
    stone.put(han.DRUM, 782, ground, scale=1.42)
    stone.put(han.DRUMMER, 826, ground, scale=1.3)
    stone.put(han.DANCER, 724, ground, scale=1.36)


def _cartouche(stone: han.Stone) -> None:
    left, right, bottom, top = 884.0, 944.0, 268.0, 466.0
    stone.raised.ink(0).polygon([(left - 4, bottom - 4), (right + 4, bottom - 4), (right + 4, top + 4), (left - 4, top + 4)])
    stone.raised.polygon([(left, bottom), (right, bottom), (right, top), (left, top)])
    stone.incised.line(
        [(left + 4, bottom + 4), (right - 4, bottom + 4), (right - 4, top - 4), (left + 4, top - 4), (left + 4, bottom + 4)], 0.8
    )
    for k, character in enumerate(CHARACTERS):
        stone.cut(character, left + 10, top - 52 - 46.5 * k, scale=4.0)


@lru_cache(maxsize=1)
def carving() -> tuple[Field, Field]:
    """Draw the front: what stands raised and what is incised, each in [0, 1], row 0 at the top, 2 pixels per mm."""
    size = int(WIDTH * _PIXELS), int(HEIGHT * _PIXELS)
    pens = [canvas(*size, units=(0.0, 0.0, WIDTH, HEIGHT)) for _ in range(2)]
    stone = han.Stone(*pens)
    for part in (_frame, _lozenges, _waves, _arcs, _procession, _feast, _hunt, _dance, _cartouche):
        part(stone)
    raised, incised = (field(pen, size[0] // 2, size[1] // 2) for pen in pens)
    return raised, incised


def _wear(rng: Generator, shape: tuple[int, int]) -> Field:
    """Say how far rain and rubbing have lowered the carving, in [0, 1]."""
    return step(layered(rng, shape, (5, 9), 5), 0.1, 1.0)


@lru_cache(maxsize=2)
def heights(seed: int) -> Field:
    """Measure the front's relief in mm above its ground, 2 pixels per mm."""
    raised, incised = carving()
    rng = np.random.default_rng(seed + 3000)
    shape = raised.shape
    body = blurred(raised, 1.6)
    tooled = smooth(rng, shape, (26, 400)) * 0.55 + layered(rng, shape, (60, 140), 3) * 0.2
    top = layered(rng, shape, (50, 90), 4) * 0.22
    relief = (_RAISED - 1.6 * _wear(rng, shape)) * body - _INCISED * blurred(incised, 0.8) * body + tooled * (1 - body) + top * body
    pits = step(layered(rng, shape, (120, 220), 2), 0.72, 1.0)
    return np.asarray(relief - 0.8 * pits - 1.8 * _crack(shape), np.float32)


def _crack(shape: tuple[int, int]) -> Field:
    """Draw the break that runs through the slab, in [0, 1]."""
    y, x = np.mgrid[0 : shape[0], 0 : shape[1]].astype(np.float32)
    x, y = x / 2, HEIGHT - y / 2
    path = 655 + 0.21 * (y - 260) + 11 * np.sin(y / 43) + 5 * np.sin(y / 17 + 1) + 2 * np.sin(y / 6.1)
    return np.asarray(np.exp(-(((x - path) / 1.5) ** 2)), np.float32)


def _chips(along: Floats, seed: int) -> Floats:
    """Measure how far the edge is broken back at a share of the perimeter, in mm."""
    rng = np.random.default_rng(seed + 3100)
    rough = resized(rng.uniform(0, 1, (1, 240)).astype(np.float32), 1, 4096)[0]
    fine = resized(rng.uniform(0, 1, (1, 900)).astype(np.float32), 1, 4096)[0]
    depth = 7.0 * np.clip(rough - 0.55, 0, None) ** 1.2 + 1.3 * fine
    return np.asarray(np.interp(along, np.linspace(0, 1, 4096), np.clip(depth, 0, None)))


def _front(columns: int, rows: int, seed: int) -> Floats:
    x, y = np.meshgrid(np.linspace(0, WIDTH, columns + 1), np.linspace(0, HEIGHT, rows + 1))
    z = sampled(heights(seed), x * 2 - 0.5, (HEIGHT - y) * 2 - 0.5)
    edge = np.minimum(np.minimum(x, WIDTH - x), np.minimum(y, HEIGHT - y))
    angle = np.arctan2((y - HEIGHT / 2) / HEIGHT, (x - WIDTH / 2) / WIDTH) / (2 * math.pi) + 0.5
    chip = _chips(angle, seed)
    z = z - (3.0 + 1.6 * chip) * np.exp(-edge / (2.0 + 0.8 * chip))
    z -= 0.55 * np.clip(104 - np.hypot(x - 1018, (y + 22) * 1.15) + 6 * np.sin(x / 9 + y / 7) + 3 * np.sin(x / 3.1 - y / 4.3), 0, 40)
    pull = np.exp(-edge / 6.0) * chip * 0.45
    inward_x, inward_y = (
        np.sign(WIDTH / 2 - x) * (np.minimum(x, WIDTH - x) < 40),
        np.sign(HEIGHT / 2 - y) * (np.minimum(y, HEIGHT - y) < 40),
    )
    return np.stack([x + pull * inward_x - WIDTH / 2, y + pull * inward_y, z + DEPTH / 2], axis=-1)


def _sides(front: Floats, back: Floats, rows: int, seed: int) -> Floats:
    """Run rings from the front's edge to the back's, dressed roughly with a point chisel."""
    first = perimeter(front)
    steps = np.arange(0, len(first)) / 4.0
    coarse = perimeter(back)
    last = np.stack([np.interp(steps, np.arange(len(coarse)), coarse[:, axis]) for axis in range(3)], axis=1)
    t = np.linspace(0, 1, rows + 1)[:-1, None, None]
    rings = first * (1 - t) + last * t
    rough = layered(np.random.default_rng(seed + 3200), (rows, len(first)), (8, 300), 3)
    outward = np.sign(rings[..., :2] - np.array([0.0, HEIGHT / 2])) * (
        np.abs(rings[..., :2] - np.array([0.0, HEIGHT / 2])) > np.array([WIDTH, HEIGHT]) / 2 - 12
    )
    rings[..., :2] += (1.6 * rough * np.sin(t[..., 0] * math.pi))[..., None] * outward
    rings[:, -1], rings[0] = rings[:, 0], first
    return np.asarray(rings)


def _back(columns: int, rows: int, seed: int) -> Floats:
    x, y = np.meshgrid(np.linspace(2, WIDTH - 2, columns + 1), np.linspace(2, HEIGHT - 2, rows + 1))
    rough = layered(np.random.default_rng(seed + 3300), x.shape, (10, 20), 4)
    return np.stack([x - WIDTH / 2, y, -DEPTH / 2 + 3.5 * rough], axis=-1)


def mesh(detail: float = 1.0, seed: int = 1) -> Mesh:
    """Build the slab at `detail` times its full triangle count, in mm, +Y up, its front towards +Z, standing on y = 0."""
    columns = max(120, round(680 * detail**0.5 / 4) * 4)
    rows = max(60, round(356 * detail**0.5 / 4) * 4)
    front, back = _front(columns, rows, seed), _back(columns // 4, rows // 4, seed)
    return slab(front, back, _sides(front, back, max(6, round(30 * detail**0.5)), seed), _CHARTS)


def texture(size: int = 2048, seed: int = 1) -> bytes:
    """Paint grey limestone: lighter where raised and rubbed, darker ground, ochre seepage, lichen, soil in the cuts; JPEG."""
    rng = np.random.default_rng(seed + 3400)
    shape = (size, size)
    relief = np.full(shape, 0.5, np.float32)
    top, bottom = (round((1 - v) * size) for v in (_CHARTS.front[3], _CHARTS.front[1]))
    relief[top:bottom] = np.clip(resized(heights(seed), bottom - top, size) / 8.0 + 0.25, 0, 1)
    deep = hollows(relief, size / 300, 3.0) + 0.7 * hollows(relief, size / 900, 4.0)
    grain = layered(rng, shape, (300, 300), 2)
    clouds = layered(rng, shape, (6, 6), 5)
    picture = Picture(shape, (134, 129, 119))
    picture.lay((106, 103, 97), 0.7 * step(clouds, -0.5, 0.7))
    picture.lay((166, 158, 142), 0.62 * step(relief, 0.55, 0.85) * step(-clouds, -0.9, 0.5))
    picture.lay((150, 122, 86), 0.45 * step(layered(rng, shape, (4, 16), 5) + 0.3 * deep, 0.25, 1.0))
    picture.lay((88, 84, 77), 0.65 * np.clip(1.25 - 2.3 * relief, 0, 1).astype(np.float32))
    picture.lay((62, 57, 50), np.clip(0.85 * deep, 0, 0.85).astype(np.float32))
    picture.rgb[top:bottom] *= 1 - 0.45 * resized(carving()[1], bottom - top, size)[..., None]
    picture.lay((178, 176, 158), 0.50 * step(layered(rng, shape, (26, 26), 5) + 0.2 * grain, 0.66, 0.95))
    picture.lay((98, 102, 82), 0.35 * step(layered(rng, shape, (14, 14), 5) + 0.2 * grain, 0.60, 1.0))
    picture.shade(1 + 0.085 * grain + 0.04 * smooth(rng, shape, (size / 3, size / 3)))
    return picture.jpeg()


def build(folder: Path, seed: int, detail: float) -> Path:
    """Write the relief as GLB."""
    picture = texture(2048 if detail > 0.5 else 512, seed)
    return write_glb(folder / "han-relief.glb", mesh(detail, seed), picture, name="han-relief", roughness=0.9)
