# SPDX-License-Identifier: Apache-2.0
"""What a running step uses, read from outside it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

_PAGE = os.sysconf("SC_PAGE_SIZE")
_TICKS = os.sysconf("SC_CLK_TCK")
_PROC = Path("/proc")


@dataclass(frozen=True, slots=True)
class Usage:
    """Of a process and its descendants: resident memory in bytes, threads, processor time in seconds (of ended children too)."""

    memory: int
    threads: int
    cpu_seconds: float


def offered() -> bool:
    """Say whether this system shows a process's memory as files."""
    return (_PROC / "self" / "statm").exists()


def usage(pid: int) -> Usage:
    """Read what a process and its descendants use now; what has just ended counts as nothing."""
    memory = threads = ticks = 0
    waiting = [pid]
    # The bound keeps a fork bomb from making this look endless; it is far above any limit on threads.
    for _ in range(4096):
        if not waiting:
            break
        one, tasks, spent, children = _process(waiting.pop())
        memory, threads, ticks = memory + one, threads + tasks, ticks + spent
        waiting += children
    return Usage(memory, threads, ticks / _TICKS)


def _process(pid: int) -> tuple[int, int, int, list[int]]:
    """Read one process: resident bytes, threads, clock ticks of it and of the children it has waited for, children.

    Source: proc(5), ``stat``: fields 14 to 17, counted after the name in brackets.
    """
    folder = _PROC / str(pid)
    try:
        spent = sum(int(field) for field in (folder / "stat").read_text().rpartition(")")[2].split()[11:15])
        resident = int((folder / "statm").read_text().split()[1]) * _PAGE
        tasks = os.listdir(folder / "task")  # noqa: PTH208 - ten times a second: names are enough
        children = [int(child) for task in tasks[:64] for child in (folder / "task" / task / "children").read_text().split()]
    except (OSError, IndexError, ValueError):
        return 0, 0, 0, []
    return resident, len(tasks), spent, children


def folder_bytes(folder: Path) -> int:
    """Add up the sizes of all files below a folder; what vanishes while looking counts as nothing."""
    total = 0
    for root, _, names in os.walk(folder):
        for name in names:
            try:
                total += os.lstat(os.path.join(root, name)).st_size  # noqa: PTH118 - called often on many files
            except OSError:
                continue
    return total
