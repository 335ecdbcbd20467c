# SPDX-License-Identifier: Apache-2.0
"""A quick measurement of a level that is not written yet: enough to choose between ways of making it."""

from dataclasses import dataclass

import numpy as np

from digitize.bake.paint import Paint
from digitize.measure.closest import Closest, Surface, surface
from digitize.measure.sample import Samples, by_area
from digitize.measure.statistics import COLOUR_LIMIT
from digitize.mesh import Mesh, Singles

SAMPLES, SEED = 40_000, 7_001


@dataclass(frozen=True)
class Yardstick:
    """The original: its points (with their colours, sRGB), its closest-point search, its paint, its diagonal."""

    samples: Samples
    colours: Singles
    search: Surface
    paint: Paint
    diagonal: float


@dataclass(frozen=True)
class Pairs:
    """Points of a level and of the original that belong together, both ways; the mean distance relative to the diagonal."""

    there: Closest
    drawn: Samples
    back: Closest
    mean: float


@dataclass(frozen=True)
class Judged:
    """What a candidate measures: PSNR in dB, share of points off by more than 30 of 255, mean square, mean distance."""

    psnr: float
    off: float
    square: float
    mean: float


def yardstick(paint: Paint, search: Surface, samples: int = SAMPLES) -> Yardstick:
    """Prepare the original."""
    mesh = paint.mesh
    drawn = by_area(mesh.positions, mesh.faces, min(samples, search.budget), SEED)
    return Yardstick(drawn, paint.base(drawn.face, drawn.weights.astype(np.float32)), search, paint, mesh.diagonal())


def pairs(original: Yardstick, level: Mesh) -> Pairs:
    """Pair points of a level with the original's; the same for every texture that the level may get."""
    drawn = by_area(level.positions, level.faces, len(original.samples.points), SEED + 1)
    there = surface(level.positions, level.faces).closest(original.samples.points)
    back = original.search.closest(drawn.points)
    return Pairs(there, drawn, back, max(float(there.distance.mean()), float(back.distance.mean())) / original.diagonal)


def judge(original: Yardstick, paired: Pairs, level: Paint) -> Judged:
    """Measure a level's colours both ways; the worse one counts."""
    forward = level.base(paired.there.face, paired.there.weights.astype(np.float32)) - original.colours
    seen = original.paint.base(paired.back.face, paired.back.weights.astype(np.float32))
    backward = seen - level.base(paired.drawn.face, paired.drawn.weights.astype(np.float32))
    square = max(float(np.mean(way**2)) for way in (forward, backward))
    off = max(float((np.abs(way) > COLOUR_LIMIT).any(axis=1).mean()) for way in (forward, backward))
    return Judged(float(10 * np.log10(255.0**2 / max(square, 1e-6))), off, square, paired.mean)
