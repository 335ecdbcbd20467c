# SPDX-License-Identifier: Apache-2.0
"""A digitization report, told to people: the original, every derivative with its measured error, the verdict, doubts, tools, the command."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from assets.queries import Published
from digitize.errors import Doubt
from guide import figures
from guide.panels.measured import ROLES, TWINS, Row, role_name, row
from guide.report.bars import Bar, drawn
from guide.report.facts import facts
from guide.report.judged import Verdict, verdict
from guide.report.photographs import PICTURES, PhotoSet, photographs
from guide.report.rendition import Detail, detail, summary
from guide.report.said import declared

ORDER = (*(f"{level}{twin}" for level in ROLES for twin in ("", *TWINS)), "motion")
SHOWN = ("lod-0-compressed", "lod-0", "motion")


@dataclass(frozen=True)
class Made:
    """One derivative in the main table; `percentile` and `difference` are what the report itself adds to its row."""

    row: Row
    percentile: str
    difference: str


@dataclass(frozen=True)
class Level:
    """One derivative whose histogram may be chosen."""

    name: str
    role: str
    chosen: bool


@dataclass(frozen=True)
class Input:
    """One file that came in."""

    name: str
    size: str
    sha256: str


@dataclass(frozen=True)
class Told:
    """A report, ready for its page; `complete` is false where the machine-readable report is not to be had."""

    facts: tuple[tuple[str, str], ...]
    rows: tuple[Made, ...]
    has_distances: bool
    details: tuple[Detail, ...]
    levels: tuple[Level, ...]
    bars: tuple[Bar, ...]
    verdict: Verdict | None
    photographs: PhotoSet | None
    doubts: tuple[str, ...]
    inputs: tuple[Input, ...]
    declared: tuple[tuple[str, str], ...]
    recipe: str
    command: str
    tools: tuple[tuple[str, str], ...]
    method: str
    samples: str
    complete: bool


def _place(one: dict[str, Any]) -> tuple[int, str]:
    """Order derivatives: the levels from the finest on, then the others by name."""
    role = one["role"]
    return (ORDER.index(role) if role in ORDER else len(ORDER), role)


def _levels(renditions: list[dict[str, Any]], wanted: str) -> tuple[Level, ...]:
    """List the derivatives with a histogram; chosen is the wanted one, else the one that the stage shows first."""
    roles = [one["role"] for one in renditions if (one.get("measured") or {}).get("histogram")]
    chosen = next((role for role in (wanted, *SHOWN, *roles) if role in roles), "")
    return tuple(Level(role_name(role), role, role == chosen) for role in roles)


def _made(published: Published, one: dict[str, Any], found: dict[str, Any]) -> Made:
    """Write one line of the main table; `found` is the report's own member, empty where it is not to be had."""
    measured = found.get("measured") or {}
    return Made(
        row(published, one),
        figures.length(measured.get("p999"), measured.get("unit")),
        summary({**measured, **(one["error"] or {})}) or "–",
    )


def _inputs(content: dict[str, Any]) -> tuple[Input, ...]:
    """List the files that came in."""
    files = content.get("source", {}).get("files", [])
    return tuple(Input(one["name"], figures.size(one["bytes"]), one["sha256"]) for one in files)


def tell(published: Published, original: int, content: dict[str, Any], language: str, level: str = "") -> Told:
    """Tell the report of one original.

    Parameters
    ----------
    content
        The machine-readable report; empty where it is not to be had.
    level
        Role of the derivative whose histogram is wanted; empty for the one that the stage shows first.
    """
    known = {**published.facts(original), **content.get("facts", {})}
    renditions = [one for one in published.record["renditions"] if one["original"] == original and one["role"] != "report"]
    renditions.sort(key=_place)
    by_role = {one["role"]: one for one in content.get("renditions", [])}
    levels = _levels([by_role[one["role"]] for one in renditions if one["role"] in by_role], level)
    measured: dict[str, Any] = next((by_role[one.role]["measured"] for one in levels if one.chosen), {})
    recipe = content.get("recipe", {})
    return Told(
        facts=facts(known),
        rows=tuple(_made(published, one, by_role.get(one["role"], {})) for one in renditions),
        has_distances=any((one["error"] or {}).get("mean") is not None for one in renditions),
        details=tuple(
            detail({**one, **by_role[one["role"]]}, role_name(one["role"]), published.public_url(one))
            for one in renditions
            if one["role"] in by_role
        ),
        levels=levels,
        bars=drawn(measured, known.get("diagonal")),
        verdict=verdict(content.get("verdict"), language),
        photographs=photographs(
            content, language, {one["role"]: published.public_url(one) for one in renditions if one["role"] in PICTURES}
        ),
        doubts=tuple(Doubt.from_json(one).text(language)[0] for one in content.get("doubts", [])),
        inputs=_inputs(content),
        declared=tuple((name, declared(value)) for name, value in content.get("source", {}).get("declared", {}).items()),
        recipe=f"{recipe['name']} {recipe['version']}" if recipe.get("name") else "",
        command=content.get("command", {}).get("line", ""),
        tools=tuple(sorted(content.get("tools", {}).items())),
        method=str(measured.get("method", "")),
        samples=figures.whole(measured["samples"]) if measured.get("samples") else "",
        complete=bool(content),
    )
