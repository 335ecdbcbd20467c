# SPDX-License-Identifier: Apache-2.0
"""Settle pins: a run of the recipe `anchors` over an original places what was pointed at and carries what an earlier scan had."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import transaction

from assets import domain as catalogue
from assets import stores
from assets.enums import PinState
from assets.models import Annotation, Asset, File, Pin, Rendition, User
from assets.stores.local import link_or_copy
from digitize.anchors import recipe as anchors
from digitize.errors import Doubt
from digitize.recipe import Recipe
from digitize.steps.anchors import EARLIER, LEVELS
from pipelines.enums import RunState
from pipelines.models import Run, RunStep

ROLES = ("lod-0", "lod-1", "lod-2", "lod-3", "lod-4", "lod-5", "ar")
BASE = "lod-0"


@transaction.atomic
def pin_annotation(
    *, asset: Asset, user: User | None, file: File, asked: Mapping[str, Any], texts: Mapping[str, str], shown: bool = True
) -> Annotation:
    """Annotate a place that was pointed at, and have it settled. Who, writes, raises: `assets.domain.annotate`; writes a Run too."""
    made = catalogue.annotate(asset=asset, user=user, file=file, asked=asked, texts=texts, shown=shown)
    start_pins(file=file)
    return made


@transaction.atomic
def repin_annotation(*, asset: Asset, user: User | None, key: UUID, file: File, asked: Mapping[str, Any]) -> None:
    """Hang an annotation on another place, and have it settled. Who, writes, raises: `assets.domain.move_annotation`; writes a Run too."""
    catalogue.move_annotation(asset=asset, user=user, key=key, file=file, asked=asked)
    start_pins(file=file)


@transaction.atomic
def follow_up(*, file: File, publish: bool) -> Run | None:
    """After an original was digitized, have its pins and those of an earlier scan settled; None where there are none.

    Who: the run that ends, a curator. Writes: Pin, Run. The wish to publish passes on to the run that settles them.
    """
    return start_pins(file=file, publish=publish) if catalogue.await_pins(file=file) else None


def start_pins(*, file: File, publish: bool = False) -> Run:
    """Start a run that settles the pins of an original, or give the one that has not begun yet."""
    waiting = Run.objects.filter(file=file, recipe=anchors.NAME, state=RunState.WAITING, lease_token=None).first()
    if waiting is not None:
        Run.objects.filter(pk=waiting.pk, publish=False).update(publish=publish)
        return waiting
    run = write_run(file=file, recipe=anchors.recipe(file.kind, {}), publish=publish, lease=None)
    from pipelines.tasks import run as run_later

    transaction.on_commit(lambda: run_later.enqueue(str(run.pk)))
    return run


def write_run(*, file: File, recipe: Recipe, publish: bool, lease: Mapping[str, Any] | None) -> Run:
    """Write a run with its waiting steps."""
    run = Run.objects.create(
        file=file, recipe=recipe.name, recipe_version=recipe.version, recipe_digest=recipe.digest, publish=publish, **(lease or {})
    )
    RunStep.objects.bulk_create([RunStep(run=run, index=index, name=step.name) for index, step in enumerate(recipe.steps, 1)])
    return run


def waiting_pins(file: File) -> list[Pin]:
    """Give the pins of an original that wait."""
    return list(Pin.objects.filter(file=file, state=PinState.WAITING).select_related("carried_from"))


def prepare(file: File, source: Path) -> Recipe:
    """Lay the levels and the earlier scans out beside an original, and give the recipe that settles what waits."""
    levels = Rendition.objects.filter(file=file, current=True, role__in=ROLES).values_list("role", "cid")
    pins = waiting_pins(file)
    carried = [wish for pin in pins if (wish := _carry(pin)) is not None]
    _lay(source / LEVELS, (cid for _role, cid in levels))
    _lay(source / EARLIER, (wish["from"].removesuffix(".glb") for wish in carried))
    return anchors.recipe(
        file.kind,
        {
            "asked": [_ask(pin) for pin in pins if pin.anchor is None and pin.asked is not None],
            "known": [{"key": str(pin.pk), "anchor": pin.anchor} for pin in pins if pin.anchor is not None],
            "carried": carried,
            "levels": {role: f"{cid}.glb" for role, cid in levels},
        },
    )


def _ask(pin: Pin) -> dict[str, Any]:
    """Say what was pointed at."""
    asked = pin.asked or {}
    return {"key": str(pin.pk), "position": asked["position"], "normal": asked["normal"]}


def _carry(pin: Pin) -> dict[str, Any] | None:
    """Say what is to be carried: the earlier anchor as it lies on the finest level of its scan; None where nothing is."""
    earlier = pin.carried_from
    if pin.anchor is not None or earlier is None:
        return None
    place = earlier.levels.get(BASE, {})
    if earlier.anchor is None or "face" not in place:
        Pin.objects.filter(pk=pin.pk).update(state=PinState.LOST, lost=Doubt("anchor.no-level").as_json())
        return None
    names = ("face", "weights", "position", "normal", "tangent", "radius")
    there = {**{name: place[name] for name in names}, "heights": earlier.anchor["heights"], "unit": earlier.anchor["unit"]}
    return {"key": str(pin.pk), "anchor": there, "from": f"{place['cid']}.glb", "unit": earlier.anchor["unit"]}


def _lay(folder: Path, cids: Iterable[str]) -> None:
    """Put stored models into a folder, each under its name."""
    folder.mkdir(exist_ok=True)
    for cid in set(cids):
        if not (folder / f"{cid}.glb").exists():
            link_or_copy(stores.default().path(cid), folder / f"{cid}.glb")
