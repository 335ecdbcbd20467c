# SPDX-License-Identifier: Apache-2.0
"""Running a program and counting what it and its children used."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings


@dataclass(frozen=True)
class Used:
    """What a program said and used: CPU seconds with its children, peak memory of the process itself in bytes."""

    out: str
    err: str
    cpu_seconds: float
    peak_bytes: int


def measure(command: Sequence[str | Path], *, environment: Mapping[str, str], folder: Path) -> Used:
    """Run a program to its end.

    Raises
    ------
    RuntimeError
        Where it fails, with its last words.
    """
    out, err = folder / "out.txt", folder / "err.txt"
    with out.open("wb") as first, err.open("wb") as second:
        child = subprocess.Popen(
            [str(word) for word in command], env={**os.environ, **environment}, stdout=first, stderr=second, cwd=settings.BASE_DIR
        )
        _pid, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
    said = err.read_text(errors="replace")
    if child.returncode:
        raise RuntimeError(f"{command[0]} ended with {child.returncode}: {said[-600:]}")
    unit = 1 if sys.platform == "darwin" else 1024
    return Used(out.read_text(errors="replace"), said, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * unit)
