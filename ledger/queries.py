# SPDX-License-Identifier: Apache-2.0
"""Named reads: the newest checkpoint, what covers an entry, the trail of a subject."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Max

from ledger.enums import ProofState
from ledger.models import Anchor, Checkpoint, Entry

__all__ = ["TrailItem", "checkpoint", "covers", "covers_all", "trail"]


@dataclass(frozen=True)
class TrailItem:
    """One step of a subject's trail, with how far its proof reaches."""

    entry: Entry
    kind: str
    time: datetime
    index: int | None
    digest: str
    facts: dict[str, Any]
    state: ProofState
    checkpoint: Checkpoint | None


def checkpoint() -> Checkpoint | None:
    """Give the newest checkpoint."""
    found: Checkpoint | None = Checkpoint.objects.last()
    return found


def covers(entry: Entry) -> Checkpoint | None:
    """Give the first checkpoint that covers an entry; None while it has no number."""
    index = Entry.objects.values_list("index", flat=True).get(pk=entry.pk)
    return None if index is None else Checkpoint.objects.filter(size__gt=index).first()


def covers_all(entries: list[Entry]) -> Checkpoint | None:
    """Give the first checkpoint that covers all of these entries; None where one has no number yet."""
    indices = list(Entry.objects.filter(pk__in=[entry.pk for entry in entries]).values_list("index", flat=True))
    if not indices or None in indices:
        return None
    return Checkpoint.objects.filter(size__gt=max(index for index in indices if index is not None)).first()


def _state(index: int | None, anchored: int) -> ProofState:
    """Tell how far the proof of an entry reaches."""
    if index is None:
        return ProofState.PENDING
    return ProofState.ANCHORED if index < anchored else ProofState.WITNESSED


def trail(subject_kind: str, subject_id: UUID | str) -> list[TrailItem]:
    """List what the log says about a subject, oldest first; three queries whatever its length."""
    newest = checkpoint()
    anchored = Anchor.objects.filter(error="", ephemeral=False).aggregate(size=Max("size"))["size"] or 0
    rows = Entry.objects.filter(subject_kind=subject_kind, subject_id=str(subject_id)).order_by("pk")
    return [
        TrailItem(
            row,
            row.kind,
            row.time,
            row.index,
            row.digest,
            row.facts,
            _state(row.index, anchored),
            newest if row.index is not None else None,
        )
        for row in rows
    ]
