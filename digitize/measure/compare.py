# SPDX-License-Identifier: Apache-2.0
"""A derivative against its original, both ways.

Source: Cignoni, Rocchini, Scopigno, "Metro: measuring error on simplified surfaces", 1998 (sampled two-sided distance).
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from digitize.measure.closest import Closest, Surface, surface
from digitize.measure.colour import Painter, coloured
from digitize.measure.sample import Samples, by_area
from digitize.mesh import Floats, Mesh

SAMPLES, SEED = 200_000, 20_011
_BINS = 40
_NO_DIFFERENCE = 1e-6  # mean square of 255-ths: a thousandth of a step, far below what eight bits can show
_COLOUR_LIMIT = 30.0  # of 255: what counts as a point off


@dataclass(frozen=True)
class Reference:
    """The original with all that is needed of it for every comparison."""

    mesh: Mesh
    diagonal: float
    samples: Samples
    search: Surface
    painter: Painter | None
    colours: Floats | None


def reference(mesh: Mesh, samples: int = SAMPLES, seed: int = SEED) -> Reference:
    """Prepare an original: samples, closest-point search, colours."""
    search = surface(mesh.positions, mesh.faces)
    drawn = by_area(mesh.positions, mesh.faces, min(samples, search.budget), seed)
    painter = Painter(mesh) if coloured(mesh) else None
    colours = painter.colours(drawn.face, drawn.weights) if painter else None
    return Reference(mesh, mesh.diagonal(), drawn, search, painter, colours)


def compare(original: Reference, derived: Mesh, seed: int = SEED) -> dict[str, Any]:
    """Measure a derivative that stands in the original's unit and frame.

    Returns
    -------
    `mean`, `max`, `rms`, `p999` in the original's unit (the larger of both directions), the same relative to the
    diagonal, each direction alone under `forward` (original to derivative) and `backward`, a `histogram` of both, and
    the colour's `colour_psnr` (dB), `colour_mae` (of 255), `colour_off` (share of points off by more than 30).
    What does not apply or is infinite is None.
    """
    search = surface(derived.positions, derived.faces)
    drawn = by_area(derived.positions, derived.faces, min(len(original.samples.points), original.search.budget), seed + 1)
    there, back = search.closest(original.samples.points), original.search.closest(drawn.points)
    there_most = _most(search, original.mesh.positions)
    back_most = _most(original.search, derived.positions)
    forward, backward = _statistics(there.distance, there_most), _statistics(back.distance, back_most)
    worst = {name: max(forward[name], backward[name]) for name in forward}
    relative = {f"{name}_relative": value / original.diagonal for name, value in worst.items()}
    return {
        **worst,
        **relative,
        "unit": original.mesh.unit,
        "forward": forward,
        "backward": backward,
        "histogram": _histogram(np.concatenate([there.distance, back.distance]) / original.diagonal),
        "samples": len(drawn.points),
        "method": search.method,
        **_colour(original, derived, drawn, there, back),
    }


def _most(search: Surface, vertices: Floats) -> float:
    """Return the largest distance of any vertex; of every n-th where all would be too many for the search."""
    return float(search.closest(vertices[:: -(-len(vertices) // search.budget)]).distance.max(initial=0.0))


def _statistics(distance: Floats, most: float) -> dict[str, float]:
    """Summarize one direction."""
    return {
        "mean": float(distance.mean()),
        "rms": float(np.sqrt(np.mean(distance**2))),
        "p999": float(np.quantile(distance, 0.999)),
        "max": max(float(distance.max()), most),
    }


def _histogram(relative: Floats) -> dict[str, Any]:
    """Count relative distances in logarithmic bins from 1e-8 to 1; what is smaller falls into the first."""
    edges = np.logspace(-8, 0, _BINS + 1)
    counts, _ = np.histogram(np.clip(relative, edges[0], edges[-1]), bins=edges)
    return {"edges_relative": [float(f"{edge:.6e}") for edge in edges], "counts": [int(count) for count in counts]}


def _colour(original: Reference, derived: Mesh, drawn: Samples, there: Closest, back: Closest) -> dict[str, float | None]:
    """Measure colour both ways; None where the original has no colour."""
    if original.painter is None or original.colours is None:
        return {"colour_psnr": None, "colour_mae": None, "colour_off": None}
    painter = Painter(derived)
    forward = painter.colours(there.face, there.weights) - original.colours
    backward = original.painter.colours(back.face, back.weights) - painter.colours(drawn.face, drawn.weights)
    ways = [_colour_statistics(difference) for difference in (forward, backward)]
    worst = max(way[0] for way in ways)
    return {
        "colour_psnr": float(10 * np.log10(255.0**2 / worst)) if worst > _NO_DIFFERENCE else None,
        "colour_mae": max(way[1] for way in ways),
        "colour_off": max(way[2] for way in ways),
    }


def _colour_statistics(difference: Floats) -> tuple[float, float, float]:
    """Return mean square, mean absolute difference, and the share of points where a channel is off by more than 30."""
    size = np.abs(difference)
    return float(np.mean(difference**2)), float(size.mean()), float((size.max(axis=1) > _COLOUR_LIMIT).mean())
