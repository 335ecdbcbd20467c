# SPDX-License-Identifier: Apache-2.0
"""The database against the files of the log: every column of every row."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.db import DatabaseError, connection

from ledger.audit.findings import FileReport, Finding
from ledger.domain import commitment
from ledger.enums import Kind
from ledger.models import Anchor, Checkpoint, Entry, PrivateBody

CHUNK = 256  # rows fetched at once
FIELDS = {str(field.column): field for field in Entry._meta.concrete_fields}  # noqa: SLF001 - Django documents _meta
COLUMNS = list(FIELDS)


def stored(row: Entry) -> dict[str, Any]:
    """Give each column's value as the database keeps it: bytes for text, so that no spelling is free."""
    values = {name: field.get_db_prep_save(field.pre_save(row, add=False), connection) for name, field in FIELDS.items()}
    return {name: value.encode() if isinstance(value, str) else value for name, value in values.items()}


def _raw(start: int, end: int) -> dict[Any, dict[str, Any]]:
    """Read rows by index as SQLite keeps them, past every converter that could fail or forgive."""
    shown = ", ".join('"index"' if name == "index" else f'CAST("{name}" AS BLOB)' for name in COLUMNS)
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT {shown} FROM ledger_entry WHERE "index" >= %s AND "index" < %s', [start, end])  # noqa: S608 - our own names
        rows = [dict(zip(COLUMNS, row, strict=True)) for row in cursor.fetchall()]
    return {row["index"]: row for row in rows}


def differing(index: int, leaf: dict[str, Any], row: dict[str, Any]) -> list[str]:
    """Name the columns in which a raw row differs from its leaf."""
    wanted = stored(Entry.from_leaf(leaf, index))
    return [name for name in COLUMNS if row[name] != wanted[name]]


def _sqlite_rows(files: FileReport) -> Iterator[Finding]:
    """Compare rows byte by byte."""
    for start in range(0, len(files.leaves), CHUNK):
        rows = _raw(start, min(start + CHUNK, len(files.leaves)))
        for index in range(start, min(start + CHUNK, len(files.leaves))):
            leaf = files.entries[index]
            if index not in rows:
                yield Finding("entry.missing", f"the database has no entry {index}", index)
            elif leaf is not None and (columns := differing(index, leaf, rows[index])):
                yield Finding("entry.changed", f"entry {index} differs from the log in {', '.join(columns)}", index)


def _typed_rows(files: FileReport) -> Iterator[Finding]:
    """Compare rows by the leaves they give; here the database's types leave no spelling free."""
    for start in range(0, len(files.leaves), CHUNK):
        end = min(start + CHUNK, len(files.leaves))
        rows = {row.index: row for row in Entry.objects.filter(index__gte=start, index__lt=end)}
        for index in range(start, end):
            if index not in rows:
                yield Finding("entry.missing", f"the database has no entry {index}", index)
            elif rows[index].leaf != files.leaves[index]:
                yield Finding("entry.changed", f"entry {index} differs from the log", index)


def _surplus(files: FileReport) -> Iterator[Finding]:
    """Name rows that claim a place the log does not have, and rows without a place that the log has."""
    with connection.cursor() as cursor:
        cursor.execute('SELECT COUNT(*) FROM ledger_entry WHERE "index" < 0 OR "index" >= %s', [files.size])
        beyond = cursor.fetchone()[0]
    if beyond:
        yield Finding("entry.unknown", f"{beyond} rows claim places that the log does not have")
    places = {UUID(leaf["id"]): index for index, leaf in enumerate(files.entries) if leaf}
    for row in Entry.objects.filter(index=None):
        if row.uuid in places:
            yield Finding("entry.changed", f"entry {row.uuid} has lost its place in the database", places[row.uuid])
        assert row.leaf  # raises where the row could never become one


def _checkpoints(files: FileReport) -> Iterator[Finding]:
    """Compare the index of checkpoints with their files, in both directions."""
    rows = {row.size: row for row in Checkpoint.objects.all()}
    for size in sorted(set(rows) ^ set(files.history)):
        yield Finding(
            "checkpoint.contradiction", f"the checkpoint of {size} entries is only in the {'database' if size in rows else 'files'}"
        )
    for size in sorted(set(rows) & set(files.history)):
        row, found = rows[size], files.history[size]
        if (row.root, row.time) != (found.root.hex(), found.cosigned):
            yield Finding("checkpoint.contradiction", f"the checkpoint of {size} entries differs between database and files")


def _bodies(files: FileReport) -> Iterator[Finding]:
    """Open every private body's commitment; one that is gone must have been erased, or lost before a restore."""
    bodies = {row.entry_id: row for row in PrivateBody.objects.all()}
    places = {leaf["id"]: index for index, leaf in enumerate(files.entries) if leaf}
    erased = set(Entry.objects.filter(kind=Kind.ERASE_PERSONAL).values_list("subject_id", flat=True))
    restored = max((int(leaf["facts"]["size"]) for leaf in files.entries if leaf and leaf["kind"] == Kind.LOG_RESTORE), default=0)
    for uuid, committed in Entry.objects.exclude(private="").values_list("uuid", "private"):
        index, body = places.get(str(uuid)), bodies.pop(uuid, None)
        if body and commitment(bytes(body.salt), body.body) != committed:
            yield Finding("private.changed", f"the private body of entry {uuid} is not what was committed to", index)
        if not body and str(uuid) not in erased and not (index is not None and index < restored):
            yield Finding("private.missing", f"the private body of entry {uuid} is gone, and nothing says that it was erased", index)
    for uuid in bodies:
        yield Finding("private.unknown", f"entry {uuid} has a private body that it does not commit to", places.get(str(uuid)))


def _anchors(files: FileReport) -> Iterator[Finding]:
    """Hold the anchored heads against the log."""
    for row in Anchor.objects.filter(error=""):
        found = files.history.get(row.size)
        if not found or found.root.hex() != row.root:
            yield Finding("anchor.contradiction", f"the head of {row.size} entries that was anchored on {row.chain} is not in this log")


def check_rows(files: FileReport) -> list[Finding]:
    """Check the database against the files; each part that cannot be read is a finding of its own."""
    findings: list[Finding] = []
    rows = _sqlite_rows if connection.vendor == "sqlite" else _typed_rows
    for part in (rows, _surplus, _checkpoints, _bodies, _anchors):
        try:
            findings += part(files)
        except (DatabaseError, ValueError, TypeError, KeyError, ArithmeticError, AttributeError, LookupError) as error:
            findings.append(Finding("database.unreadable", f"{part.__name__.strip('_')}: {error}"[:200]))
    return findings
