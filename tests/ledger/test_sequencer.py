# SPDX-License-Identifier: Apache-2.0
"""Numbering: only what is committed, only in one order, and never against what files, database or witness say."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from ledger import queries, verify
from ledger.domain import record
from ledger.enums import ProofState
from ledger.errors import LedgerError
from ledger.journal import STAGES, journal_path
from ledger.models import Checkpoint, Entry
from ledger.sequencer import refresh, sequence
from ledger.tiles import Tiles
from tests.databases import Place
from tests.ledger.conftest import Writer
from tests.ledger.test_audit import sql, unseal

Grow = Callable[[int], list[Entry]]
ROOT = Path(__file__).resolve().parents[2]


def code_of(call: Callable[[], object]) -> str:
    """Give the code of the refusal that a call must end in."""
    with pytest.raises(LedgerError) as caught:
        call()
    return caught.value.code


def test_nothing_gives_no_checkpoint(log: Path) -> None:
    assert (sequence(), queries.checkpoint(), refresh()) == (None, None, None)


def test_entries_become_leaves_in_order(grow: Grow) -> None:
    rows = grow(3) + grow(400)
    found = Checkpoint.objects.last()
    assert found.size == 403
    assert [Entry.objects.get(pk=row.pk).index for row in rows] == list(range(403))
    assert list(Tiles().leaves(0, 403)) == [Entry.objects.get(pk=row.pk).leaf for row in rows]


def test_checkpoint_is_signed_by_log_and_witness(grow: Grow) -> None:
    from ledger import policy

    grow(3)
    found, trust = Checkpoint.objects.last(), policy.parsed()
    note = verify.parse_note(found.text.encode())
    assert verify.parse_head(note.text) == verify.TreeHead("qilu.local/log", 3, bytes.fromhex(found.root))
    assert [verify.check_signature(trust.logs[0], note.text, line) for line in verify.signatures_of(note, trust.logs[0])] == [None]
    times = [verify.check_signature(trust.witnesses[0], note.text, line) for line in verify.signatures_of(note, trust.witnesses[0])]
    assert times == [int(found.time.timestamp())]


def test_record_needs_a_transaction() -> None:
    assert not connection.in_atomic_block
    assert code_of(lambda: record("ingest.receive", subject_kind="asset", subject_id="x")) == "record.outside-transaction"


@pytest.mark.django_db(transaction=True)
def test_sequence_refuses_inside_a_transaction(tmp_path: Path) -> None:
    with transaction.atomic():
        record("ingest.receive", subject_kind="asset", subject_id="x")
        assert code_of(sequence) == "log.inside-transaction"


@pytest.mark.django_db(transaction=True)
def test_rolled_back_entries_are_never_numbered(tmp_path: Path) -> None:
    with transaction.atomic():
        record("ingest.receive", subject_kind="asset", subject_id="x")
        transaction.set_rollback(True)
    assert sequence() is None


@pytest.mark.parametrize(
    "facts", [{"n": float("nan")}, {"n": 2**53 + 1}, {"s": "\ud800"}, {"s": "a\0b"}, {"x": object()}, {"x": "y" * 70_000}, {1: 2}]
)
def test_facts_that_no_leaf_can_carry_are_refused(write: Writer, facts: dict[str, object]) -> None:
    assert code_of(lambda: write(facts=facts)) in {"entry.value", "entry.too-large"}


def test_facts_come_back_as_the_leaf_has_them(write: Writer) -> None:
    facts = {"big": 1e21, "tiny": 5e-324, "zero": -0.0, "text": "\\u0000 曲阜 \u2028", "deep": [{"b": 1, "a": [None, True]}], "int": 2**53}
    entry = write(facts=facts)
    sequence()
    row = Entry.objects.get(pk=entry.pk)
    assert verify.parse_entry(row.leaf)["facts"] == {**facts, "zero": 0}


def test_nothing_sealed_is_changed_or_deleted(grow: Grow) -> None:
    entry = grow(1)[0]
    for call in (entry.save, entry.delete, Entry.objects.all().delete, Entry.objects.filter(kind="x").delete):
        assert code_of(call) == "sealed"
    assert code_of(lambda: Entry.objects.update(kind="x")) == "sealed"
    assert code_of(lambda: Entry.objects.bulk_update([entry], ["kind"])) == "sealed"
    with pytest.raises(Exception, match="what is in the log is n"), transaction.atomic():
        sql("UPDATE ledger_entry SET kind = 'x'")


def test_unnumbered_entries_are_sealed_too(write: Writer) -> None:
    write()
    with pytest.raises(Exception, match="what is in the log is n"), transaction.atomic():
        sql("UPDATE ledger_entry SET digest = 'x'")


def test_refresh_renews_the_cosignature_only(grow: Grow) -> None:
    grow(2)
    before = Checkpoint.objects.last()
    old = before.text
    Checkpoint.objects.update(time=timezone.now() - timedelta(days=1))
    assert sequence() == before
    after = Checkpoint.objects.last()
    assert (after.size, after.root, Checkpoint.objects.count()) == (before.size, before.root, 1)
    assert after.text.split("\n\n")[0] == old.split("\n\n")[0]
    assert timezone.now() - after.time < timedelta(minutes=1)


def test_older_database_is_a_fork(grow: Grow) -> None:
    grow(3)
    unseal()
    sql('DELETE FROM ledger_entry WHERE "index" = 2')
    sql("DELETE FROM ledger_checkpoint WHERE size = 3")
    assert code_of(refresh) == "log.forked"


def test_older_files_are_a_fork(grow: Grow, log: Path, write: Writer) -> None:
    grow(3)
    shutil.copytree(log / "log", log / "backup")
    grow(2)
    shutil.rmtree(log / "log")
    (log / "backup").rename(log / "log")
    write()
    assert code_of(sequence) == "log.forked"


def test_both_older_than_the_witness_is_a_fork(grow: Grow, log: Path, write: Writer) -> None:
    grow(3)
    shutil.copytree(log / "log", log / "backup")
    grow(2)
    shutil.rmtree(log / "log")
    (log / "backup").rename(log / "log")
    unseal()
    sql('DELETE FROM ledger_entry WHERE "index" >= 3')
    sql("DELETE FROM ledger_checkpoint WHERE size > 3")
    write()
    assert code_of(sequence) == "log.forked"


@pytest.mark.parametrize(
    ("lost", "code"),
    [
        ("keys", "key.lost"),
        ("witness/key", "key.lost"),
        ("witness/state.json", "witness.state-lost"),
        ("witness", "witness.state-lost"),
        ("log", "log.forked"),
    ],
)
def test_what_is_lost_is_never_made_anew(grow: Grow, write: Writer, log: Path, lost: str, code: str) -> None:
    grow(3)
    shutil.rmtree(log / lost) if (log / lost).is_dir() else (log / lost).unlink()
    write()
    assert code_of(sequence) == code


def test_changed_tile_stops_the_log(grow: Grow, write: Writer, log: Path) -> None:
    grow(3)
    tile = log / "log" / "tile" / "0" / "000.p" / "3"
    tile.write_bytes(tile.read_bytes()[:-1] + b"\0")
    write()
    assert code_of(sequence) == "log.forked"


def test_trail_tells_how_far_each_proof_reaches(write: Writer, django_assert_num_queries: Callable[[int], object]) -> None:
    first = write(subject_id="t", facts={"n": 1})
    newest = sequence()
    second = write(subject_id="t")
    with django_assert_num_queries(3):  # type: ignore[attr-defined]
        found = queries.trail("asset", "t")
    assert [(item.entry, item.index, item.state, item.checkpoint) for item in found] == [
        (first, 0, ProofState.WITNESSED, newest),
        (second, None, ProofState.PENDING, None),
    ]
    assert (queries.covers(first), queries.covers(second)) == (newest, None)


def test_covers_gives_the_first_checkpoint(grow: Grow) -> None:
    rows = grow(2)
    grow(3)
    assert [queries.covers(row).size for row in rows] == [2, 2]  # type: ignore[union-attr]
    assert queries.covers_all(rows).size == 2  # type: ignore[union-attr]


CHILD = """
import os, signal, sys
import sys; sys.path.insert(0, os.getcwd())
import django
django.setup()
from django.core.management import call_command
from django.db import transaction
from ledger.domain import record
from ledger.sequencer import sequence
call_command("migrate", "ledger", verbosity=0)
with transaction.atomic():
    for number in range(int(sys.argv[1])):
        record("ingest.receive", subject_kind="asset", subject_id=str(number), facts={"number": number})
def stage(name):
    if name == sys.argv[2]:
        os.kill(os.getpid(), signal.SIGKILL)
newest = sequence(stage)
if sys.argv[2] == "-":
    from ledger.audit import run
    from ledger.models import Entry
    report = run()
    numbered = list(Entry.objects.order_by("index").values_list("index", flat=True))
    print(newest.size, report.root == newest.root, len(report.findings), numbered == list(range(newest.size)))
"""


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    """Give a data folder and a database for processes of their own."""
    made = Place.fresh(tmp_path)
    yield made
    made.drop()


def python(place: Place, *words: str) -> subprocess.CompletedProcess[str]:
    """Run a few lines over a place in a process of their own."""
    names = {**place.environment, "DJANGO_SETTINGS_MODULE": "tests.ledger.alone"}
    return subprocess.run([sys.executable, "-c", *words], env=names, cwd=ROOT, capture_output=True, text=True, check=False, timeout=120)


def child(place: Place, count: int, stage: str) -> subprocess.CompletedProcess[str]:
    """Record so many entries and number them in a process of its own, which is killed at a stage."""
    return python(place, CHILD, str(count), stage)


def audited(place: Place) -> str:
    """Audit a place in a process of its own."""
    return python(
        place, "import django; django.setup(); from ledger.audit import run; report = run(); print(report.size, report.findings)"
    ).stdout


@pytest.mark.slow
@pytest.mark.parametrize("stage", STAGES)
def test_killed_sequencer_leaves_nothing_half_done(stage: str, place: Place) -> None:
    assert child(place, 3, "-").stdout == "3 True 0 True\n"
    killed = child(place, 300, stage)
    assert (killed.returncode, killed.stdout) == (-signal.SIGKILL, "")
    if stage in ("tiles", "database"):
        assert audited(place) == "303 []\n"  # the audit finishes what was decided
    assert child(place, 2, "-").stdout == "305 True 0 True\n"


@pytest.mark.slow
def test_kill_while_the_first_batch_is_decided(place: Place) -> None:
    assert child(place, 3, "journal").returncode == -signal.SIGKILL
    assert child(place, 1, "-").stdout == "4 True 0 True\n"


@pytest.mark.slow
def test_two_sequencers_at_once_make_one_log(place: Place) -> None:
    assert child(place, 1, "-").stdout == "1 True 0 True\n"
    done: list[subprocess.CompletedProcess[str]] = []
    threads = [threading.Thread(target=lambda: done.append(child(place, 40, "-"))) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [(run.returncode, run.stderr) for run in done] == [(0, ""), (0, "")]
    assert child(place, 1, "-").stdout == "82 True 0 True\n"


@pytest.mark.slow
def test_database_guards_its_rows_against_deletion(place: Place) -> None:
    child(place, 2, "-")
    code = "import django; django.setup(); from django.db import connection; connection.cursor().execute('DELETE FROM ledger_entry')"
    said = python(place, code)
    assert (said.returncode, "what is in the log" in said.stderr) == (1, True)
    assert place.ask("select count(*) from ledger_entry") == 2


@pytest.mark.slow
@pytest.mark.parametrize("damage", ["missing", "garbage", "cut"])
def test_audit_survives_a_broken_database(damage: str, place: Place) -> None:
    if place.database and damage != "missing":
        pytest.skip("how a server keeps its files is its own affair")
    child(place, 5, "-")
    break_database(place, damage)
    shown = audited(place)
    assert (shown.startswith("5 ["), "database.unreadable" in shown) == (True, True)


def break_database(place: Place, damage: str) -> None:
    """Lose the database, or damage its file."""
    if place.database:
        place.drop()
        return
    path = place.data / "db.sqlite3"
    data = path.read_bytes()
    for name in ("db.sqlite3-wal", "db.sqlite3-shm"):
        (place.data / name).unlink(missing_ok=True)
    path.unlink() if damage == "missing" else path.write_bytes(b"x" * 9000 if damage == "garbage" else data[: len(data) // 3])


def test_journal_that_is_garbage_is_refused(grow: Grow, write: Writer) -> None:
    grow(2)
    journal_path().write_bytes(b"{}")
    write()
    assert code_of(sequence) == "log.journal"
    assert settings.DATA_DIR.is_dir()
