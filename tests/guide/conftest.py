# SPDX-License-Identifier: Apache-2.0
"""Pages of one test are not answered from another's memory."""

from __future__ import annotations

import pytest

from cms.middleware import memory


@pytest.fixture(autouse=True)
def no_pages_kept() -> None:
    memory.clear()
