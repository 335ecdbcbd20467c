# SPDX-License-Identifier: Apache-2.0
"""Annotations of a draft: write, move, order, remove them, confirm what was carried. What is sealed keeps its own."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from assets.annotations import current_pin, ordered
from assets.enums import PinState
from assets.errors import AssetsError
from assets.models import Annotation, Asset, File, Pin, User
from assets.rules import may_edit

LONGEST = {"title_zh": 120, "body_zh": 2000, "title_en": 160, "body_en": 3000}
MOST = 100
Rows = list[Annotation]


def annotate(
    *, asset: Asset, user: User | None, file: File, asked: Mapping[str, Any], texts: Mapping[str, str], shown: bool = True
) -> Annotation:
    """Add an annotation at a place that was pointed at; a step settles where that is.

    Who: a curator of the asset's institution, or the command line (no user). Writes: Pin, Annotation in a new draft. Event: none before publication.

    Parameters
    ----------
    asked
        ``role`` of the level that was pointed at, ``position`` and ``normal`` (or None) in the frame of its file, in metres where the unit is known.

    Raises
    ------
    AssetsError
        ``annotation.forbidden``, ``annotation.locked``, ``annotation.no-surface``, ``annotation.no-place``, ``annotation.no-title``,
        ``annotation.too-long`` or ``annotation.too-many``.
    """
    pin_of = _checked_place(asset, file, asked)
    row = Annotation(shown=shown, **_checked_texts(texts))

    def add(rows: Rows) -> Rows:
        if len(rows) >= MOST:
            raise AssetsError("annotation.too-many", _("An asset may have %(most)d annotations.") % {"most": MOST})
        row.pin = Pin.objects.create(**pin_of, made_by=user)
        return [*rows, row]

    _edit(asset, user, add)
    return row


def describe_annotation(*, asset: Asset, user: User | None, key: UUID, texts: Mapping[str, str], shown: bool = True) -> None:
    """Write the words of an annotation, and whether the public may read them.

    Who: as `annotate`. Writes: a new draft.

    Raises
    ------
    AssetsError
        As `annotate`, and ``annotation.unknown``.
    """
    words = _checked_texts(texts)

    def write(rows: Rows) -> Rows:
        row = _named(rows, key)
        for name, value in {**words, "shown": shown}.items():
            setattr(row, name, value)
        return rows

    _edit(asset, user, write)


def move_annotation(*, asset: Asset, user: User | None, key: UUID, file: File, asked: Mapping[str, Any]) -> None:
    """Hang an annotation on another place. The old pin stays for the revisions that name it.

    Who: as `annotate`. Writes: Pin, a new draft. Raises as `annotate`, and ``annotation.unknown``.
    """
    pin_of = _checked_place(asset, file, asked)

    def move(rows: Rows) -> Rows:
        _named(rows, key).pin = Pin.objects.create(**pin_of, made_by=user)
        return rows

    _edit(asset, user, move)


def shift_annotation(*, asset: Asset, user: User | None, key: UUID, by: int) -> None:
    """Bring an annotation forward (-1) or back (1) in the order. Who, writes, raises: as `describe_annotation`."""

    def shift(rows: Rows) -> Rows:
        row = _named(rows, key)
        at = rows.index(row)
        rows.insert(min(max(at + by, 0), len(rows) - 1), rows.pop(at))
        return rows

    _edit(asset, user, shift)


def remove_annotation(*, asset: Asset, user: User | None, key: UUID) -> None:
    """Take an annotation out of the draft; sealed versions keep theirs. Who, writes, raises: as `describe_annotation`."""

    def remove(rows: Rows) -> Rows:
        rows.remove(_named(rows, key))
        return rows

    _edit(asset, user, remove)


def confirm_annotation(*, asset: Asset, user: User | None, key: UUID) -> None:
    """Take the place that an annotation was carried to as its own.

    Who: as `annotate`. Writes: a new draft.

    Raises
    ------
    AssetsError
        ``annotation.not-carried`` where there is none, and as `describe_annotation`.
    """

    def confirm(rows: Rows) -> Rows:
        row = _named(rows, key)
        pin = current_pin(row.pin)
        if pin is None or pin.state != PinState.CARRIED:
            raise AssetsError("annotation.not-carried", _("The annotation was not carried over."), _("Place it anew."))
        row.pin = pin
        return rows

    _edit(asset, user, confirm)


def annotations_of(asset: Asset) -> Rows:
    """Give the annotations of the newest draft, in their order."""
    draft: Asset = asset.get_latest_revision_as_object()
    return ordered(draft.annotations.all())


@transaction.atomic
def _edit(asset: Asset, user: User | None, change: Callable[[Rows], Rows]) -> None:
    """Change the annotations of the newest draft and save it; what was never published has them in its own rows too.

    Raises
    ------
    AssetsError
        ``annotation.forbidden`` or ``annotation.locked``.
    """
    if user is not None and not may_edit(user, asset):
        raise AssetsError("annotation.forbidden", _("You may not change this asset."))
    own: Asset = Asset.objects.select_for_update().get(pk=asset.pk)
    lock = own.get_lock()
    if lock is not None and user is not None and lock.for_user(user):
        raise AssetsError("annotation.locked", _("The draft is locked."), _("Wait until it is free, or ask who holds it."))
    draft: Asset = own.get_latest_revision_as_object()
    rows = change(ordered(draft.annotations.all()))
    for number, row in enumerate(rows, 1):
        row.sort_order = number
    draft.annotations.set(rows)
    if own.current_version_id is None:
        draft.annotations.commit()
    draft.save_revision(user=user, log_action=True, clean=False)


def _named(rows: Rows, key: UUID) -> Annotation:
    """Find an annotation by its key.

    Raises
    ------
    AssetsError
        ``annotation.unknown``.
    """
    found = next((row for row in rows if row.key == key), None)
    if found is None:
        raise AssetsError("annotation.unknown", _("There is no such annotation in the draft."), status=404)
    return found


def _checked_texts(texts: Mapping[str, str]) -> dict[str, str]:
    """Check the words of an annotation: a title in at least one language, nothing too long."""
    words = {name: str(texts.get(name, "")).replace("\0", "").strip() for name in LONGEST}
    for name, value in words.items():
        most = LONGEST[name]
        if len(value) > most:
            raise AssetsError("annotation.too-long", _("A text is longer than %(most)d characters.") % {"most": most}, at=name)
    if not (words["title_zh"] or words["title_en"]):
        raise AssetsError("annotation.no-title", _("The annotation has no title."), _("Give it one in at least one language."))
    return words


def _checked_place(asset: Asset, file: File, asked: Mapping[str, Any]) -> dict[str, Any]:
    """Check what was pointed at: a level of a scan of this asset, and numbers."""
    role = str(asked.get("role", ""))
    if file.asset_id != asset.pk or not file.renditions.filter(current=True, role="lod-0").exists():
        raise AssetsError("annotation.no-surface", _("There is no model of this file to hang an annotation on."))
    position, normal = _three(asked.get("position")), _three(asked.get("normal"))
    if position is None or not file.renditions.filter(current=True, role=role).exists():
        raise AssetsError(
            "annotation.no-place", _("No place on the model was named."), _("Choose a point of the surface, or enter three coordinates.")
        )
    return {"file": file, "asked": {"role": role, "position": position, "normal": normal}}


def _three(values: object) -> list[float] | None:
    """Read three finite numbers; None where there are none."""
    if not isinstance(values, list | tuple):
        return None
    try:
        numbers = [float(value) for value in values]
    except (TypeError, ValueError):
        return None
    sound = len(numbers) == 3 and all(math.isfinite(number) and abs(number) < 1e9 for number in numbers)
    return numbers if sound else None
