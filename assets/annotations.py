# SPDX-License-Identifier: Apache-2.0
"""Which pin an annotation hangs on now, and how annotations stand in a record: never at a place that was not placed or carried."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from assets.enums import Language, PinState
from assets.errors import AssetsError
from assets.models import Annotation, Asset, File, Pin, Rendition

NOT_CARRIED: dict[str, Any] = {
    "code": "anchor.not-carried",
    "message": "It has not been carried to the newer scan.",
    "at": None,
    "params": {},
}
_LEVEL = ("position", "normal", "face", "weights", "distance", "turn", "change")


def thread(pin: Pin) -> QuerySet[Pin]:
    """Give the pin that was pointed at and all that were carried from it."""
    origin = pin.origin_id or pin.pk
    return Pin.objects.filter(Q(pk=origin) | Q(origin=origin))


def newest_scan(file: File, among: Sequence[File] | None = None) -> File:
    """Follow an original to its newest rescan that has a model, or that is `among` some."""
    known = {one.pk for one in among} if among is not None else None
    while True:
        later = file.rescans.order_by("-received_at", "-pk")
        later = later.filter(renditions__current=True, renditions__role="lod-0").distinct() if known is None else later.filter(pk__in=known)
        found = later.first()
        if found is None:
            return file
        file = found


def current_pin(pin: Pin, among: Sequence[File] | None = None) -> Pin | None:
    """Give the pin on the newest scan of the surface; None where it was never carried there."""
    newest = newest_scan(pin.file, among)
    return pin if newest.pk == pin.file_id else thread(pin).filter(file=newest).first()


def ordered(rows: Iterable[Annotation]) -> list[Annotation]:
    """Sort annotations as they are numbered."""
    return sorted(rows, key=lambda row: (row.sort_order, str(row.key)))


def require_settled(draft: Asset) -> None:
    """Refuse to publish while a place is still being looked for.

    Raises
    ------
    AssetsError
        ``publish.pins-waiting``.
    """
    pins = [current_pin(row.pin) for row in draft.annotations.all() if row.shown]
    waiting = sum(pin is not None and pin.state == PinState.WAITING for pin in pins)
    if waiting:
        raise AssetsError(
            "publish.pins-waiting",
            _("%(number)d annotations are still being placed on the model.") % {"number": waiting},
            _("Wait until they are, or take them out."),
            retryable=True,
        )


def sealed(annotations: Iterable[Annotation], renditions: Sequence[Rendition], files: Sequence[File]) -> list[dict[str, Any]]:
    """Describe annotations as a record holds them.

    Parameters
    ----------
    renditions
        The derivatives that are sealed with them: a pin's place on a level counts only for the very file it was measured on.
    files
        Their originals, in the order of their numbers.
    """
    cids = {(one.file_id, one.role): one.cid for one in renditions}
    number = {file.pk: at for at, file in enumerate(files, 1)}
    return [_described(row, cids, number, files) for row in annotations if row.shown]


def _described(row: Annotation, cids: dict[tuple[Any, str], str], number: dict[Any, int], files: Sequence[File]) -> dict[str, Any]:
    """Describe one annotation and the place it has now."""
    pin = current_pin(row.pin, files)
    told = {"id": str(row.key), "texts": _texts(row)}
    if pin is None or pin.file_id not in number:
        newest = newest_scan(row.pin.file, files)
        return {**told, "state": PinState.LOST, "original": number.get(newest.pk), **_NOWHERE, "lost": NOT_CARRIED}
    standing = pin.state in (PinState.PLACED, PinState.CARRIED)
    return {
        **told,
        "state": str(pin.state),
        "original": number[pin.file_id],
        "anchor": pin.anchor if standing else None,
        "carried": _carried(pin, row, number) if pin.carried is not None else None,
        "lost": pin.lost,
        "levels": {role: _level(place) for role, place in sorted(pin.levels.items()) if cids.get((pin.file_id, role)) == place["cid"]}
        if standing
        else {},
    }


_NOWHERE: dict[str, Any] = {"anchor": None, "carried": None, "levels": {}}


def _carried(pin: Pin, row: Annotation, number: dict[Any, int]) -> dict[str, Any]:
    """Say from which original it was carried, how far off it came, and whether a curator confirmed it."""
    earlier, told = pin.carried_from, dict(pin.carried or {})
    known = number.get(earlier.file_id) if earlier else told.get("from")
    return {**told, "from": known, "confirmed": row.pin_id == pin.pk}


def _level(place: dict[str, Any]) -> dict[str, Any]:
    """Describe the place on one level, without what only a later carrying needs."""
    return {"lost": place["lost"]} if "lost" in place else {name: place[name] for name in _LEVEL}


def _texts(row: Annotation) -> dict[str, dict[str, str]]:
    """Give title and text by language, what is empty left out."""
    both = {Language.EN: (row.title_en, row.body_en), Language.ZH: (row.title_zh, row.body_zh)}
    return {str(language): {"title": title, "body": body} for language, (title, body) in both.items() if title or body}
