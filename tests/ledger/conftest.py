# SPDX-License-Identifier: Apache-2.0
"""A log of its own for each test."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from ledger.domain import record
from ledger.models import Entry
from ledger.sequencer import sequence

Writer = Callable[..., Entry]


@pytest.fixture
def log(db: None, tmp_path: Path, settings: Any) -> Path:
    """Give an empty log with fresh keys and a fresh witness, and its data folder."""
    data = tmp_path / "data"
    settings.DATA_DIR, settings.LOG_DIR, settings.KEYS_DIR = data, data / "log", data / "keys"
    settings.BASE_URL = "http://127.0.0.1:8000"
    return data


@pytest.fixture
def write(log: Path) -> Writer:
    """Give a function that records one entry in a transaction of its own."""

    def one(kind: str = "ingest.receive", **values: object) -> Entry:
        with transaction.atomic():
            return record(kind, **{"subject_kind": "asset", "subject_id": "a1", **values})  # type: ignore[arg-type]

    return one


@pytest.fixture
def grow(write: Writer) -> Callable[[int], list[Entry]]:
    """Give a function that records and numbers so many entries."""

    def many(count: int) -> list[Entry]:
        rows = [
            write(subject_id=f"a{number % 7}", digest=f"d{number}", facts={"number": number, "half": number / 2}) for number in range(count)
        ]
        sequence()
        return rows

    return many
