# SPDX-License-Identifier: Apache-2.0
"""The audit: the whole log against its own files, the database, the witness, and whatever a room above adds.

What cannot be read is a finding, never an exception. The audit writes nothing, except that it finishes what a killed sequencer had decided.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any

from django.db import Error as DatabaseError

from ledger import sequencer
from ledger.audit.files import check_files
from ledger.audit.findings import FileReport, Finding
from ledger.audit.rows import check_rows
from ledger.audit.witness import check_witness
from ledger.errors import LedgerError
from ledger.verify import EMPTY_ROOT

__all__ = ["AuditReport", "Finding", "audit", "run"]

Statement = dict[str, Any]
PackageCheck = Callable[[int, Statement], Iterable[Finding]]


@dataclass
class AuditReport:
    """What the audit found: the head of the files' log, and everything that is wrong."""

    size: int = 0
    root: str = EMPTY_ROOT.hex()
    findings: list[Finding] = field(default_factory=list)


def _finish() -> list[Finding]:
    """Let the sequencer finish a decision that is on disk; that is part of reading the log, as with any journal."""
    try:
        sequencer.recover()
    except LedgerError as error:
        return [Finding(error.code, error.message)]
    except DatabaseError as error:
        return [Finding("database.unreadable", str(error)[:200])]
    except OSError as error:
        return [Finding("log.unreadable", str(error)[:200])]
    return []


def _packages(report: FileReport, check: PackageCheck | None) -> Iterable[Finding]:
    """Ask the room above about each entry, in order."""
    for index, leaf in enumerate(report.entries if check else ()):
        assert check is not None
        if leaf is not None:
            yield from check(index, leaf)


def run(packages: PackageCheck | None = None) -> AuditReport:
    """Audit the log.

    Parameters
    ----------
    packages
        Called with each entry's index and leaf (as parsed JSON), gives findings about what the entry names; rooms above know packages.
    """
    findings: list[Finding] = []
    files = FileReport()
    with ExitStack() as held:
        try:
            held.enter_context(sequencer.locked())
        except (LedgerError, OSError, DatabaseError) as error:  # the files can be read all the same
            findings.append(Finding(getattr(error, "code", "database.unreadable"), str(error)[:200]))
        else:
            findings += _finish()
        try:
            files = check_files()
        except OSError as error:
            findings.append(Finding("log.unreadable", str(error)[:200]))
        findings += [*files.findings, *check_witness(files), *check_rows(files)]
    findings += _packages(files, packages)
    return AuditReport(files.size, files.root.hex(), findings)


def audit(packages: PackageCheck | None = None) -> list[Finding]:
    """Audit the log and give what is wrong; see `run`."""
    return run(packages).findings
