# SPDX-License-Identifier: Apache-2.0
"""Cut clean-edged holes through a wall that is given as a grid over (angle, arc length)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cms.demo.mesh import Floats, Mesh, snapped

_RELAX = 14
_TAU = 2 * np.pi


@dataclass(frozen=True)
class Hole:
    """An upright slit with round ends (a round hole where `reach` is 0).

    Attributes
    ----------
    theta : rad, s : mm, of its centre
    radius : mm, of the wall there, to turn angles into lengths
    half : mm, half of its width
    reach : mm, from its centre to the centre of its round end
    """

    theta: float
    s: float
    radius: float
    half: float
    reach: float

    def edge(self, theta: Floats, s: Floats) -> tuple[Floats, Floats, Floats]:
        """Measure the signed distance to the edge (negative inside) and the direction away from the middle line, in mm."""
        across = ((theta - self.theta + np.pi) % _TAU - np.pi) * self.radius
        along = s - self.s
        along = along - np.clip(along, -self.reach, self.reach)
        far = np.hypot(across, along)
        safe = np.where(far > 0, far, 1.0)
        return far - self.half, across / safe, along / safe


@dataclass(frozen=True)
class Pierced:
    """The wall's grid after cutting: `theta`, `s` (h, w) moved onto the holes' edges, `keep` (h-1, w-1) cells that remain."""

    theta: Floats
    s: Floats
    keep: NDArray[np.bool_]
    into: Floats

    def walls(self, outer: Floats, inner: Floats, uv: Callable[[Floats, Floats], Floats]) -> Mesh:
        """Join the two surfaces along every hole's edge.

        Parameters
        ----------
        outer, inner : (h, w, 3) points of the two surfaces
        uv : maps (theta, s) to texture coordinates; the inner edge is laid into the hole's unused patch
        """
        starts, ends = self._edges()
        width = outer.shape[1]
        rims = [surface.reshape(-1, 3)[ids] for surface in (outer, inner) for ids in (starts, ends)]
        theta, s = self.theta.ravel(), self.s.ravel()
        deep = self.into.reshape(-1, 2)
        coordinates = [uv(theta[ids] + k * deep[ids, 0], s[ids] + k * deep[ids, 1]) for k in (0.0, 1.0) for ids in (starts, ends)]
        count = len(starts)
        index = np.arange(count)
        a, b, c, d = index, index + count, index + 3 * count, index + 2 * count
        faces = np.concatenate([np.stack([a, d, c], axis=1), np.stack([a, c, b], axis=1)])
        assert width == self.theta.shape[1]
        return Mesh(snapped(np.concatenate(rims)), faces, np.concatenate(coordinates))

    def _edges(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """List grid edges between a kept and a cut cell, directed so that the kept cell lies on their left."""
        height, width = self.theta.shape
        index = np.arange(height * width).reshape(height, width)
        kept = np.pad(self.keep, 1, mode="edge")
        kept[:, 0], kept[:, -1] = kept[:, -2], kept[:, 1]
        below, above = kept[:-1, 1:-1], kept[1:, 1:-1]
        left, right = kept[1:-1, :-1], kept[1:-1, 1:]
        i, j = np.nonzero(above & ~below)
        m, n = np.nonzero(below & ~above)
        p, q = np.nonzero(left & ~right)
        x, y = np.nonzero((right & ~left)[:, :-1])
        # The seam's column stands at both ends of the grid; its edge is listed once.
        p, q = p[q > 0], q[q > 0]
        starts = [index[i, j], index[m, n + 1], index[p, q], index[x + 1, y]]
        ends = [index[i, j + 1], index[m, n], index[p + 1, q], index[x, y]]
        return np.concatenate(starts), np.concatenate(ends)


def pierced(theta: Floats, s: Floats, holes: list[Hole]) -> Pierced:
    """Cut the holes out of a grid over (angle, arc length) and let its lines flow around their edges.

    Parameters
    ----------
    theta, s : (h, w), rad and mm; the last column repeats the first, one turn on
    """
    keep = np.ones((theta.shape[0] - 1, theta.shape[1] - 1), bool)
    move, into = np.zeros((*theta.shape, 2)), np.zeros((*theta.shape, 2))
    fixed = np.zeros(theta.shape, bool)
    centre_theta, centre_s = (0.25 * (f[:-1, :-1] + f[1:, :-1] + f[:-1, 1:] + f[1:, 1:]) for f in (theta, s))
    for hole in holes:
        inside = hole.edge(centre_theta, centre_s)[0] < 0
        keep &= ~inside
        rim = _touching(inside) & _touching(~inside)
        away, across, along = hole.edge(theta, s)
        step = np.stack([across / hole.radius, along], axis=-1)
        move = np.where(rim[..., None], -away[..., None] * step, move)
        into = np.where(rim[..., None], -0.45 * hole.half * step, into)
        fixed |= rim
    move = _relaxed(move, fixed, _touching(keep))
    return Pierced(theta + move[..., 0], s + move[..., 1], keep, into)


def _touching(cells: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Mark the grid's points that are corners of a marked cell; columns wrap around."""
    around = np.pad(np.pad(cells, ((0, 0), (1, 1)), mode="wrap"), ((1, 1), (0, 0)))
    return np.asarray(around[:-1, :-1] | around[1:, :-1] | around[:-1, 1:] | around[1:, 1:])


def _relaxed(move: Floats, fixed: NDArray[np.bool_], free: NDArray[np.bool_]) -> Floats:
    """Spread the rims' movement over the neighbourhood, so that cells beside a hole keep their shape."""
    rows = np.flatnonzero(fixed.any(axis=1))
    if not len(rows):
        return move
    low, high = max(rows[0] - _RELAX, 1), min(rows[-1] + _RELAX + 1, len(move) - 1)
    part, held = move[:, :-1].copy(), (fixed | ~free)[:, :-1, None]
    original = part.copy()
    for _ in range(_RELAX):
        mean = 0.25 * (np.roll(part, 1, 1) + np.roll(part, -1, 1) + np.roll(part, 1, 0) + np.roll(part, -1, 0))
        part[low:high] = np.where(held, original, 0.96 * mean)[low:high]
    return np.concatenate([part, part[:, :1]], axis=1)
