# SPDX-License-Identifier: Apache-2.0
"""Named reads: the newest checkpoint, what covers an entry, the trail of a subject."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from ledger.enums import ProofState
from ledger.models import Anchor, Checkpoint, Entry

__all__ = ["TrailItem", "best_anchor", "checkpoint", "covers", "covers_all", "trail"]


@dataclass(frozen=True)
class TrailItem:
    """One step of a subject's trail, with how far its proof reaches; an ephemeral anchor is shown, yet counts for nothing."""

    entry: Entry
    kind: str
    time: datetime
    index: int | None
    digest: str
    facts: dict[str, Any]
    state: ProofState
    checkpoint: Checkpoint | None
    anchor: Anchor | None


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


def best_anchor() -> Anchor | None:
    """Give the newest successful anchor, on a chain that lasts where there is one."""
    found: Anchor | None = Anchor.objects.filter(error="").order_by("ephemeral", "-size").first()
    return found


def _item(row: Entry, newest: Checkpoint | None, anchor: Anchor | None) -> TrailItem:
    """Put an entry beside the proofs that cover it."""
    numbered = row.index is not None
    anchored = anchor if row.index is not None and anchor and row.index < anchor.size else None
    lasting = anchored is not None and not anchored.ephemeral
    state = ProofState.ANCHORED if lasting else ProofState.WITNESSED if numbered else ProofState.PENDING
    return TrailItem(row, row.kind, row.time, row.index, row.digest, row.facts, state, newest if numbered else None, anchored)


def trail(subject_kind: str, subject_id: UUID | str) -> list[TrailItem]:
    """List what the log says about a subject, oldest first; three queries whatever its length."""
    newest, anchor = checkpoint(), best_anchor()
    rows = Entry.objects.filter(subject_kind=subject_kind, subject_id=str(subject_id)).order_by("pk")
    return [_item(row, newest, anchor) for row in rows]
