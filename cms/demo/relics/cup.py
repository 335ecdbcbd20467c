# SPDX-License-Identifier: Apache-2.0
"""An eggshell-thin black pottery stem cup of Longshan type: two surfaces 0.4 mm apart, a pierced hollow stem, a loose pellet inside."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from cms.demo.mesh import Floats, Mesh, grid, join, upright, used
from cms.demo.noise import Field, layered, smooth, step
from cms.demo.paint import Picture
from cms.demo.pen import curve
from cms.demo.relics.pierce import Hole, pierced
from cms.demo.writers import write_glb

HEIGHT = 226.0
WALL = 0.4

_PROFILE = (
    (31.0, 0.0), (31.3, 1.6), (29.5, 3.4), (24.0, 6.2), (16.5, 10.0), (11.2, 16.0), (8.9, 24.0), (8.2, 33.0), (8.1, 41.0), (8.8, 48.0),
    (11.2, 55.0), (14.6, 63.0), (17.0, 73.0), (18.1, 85.0), (17.6, 97.0), (15.4, 109.0), (11.8, 119.0), (9.2, 126.0), (8.6, 131.0),
    (9.6, 135.5), (13.6, 140.0), (19.2, 145.0), (23.0, 152.5), (24.8, 163.0), (25.3, 176.0), (25.6, 189.0), (27.2, 199.5), (31.0, 208.5),
    (36.6, 216.0), (42.4, 222.0), (46.2, 226.0),
)  # fmt: skip
"""Outer silhouette from the foot's edge to the lip: (radius, height) in mm."""

_CAVITY = ((0.0, 138.6), (2.6, 138.2), (5.2, 136.6))
"""The stem's hollow above its straight part, from the axis outwards."""

_BOWL = ((15.0, 142.6), (9.0, 140.2), (4.0, 139.4), (0.0, 139.2))
"""The bowl's floor inside, from its wall to the axis."""

_BULB = (55.0, 119.0)
_RIDGES = (20.0, 24.0, 28.0, 50.0, 124.5, 147.5, 150.0, 200.0, 203.0)
"""Heights in mm of the raised string lines."""


@dataclass(frozen=True)
class _Wall:
    """The outer silhouette as functions of arc length: rows of (radius, height) and outward normals."""

    length: Floats
    line: Floats
    normal: Floats

    def at(self, s: Floats, offset: float) -> tuple[Floats, Floats]:
        """Read radius and height at arc length `s`, moved `offset` mm inwards."""
        r, z, nr, nz = (np.interp(s, self.length, column) for column in (*self.line.T, *self.normal.T))
        return r - offset * nr, z - offset * nz


def _wall() -> _Wall:
    line = curve(np.array(_PROFILE), 40)
    line[:, 0] += 0.22 * np.exp(-(((line[:, 1, None] - np.array(_RIDGES)) / 0.75) ** 2)).sum(axis=1)
    along = np.gradient(line, axis=0)
    along /= np.linalg.norm(along, axis=1, keepdims=True)
    length = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(line, axis=0), axis=1))])
    return _Wall(length, line, np.stack([along[:, 1], -along[:, 0]], axis=1))


def _rows(wall: _Wall, count: int) -> Floats:
    """Spread `count` arc lengths over the wall, closer where the stem is pierced and where the lip curves."""
    height = wall.line[:, 1]
    weight = 1.0 + 2.2 * ((height > _BULB[0] - 2) & (height < _BULB[1] + 2)) + 0.8 * (height < 6)
    total = np.concatenate([[0.0], np.cumsum(np.diff(wall.length) * weight[1:])])
    return np.asarray(np.interp(np.linspace(0, total[-1], count), total, wall.length))


def _holes(wall: _Wall) -> list[Hole]:
    """Lay out three belts of upright slits and two belts of round holes around the bulb."""
    belts = (
        (60.5, 10, 0.0, 0.9, 0.0),
        (70.5, 12, 0.5, 0.75, 4.6),
        (86.0, 12, 0.0, 0.75, 5.2),
        (101.5, 12, 0.5, 0.75, 4.6),
        (112.0, 10, 0.0, 0.9, 0.0),
    )
    holes = []
    for height, count, shift, half, reach in belts:
        s = float(np.interp(height, wall.line[:, 1], wall.length))
        radius = float(np.interp(height, wall.line[:, 1], wall.line[:, 0]))
        holes += [Hole((k + shift) * 2 * np.pi / count, s, radius, half, reach) for k in range(count)]
    return holes


def _wobble(rng: Generator, theta: Floats, z: Floats) -> Floats:
    """Draw the potter's hand: the wall's departure from round, as a factor of the radius."""
    phases = rng.uniform(0, 2 * np.pi, 4)
    lean = 0.0016 * np.sin(2 * theta + phases[0] + z / 70) + 0.0009 * np.sin(3 * theta + phases[1] - z / 45)
    wheel = 0.0011 * np.sin(z * 2.1 + theta + phases[2]) * (1 + 0.5 * np.sin(z / 17 + phases[3]))
    return np.asarray(1.0 + lean + wheel)


def _turned(r: Floats, z: Floats, theta: Floats, rng_seed: int) -> Floats:
    factor = _wobble(np.random.default_rng(rng_seed), theta, z)
    points = np.stack([r * factor * np.cos(theta), r * factor * np.sin(theta), z], axis=-1)
    points[:, -1] = points[:, 0]
    return points


_OUTER, _INSIDE, _HOLLOW, _PELLET = (0.47, 0.98), (0.25, 0.45), (0.07, 0.23), (0.01, 0.05)
"""Bands of the texture, bottom and top: outer wall, bowl inside, stem's hollow, pellet."""


def _cap(points: tuple[tuple[float, float], ...], edge: tuple[float, float], columns: int, seed: int) -> tuple[Floats, Floats]:
    """Turn the curve from `edge` through `points` to the axis; return the grid and its arc length from the edge."""
    line = curve(np.array([edge, *points]), 6)
    line[-1, 0] = 0.0
    length = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(line, axis=0), axis=1))])
    theta = np.broadcast_to(np.linspace(0, 2 * np.pi, columns + 1), (len(line), columns + 1))
    r, z = (np.broadcast_to(column[:, None], theta.shape) for column in line.T)
    return _turned(r, z, theta, seed), length


def _uv(u: Floats, t: Floats, band: tuple[float, float]) -> Floats:
    u, t = np.broadcast_arrays(u, t)
    return np.stack([0.002 + 0.996 * u, band[0] + (band[1] - band[0]) * t], axis=-1)


def _shell(columns: int, rows: int, seed: int) -> Mesh:
    wall = _wall()
    s = np.repeat(_rows(wall, rows)[:, None], columns + 1, axis=1)
    theta = np.repeat(np.linspace(0, 2 * np.pi, columns + 1)[None], rows, axis=0)
    cut = pierced(theta, s, _holes(wall))
    outer = _turned(*wall.at(cut.s, 0.0), cut.theta, seed)
    inner = _turned(*wall.at(cut.s, WALL), cut.theta, seed)
    total = wall.length[-1]
    turn = cut.theta / (2 * np.pi)
    # The stem's hollow ends where the bowl begins; rows between the two are solid clay and have no inner surface.
    height = wall.line[:, 1]
    low = int(np.searchsorted(s[:, 0], np.interp(132.0, height, wall.length)))
    high = int(np.searchsorted(s[:, 0], np.interp(147.5, height, wall.length)))
    skin = grid(outer, _uv(turn, cut.s / total, _OUTER), keep=cut.keep)
    rims = cut.walls(outer, inner, lambda u, t: _uv(u / (2 * np.pi), t / total, _OUTER))
    roof = _cap(_CAVITY[::-1], _edge(wall, s[low - 1, 0]), columns, seed)
    floor = _cap(_BOWL, _edge(wall, s[high, 0]), columns, seed)
    hollow = _insides(inner[:low], roof, cut.s[:low], turn[:low], band=_HOLLOW, keep=cut.keep[: low - 1])
    bowl = _insides(inner[high:][::-1], floor, (total - cut.s[high:])[::-1], turn[high:][::-1], band=_INSIDE)
    return join(skin, rims, *hollow, *bowl, *_lips(outer, inner, turn, total))


def _edge(wall: _Wall, s: float) -> tuple[float, float]:
    r, z = wall.at(np.array([s]), WALL)
    return float(r[0]), float(z[0])


def _insides(
    tube: Floats,
    cap: tuple[Floats, Floats],
    s: Floats,
    turn: Floats,
    *,
    band: tuple[float, float],
    keep: NDArray[np.bool_] | None = None,
) -> tuple[Mesh, Mesh]:
    """Make an inner surface from its open edge along `tube` to the axis along `cap`; both face the hollow."""
    roof, length = cap
    roof[0] = tube[-1]
    end = float(s[-1, 0])
    whole = end + length[-1]
    around = np.linspace(0, 1, roof.shape[1])[None]
    up = bool(tube[-1, 0, 2] > tube[0, 0, 2])
    body = grid(tube, _uv(turn, s / whole, band), flip=up, keep=keep)
    return body, grid(roof, _uv(around, ((end + length) / whole)[:, None], band), flip=up)


def _lips(outer: Floats, inner: Floats, turn: Floats, total: float) -> tuple[Mesh, Mesh]:
    """Close the wall at the foot's edge and at the lip."""
    edge = WALL / total
    foot = grid(np.stack([inner[0], outer[0]]), _uv(turn[:2], np.array([[-edge], [0.0]]), _OUTER))
    lip = grid(np.stack([outer[-1], inner[-1]]), _uv(turn[-2:], np.array([[1.0], [1.0 + edge]]), _OUTER))
    return foot, lip


def _pellet(columns: int, seed: int) -> Mesh:
    """Roll the loose clay pellet that rattles in the stem, lying a little aside at the bottom of the bulb."""
    rows = columns // 2
    polar = np.linspace(0.0, np.pi, rows + 1)[:, None]
    theta = np.linspace(0, 2 * np.pi, columns + 1)[None]
    bump = 1 + 0.03 * np.sin(3 * theta + seed) * np.sin(polar) ** 2
    shape = np.stack([np.sin(polar) * np.cos(theta), np.sin(polar) * np.sin(theta), -np.cos(polar) + 0 * theta], axis=-1)
    points = 6.4 * bump[..., None] * shape
    points[:, -1], points[0], points[-1] = points[:, 0], points[0, 0], points[-1, 0]
    return grid(points + np.array([2.6, 0.0, 61.5]), _uv(np.broadcast_to(theta / (2 * np.pi), bump.shape), polar / np.pi, _PELLET))


def mesh(detail: float = 1.0, seed: int = 1) -> Mesh:
    """Build the cup at `detail` times its full triangle count, in mm, +Y up."""
    columns = max(96, round(416 * detail**0.5 / 8) * 8)
    rows = max(80, round(224 * detail**0.5))
    return upright(used(join(_shell(columns, rows, seed), _pellet(max(16, columns // 8), seed))))


def _sherds(rng: Generator, size: int) -> Field:
    """Draw the hairlines along which a restored vessel was joined, in [0, 1]."""
    sites = rng.uniform(0, 1, (26, 2)).astype(np.float32)
    small = size // 2
    y, x = np.mgrid[0:small, 0:small].astype(np.float32) / small
    x, y = x + 0.035 * layered(rng, (small, small), (7, 7)), y + 0.035 * layered(rng, (small, small), (7, 7))
    near = np.full((small, small), 9.0, np.float32)
    second = near.copy()
    for sx, sy in sites:
        across = np.abs(x - sx)
        away = np.hypot(np.minimum(across, 1 - across) * np.float32(0.75), y - sy)
        second = np.minimum(second, np.maximum(near, away))
        near = np.minimum(near, away)
    line = 1.0 - step(second - near, 0.0006, 0.0022)
    return np.repeat(np.repeat(line, 2, axis=0), 2, axis=1)


def texture(size: int = 2048, seed: int = 1) -> bytes:
    """Paint lustrous black clay: fine burnishing, wheel lines, worn edges, soil in the hollows; JPEG, size x size."""
    rng = np.random.default_rng(seed + 1000)
    shape = (size, size)
    picture = Picture(shape, (31, 30, 32))
    picture.shade(
        1 + 0.10 * layered(rng, shape, (4, 3)) + 0.07 * smooth(rng, shape, (size / 3, 5)) + 0.05 * smooth(rng, shape, (size / 6, 12))
    )
    picture.lay((58, 57, 62), 0.30 * step(smooth(rng, shape, (size / 8, 9)), 0.35, 0.95))
    picture.lay((74, 64, 54), 0.55 * step(layered(rng, shape, (9, 9), 5), 0.42, 0.80))
    picture.lay(
        (112, 94, 72), 0.42 * step(layered(rng, shape, (14, 26), 5), 0.58, 0.90) * step(layered(rng, shape, (60, 60), 3), -0.1, 0.5)
    )
    picture.lay((96, 88, 78), 0.5 * _sherds(rng, size))
    up = np.linspace(1, 0, size, dtype=np.float32)[:, None] + 0.006 * smooth(rng, shape, (20, 40))
    picture.lay((92, 80, 66), 0.5 * _edges(up))
    picture.lay((104, 86, 64), 0.4 * step(-up, -_HOLLOW[1], -_HOLLOW[0]) * step(layered(rng, shape, (10, 20)), -0.4, 0.5))
    return picture.jpeg()


def _edges(v: Field) -> Field:
    """Mark the lip and the foot's edge, where hands and shelves have rubbed, in [0, 1]."""
    foot, lip = _OUTER
    return np.asarray(np.exp(-(((v - foot - 0.008) / 0.010) ** 2)) + np.exp(-(((v - lip) / 0.007) ** 2)), np.float32)


def build(folder: Path, seed: int, detail: float) -> Path:
    """Write the cup as GLB."""
    picture = texture(2048 if detail > 0.5 else 512, seed)
    return write_glb(folder / "longshan-cup.glb", mesh(detail, seed), picture, name="longshan-cup", roughness=0.34)
