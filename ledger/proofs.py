# SPDX-License-Identifier: Apache-2.0
"""The proof of one entry under the newest checkpoint, for pages and the API."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from ledger.models import Checkpoint, Entry
from ledger.queries import checkpoint
from ledger.tiles import Tiles
from ledger.verify import LogProof, leaf_hash, proof_text


@dataclass(frozen=True)
class EntryProof:
    """An entry as it was hashed, its place, and the hashes that lead to a signed head."""

    entry: Entry
    index: int
    leaf: dict[str, Any]
    leaf_hash: str
    path: tuple[str, ...]
    text: str
    checkpoint: Checkpoint


def proof(entry_id: UUID) -> EntryProof | None:
    """Prove an entry from the log's own files.

    Parameters
    ----------
    entry_id
        The entry's UUID.

    Returns
    -------
    EntryProof | None
        Hashes in hex, the path from the leaf upwards (RFC 9162 §2.1.3); None while no checkpoint covers the entry.

    Raises
    ------
    LedgerError
        `log.unreadable`.
    """
    entry = Entry.objects.filter(uuid=entry_id, index__isnull=False).first()
    head = checkpoint()
    if entry is None or head is None or entry.index >= head.size:
        return None
    tiles = Tiles()
    leaf, path = tiles.leaf(entry.index, head.size), tiles.inclusion(entry.index, head.size)
    return EntryProof(
        entry=entry,
        index=entry.index,
        leaf=json.loads(leaf),
        leaf_hash=leaf_hash(leaf).hex(),
        path=tuple(step.hex() for step in path),
        text=proof_text(LogProof(entry.index, path, head.text.encode())).decode(),
        checkpoint=head,
    )
