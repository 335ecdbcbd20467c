# SPDX-License-Identifier: Apache-2.0
"""Between the publishing transaction and the index: rows that say what has to go in or out."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from assets.models import SearchEntry, Version
from assets.search.base import default

BATCH = 1000


def remember(*, asset_id: UUID, record: dict[str, Any]) -> None:
    """Put an asset's words into the outbox; called inside the publishing transaction."""
    title, text = words(record)
    SearchEntry.objects.update_or_create(
        asset_id=asset_id, defaults={"title": title, "text": text, "present": True, "changed_at": timezone.now(), "indexed_at": None}
    )
    transaction.on_commit(refresh)


def forget(*, asset_id: UUID) -> None:
    """Take an asset out of the index; called inside the withdrawing transaction."""
    SearchEntry.objects.filter(asset_id=asset_id).update(present=False, changed_at=timezone.now(), indexed_at=None)
    transaction.on_commit(refresh)


def words(record: dict[str, Any]) -> tuple[str, str]:
    """Collect what of a record can be searched: (titles, everything)."""
    texts = list(record["texts"].values())
    places = list(record["place"]["name"].values()) + list(record["place"]["region"]["name"].values()) if record["place"] else []
    title = " \n ".join(text["title"] for text in texts)
    rest = [value for text in texts for name, value in text.items() if name != "method"]
    notes = [value for one in record.get("annotations", []) for text in one["texts"].values() for value in text.values()]
    return title, " \n ".join([*rest, *notes, *places, *record["institution"]["name"].values(), record["accession_number"]])


def refresh() -> int:
    """Empty the outbox into the index; give how many entries moved."""
    rows = list(SearchEntry.objects.filter(indexed_at=None)[:BATCH])
    if not rows:
        return 0
    default().write(
        put=[(row.asset_id, row.title, row.text) for row in rows if row.present], drop=[row.asset_id for row in rows if not row.present]
    )
    now = timezone.now()
    for row in rows:  # only where nobody changed it meanwhile
        SearchEntry.objects.filter(Q(pk=row.pk) & Q(changed_at=row.changed_at)).update(indexed_at=now)
    return len(rows)


def rebuild() -> int:
    """Make the outbox and the index anew from the published versions."""
    default().clear()
    live = Version.objects.filter(withdrawn_at=None, asset__current_version=F("pk"))
    for version in live.iterator():
        title, text = words(version.record)
        SearchEntry.objects.update_or_create(
            asset_id=version.asset_id,
            defaults={"title": title, "text": text, "present": True, "changed_at": timezone.now(), "indexed_at": None},
        )
    moved = 0
    while more := refresh():
        moved += more
    return moved
