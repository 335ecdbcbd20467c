# SPDX-License-Identifier: Apache-2.0
"""`manage.py test`: the checks that read the code, then the tests; what `.ci/run` calls."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand

QUICK = "not journey and not service and not slow"
MOST_WORKERS = 4


@dataclass(frozen=True)
class Stage:
    """One check: its name and the program that makes it."""

    name: str
    command: tuple[str, ...]


def static_stages() -> list[Stage]:
    """Give the checks that read the code without running it."""
    folder = Path(sys.executable).parent
    python = sys.executable
    return [
        Stage("ruff check", (python, "-m", "ruff", "check", ".")),
        Stage("ruff format", (python, "-m", "ruff", "format", "--check", ".")),
        Stage("mypy", (python, "-m", "mypy", ".")),
        Stage("import-linter", (str(folder / "lint-imports"),)),
        Stage("migrations", (python, "manage.py", "makemigrations", "--check", "--dry-run")),
    ]


def pytest_stage(arguments: list[str], *, quick: bool) -> Stage:
    """Give the tests' stage; without a word about workers, two to four share the work."""
    chosen = list(arguments)
    if quick:
        chosen = ["-m", QUICK, *chosen]
    if not any(argument.startswith(("-n", "--numprocesses", "-p")) for argument in chosen):
        chosen = ["-n", str(min(MOST_WORKERS, os.cpu_count() or 1)), *chosen]
    return Stage("pytest", (sys.executable, "-m", "pytest", *chosen))


def stages(arguments: list[str]) -> list[Stage]:
    """Choose the stages: everything, with --quick the quick tests only, with pytest's own arguments those tests only."""
    quick = "--quick" in arguments
    rest = [argument for argument in arguments if argument != "--quick"]
    tests = pytest_stage(rest, quick=quick)
    return [tests] if quick or rest else [*static_stages(), tests]


class Command(BaseCommand):
    """Run every check of the project, or the tests that the arguments name."""

    help = "Run ruff, mypy, import-linter, the migration check and pytest; --quick for the quick tests only; other arguments go to pytest."
    requires_system_checks = []

    def run_from_argv(self, argv: list[str]) -> None:
        """Hand every argument but --quick to pytest, which knows them best."""
        if {"-h", "--help"} & set(argv[2:]):
            self.print_help(argv[0], argv[1])
            return
        sys.exit(self.run_stages(stages(argv[2:])))

    def run_stages(self, chosen: list[Stage]) -> int:
        """Run the stages one after the other, all of them, and sum up; 1 where any failed."""
        failed = [stage.name for stage in chosen if not self.passes(stage)]
        if failed:
            self.stdout.write(f"FAILED: {', '.join(failed)}")
        return 1 if failed else 0

    def passes(self, stage: Stage) -> bool:
        """Run one stage and say how it went."""
        self.stdout.write(f"== {stage.name}")
        self.stdout.flush()
        before = time.monotonic()
        environment = {key: value for key, value in os.environ.items() if key != "DJANGO_SETTINGS_MODULE"}
        ended = subprocess.run(stage.command, cwd=settings.BASE_DIR, env=environment, check=False)
        verdict = "passed" if ended.returncode == 0 else f"FAILED with {ended.returncode}"
        self.stdout.write(f"== {stage.name} {verdict} after {time.monotonic() - before:.0f} s\n\n")
        return ended.returncode == 0
