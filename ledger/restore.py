# SPDX-License-Identifier: Apache-2.0
"""Brings the log's rows back from its files, for an installation that has lost its database."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from ledger import sequencer, verify
from ledger.audit.files import check_files
from ledger.audit.findings import FileReport
from ledger.domain import record
from ledger.enums import Kind
from ledger.errors import LedgerError
from ledger.journal import Batch, number_rows
from ledger.models import Checkpoint, Entry

CHUNK = 1000


UNFINISHED = {"file.unknown", "file.missing", "checkpoint.changed"}  # what a decision that was cut short may leave in the files


def _add_missing(leaves: Sequence[bytes]) -> int:
    """Insert the rows of leaves that the database lacks and give their number."""
    wanted = [Entry.from_leaf(verify.parse_entry(leaf)) for leaf in leaves]
    there = {str(uuid) for uuid in Entry.objects.filter(uuid__in=[row.uuid for row in wanted]).values_list("uuid", flat=True)}
    missing = [row for row in wanted if str(row.uuid) not in there]
    Entry.objects.bulk_create(missing)
    return len(missing)


def _add_all(files: FileReport) -> int:
    """Insert rows, numbers and checkpoints, and give how many rows were missing."""
    count = 0
    for start in range(0, len(files.leaves), CHUNK):
        part = tuple(files.leaves[start : start + CHUNK])
        count += _add_missing(part)
        number_rows(start, part)
    for size, found in sorted(files.history.items()):
        Checkpoint.objects.update_or_create(size=size, defaults={"root": found.root.hex(), "time": found.cosigned})
    if Entry.objects.filter(index__gte=files.size).exists():
        raise LedgerError("log.forked", reason="the database numbers entries that the files do not have")
    return count


def restore_from_files() -> int:
    """Bring back every row that the files of the log imply, record that this was done, and give how many there were.

    Who: the operator, after the database was lost or an older copy of it was restored. Rows that are there must agree. Private bodies do not
    come back: they are in the database's backup only. Entry: `log.restore`, where anything was missing.

    Raises
    ------
    LedgerError
        `log.unreadable` where the files contradict themselves, `log.forked` where the database contradicts them.
    """
    with sequencer.locked():
        batch, files = Batch.load(), check_files()
        decided, size = (batch.leaves, batch.head.size) if batch else ((), files.size)
        wrong = [finding for finding in files.findings if not (batch and finding.code in UNFINISHED)]
        if wrong:
            raise LedgerError("log.unreadable", reason=f"{wrong[0].code}: {wrong[0].message}")
        with transaction.atomic(durable=True):
            count = _add_all(files) + _add_missing(decided)
            if count:
                record(Kind.LOG_RESTORE, subject_kind="log", subject_id="entries", facts={"size": size, "entries": count})
        sequencer.recover()
    return count
