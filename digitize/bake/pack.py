# SPDX-License-Identifier: Apache-2.0
"""Flat charts side by side in one square map, at one scale, as large as they fit."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from digitize.mesh import Floats

COLUMNS = 512  # steps of the skyline
_ROUNDS, _ANGLES = 8, 12


@dataclass(frozen=True)
class _Outline:
    """A chart's lower and upper edge over the skyline's columns (w,), from its lowest point; all in columns."""

    bottom: Floats
    top: Floats


def pack(corners: Floats, chart: NDArray[Any], size: int, padding: int) -> Floats:
    """Drop charts one after the other, the highest first, each to where its top comes to lie lowest.

    Parameters
    ----------
    corners : (m, 3, 2), corners of flat triangles, each chart in coordinates of its own, all in one unit.
    chart : (m,), which chart each triangle belongs to: 0, 1, …
    size : the map's side in texels. padding : texels between two charts.

    Returns
    -------
    (m, 3, 2) within 0..1.

    Source: Lévy et al., "Least squares conformal maps", 2002, §5 (packing along a horizon).
    """
    chart = chart.astype(np.intp)
    corners = _turned(corners, chart)
    low = _bounds(corners, chart)[0]
    corners = corners - low[chart][:, None]
    gap = padding * COLUMNS / size
    area = float(np.abs(_cross(corners)).sum()) / 2
    least, most, placed = 0.0, COLUMNS / max(float(np.sqrt(area)), 1e-300), np.zeros((len(low), 2))
    for _ in range(_ROUNDS):
        scale = (least + most) / 2
        tried = _dropped(_outlines(corners * scale, chart, gap))
        if tried is None:
            most = scale
        else:
            least, placed = scale, tried
    if least == 0.0:  # not even points and their padding fit: give the padding up
        least = most / 2
        placed = np.zeros((len(low), 2))
    return np.clip((corners * least + placed[chart][:, None] + gap / 2) / COLUMNS, 0.0, 1.0)


def _cross(corners: Floats) -> Floats:
    """Return twice the signed area of flat triangles (m, 3, 2)."""
    one, two = corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]
    return np.asarray(one[:, 0] * two[:, 1] - one[:, 1] * two[:, 0])


def _turned(corners: Floats, chart: NDArray[np.intp]) -> Floats:
    """Turn each chart so that its box is smallest, and stands upright."""
    count = int(chart.max()) + 1
    best, angle = np.full(count, np.inf), np.zeros(count)
    for turn in np.arange(_ANGLES) * (np.pi / _ANGLES):
        low, high = _bounds(_rotated(corners, np.full(len(corners), turn)), chart)
        sides = high - low
        # A box that lies on its side counts a little more than the same one upright.
        box = sides.prod(axis=1) * np.where(sides[:, 0] > sides[:, 1], 1 + 1e-6, 1.0)
        better = box < best * (1 - 1e-9)
        best[better], angle[better] = box[better], turn
    return _rotated(corners, angle[chart])


def _rotated(corners: Floats, angle: Floats) -> Floats:
    """Turn flat triangles (m, 3, 2) by angles (m,)."""
    cosine, sine = np.cos(angle)[:, None], np.sin(angle)[:, None]
    x, y = corners[..., 0], corners[..., 1]
    return np.stack([cosine * x - sine * y, sine * x + cosine * y], axis=-1)


def _bounds(corners: Floats, chart: NDArray[np.intp]) -> tuple[Floats, Floats]:
    """Return each chart's lowest and highest corner (c, 2)."""
    order = np.argsort(chart, kind="stable")
    starts = np.searchsorted(chart[order], np.arange(int(chart.max()) + 1))
    low, high = corners.min(axis=1)[order], corners.max(axis=1)[order]
    return np.minimum.reduceat(low, starts, axis=0), np.maximum.reduceat(high, starts, axis=0)


def _outlines(corners: Floats, chart: NDArray[np.intp], gap: float) -> list[_Outline]:
    """Draw each chart's outline, with half the gap around it."""
    padded_low, padded_high = corners.min(axis=1), corners.max(axis=1) + gap
    first, last = np.floor(padded_low[:, 0]).astype(np.intp), np.floor(padded_high[:, 0]).astype(np.intp)
    wide = np.zeros(int(chart.max()) + 1, dtype=np.intp)
    np.maximum.at(wide, chart, last + 1)
    start = np.concatenate([[0], np.cumsum(wide)])
    many = last - first + 1
    column = np.arange(int(many.sum())) - np.repeat(np.cumsum(many) - many, many)
    at = np.repeat(start[chart] + first, many) + column
    bottom, top = np.full(int(start[-1]), np.inf), np.full(int(start[-1]), -np.inf)
    np.minimum.at(bottom, at, np.repeat(padded_low[:, 1], many))
    np.maximum.at(top, at, np.repeat(padded_high[:, 1], many))
    bottom[np.isinf(bottom)], top[np.isinf(top)] = 0.0, 0.0
    return [_Outline(bottom[start[n] : start[n + 1]], top[start[n] : start[n + 1]]) for n in range(len(wide))]


def _dropped(outlines: list[_Outline]) -> Floats | None:
    """Return where each chart comes to lie (c, 2), in columns; None where they do not fit."""
    highest = np.array([outline.top.max() for outline in outlines])
    widest = np.array([len(outline.top) for outline in outlines])
    if widest.max() > COLUMNS or highest.max() > COLUMNS:
        return None
    skyline, result = np.zeros(COLUMNS), np.zeros((len(outlines), 2))
    for number in np.lexsort((np.arange(len(outlines)), -widest, -highest)).tolist():
        outline = outlines[number]
        window = np.lib.stride_tricks.sliding_window_view(skyline, len(outline.top))
        rest = np.maximum((window - outline.bottom).max(axis=1), 0.0)
        column = int(rest.argmin())
        height = float(rest[column])
        if height + highest[number] > COLUMNS:
            return None
        result[number] = column, height
        own = slice(column, column + len(outline.top))
        skyline[own] = np.maximum(skyline[own], height + outline.top)
    return result
