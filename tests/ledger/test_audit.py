# SPDX-License-Identifier: Apache-2.0
"""The audit finds nothing in an honest log, and names what was done to a dishonest one."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from ledger.audit import Finding, audit, run
from ledger.domain import erase
from ledger.errors import LedgerError
from ledger.models import Checkpoint, Entry, PrivateBody
from ledger.restore import restore_from_files
from ledger.sequencer import refresh, sequence
from tests.ledger.conftest import Writer

Grow = Callable[[int], list[Entry]]


def unseal() -> None:
    """Take the database's guard away, as someone with the database's password could."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("DROP TRIGGER ledger_entry_sealed_update")
            cursor.execute("DROP TRIGGER IF EXISTS ledger_entry_sealed_delete")
        else:
            cursor.execute("ALTER TABLE ledger_entry DISABLE TRIGGER ledger_entry_sealed")


def sql(text: str, *values: object) -> None:
    """Run one statement."""
    with connection.cursor() as cursor:
        cursor.execute(text, values)


def codes() -> list[tuple[str, int | None]]:
    """Give what the audit finds, shortened."""
    return [(finding.code, finding.leaf) for finding in audit()]


def test_empty_log_has_nothing_wrong(log: Path) -> None:
    report = run()
    assert (report.size, report.findings) == (0, [])
    assert report.root == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


@pytest.mark.parametrize("steps", [(1,), (3, 4), (255, 1, 1), (256,), (257, 300)])
def test_honest_log_has_nothing_wrong(grow: Grow, steps: tuple[int, ...]) -> None:
    for count in steps:
        grow(count)
    refresh()
    report = run()
    newest = Checkpoint.objects.last()
    assert report.findings == []
    assert (report.size, report.root) == (sum(steps), newest.root)


def test_erased_body_is_no_finding_but_a_lost_one_is(write: Writer) -> None:
    first, second = write(private={"name": "甲"}), write(private={"name": "乙"})
    erase(first)
    sequence()
    assert codes() == []
    PrivateBody.objects.filter(entry=second).delete()
    assert codes() == [("private.missing", 1)]


def test_changed_body_is_found(write: Writer) -> None:
    entry = write(private={"name": "甲"})
    sequence()
    PrivateBody.objects.filter(entry=entry).update(body='{"name":"乙"}')
    assert codes() == [("private.changed", 0)]


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("UPDATE ledger_entry SET kind = 'ingest.forge' WHERE \"index\" = 2", [("entry.changed", 2)]),
        ("UPDATE ledger_entry SET digest = 'x' WHERE \"index\" = 0", [("entry.changed", 0)]),
        ("UPDATE ledger_entry SET subject_id = 'x' WHERE \"index\" = 4", [("entry.changed", 4)]),
        ("UPDATE ledger_entry SET time = '2020-01-01 00:00:00' WHERE \"index\" = 1", [("entry.changed", 1)]),
        ("UPDATE ledger_entry SET private = 'x' WHERE \"index\" = 1", [("entry.changed", 1), ("private.missing", 1)]),
        ('DELETE FROM ledger_entry WHERE "index" = 3', [("entry.missing", 3)]),
        ('UPDATE ledger_entry SET "index" = NULL WHERE "index" = 4', [("entry.missing", 4), ("entry.changed", 4)]),
        ('UPDATE ledger_entry SET "index" = 9 WHERE "index" = 4', [("entry.missing", 4), ("entry.unknown", None)]),
        ('UPDATE ledger_entry SET "index" = -1 WHERE "index" = 0', [("entry.missing", 0), ("entry.unknown", None)]),
        ("UPDATE ledger_checkpoint SET root = 'x' WHERE size = 5", [("checkpoint.contradiction", None)]),
        ("DELETE FROM ledger_checkpoint WHERE size = 5", [("checkpoint.contradiction", None)]),
    ],
)
def test_changed_rows_are_named(grow: Grow, statement: str, expected: list[tuple[str, int | None]]) -> None:
    grow(5)
    unseal()
    sql(statement)
    assert codes() == expected


@pytest.mark.skipif(
    "sqlite" not in __import__("django.conf").conf.settings.DATABASES["default"]["ENGINE"], reason="SQLite keeps any bytes in any column"
)
@pytest.mark.parametrize(
    ("column", "value"),
    [
        *(
            (column, value)
            for column in ("kind", "subject_kind", "subject_id", "digest", "time", "uuid")
            for value in (b"\xff\xfe", b"", b"{", 7, " ")
        ),
        *(("private", value) for value in (b"\xff", " ", 0)),
        *(("facts", value) for value in ('{"half": 0.5, "number": 1} ', '{"half": 0.50, "number": 1}', '{"number": 1, "half": 0.5}', "[]")),
    ],
)
def test_unreadable_columns_are_findings(grow: Grow, column: str, value: Any) -> None:
    grow(3)
    unseal()
    sql(f'UPDATE ledger_entry SET {column} = %s WHERE "index" = 1', value)
    assert Finding("entry.changed", f"entry 1 differs from the log in {column}", 1) in audit()


def test_both_restored_from_a_backup_is_seen_by_the_witness(grow: Grow, log: Path) -> None:
    grow(3)
    shutil.copytree(log / "log", log / "backup")
    grow(2)
    shutil.rmtree(log / "log")
    (log / "backup").rename(log / "log")
    unseal()
    sql('DELETE FROM ledger_entry WHERE "index" >= 3')
    sql("DELETE FROM ledger_checkpoint WHERE size > 3")
    assert codes() == [("witness.contradiction", None)]


def test_lost_folders_are_findings(grow: Grow, log: Path) -> None:
    grow(3)
    shutil.rmtree(log / "witness")
    assert {"key.lost", "witness.state-lost"} <= {code for code, _ in codes()}
    shutil.rmtree(log / "keys")
    shutil.rmtree(log / "log")
    assert {"entry.unknown", "checkpoint.contradiction"} == {code for code, _ in codes()}


def test_packages_are_asked_about_every_entry(grow: Grow) -> None:
    grow(3)
    seen = []

    def check(index: int, leaf: dict[str, Any]) -> list[Finding]:
        seen.append((index, leaf["digest"]))
        return [Finding("package.missing", "not there", index)] if index == 1 else []

    assert audit(check) == [Finding("package.missing", "not there", 1)]
    assert seen == [(0, "d0"), (1, "d1"), (2, "d2")]


def test_restore_brings_back_every_row(grow: Grow, write: Writer) -> None:
    write(private={"name": "甲"})
    grow(300)
    before = list(Entry.objects.order_by("index").values())
    heads = list(Checkpoint.objects.values())
    unseal()
    for table in ("ledger_privatebody", "ledger_entry", "ledger_checkpoint"):
        sql(f"DELETE FROM {table}")
    assert restore_from_files() == 301
    assert list(Entry.objects.exclude(index=None).order_by("index").values()) == before
    assert list(Checkpoint.objects.values()) == heads
    sequence()
    assert codes() == []
    assert Entry.objects.get(index=301).facts == {"size": 301, "entries": 301}


def test_restore_of_a_whole_database_writes_nothing(grow: Grow) -> None:
    grow(4)
    assert (restore_from_files(), Entry.objects.count()) == (0, 4)


def test_restore_refuses_a_database_that_contradicts(grow: Grow) -> None:
    grow(4)
    unseal()
    sql("UPDATE ledger_entry SET digest = 'x' WHERE \"index\" = 2")
    with pytest.raises(LedgerError) as caught:
        restore_from_files()
    assert caught.value.code == "log.forked"


def test_a_lock_that_is_held_does_not_keep_the_files_from_being_read(grow: Grow, monkeypatch: pytest.MonkeyPatch) -> None:
    from ledger import durable, sequencer
    from ledger.journal import state_folder

    grow(3)
    monkeypatch.setattr(sequencer, "LOCK_SECONDS", 0.0)
    with durable.locked(state_folder() / "lock"):
        report = run()
    assert (report.size, [finding.code for finding in report.findings]) == (3, ["log.busy"])
