# SPDX-License-Identifier: Apache-2.0
"""Pins: wait for a step to place or carry them, and keep what it found."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction

from assets.annotations import thread
from assets.domain.annotate import annotations_of
from assets.enums import PinState
from assets.models import Annotation, Asset, File, Pin, Rendition

STANDS = (PinState.PLACED, PinState.CARRIED)


@transaction.atomic
def await_pins(*, file: File) -> int:
    """After a run of an original: let its pins wait for their places on the new levels, and let those of an earlier scan wait to be carried; give how many wait.

    Who: `pipelines`, in the transaction that keeps the run's derivatives. Writes: Pin. Event: none.
    """
    Pin.objects.filter(file=file, anchor__isnull=False).update(state=PinState.WAITING)
    for pin in standing_pins(file.asset):
        base = _last_good(pin, file)
        if base is not None and not thread(pin).filter(file=file).exists():
            Pin.objects.create(file=file, origin=pin.origin or pin, carried_from=base)
    return Pin.objects.filter(file=file, state=PinState.WAITING).count()


def standing_pins(asset: Asset) -> list[Pin]:
    """Give the pins that annotations hang on, of what is published and of the newest draft."""
    rows = [*Annotation.objects.filter(asset=asset).select_related("pin"), *annotations_of(asset)]
    return list({row.pin_id: row.pin for row in rows}.values())


def _last_good(pin: Pin, file: File) -> Pin | None:
    """Give the pin of the newest earlier scan of the same surface on which it has a place; None where the file is no rescan of its own."""
    earlier = file.rescan_of
    while earlier is not None:
        found = thread(pin).filter(file=earlier, anchor__isnull=False).first()
        if found is not None:
            return found
        earlier = earlier.rescan_of
    return None


@transaction.atomic
def settle_pins(*, pins: Iterable[Pin], found: Mapping[str, Mapping[str, Any]]) -> None:
    """Keep what a step found of pins that waited; one that was settled meanwhile stays.

    Who: `pipelines`. Writes: Pin. Event: none; what is sealed later is covered by ``version.publish``.

    Parameters
    ----------
    found
        Key of a pin to ``state``, ``anchor``, ``carried``, ``lost`` and ``levels``, as `digitize.steps.anchors` gives them.
    """
    for pin in pins:
        told = found.get(str(pin.pk))
        if told is None:
            continue
        cids = dict(Rendition.objects.filter(file=pin.file_id, current=True, role__in=told["levels"]).values_list("role", "cid"))
        carried = told["carried"] if pin.anchor is None else pin.carried  # of a known one only the levels were looked for
        state = PinState.CARRIED if carried is not None and told["anchor"] else told["state"]
        Pin.objects.filter(pk=pin.pk, state=PinState.WAITING).update(
            state=state,
            anchor=told["anchor"],
            carried=carried,
            lost=told["lost"],
            levels={role: {"cid": cids[role], **place} for role, place in told["levels"].items() if role in cids},
        )
