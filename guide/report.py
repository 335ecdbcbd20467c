# SPDX-License-Identifier: Apache-2.0
"""A digitization report, told to people: facts of the original, every derivative with its measured error, doubts, tools."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from assets.queries import Published
from digitize.errors import Doubt
from guide import figures
from guide.panels.measured import ROLES, TWINS, Row, row

BAR_WIDTH, BAR_HEIGHT = 640, 144
ORDER = tuple(f"{level}{twin}" for level in ROLES for twin in ("", *TWINS))
SHOWN = ("lod-0-compressed", "lod-0")


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
    """A report, ready for its page; `complete` is false where the machine-readable report is not to be had."""

    facts: tuple[tuple[str, str], ...]
    rows: tuple[Row, ...]
    bars: tuple[Bar, ...]
    doubts: tuple[str, ...]
    tools: tuple[tuple[str, str], ...]
    method: str
    samples: str
    complete: bool


def _yes(value: Any) -> str:
    """Write a truth value."""
    return _("yes") if value else _("no")


def _pixels(value: Any) -> str:
    """Write a number of pixels."""
    return f"{figures.whole(value)} px"


def _textures(value: Any) -> str:
    """Write the sizes of the textures."""
    return "、".join(f"{one['width']} × {one['height']}" for one in value) if value else _("none")


def facts(found: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    """Write the known facts of an original, in a fixed order."""
    unit = found.get("unit")
    writers: tuple[tuple[str, str, Callable[[Any], str]], ...] = (
        ("triangles", _("Triangles"), figures.whole),
        ("vertices", _("Vertices"), figures.whole),
        ("diagonal", _("Diagonal"), lambda value: figures.length(value, unit, 4)),
        ("unit", _("Unit"), lambda value: value or _("not declared")),
        ("unit_evidence", _("Where the unit comes from"), str),
        ("watertight", _("Watertight"), _yes),
        ("manifold", _("Manifold"), _yes),
        ("components", _("Parts"), figures.whole),
        ("textures", _("Textures"), _textures),
        ("width", _("Width"), _pixels),
        ("height", _("Height"), _pixels),
        ("seconds", pgettext("sound", "Length"), lambda value: f"{value:.1f} s"),
    )
    return tuple((label, write(found[key])) for key, label, write in writers if key in found and (key == "unit" or found[key] is not None))


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


def _place(one: dict[str, Any]) -> tuple[int, str]:
    """Order derivatives: the levels from the finest on, then the others by name."""
    role = one["role"]
    return (ORDER.index(role) if role in ORDER else len(ORDER), role)


def _measured(content: dict[str, Any]) -> dict[str, Any]:
    """Give the full measurement of the file that the stage shows first, empty where there is none."""
    found = {one.get("role"): one.get("measured") for one in content.get("renditions", [])}
    return next((found[role] for role in SHOWN if found.get(role)), {})


def _histogram(content: dict[str, Any], diagonal: float | None) -> tuple[Bar, ...]:
    """Draw the distances of the file that the stage shows first."""
    measured = _measured(content)
    histogram = measured.get("histogram")
    if not histogram or not diagonal:
        return ()
    return bars([edge * diagonal for edge in histogram["edges_relative"]], histogram["counts"], measured.get("unit"))


def tell(published: Published, original: int, content: dict[str, Any], language: str) -> Told:
    """Tell the report of one original.

    Parameters
    ----------
    content
        The machine-readable report; empty where it is not to be had.
    """
    known = published.facts(original)
    renditions = [one for one in published.record["renditions"] if one["original"] == original and one["role"] != "report"]
    measured = _measured(content)
    return Told(
        facts=facts(known),
        rows=tuple(row(published, one) for one in sorted(renditions, key=_place)),
        bars=_histogram(content, known.get("diagonal")),
        doubts=tuple(Doubt.from_json(one).text(language)[0] for one in content.get("doubts", [])),
        tools=tuple(sorted(content.get("tools", {}).items())),
        method=str(measured.get("method", "")),
        samples=figures.whole(measured["samples"]) if measured.get("samples") else "",
        complete=bool(content),
    )
