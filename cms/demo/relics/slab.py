# SPDX-License-Identifier: Apache-2.0
"""A closed slab whose front is a fine grid, whose sides run back from it and whose back is four times coarser."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cms.demo.mesh import Floats, Mesh, grid, join, snapped, used

COARSER = 4

Rect = tuple[float, float, float, float]
"""Left, bottom, right, top of a chart in the texture."""


@dataclass(frozen=True)
class Charts:
    """Where the texture holds each piece: front, back, and the sides in the order bottom, right, top, left."""

    front: Rect
    back: Rect
    sides: tuple[Rect, Rect, Rect, Rect]


def perimeter(points: Floats) -> Floats:
    """Walk around an (h+1, w+1, 3) grid counter-clockwise seen from the front, (2 (h + w) + 1, 3), back to the start."""
    return np.concatenate([points[0, :-1], points[:-1, -1], points[-1, :0:-1], points[::-1, 0]])


def _laid(shape: tuple[int, int], chart: Rect) -> Floats:
    u, v = np.meshgrid(np.linspace(chart[0], chart[2], shape[1]), np.linspace(chart[1], chart[3], shape[0]))
    return np.stack([u, v], axis=-1)


def _transition(fine: Floats, coarse: Floats, fine_uv: Floats, coarse_uv: Floats) -> Mesh:
    """Fan from each coarse edge to the four fine edges above it."""
    count = len(coarse) - 1
    k = np.arange(count)
    first = len(fine) + k
    fans = []
    for m in range(COARSER):
        corner = first if m < COARSER // 2 else first + 1
        fans.append(np.stack([corner, COARSER * k + m + 1, COARSER * k + m], axis=1))
    fans.append(np.stack([first, first + 1, COARSER * k + COARSER // 2], axis=1))
    return Mesh(snapped(np.concatenate([fine, coarse])), np.concatenate(fans), np.concatenate([fine_uv, coarse_uv]))


def _side(rows: Floats, coarse: Floats, chart: Rect) -> tuple[Mesh, Mesh]:
    uv = _laid((len(rows) + 1, rows.shape[1]), chart)
    return grid(rows, uv[:-1], flip=True), _transition(rows[-1], coarse, uv[-2], uv[-1, ::COARSER])


def slab(front: Floats, back: Floats, sides: Floats, charts: Charts) -> Mesh:
    """Close a slab.

    Parameters
    ----------
    front : (h+1, w+1, 3), x right, y up, z towards the viewer, mm; h and w multiples of 4
    back : (h/4+1, w/4+1, 3), the same directions
    sides : (rows, 2 (h + w) + 1, 3), rings from the front's perimeter backwards; the back's perimeter follows the last
    charts : the texture's layout
    """
    height, width = front.shape[0] - 1, front.shape[1] - 1
    coarse = perimeter(back)
    starts = np.cumsum([0, width, height, width, height])
    pieces = [grid(front, _laid(front.shape[:2], charts.front)), grid(back, _laid(back.shape[:2], charts.back), flip=True)]
    for start, end, chart in zip(starts[:-1], starts[1:], charts.sides, strict=True):
        pieces += _side(sides[:, start : end + 1], coarse[start // COARSER : end // COARSER + 1], chart)
    return used(join(*pieces))
