# SPDX-License-Identifier: Apache-2.0
"""What is said of single places of an object: numbered, in words, and where each lies on every level that the stage shows."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language

from assets.queries import Published
from digitize.errors import Doubt
from guide import figures

STANDING = ("placed", "carried")


@dataclass(frozen=True)
class Note:
    """One annotation.

    Parameters
    ----------
    places
        JSON: role to position and normal, in the frame of that level's file; empty where it has no place on the model shown.
    lost
        Why it has no place, in words.
    moved
        How far it came off when it was carried from an earlier scan, written for people; empty where it was not carried.
    """

    number: int
    title: str
    body: str
    language: str
    places: str
    lost: str
    moved: str


@dataclass(frozen=True)
class Notes:
    """All annotations of an asset, and how many of them have no place any more."""

    rows: tuple[Note, ...]
    lost: int
    on_stage: bool


def notes(published: Published, language: str) -> Notes | None:
    """Give the annotations of a published asset with their numbers; None where it has none."""
    shown = published.rendition("lod-0")
    original = shown["original"] if shown else None
    rows = tuple(_note(number, one, original, language) for number, one in enumerate(published.annotations, 1))
    if not rows:
        return None
    return Notes(rows, sum(one["state"] == "lost" for one in published.annotations), any(row.places for row in rows))


def _note(number: int, one: dict[str, Any], original: int | None, language: str) -> Note:
    """Describe one annotation in a language, else in the other."""
    spoken = language if language in one["texts"] else next(iter(one["texts"]))
    carried = one["carried"] if one["state"] == "carried" else None
    return Note(
        number=number,
        title=one["texts"][spoken]["title"],
        body=one["texts"][spoken]["body"],
        language=spoken,
        places=_places(one) if one["original"] == original and one["state"] in STANDING else "",
        lost=reason(one["lost"]) if one["state"] == "lost" else "",
        moved=figures.length(carried["distance"], carried["unit"]) if carried else "",
    )


def reason(lost: dict[str, Any] | None) -> str:
    """Say in the language of the page why an annotation has no place."""
    return Doubt.from_json(lost).text("zh-hans" if (get_language() or "zh").startswith("zh") else "en")[0] if lost else ""


def _places(one: dict[str, Any]) -> str:
    """Write the places on the levels as the viewer takes them."""
    found = {role: place for role, place in one["levels"].items() if "position" in place}
    written = {role: {"position": _metres(place["position"]), "normal": _metres(place["normal"])} for role, place in found.items()}
    return json.dumps(written, separators=(",", ":")) if written else ""


def _metres(values: list[float]) -> str:
    """Write three numbers for the viewer; six digits are a thousandth of a millimetre in a metre."""
    return " ".join(f"{value:.6f}" for value in values)
