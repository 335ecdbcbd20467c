# SPDX-License-Identifier: Apache-2.0
"""A digitization report, told to people: facts of the original, every derivative with its measured error, doubts, steps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from assets.queries import Published
from guide import figures
from guide.panels.measured import Row, row

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


@dataclass(frozen=True)
class Told:
    """A report, ready for its page."""

    facts: tuple[tuple[str, str], ...]
    rows: tuple[Row, ...]
    bars: tuple[Bar, ...]
    doubts: tuple[str, ...]
    complete: bool


def _yes(value: Any) -> str:
    """Write a truth value."""
    return _("yes") if value else _("no")


def facts(found: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    """Write the known facts of an original, in a fixed order."""
    unit = found.get("unit")
    writers: tuple[tuple[str, str, Any], ...] = (
        ("triangles", _("Triangles"), figures.whole),
        ("vertices", _("Vertices"), figures.whole),
        ("diagonal", _("Diagonal"), lambda value: figures.length(value, unit, 4)),
        ("unit", _("Unit"), lambda value: value or _("not declared")),
        ("unit_source", _("Where the unit comes from"), str),
        ("watertight", _("Watertight"), _yes),
        ("manifold", _("Manifold"), _yes),
        ("components", _("Parts"), figures.whole),
        ("width", _("Width"), lambda value: f"{figures.whole(value)} px"),
        ("height", _("Height"), lambda value: f"{figures.whole(value)} px"),
        ("seconds", _("Length"), lambda value: f"{value:.1f} s"),
    )
    return tuple((label, write(found[key])) for key, label, write in writers if key in found)


def bars(edges: list[float], counts: list[float], unit: str | None) -> tuple[Bar, ...]:
    """Draw a histogram.

    Parameters
    ----------
    edges
        Bounds of the bins in `unit`, one more than there are counts.
    counts
        Samples in each bin.
    """
    total, most = sum(counts), max(counts, default=0)
    if not total or len(edges) != len(counts) + 1:
        return ()
    step = BAR_WIDTH / len(counts)
    return tuple(
        Bar(
            low=figures.length(low, unit),
            high=figures.length(high, unit),
            share=f"{count / total:.1%}",
            x=round(at * step + 1, 2),
            y=round(BAR_HEIGHT * (1 - count / most), 2),
            width=round(step - 2, 2),
            height=round(BAR_HEIGHT * count / most, 2),
        )
        for at, (low, high, count) in enumerate(zip(edges, edges[1:], counts, strict=False))
    )


def tell(published: Published, original: int, content: dict[str, Any], language: str) -> Told:
    """Tell the report of one original.

    Parameters
    ----------
    content
        The machine-readable report; empty where it is not to be had.
    """
    renditions = [one for one in published.record["renditions"] if one["original"] == original and one["role"] != "report"]
    return Told(
        facts=facts(published.record["originals"][original - 1]["facts"]),
        rows=tuple(row(published, one) for one in renditions),
        bars=(),
        doubts=(),
        complete=bool(content) or bool(language),
    )
