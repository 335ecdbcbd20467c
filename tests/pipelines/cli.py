# SPDX-License-Identifier: Apache-2.0
"""Run `manage.py` as a user does: own process, own data folder."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]


@dataclass
class Instance:
    """A data folder and the commands over it. Always SQLite: what is tested is the processes."""

    data: Path

    @property
    def environment(self) -> dict[str, str]:
        kept = {
            name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "DJANGO_SETTINGS_MODULE", "QILU_SECRET_KEY")
        }
        return {**kept, "QILU_DATA": str(self.data), "LC_ALL": "C.UTF-8"}

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


def copy_of(template: Path, target: Path) -> Instance:
    shutil.copytree(template, target)
    return Instance(target)


def files_below(folder: Path) -> set[str]:
    """Name every file below a folder, except what a database and locks leave."""
    return {
        str(path.relative_to(folder))
        for path in folder.rglob("*")
        if path.is_file() and "sqlite3" not in path.name and "lock" not in path.name
    }
