# SPDX-License-Identifier: Apache-2.0
"""A served site with the demo's people, and a browser; skipped, saying so, where there is no Chromium."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.commands import Instance
from tests.journey.browser import ARGUMENTS, chromium, served

SEED = "from cms.demo import load; load.places_and_institutions(); load.users()"


@dataclass
class Site:
    """Where the site answers, whose it is, and where pictures of it go."""

    url: str
    instance: Instance
    users: dict[str, dict[str, Any]]
    pictures: Path | None


@pytest.fixture(scope="session")
def site(template: Instance, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Serve a data folder; set QILU_SCREENSHOTS to a folder to keep the pictures."""
    instance = template.copy(tmp_path_factory.mktemp("site") / "data")
    seeded = instance.run("shell", "-v0", "-c", SEED)
    assert seeded.returncode == 0, seeded.stderr[-2000:]
    passwords = json.loads((instance.data / "demo-users.json").read_text())
    pictures = Path(os.environ["QILU_SCREENSHOTS"]) if os.environ.get("QILU_SCREENSHOTS") else None
    with served(instance) as url:
        yield Site(url, instance, {name: {"name": name, "password": password} for name, password in passwords.items()}, pictures)
    instance.drop()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Start Debian's Chromium."""
    program = chromium()
    if program is None:
        pytest.skip("there is no Chromium: apt install chromium")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        yield started
        started.close()
