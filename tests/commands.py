# SPDX-License-Identifier: Apache-2.0
"""Run `manage.py` as a user does: own process, own data folder, own database."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.databases import Place

ROOT = Path(__file__).resolve().parents[1]


class Instance(Place):
    """A data folder, its database, and the commands over both."""

    def command(self, *words: str | Path) -> list[str]:
        return [sys.executable, str(ROOT / "manage.py"), *map(str, words)]

    def start(self, *words: str | Path) -> subprocess.Popen[str]:
        return subprocess.Popen(
            self.command(*words), env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT
        )

    def run(self, *words: str | Path) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            self.command(*words), env=self.environment, capture_output=True, text=True, cwd=ROOT, timeout=600, check=False
        )

    def json(self, *words: str | Path, status: int = 0) -> dict[str, Any]:
        done = self.run(*words, "--json")
        assert done.returncode == status, done.stderr[-2000:] + done.stdout[-2000:]
        answer: dict[str, Any] = json.loads(done.stdout)
        return answer


def files_below(folder: Path) -> set[str]:
    """Name every file below a folder, except what a database and locks leave."""
    return {
        str(path.relative_to(folder))
        for path in folder.rglob("*")
        if path.is_file() and "sqlite3" not in path.name and "lock" not in path.name
    }


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Instance]:
    made = Instance.fresh(tmp_path_factory.mktemp("template") / "data")
    assert made.json("list") == {"assets": []}
    yield made
    made.drop()


@pytest.fixture
def instance(template: Instance, tmp_path: Path) -> Iterator[Instance]:
    copied = template.copy(tmp_path / "data")
    yield copied
    copied.drop()


@pytest.fixture
def other(tmp_path: Path) -> Iterator[Instance]:
    """Give a second instance that does not exist yet."""
    made = Instance.fresh(tmp_path / "other")
    yield made
    made.drop()
