# SPDX-License-Identifier: Apache-2.0
"""Where the environment lies and how it remembers what it was made from."""

from __future__ import annotations

import hashlib
import json
import os
import sys
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Layout:
    """The folders of one checkout."""

    root: Path

    @property
    def venv(self) -> Path:
        """Give the environment's folder."""
        return self.root / ".venv"

    @property
    def python(self) -> Path:
        """Give the environment's interpreter."""
        return self.program("python")

    @property
    def vendor(self) -> Path:
        """Give the folder of front-end files that the site serves."""
        return self.root / "vendor"

    @property
    def node_modules(self) -> Path:
        """Give the folder of npm packages that only the tests need."""
        return self.root / "node_modules"

    @property
    def node_home(self) -> Path:
        """Give the folder that Node lies in where the machine has none of its own."""
        return self.venv / "share" / "node"

    @property
    def programs(self) -> Path:
        """Give the folder of the programs that npm carries, which steps may start."""
        return self.venv / "share" / "programs"

    @property
    def log(self) -> Path:
        """Give the file that the installers' own words go to."""
        return self.venv / "bootstrap.log"

    def program(self, name: str) -> Path:
        """Give the path of a program inside the environment."""
        return self.venv / ("Scripts" if os.name == "nt" else "bin") / (f"{name}.exe" if os.name == "nt" else name)

    def requirements(self, *, development: bool) -> Path:
        """Give the lock of a profile."""
        return self.root / ("requirements-dev.lock" if development else "requirements.lock")

    def lock_of(self, name: str) -> Path:
        """Give the lock of an extra."""
        return self.root / f"requirements-{name}.lock"


def digest(*paths: Path) -> str:
    """Hash files together with their names."""
    total = hashlib.sha256()
    for path in paths:
        content = path.read_bytes()
        total.update(f"{path.name}\0{len(content)}\0".encode())
        total.update(content)
    return total.hexdigest()


def read_stamp(path: Path) -> dict[str, object]:
    """Read a stamp; an absent or broken one is empty."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def write_stamp(path: Path, content: dict[str, object]) -> None:
    """Write a stamp in one step, so that a killed install never looks finished."""
    fresh = path.with_name(f"{path.name}.{os.getpid()}")
    fresh.write_text(json.dumps(content, sort_keys=True), encoding="utf-8")
    fresh.replace(path)


def inside_environment() -> bool:
    """Tell whether this interpreter belongs to a virtual environment, which is then used as it is."""
    return sys.prefix != sys.base_prefix
