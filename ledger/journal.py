# SPDX-License-Identifier: Apache-2.0
"""The sequencer's journal: one signed decision, and the steps that carry it out, each of which may be taken twice.

A batch is decided the moment its journal is on disk. Whatever then dies, the next run (or the audit) takes the same steps again: files of the
log, cosignature, checkpoint, database, and last the journal's removal.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from ledger import durable
from ledger.errors import LedgerError
from ledger.models import Checkpoint, Entry
from ledger.tiles import Tiles, growth, tile_path, widths
from ledger.verify import (
    TreeHead,
    VerifyError,
    canonical,
    check_signature,
    parse_canonical,
    parse_entry,
    parse_head,
    parse_note,
    signatures_of,
)
from ledger.witness import Witness

Stage = Callable[[str], None]
STAGES = ("journal", "tiles", "witness", "checkpoint", "database", "done")


def state_folder() -> Path:
    """Give the folder of lock, journal and scratch file: beside the log, so that no unfinished byte lies in it."""
    return Path(settings.LOG_DIR).parent / "sequencer"


def journal_path() -> Path:
    """Give the place of the journal."""
    return state_folder() / "journal.json"


def _put(path: Path, data: bytes) -> None:
    """Write one of the log's files in one step."""
    durable.write(path, data, scratch=state_folder() / "scratch")


@dataclass(frozen=True)
class Batch:
    """A decision: after `size` leaves come these, and the log signs the head that results. Without leaves it only renews the cosignature."""

    size: int
    leaves: tuple[bytes, ...]
    note: bytes

    @property
    def head(self) -> TreeHead:
        """Give the head that was signed."""
        return parse_head(parse_note(self.note).text)

    def save(self) -> None:
        """Put the decision on disk."""
        value = {"size": self.size, "leaves": [leaf.decode() for leaf in self.leaves], "note": self.note.decode()}
        _put(journal_path(), canonical(value))

    @classmethod
    def load(cls) -> Batch | None:
        """Read the decision that is not carried out yet, if there is one.

        Raises
        ------
        LedgerError
            `log.journal`.
        """
        try:
            value = parse_canonical(journal_path().read_bytes())
            batch = cls(value["size"], tuple(leaf.encode() for leaf in value["leaves"]), value["note"].encode())
            if batch.head.size != batch.size + len(batch.leaves):
                raise LedgerError("log.journal", reason="its sizes contradict each other")
        except FileNotFoundError:
            return None
        except (OSError, VerifyError, KeyError, TypeError, AttributeError) as error:
            raise LedgerError("log.journal", reason=str(error)) from None
        return batch

    def write_tiles(self, published: int) -> Tiles:
        """Write the tiles that the leaves add, unless that was done, and give the grown log.

        Raises
        ------
        LedgerError
            `log.journal` where the head that was signed is not the one that results.
        """
        tiles = Tiles()
        if published not in (self.size, self.head.size):
            raise LedgerError("log.journal", reason=f"it follows {self.size} entries, the log has {published}")
        added = dict(growth(tiles, self.size, list(self.leaves))) if published == self.size else {}
        grown = Tiles(tiles.folder, dict(added))
        if grown.root(self.head.size) != self.head.root:
            raise LedgerError("log.journal", reason="the leaves do not give the root that was signed")
        for path, data in added.items():
            _put(tiles.folder / path, data)
        return grown

    def number(self, cosigned: datetime) -> None:
        """Give the rows their numbers and index the checkpoint, in one short transaction.

        Raises
        ------
        LedgerError
            `log.forked` where the database does not hold these very entries.
        """
        with transaction.atomic(durable=True):
            number_rows(self.size, self.leaves)
            Checkpoint.objects.update_or_create(size=self.head.size, defaults={"root": self.head.root.hex(), "time": cosigned})

    def drop_partials(self, folder: Path) -> None:
        """Remove the partial tiles whose full ones are there now."""
        for level in range(8):
            for number in range(widths(level, self.size)[0], widths(level, self.head.size)[0]):
                for kind in (level, "entries") if level == 0 else (level,):
                    shutil.rmtree(folder / (tile_path(kind, number) + ".p"), ignore_errors=True)


def number_rows(size: int, leaves: tuple[bytes, ...]) -> None:
    """Give rows the places of their leaves, the first after `size`.

    Raises
    ------
    LedgerError
        `log.forked`.
    """
    wanted = {parse_entry(leaf)["id"]: (size + place, leaf) for place, leaf in enumerate(leaves)}
    plain: QuerySet[Entry] = QuerySet(Entry)  # not the manager's: that one refuses every update
    rows = list(plain.filter(uuid__in=wanted))
    if len(rows) != len(wanted):
        raise LedgerError("log.forked", reason=f"the log holds {len(wanted) - len(rows)} entries that the database lacks")
    for row in rows:
        index, leaf = wanted[str(row.uuid)]
        if row.leaf != leaf or row.index not in (None, index):
            raise LedgerError("log.forked", reason=f"entry {index} differs between the log and the database")
    fresh = [row for row in rows if row.index is None]
    for row in fresh:
        row.index = wanted[str(row.uuid)][0]
    plain.bulk_update(fresh, ["index"], batch_size=400)


def published() -> TreeHead | None:
    """Give the head of the newest checkpoint file.

    Raises
    ------
    LedgerError
        `log.unreadable`.
    """
    try:
        return parse_head(parse_note(Tiles().checkpoint_path.read_bytes()).text)
    except FileNotFoundError:
        return None
    except (OSError, VerifyError) as error:
        raise LedgerError("log.unreadable", reason=f"checkpoint: {error}") from None


def carry_out(batch: Batch, witness: Witness, on_stage: Stage) -> None:
    """Carry out a decision that is on disk, from wherever an earlier attempt stopped.

    Raises
    ------
    LedgerError
        `log.journal`, `log.forked`, `witness.refused` …; the journal then stays.
    """
    before = published()
    tiles = batch.write_tiles(before.size if before else 0)
    on_stage("tiles")
    seen = witness.recall()[1]
    if seen.size > batch.head.size:
        raise LedgerError("log.forked", reason=f"the witness has seen {seen.size} entries, the log would have {batch.head.size}")
    line = witness.cosign(batch.note, tiles.consistency(seen.size, batch.head.size))
    on_stage("witness")
    text = batch.note + line.encode()
    _put(tiles.checkpoint_file(batch.head.size), text)
    _put(tiles.checkpoint_path, text)
    on_stage("checkpoint")
    batch.number(cosigned_at(text, witness))
    on_stage("database")
    batch.drop_partials(tiles.folder)
    durable.remove(journal_path())
    on_stage("done")


def cosigned_at(checkpoint: bytes, witness: Witness) -> datetime:
    """Give the time of the witness's cosignature under a checkpoint."""
    note, key = parse_note(checkpoint), witness.signer().key
    times = [check_signature(key, note.text, line) or 0 for line in signatures_of(note, key)]
    return datetime.fromtimestamp(max(times, default=0), UTC)
