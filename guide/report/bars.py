# SPDX-License-Identifier: Apache-2.0
"""Histograms of measured distances, drawn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from guide import figures

BAR_WIDTH, BAR_HEIGHT = 640, 144


@dataclass(frozen=True)
class Bar:
    """One bin of a histogram: its bounds written for people, its share of the samples, its rectangle in drawing units."""

    low: str
    high: str
    share: str
    x: float
    y: float
    width: float
    height: float


def bars(edges: list[float], counts: list[int], unit: str | None) -> tuple[Bar, ...]:
    """Draw a histogram, without the empty bins at its ends.

    Parameters
    ----------
    edges
        Bounds of the bins in `unit`, one more than there are counts.
    counts
        Samples in each bin.
    """
    filled = [at for at, count in enumerate(counts) if count]
    if not filled or len(edges) != len(counts) + 1:
        return ()
    first, last = filled[0], filled[-1] + 1
    edges, counts = edges[first : last + 1], counts[first:last]
    total, most, step = sum(counts), max(counts), BAR_WIDTH / len(counts)
    return tuple(
        Bar(
            low=figures.length(edges[at], unit),
            high=figures.length(edges[at + 1], unit),
            share=f"{count / total:.1%}",
            x=round(at * step + 1, 2),
            y=round(BAR_HEIGHT * (1 - count / most), 2),
            width=round(step - 2, 2),
            height=round(BAR_HEIGHT * count / most, 2),
        )
        for at, count in enumerate(counts)
    )


def drawn(measured: dict[str, Any], diagonal: float | None) -> tuple[Bar, ...]:
    """Draw the histogram of one file's measurement; nothing where it has none.

    Parameters
    ----------
    diagonal
        Of the original, in its unit: the histogram's bounds are shares of it.
    """
    histogram = measured.get("histogram")
    if not histogram or not diagonal:
        return ()
    return bars([edge * diagonal for edge in histogram["edges_relative"]], histogram["counts"], measured.get("unit"))
