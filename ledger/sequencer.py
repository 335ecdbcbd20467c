# SPDX-License-Identifier: Apache-2.0
"""The one place where entries get their numbers: committed rows become leaves, a signed and witnessed checkpoint covers them."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Max
from django.utils import timezone

from ledger import durable, journal, keys
from ledger.errors import LedgerError
from ledger.journal import Batch, Stage
from ledger.models import Checkpoint, Entry
from ledger.tiles import Tiles, growth
from ledger.verify import EMPTY_ROOT, TreeHead, VerifyError, check_signature, head_text, parse_note, signatures_of
from ledger.witness import Witness

BATCH = 1000  # entries a checkpoint adds at most
LOCK_KEY = 0x71696C75  # "qilu": the advisory lock on PostgreSQL
LOCK_SECONDS = 60.0
RENEW = timedelta(hours=1)


@contextmanager
def _database_lock() -> Iterator[None]:
    """Hold PostgreSQL's advisory lock, so that workers on several machines exclude each other; elsewhere nothing."""
    if connection.vendor != "postgresql":
        yield
        return
    deadline = time.monotonic() + LOCK_SECONDS
    with connection.cursor() as cursor:
        while True:
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK_KEY])
            if cursor.fetchone()[0]:
                break
            if time.monotonic() > deadline:
                raise LedgerError("log.busy", seconds=LOCK_SECONDS)
            time.sleep(0.05)
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK_KEY])


@contextmanager
def locked() -> Iterator[None]:
    """Hold the sequencer's lock: on this machine by a file, between machines by the database."""
    with durable.locked(journal.state_folder() / "lock", seconds=LOCK_SECONDS), _database_lock():
        yield


def _nothing(_stage: str) -> None:
    """Report no stage to anyone."""


def _is_new() -> bool:
    """Tell whether nothing was ever logged: then keys and witness may be made."""
    tiles = Tiles()
    files = (tiles.checkpoint_path, tiles.folder / "tile", journal.journal_path())
    return not any(path.exists() for path in files) and not Entry.objects.exclude(index=None).exists()


def open_keys() -> tuple[keys.Signer, Witness]:
    """Give the log's key and the witness."""
    new = _is_new()
    signer = keys.log_signer(may_make=new)
    return signer, Witness.open(signer.key, log_is_new=new)


def recover(on_stage: Stage = _nothing) -> None:
    """Finish what a killed sequencer had decided. The caller holds the lock.

    Raises
    ------
    LedgerError
        `log.journal`, `log.forked` …
    """
    if batch := Batch.load():
        journal.carry_out(batch, open_keys()[1], on_stage)


def _check_files(head: TreeHead, signer: keys.Signer) -> None:
    """Check that the newest checkpoint is signed by our key and that the tiles give its root."""
    tiles = Tiles()
    note = parse_note(tiles.checkpoint_path.read_bytes())
    try:
        signed = [check_signature(signer.key, note.text, line) for line in signatures_of(note, signer.key)]
    except VerifyError as error:
        raise LedgerError("log.forked", reason=error.message) from None
    if not signed or tiles.root(head.size) != head.root:
        raise LedgerError("log.forked", reason="the newest checkpoint is not by this log's key, or not over its tiles")


def _check_database(head: TreeHead) -> None:
    """Check that the database numbers as many entries as the log has, the last one being the same."""
    last = Entry.objects.aggregate(last=Max("index"))["last"]
    numbered = 0 if last is None else last + 1
    row = Checkpoint.objects.last()
    indexed = (row.size, row.root) if row else (0, EMPTY_ROOT.hex())
    if numbered != head.size or indexed != (head.size, head.root.hex()):
        raise LedgerError("log.forked", reason=f"the files hold {head.size} entries, the database numbers {numbered}")
    if head.size and Entry.objects.get(index=head.size - 1).leaf != Tiles().leaf(head.size - 1, head.size):
        raise LedgerError("log.forked", reason=f"entry {head.size - 1} differs between the log and the database")


def _current(signer: keys.Signer, witness: Witness) -> TreeHead:
    """Give the head to go on from, after files, database and witness agreed on it.

    Raises
    ------
    LedgerError
        `log.forked`: something was restored from a backup, or changed.
    """
    head = journal.published() or TreeHead(signer.key.name, 0, EMPTY_ROOT)
    if head.size:
        _check_files(head, signer)
    _check_database(head)
    seen = witness.recall()[1]
    if seen.size > head.size or (seen.size == head.size and seen.root != head.root):
        raise LedgerError("log.forked", reason=f"the witness has seen {seen.size} entries, the log has {head.size}")
    return head


def _committed() -> list[Entry]:
    """List entries without a number; refuse where a transaction around us could still take them back."""
    if not Entry.objects.filter(index=None).exists():
        return []
    try:
        with transaction.atomic(durable=True):
            return list(Entry.objects.filter(index=None).order_by("pk")[:BATCH])
    except RuntimeError:
        raise LedgerError("log.inside-transaction") from None


def _decide(head: TreeHead, leaves: tuple[bytes, ...], signer: keys.Signer) -> Batch:
    """Sign the head that the leaves lead to, and put the decision on disk."""
    size = head.size + len(leaves)
    tiles = Tiles()
    root = Tiles(tiles.folder, dict(growth(tiles, head.size, list(leaves)))).root(size)
    text = head_text(TreeHead(head.origin, size, root))
    batch = Batch(head.size, leaves, f"{text}\n{signer.sign(text)}".encode())
    batch.save()
    return batch


def _due() -> bool:
    """Tell whether the newest cosignature should be renewed, long before it becomes stale."""
    newest = Checkpoint.objects.last()
    limit = min(RENEW, timedelta(seconds=settings.QILU["QILU_POLICY_MAX_AGE"] / 4))
    return newest is not None and timezone.now() - newest.time > limit


def sequence(on_stage: Stage = _nothing) -> Checkpoint | None:
    """Give all committed entries their numbers and return the newest checkpoint; the worker and commands call it, outside any transaction.

    Parameters
    ----------
    on_stage
        Told each stage of `journal.STAGES` as it is reached.

    Raises
    ------
    LedgerError
        `log.busy`, `log.forked`, `log.inside-transaction`, `witness.refused` …
    """
    if not Entry.objects.filter(index=None).exists() and not journal.journal_path().exists() and not _due():
        return Checkpoint.objects.last()
    with locked():
        recover(on_stage)
        signer, witness = open_keys()
        head = _current(signer, witness)
        while entries := _committed():
            batch = _decide(head, tuple(entry.leaf for entry in entries), signer)
            on_stage("journal")
            journal.carry_out(batch, witness, on_stage)
            head = batch.head
        if _due():
            journal.carry_out(_decide(head, (), signer), witness, on_stage)
    return Checkpoint.objects.last()


def refresh() -> Checkpoint | None:
    """Have the witness sign the newest head again, so that it stays fresh while nothing happens."""
    with locked():
        recover()
        signer, witness = open_keys()
        head = _current(signer, witness)
        if head.size:
            journal.carry_out(_decide(head, (), signer), witness, _nothing)
    return Checkpoint.objects.last()


def log_folder() -> Path:
    """Give the folder of the log's files, which the site may serve as they are."""
    return Path(settings.LOG_DIR)
