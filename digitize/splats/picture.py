# SPDX-License-Identifier: Apache-2.0
"""The picture of splats: their footprints laid over each other from front to back.

Source: Zwicker et al. 2001, "EWA splatting" (footprint); Porter and Duff 1984 (over).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from digitize.mesh import Bytes, Floats
from digitize.picture.camera import Camera, framing
from digitize.picture.orient import ROUND, turned
from digitize.splats.model import Splats
from digitize.splats.write import ordered

MOST = 200_000
_PIECE = 1_500_000  # footprint pixels at a time
_SOFTEN = 0.3  # variance in pixels that stands for a pixel's own extent
_REACH = 3.0
_FAINT = 1 / 255
_CORE = (0.02, 0.98)
USUAL_UP = "-y"  # what trainers that start from photographs write


@dataclass(frozen=True)
class _Prints:
    """Footprints, nearest first: centre (n, 2) and half size (n,) in pixels, inverse covariance (n, 3), colour (n, 3), opacity (n,)."""

    centre: Floats
    half: NDArray[np.int64]
    inverse: Floats
    colour: Floats
    opacity: Floats


def picture(splats: Splats, side: int) -> Bytes:
    """Draw splats at `side` x `side` pixels: (side, side, 4) sRGB bytes with straight alpha; colours are laid over as trainers do, in sRGB."""
    chosen = ordered(splats).take(slice(MOST))
    up = splats.up or USUAL_UP
    points = turned(chosen.positions, up)
    low, high = core(points)
    inside = ((points >= low) & (points <= high)).all(axis=1)
    camera = framing(points[inside] if inside.any() else points, np.radians(32.0), ROUND)
    prints = _prints(chosen, points, turned(np.eye(3), up).T, camera, side)
    colour, clear = np.zeros((side * side, 3)), np.ones(side * side)
    for pixel, alpha, own in _fragments(prints, side, clear):
        _lay(colour, clear, pixel, alpha, prints.colour[own])
    cover = 1 - clear
    straight = colour / np.maximum(cover, 1e-9)[:, None]
    return np.rint(np.column_stack([np.clip(straight, 0, 1), cover]).reshape(side, side, 4) * 255).astype(np.uint8)


def core(points: Floats) -> tuple[Floats, Floats]:
    """Return the box of all but the outermost points along each axis: what trainers leave in the sky does not count."""
    return np.quantile(points, _CORE[0], axis=0, method="lower"), np.quantile(points, _CORE[1], axis=0, method="higher")


def covariances(splats: Splats) -> Floats:
    """Return each splat's covariance (n, 3, 3) in the source's frame."""
    w, x, y, z = splats.rotations.astype(np.float64).T
    turn = np.empty((len(w), 3, 3))
    turn[:, 0] = np.stack([1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)], axis=1)
    turn[:, 1] = np.stack([2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)], axis=1)
    turn[:, 2] = np.stack([2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)], axis=1)
    stretched = turn * splats.scales.astype(np.float64)[:, None, :]
    return np.einsum("nij,nkj->nik", stretched, stretched)


def _prints(splats: Splats, points: Floats, upright: Floats, camera: Camera, side: int) -> _Prints:
    """Project splats: the footprint is the covariance seen through the camera's local scale."""
    across, down, depth = camera.project(points)
    near = 0.02 * float(np.median(depth))
    view = np.stack([camera.right, -camera.up, camera.forward]) @ upright
    local = np.einsum("ij,njk,lk->nil", view, covariances(splats), view)
    focal = side / (2 * camera.half)
    with np.errstate(divide="ignore", invalid="ignore"):
        jacobian = np.zeros((len(points), 2, 3))
        jacobian[:, 0, 0] = jacobian[:, 1, 1] = focal / depth
        jacobian[:, 0, 2], jacobian[:, 1, 2] = (-focal * part * camera.half / depth for part in (across, down))
        flat = np.einsum("nij,njk,nlk->nil", jacobian, local, jacobian)
    a, b, c = flat[:, 0, 0] + _SOFTEN, flat[:, 0, 1], flat[:, 1, 1] + _SOFTEN
    determinant = a * c - b * b
    middle = (a + c) / 2
    half = np.ceil(_REACH * np.sqrt(middle + np.sqrt(np.maximum(middle**2 - determinant, 0))))
    centre = (np.stack([across, down], axis=1) + 1) / 2 * side
    seen = (
        (depth > near)
        & (determinant > 0)
        & np.isfinite(half)
        & (centre > -half[:, None]).all(axis=1)
        & (centre < side + half[:, None]).all(axis=1)
    )
    order = np.flatnonzero(seen)
    order = order[np.argsort(depth[order], kind="stable")]
    inverse = np.stack([c, -b, a], axis=1)[order] / determinant[order, None]
    half = np.minimum(half[order], side / 3).astype(np.int64)
    return _Prints(
        centre[order], half, inverse, np.clip(splats.colours[order], 0, 1).astype(np.float64), splats.opacity[order].astype(np.float64)
    )


def _fragments(prints: _Prints, side: int, clear: Floats) -> Iterator[tuple[NDArray[np.int64], Floats, NDArray[np.int64]]]:
    """Cut footprints into pixels, front to back in pieces: the pixel, its alpha there, and whose it is.

    What lies behind pixels that nothing shines through any more is left out; `clear` tells, and changes between the pieces.
    """
    area = (2 * prints.half + 1) ** 2
    if not len(area):
        return
    edges = np.flatnonzero(np.diff(np.cumsum(area) // _PIECE, prepend=-1))
    for start, end in zip(edges, [*edges[1:], len(area)], strict=True):
        count = area[start:end]
        own = np.repeat(np.arange(start, end), count)
        step = np.arange(int(count.sum())) - np.repeat(np.cumsum(count) - count, count)
        width = 2 * prints.half[own] + 1
        x = np.floor(prints.centre[own, 0]).astype(np.int64) + step % width - prints.half[own]
        y = np.floor(prints.centre[own, 1]).astype(np.int64) + step // width - prints.half[own]
        inside = (x >= 0) & (x < side) & (y >= 0) & (y < side)
        inside[inside] = clear[(y * side + x)[inside]] > _FAINT
        x, y, own = x[inside], y[inside], own[inside]
        dx, dy = x + 0.5 - prints.centre[own, 0], y + 0.5 - prints.centre[own, 1]
        first, mixed, second = prints.inverse[own].T
        alpha = np.minimum(prints.opacity[own] * np.exp(-0.5 * (first * dx * dx + 2 * mixed * dx * dy + second * dy * dy)), 0.99)
        seen = alpha >= _FAINT
        yield (y * side + x)[seen], alpha[seen], own[seen]


def _lay(colour: Floats, clear: Floats, pixel: NDArray[np.int64], alpha: Floats, own: Floats) -> None:
    """Lay fragments under what lies there already; those of one pixel come nearest first."""
    order = np.argsort(pixel, kind="stable")
    pixel, logs = pixel[order], np.log1p(-alpha[order])
    total = np.cumsum(logs)
    first = np.flatnonzero(np.diff(pixel, prepend=-1))
    before = total - logs
    inside = np.exp(before - np.repeat(before[first], np.diff([*first, len(pixel)])))
    weight = clear[pixel] * inside * alpha[order]
    for channel in range(3):
        colour[:, channel] += np.bincount(pixel, weights=weight * own[order, channel], minlength=len(clear))
    clear *= np.exp(np.bincount(pixel, weights=logs, minlength=len(clear)))
