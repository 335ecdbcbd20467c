# SPDX-License-Identifier: Apache-2.0
"""Distances, angles and colour differences in a few numbers; of two directions the worse one is stated."""

from typing import Any

import numpy as np

from digitize.measure.tail import Tail, stated
from digitize.mesh import METRES, Floats

BINS = 40
COLOUR_LIMIT = 30.0  # of 255: what counts as a point off
NO_DIFFERENCE = 1e-6  # mean square of 255-ths: a thousandth of a step, far below what eight bits can show
NO_DISTANCE = 1e-7  # of the diagonal: what single precision cannot tell apart
SETTLED = 0.02  # standard error of a mean, relative to it
LENGTHS = ("mean", "rms", "p999", "max")


def distances(distance: Floats, most: float, tail: Tail | None = None) -> dict[str, float]:
    """Summarize one direction's distances (k,), in their unit.

    `standard_error` is that of the mean; `p999_error` tells how far the percentile's confidence interval reaches.
    """
    beyond = tail or stated(distance)
    return {
        "mean": float(distance.mean()),
        "rms": float(np.sqrt(np.mean(distance**2))),
        "p999": beyond.p999,
        "max": max(float(distance.max()), most),
        "standard_error": standard_error(distance),
        "p999_error": beyond.error,
    }


def standard_error(values: Floats) -> float:
    """Return the standard error of the mean of independent values (k,); stratified ones have a smaller one."""
    return float(values.std(ddof=1) / np.sqrt(len(values))) if len(values) > 1 else 0.0


def settled(distance: Floats, colour_difference: Floats | None, diagonal: float) -> bool:
    """Tell whether the means of distance and of squared colour difference are certain enough."""
    mean = float(distance.mean())
    sure = mean <= NO_DISTANCE * diagonal or standard_error(distance) <= SETTLED * mean
    if colour_difference is None:
        return sure
    square = np.einsum("kc,kc->k", colour_difference, colour_difference)
    # A tenth of the mean square is .4 dB.
    return sure and (square.mean() <= 3 * NO_DIFFERENCE or standard_error(square) <= 5 * SETTLED * float(square.mean()))


def lengths(worst: dict[str, float], diagonal: float, unit: str | None) -> dict[str, Any]:
    """State lengths in their unit, relative to the diagonal, in 1e-4 of it, and in millimetres where the unit is known."""
    stated: dict[str, Any] = {name: worst[name] for name in LENGTHS}
    stated |= {f"{name}_relative": worst[name] / diagonal for name in LENGTHS}
    stated["per_10000_of_diagonal"] = {name: 1e4 * worst[name] / diagonal for name in LENGTHS}
    stated["mm"] = {name: worst[name] * METRES[unit] * 1e3 for name in LENGTHS} if unit else None
    return stated


def histogram(relative: Floats) -> dict[str, Any]:
    """Count relative distances in logarithmic bins from 1e-8 to 1; what is smaller falls into the first."""
    edges = np.logspace(-8, 0, BINS + 1)
    counts, _ = np.histogram(np.clip(relative, edges[0], edges[-1]), bins=edges)
    return {"edges_relative": [float(f"{edge:.6e}") for edge in edges], "counts": [int(count) for count in counts]}


def angles(angle: Floats) -> dict[str, float]:
    """Summarize one direction's angles (k,) in degrees; triangles without a normal (NaN) do not count."""
    own = angle[np.isfinite(angle)]
    return {"mean": float(own.mean()), "p999": float(np.quantile(own, 0.999))} if len(own) else {"mean": 0.0, "p999": 0.0}


def colours(difference: Floats) -> tuple[float, float, float]:
    """Return mean square, mean absolute difference, and the share of points where a channel is off by more than 30."""
    size = np.abs(difference)
    return float(np.mean(difference**2)), float(size.mean()), float((size.max(axis=1) > COLOUR_LIMIT).mean())


def colour(forward: Floats | None, backward: Floats | None) -> dict[str, float | None]:
    """State the worse of both directions; None where the original has no colour."""
    if forward is None or backward is None:
        return {"colour_psnr": None, "colour_mae": None, "colour_off": None}
    both = [colours(forward), colours(backward)]
    worst = max(way[0] for way in both)
    return {
        "colour_psnr": float(10 * np.log10(255.0**2 / worst)) if worst > NO_DIFFERENCE else None,
        "colour_mae": max(way[1] for way in both),
        "colour_off": max(way[2] for way in both),
    }
