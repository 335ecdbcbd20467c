# SPDX-License-Identifier: Apache-2.0
"""From which directions an object was photographed, and where none was taken, once the cameras are placed.

Source: Brown and Lowe, "Automatic panoramic image stitching using invariant features", 2007, §5 (which way is up: photographers hold
cameras level, so no camera's horizontal axis leans).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any

import numpy as np

from digitize.mesh import Floats
from digitize.photos import pinhole
from digitize.photos.pinhole import Pinhole

EDGES = (-90, -10, 25, 55, 90)  # of the bands of elevation, degrees: from below, level, raised, from above
SECTOR = 30  # degrees of azimuth in a cell
_STEP = 15  # degrees between neighbours that photographers are told to keep
_ZENITH = 75.0  # degrees of elevation from which a view belongs to every azimuth
_LEVEL = 1e-3  # share of the horizontal axes' spread below which they all point the same way
_CROSSING = 0.05  # least eigenvalue of the axes' mean projector by which they can be said to meet
_FLAT = 0.12


@dataclass(frozen=True, slots=True)
class Gap:
    """A sector without a view, seen from above, counter-clockwise: degrees from and to, the photographs at its ends, how many to take."""

    start: float
    end: float
    after: str
    before: str
    more: int

    @property
    def degrees(self) -> float:
        """Give how wide it is."""
        return (self.end - self.start) % 360 or 360.0

    def as_json(self) -> dict[str, Any]:
        """Give the gap as a fact."""
        ends = {"from": round(self.start, 1) % 360, "to": round(self.end, 1) % 360, "degrees": round(self.degrees, 1)}
        return {**ends, "after": self.after, "before": self.before, "more": self.more}


@dataclass(frozen=True)
class Coverage:
    """Directions of the views from the object's middle.

    Attributes
    ----------
    centre, up, front : (3,) in the model's frame; `front` is the horizontal direction of azimuth 0.
    names, azimuth, elevation : of each view, degrees (n,); azimuth 0 is the first photograph, growing counter-clockwise seen from above.
    gaps : sectors wider than was asked, widest first.
    flat : whether what was photographed is a plane, as a relief is, which nobody goes around.
    """

    centre: Floats
    up: Floats
    front: Floats
    names: tuple[str, ...]
    azimuth: Floats
    elevation: Floats
    gaps: tuple[Gap, ...]
    flat: bool

    def as_json(self) -> dict[str, Any]:
        """Give the coverage as a fact; `cells` counts views by band of elevation and sector of azimuth."""
        views = [
            {"name": name, "azimuth": round(float(a), 1) % 360, "elevation": round(float(e), 1)}
            for name, a, e in zip(self.names, self.azimuth, self.elevation, strict=True)
        ]
        return {
            "centre": self.centre.tolist(),
            "up": self.up.tolist(),
            "views": views,
            "gaps": [gap.as_json() for gap in self.gaps],
            "elevation": {"least": round(float(self.elevation.min()), 1), "most": round(float(self.elevation.max()), 1)},
            "cells": {"elevation_edges": list(EDGES), "azimuth_step": SECTOR, "counts": self._cells()},
            "flat": self.flat,
        }

    def _cells(self) -> list[list[int]]:
        """Count views by band and sector."""
        band = np.clip(np.searchsorted(EDGES, self.elevation, side="right") - 1, 0, len(EDGES) - 2)
        sector = (np.round(self.azimuth, 1) // SECTOR).astype(int) % (360 // SECTOR)
        counts = np.zeros((len(EDGES) - 1, 360 // SECTOR), dtype=int)
        np.add.at(counts, (band, sector), 1)
        return counts.tolist()


def coverage(cameras: Sequence[Mapping[str, Any]], points: Floats, widest: float) -> Coverage:
    """Say from where a model's cameras look at it.

    Parameters
    ----------
    cameras : as `sparse.Model` has them, in the photographs' order.
    points : (n, 3) of the sparse cloud.
    widest : degrees between neighbours, seen from above, that are no gap yet.
    """
    views = [pinhole.of(camera) for camera in cameras]
    up, centre = upward(views), middle(views, points)
    away = np.stack([view.centre for view in views]) - centre
    away /= np.maximum(np.linalg.norm(away, axis=1, keepdims=True), 1e-300)
    front = _across(away[0], up)
    azimuth = np.degrees(np.arctan2(away @ np.cross(up, front), away @ front)) % 360
    elevation = np.degrees(np.arcsin(np.clip(away @ up, -1, 1)))
    names = tuple(view.name for view in views)
    around = np.flatnonzero(elevation < _ZENITH)
    open_ = gaps([names[n] for n in around], azimuth[around], widest)
    return Coverage(centre, up, front, names, azimuth, elevation, open_, _is_flat(points))


def upward(views: Sequence[Pinhole]) -> Floats:
    """Find the direction (3,) from which no camera's horizontal axis leans away."""
    across = np.stack([view.rotation[0] for view in views])
    above = -np.stack([view.rotation[1] for view in views]).mean(axis=0)
    values, vectors = np.linalg.eigh(across.T @ across / len(views))
    if values[1] < _LEVEL:  # all look the same way: two directions are square to their axes
        up = above - vectors[:, 2] * float(vectors[:, 2] @ above)
    else:
        up = vectors[:, 0] * (1.0 if float(vectors[:, 0] @ above) >= 0 else -1.0)
    return np.asarray(up / np.linalg.norm(up))


def middle(views: Sequence[Pinhole], points: Floats) -> Floats:
    """Find the point (3,) that the cameras look at; the middle of the cloud where their axes do not meet."""
    axes = np.stack([view.rotation[2] for view in views])
    aside = np.eye(3) - axes[:, :, None] * axes[:, None, :]
    total = aside.sum(axis=0)
    if np.linalg.eigvalsh(total / len(views))[0] < _CROSSING:
        return np.asarray(np.median(points, axis=0))
    return np.linalg.solve(total, np.einsum("vij,vj->i", aside, np.stack([view.centre for view in views])))


def _across(direction: Floats, up: Floats) -> Floats:
    """Give the horizontal unit vector of a direction; any where it is upright."""
    flat = direction - up * float(direction @ up)
    if np.linalg.norm(flat) < 1e-6:
        flat = np.cross(up, np.eye(3)[int(np.argmin(np.abs(up)))])
    return np.asarray(flat / np.linalg.norm(flat))


def gaps(names: Sequence[str], azimuth: Floats, widest: float) -> tuple[Gap, ...]:
    """Find the sectors wider than `widest` degrees between neighbours seen from above, the widest first."""
    order = np.lexsort((np.arange(len(azimuth)), azimuth))
    found = []
    for one, two in zip(order, np.roll(order, -1), strict=True):
        start, end = float(azimuth[one]), float(azimuth[two])
        wide = (end - start) % 360 if len(order) > 1 else 360.0
        if wide > widest:
            found.append(Gap(start, end, names[one], names[two], ceil(wide / _STEP) - 1))
    return tuple(sorted(found, key=lambda gap: (-gap.degrees, gap.start)))


def _is_flat(points: Floats) -> bool:
    """Tell whether points (n, 3) lie about in a plane, but for strays."""
    off = np.linalg.norm(points - np.median(points, axis=0), axis=1)
    kept = points[off <= np.quantile(off, 0.9)]
    spread = np.linalg.svd(kept - kept.mean(axis=0), compute_uv=False)
    return bool(spread[2] < _FLAT * spread[0])
