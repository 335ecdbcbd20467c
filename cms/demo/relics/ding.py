# SPDX-License-Identifier: Apache-2.0
"""A bronze ding: round bowl with a relief band, flanges, two upright handles, three legs; six closed shells that run into each other."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import numpy as np

from cms.demo.mesh import Floats, Mesh, grid, join, upright, used
from cms.demo.noise import Field, layered, resized, sampled, smooth, step
from cms.demo.paint import Picture, blurred, hollows
from cms.demo.pen import curve
from cms.demo.relics import taotie
from cms.demo.writers import write_obj_zip

_OUTER = (
    (0.0, 78.0), (22.0, 78.4), (45.0, 80.8), (66.0, 86.5), (82.0, 96.5), (92.0, 110.0), (96.6, 126.0), (97.6, 144.0), (96.0, 162.0),
    (93.4, 177.0), (92.8, 184.0), (94.2, 187.4), (99.5, 188.8), (103.6, 190.2), (104.6, 192.6), (103.4, 195.0), (99.0, 195.6),
    (93.0, 195.2), (89.4, 193.6), (88.0, 190.0),
)  # fmt: skip
"""Silhouette from the axis under the bowl, over the everted rim, to the mouth: (radius, height) in mm."""

_INNER = (
    (88.2, 182.0),
    (90.6, 166.0),
    (92.2, 146.0),
    (91.4, 128.0),
    (87.0, 114.0),
    (77.5, 102.0),
    (62.0, 93.0),
    (42.0, 87.0),
    (21.0, 84.4),
    (0.0, 84.0),
)
_BAND = (118.0, 170.0)
_RELIEF = 1.5
_SPREAD = (0.47, 0.99)
_WITHIN = (0.22, 0.45)
_LEG_ANGLES = (90.0, 210.0, 330.0)


@lru_cache(maxsize=1)
def _band() -> Field:
    return taotie.band()


def _line(points: tuple[tuple[float, float], ...]) -> tuple[Floats, Floats]:
    line = curve(np.array(points), 40)
    line[:, 0] = np.maximum(line[:, 0], 0.0)
    length = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(line, axis=0), axis=1))])
    return line, length


def _limits() -> tuple[float, float, float]:
    """Arc lengths of the relief band's lower and upper edge and of the whole outer line, in mm."""
    line, length = _line(_OUTER)
    wall = int(np.argmax(line[:, 1] > 184.0))
    low, high = np.interp(_BAND, line[:wall, 1], length[:wall])
    return float(low), float(high), float(length[-1])


def _raised(theta: Floats, s: Floats) -> Floats:
    """Measure how far the outer wall is raised at (angle, arc length), in mm: relief, string lines and flanges."""
    low, high, _ = _limits()
    image = _softened()
    height, width = image.shape
    y = (high - s) / (high - low) * height - 0.5
    relief = np.where((y > 0) & (y < height - 1), sampled(image, theta / (2 * np.pi) * width - 0.5, y), 0.0)
    strings = sum(np.exp(-(((s - at) / 0.9) ** 2)) for at in (low - 5.0, low - 1.8, high + 1.8, high + 5.0))
    return np.asarray(_RELIEF * relief + 0.9 * strings + _flanges(theta, s, low, high))


@lru_cache(maxsize=1)
def _softened() -> Field:
    return blurred(_band(), 2.2)


def _flanges(theta: Floats, s: Floats, low: float, high: float) -> Floats:
    """Raise six notched flanges, at each mask's nose and between the masks."""
    sixth = np.pi / 3
    across = np.abs(theta % sixth - sixth / 2) * 96.0
    t = (s - low) / (high - low)
    notch = 0.72 + 0.28 * np.tanh(4 * np.sin(t * 2 * np.pi * 5))
    body = np.clip((t + 0.02) / 0.03, 0, 1) * np.clip((1.02 - t) / 0.03, 0, 1)
    ridge = 1.0 / (1.0 + (across / 2.0) ** 8)
    return np.asarray(4.6 * ridge * notch * body)


def _bowl(columns: int, detail: float, seed: int) -> tuple[Mesh, Mesh]:
    low, high, total = _limits()
    line, length = _line(_OUTER)
    weight = np.where((length > low - 8) & (length < high + 8), 3.6, 1.0)
    rows = max(60, round(190 * detail**0.5))
    s = np.interp(np.linspace(0, 1, rows), np.cumsum(weight) / weight.sum(), length)
    s[0], s[-1] = 0.0, total
    theta = np.broadcast_to(np.linspace(0, 2 * np.pi, columns + 1), (rows, columns + 1))
    s = np.broadcast_to(s[:, None], theta.shape)
    radius, height = (np.interp(s, length, column) for column in line.T)
    outer = _turned(radius + _raised(theta, s), height, theta, seed)
    inner_line, inner_length = _line((_OUTER[-1], *_INNER))
    t = np.linspace(0, inner_length[-1], max(24, rows // 4))
    r, z = (np.broadcast_to(np.interp(t, inner_length, column)[:, None], (len(t), columns + 1)) for column in inner_line.T)
    inner = _turned(r, z, theta[: len(t)], seed)
    inner[0] = outer[-1]
    u = theta / (2 * np.pi)
    skin = grid(outer, _chart(u, s / total, _SPREAD))
    return skin, grid(inner, _chart(u[: len(t)], np.broadcast_to((t / t[-1])[:, None], r.shape), _WITHIN))


def _chart(u: Floats, t: Floats, band: tuple[float, float]) -> Floats:
    return np.stack([u, band[0] + (band[1] - band[0]) * t], axis=-1)


def _turned(r: Floats, z: Floats, theta: Floats, seed: int) -> Floats:
    phase = seed * 1.7
    factor = 1 + 0.004 * np.sin(2 * theta + phase) + 0.0015 * np.sin(5 * theta - phase + z / 30)
    points = np.stack([r * factor * np.cos(theta), r * factor * np.sin(theta), z], axis=-1)
    points[:, -1] = points[:, 0]
    points[r[:, 0] == 0.0, :, :2] = 0.0
    return points


def _tube(centres: Floats, first: Floats, second: Floats, columns: int, *, chart: tuple[float, float, float, float], power: float) -> Mesh:
    """Sweep a superellipse along (k, 3) centres with half axes `first` and `second` (k, 3); both ends are closed.

    `chart` is left, bottom, right, top of the texture it is laid into; `power` 2 gives an ellipse, 4 a rounded box.
    """
    angle = np.linspace(0, 2 * np.pi, columns + 1)
    a, b = (np.sign(f) * np.abs(f) ** (2 / power) for f in (np.cos(angle), np.sin(angle)))
    a[-1], b[-1] = a[0], b[0]
    body = centres[:, None] + a[None, :, None] * first[:, None] + b[None, :, None] * second[:, None]
    ends = [np.broadcast_to(centres[k], body[:1].shape) for k in (0, -1)]
    points = np.concatenate([ends[0], body, ends[1]])
    u, v = np.meshgrid(np.linspace(chart[0], chart[2], columns + 1), np.linspace(chart[1], chart[3], len(points)))
    return grid(points, np.stack([u, v], axis=-1))


def _underside(radius: Floats) -> Floats:
    """Height of the middle of the bowl's bronze at a radius, in mm."""
    outer, inner = _line(_OUTER)[0], _line(_INNER[::-1])[0]
    wall = int(np.argmax(outer[:, 1] > 150.0))
    low = np.interp(radius, outer[:wall, 0], outer[:wall, 1])
    high = np.interp(radius, inner[:, 0], inner[:, 1])
    return np.asarray(low + 0.5 * np.minimum(high - low, 4.0))


def _leg(angle: float, columns: int, rows: int, chart: tuple[float, float, float, float]) -> Mesh:
    turn = np.radians(angle)
    out, side = np.array([np.cos(turn), np.sin(turn), 0.0]), np.array([-np.sin(turn), np.cos(turn), 0.0])
    t = np.linspace(0, 1, rows)
    z = 96.0 * t
    half = 11.4 + 1.6 * np.exp(-((z / 9.0) ** 2)) + 6.5 * np.clip((t - 0.55) / 0.45, 0, 1) ** 2
    half = half + sum(0.9 * np.exp(-(((z - at) / 1.5) ** 2)) for at in (40.0, 46.0, 52.0)) - 2.2 * np.exp(-(((z - 16) / 18.0) ** 2))
    half[0] -= 0.8
    centres = (69.0 + 3.0 * (1 - t) ** 2)[:, None] * out + z[:, None] * np.array([0, 0, 1.0])
    mesh = _tube(centres, half[:, None] * out, half[:, None] * side, columns, chart=chart, power=2.15)
    top = np.hypot(mesh.points[:, 0], mesh.points[:, 1])
    mesh.points[:, 2] = np.round(mesh.points[:, 2] / 96.0 * _underside(top), 3)
    return mesh


def _handle(angle: float, columns: int, chart: tuple[float, float, float, float]) -> Mesh:
    turn = np.radians(angle)
    out, side, up = np.array([np.cos(turn), np.sin(turn), 0.0]), np.array([-np.sin(turn), np.cos(turn), 0.0]), np.array([0, 0, 1.0])
    arch = ((-20.5, 190.5), (-21.5, 204.0), (-21.8, 218.0), (-18.5, 231.0), (-9.0, 237.6), (0.0, 239.0))
    flat = curve(np.array([*arch, *((-x, z) for x, z in arch[-2::-1])]), 9)
    along = np.gradient(flat, axis=0)
    along /= np.linalg.norm(along, axis=1, keepdims=True)
    lean = 97.5 + 0.10 * (flat[:, 1] - 190.0)
    centres = lean[:, None] * out + flat[:, :1] * side + flat[:, 1:] * up
    across = along[:, 1:] * side - along[:, :1] * up
    return _tube(centres, 6.4 * np.broadcast_to(out, centres.shape), -4.6 * across, columns, chart=chart, power=3.6)


def mesh(detail: float = 1.0, seed: int = 1) -> Mesh:
    """Build the ding at `detail` times its full triangle count, in mm, +Y up."""
    columns = max(144, round(960 * detail**0.5 / 48) * 48)
    around = max(16, round(72 * detail**0.5))
    legs = [
        _leg(angle, around, max(20, round(96 * detail**0.5)), (0.2 * k + 0.004, 0.01, 0.2 * k + 0.196, 0.19))
        for k, angle in enumerate(_LEG_ANGLES)
    ]
    handles = [_handle(180.0 * k, around, (0.6 + 0.2 * k + 0.004, 0.01, 0.8 + 0.2 * k - 0.004, 0.19)) for k in (0, 1)]
    return upright(used(join(*_bowl(columns, detail, seed), *legs, *handles)))


def _relief_map(size: int) -> Field:
    """Lay the band's height where the texture shows it, (size, size) in [0, 1]; 0.45 elsewhere."""
    low, high, total = _limits()
    rows = [round((1 - (_SPREAD[0] + (_SPREAD[1] - _SPREAD[0]) * s / total)) * size) for s in (high, low)]
    canvas = np.full((size, size), 0.45, np.float32)
    canvas[rows[0] : rows[1]] = np.clip(resized(blurred(_band(), 1.2), rows[1] - rows[0], size), 0, 1)
    return canvas


def _use(picture: Picture, size: int) -> None:
    """Lay soot on the underside and soil on the bowl's floor, where the vessel stood over fire and lay in the ground."""
    v = np.broadcast_to(np.linspace(1, 0, size, dtype=np.float32)[:, None], (size, size))
    under = step(-v, -_SPREAD[0] - 0.17, -_SPREAD[0] - 0.05) * step(v, _SPREAD[0] - 0.01, _SPREAD[0])
    floor = step(-v, -_WITHIN[0] - 0.09, -_WITHIN[0] - 0.01) * step(v, _WITHIN[0] - 0.01, _WITHIN[0])
    picture.lay((44, 41, 36), 0.85 * under)
    picture.lay((112, 98, 74), 0.80 * floor)


def texture(size: int = 2048, seed: int = 1) -> bytes:
    """Paint bronze under malachite, azurite, cuprite and soil, thickest in the hollows; PNG, size x size."""
    rng = np.random.default_rng(seed + 2000)
    shape = (size, size)
    height = _relief_map(size)
    deep = hollows(height, size / 180, 2.4) + 0.5 * hollows(height, size / 500, 3.0)
    grain = layered(rng, shape, (90, 90), 4)
    patches = layered(rng, shape, (5, 7), 5)
    # Legs and handles lie side by side in the texture but far apart on the vessel: they share one tone.
    patches[round(0.8 * size) :] *= 0.35
    picture = Picture(shape, (84, 76, 54))
    picture.lay((62, 52, 40), 0.75 * step(layered(rng, shape, (8, 10), 5), -0.3, 0.6))
    picture.lay((78, 96, 74), 0.75 * step(patches + 0.25 * grain, -0.45, 0.5))
    picture.lay((88, 126, 101), 0.78 * step(patches + 0.55 * deep + 0.35 * grain, 0.22, 0.85))
    picture.lay((134, 158, 136), 0.55 * step(grain + 0.5 * patches + 0.8 * deep, 0.72, 1.25))
    picture.lay((58, 88, 112), 0.60 * step(layered(rng, shape, (26, 30), 5) + 0.25 * grain, 0.72, 1.05))
    picture.lay((104, 64, 48), 0.50 * step(layered(rng, shape, (24, 28), 5) + 0.25 * grain, 0.62, 1.0))
    picture.lay((136, 116, 76), 0.60 * step(height, 0.62, 0.9) * step(layered(rng, shape, (14, 20), 4), -0.6, 0.4))
    picture.lay((48, 46, 38), np.clip(0.62 * deep, 0, 0.7).astype(np.float32) * step(-patches, -0.5, 0.3))
    _use(picture, size)
    picture.shade(1 + 0.10 * grain + 0.05 * smooth(rng, shape, (size / 3, size / 3)))
    return picture.png()


def build(folder: Path, seed: int, detail: float) -> Path:
    """Write the ding as a zip of OBJ, MTL and PNG."""
    picture = texture(2048 if detail > 0.5 else 512, seed)
    return write_obj_zip(folder / "bronze-ding.zip", mesh(detail, seed), picture, name="bronze-ding")
