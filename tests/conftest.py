# SPDX-License-Identifier: Apache-2.0
"""What all tests share: the cast, and a data folder that is fresh for each test that touches it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from assets.search import base as search_base
from cms.middleware import memory as pages
from tests.cast import *  # noqa: F403 - fixtures
from tests.commands import instance, other, template  # noqa: F401 - fixtures

SHARED = Path(__file__).resolve().parents[2] / "shared"


@pytest.fixture(autouse=True)
def fresh_data() -> Iterator[None]:
    """Empty the data folder after each test, so that none sees another's log, store or index."""
    yield
    search_base._build.cache_clear()
    pages.clear()
    for entry in settings.DATA_DIR.iterdir() if settings.DATA_DIR.is_dir() else ():
        shutil.rmtree(entry, ignore_errors=True) if entry.is_dir() else entry.unlink(missing_ok=True)


@pytest.fixture(scope="session")
def spot() -> Path:
    """Give the folder of the real scan, or skip."""
    folder = SHARED / "data" / "scans" / "spot"
    if not folder.is_dir():
        pytest.skip("../shared/data is not beside this checkout")
    return folder
