# SPDX-License-Identifier: Apache-2.0
"""The files of the log against the witness's memory."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from ledger.audit.findings import FileReport, Finding
from ledger.errors import LedgerError
from ledger.witness import Witness


def check_witness(files: FileReport) -> Iterator[Finding]:
    """Hold the newest head against the one the witness remembers."""
    folder = Path(settings.DATA_DIR) / "witness"
    if not folder.exists() and not Path(settings.LOG_DIR).exists():
        return
    try:
        seen = Witness(folder).recall()[1]
    except LedgerError as error:
        yield Finding(error.code, error.message)
        return
    if (seen.size, seen.root) != (files.size, files.root):
        yield Finding(
            "witness.contradiction", f"the witness has seen {seen.size} entries, the log's files have {files.size}, or another root"
        )
