# SPDX-License-Identifier: Apache-2.0
"""What a running step uses, read from outside it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

_PAGE = os.sysconf("SC_PAGE_SIZE")
_PROC = Path("/proc")


@dataclass(frozen=True, slots=True)
class Usage:
    """Resident memory in bytes of a process and its descendants, and how many threads they have together."""

    memory: int
    threads: int


def offered() -> bool:
    """Say whether this system shows a process's memory as files."""
    return (_PROC / "self" / "statm").exists()


def usage(pid: int) -> Usage:
    """Read what a process and its descendants use now; what has just ended counts as nothing."""
    memory = threads = 0
    waiting = [pid]
    # The bound keeps a fork bomb from making this look endless; it is far above any limit on threads.
    for _ in range(4096):
        if not waiting:
            break
        one, tasks, children = _process(waiting.pop())
        memory, threads = memory + one, threads + tasks
        waiting += children
    return Usage(memory, threads)


def _process(pid: int) -> tuple[int, int, list[int]]:
    """Read one process: resident bytes, threads, children."""
    folder = _PROC / str(pid)
    try:
        resident = int((folder / "statm").read_text().split()[1]) * _PAGE
        tasks = os.listdir(folder / "task")  # noqa: PTH208 - ten times a second: names are enough
        children = [int(child) for task in tasks[:64] for child in (folder / "task" / task / "children").read_text().split()]
    except (OSError, IndexError, ValueError):
        return 0, 0, []
    return resident, len(tasks), children


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
