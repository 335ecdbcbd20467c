# SPDX-License-Identifier: Apache-2.0
"""An asset's annotations as its curators see them: the draft's, each with the state and figures of its place."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from assets.annotations import current_pin
from assets.domain import annotations_of
from assets.enums import PinState
from assets.models import Annotation, Asset, File, Pin, Rendition
from assets.queries import scans
from cms.admin.files import rendition_address
from digitize.recipe import ANCHORS
from guide import figures
from guide.panels.notes import reason
from guide.panels.stage.model import LIGHT_BYTES, level_names
from pipelines.enums import RunState
from pipelines.models import Run

TONES = {PinState.WAITING: "busy", PinState.PLACED: "good", PinState.CARRIED: "good", PinState.LOST: "bad"}
NUMBERS = ("x", "y", "z", "nx", "ny", "nz")


@dataclass(frozen=True)
class Level:
    """A level of detail that the curator may point at."""

    role: str
    name: str
    url: str
    chosen: bool


@dataclass(frozen=True)
class Row:
    """One annotation of the draft.

    Parameters
    ----------
    confirmable
        It was carried from an earlier scan, and nobody has looked at that yet.
    """

    number: int
    note: Annotation
    state: str
    tone: str
    told: str
    places: str
    confirmable: bool


def scans_of(asset: Asset) -> list[File]:
    """Give the originals of an asset that have a surface, without those that a newer scan follows."""
    return list(scans(Asset.objects.filter(pk=asset.pk)))


def levels_of(file: File) -> list[Level]:
    """Give the levels of a scan from the finest on; the first light one is shown first."""
    found = [(one.role, one) for one in Rendition.objects.filter(file=file, current=True, role__startswith="lod-").order_by("role")]
    plain = [(role, one) for role, one in found if role.removeprefix("lod-").isdigit()]
    first = next((at for at, (_role, one) in enumerate(plain) if one.bytes <= LIGHT_BYTES), len(plain) - 1)
    names = dict(enumerate(level_names()))
    return [Level(role, names.get(at, role), rendition_address(one.pk), at == first) for at, (role, one) in enumerate(plain)]


def rows_of(asset: Asset) -> list[Row]:
    """Give the draft's annotations in their order."""
    return [_row(number, note) for number, note in enumerate(annotations_of(asset), 1)]


def _row(number: int, note: Annotation) -> Row:
    """Describe one annotation and its place on the newest scan."""
    pin = current_pin(note.pin)
    state = PinState(pin.state) if pin else PinState.LOST
    return Row(
        number=number,
        note=note,
        state=str(state.label),
        tone=TONES[state],
        told=told(pin),
        places=_places(pin),
        confirmable=pin is not None and state == PinState.CARRIED and note.pin_id != pin.pk,
    )


def told(pin: Pin | None) -> str:
    """Say what was measured of a place, or why there is none."""
    if pin is None:
        return reason({"code": "anchor.not-carried"})
    if pin.lost:
        return reason(pin.lost)
    if pin.carried is None or pin.state != PinState.CARRIED:
        return ""
    change = f"{100 * pin.carried['change']:.0f} %"
    return f"{figures.length(pin.carried['distance'], pin.carried['unit'])} · {pin.carried['turn']:.0f}° · {change}"


def _places(pin: Pin | None) -> str:
    """Write the places on the levels for the viewer."""
    if pin is None or pin.state not in (PinState.PLACED, PinState.CARRIED):
        return ""
    found = {role: {name: place[name] for name in ("position", "normal")} for role, place in pin.levels.items() if "position" in place}
    return json.dumps(found, separators=(",", ":")) if found else ""


def run_of(file: File) -> Run | None:
    """Give the run that places annotations on a scan now, or the last one where it failed."""
    run = Run.objects.filter(file=file, recipe=ANCHORS).order_by("-created_at").first()
    return run if run is not None and run.state != RunState.DONE else None


def asked_of(data: Mapping[str, str]) -> dict[str, Any]:
    """Read the place that a form names; numbers that are none are left for the verb to refuse."""
    x, y, z, nx, ny, nz = (str(data.get(name, "")).strip().replace("−", "-") for name in NUMBERS)
    return {"role": data.get("role", ""), "position": [x, y, z], "normal": [nx, ny, nz] if nx and ny and nz else None}
