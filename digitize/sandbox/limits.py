# SPDX-License-Identifier: Apache-2.0
"""How much one step may use, and what of it the kernel enforces by resource limits."""

from __future__ import annotations

import os
import resource
import signal
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

GIB = 1 << 30
MIB = 1 << 20


@dataclass(frozen=True, slots=True)
class StepLimits:
    """Bounds of one step; every default suits a scan of a few million triangles.

    Attributes
    ----------
    memory_bytes
        Resident memory, watched from outside ten times a second.
    address_bytes
        Address space (the kernel's limit, which catches a leap between two looks). ``None`` means
        memory plus 16 GiB: WebAssembly and C++ thread pools reserve much more than they touch.
    cpu_seconds, wall_seconds
        Processor time of the process, and time on the clock.
    file_bytes, out_bytes
        The largest single file, and everything the step leaves.
    open_files, threads, result_bytes
        Open descriptors; threads and processes together; the size of the returned facts.
    require
        Mechanisms (names of `digitize.sandbox.detect`) without which the step must not run.
    readable
        Further folders that steps may read, such as a plug-in's code.
    """

    memory_bytes: int = 3 * GIB
    address_bytes: int | None = None
    cpu_seconds: int = 600
    wall_seconds: float = 1800.0
    file_bytes: int = 4 * GIB
    out_bytes: int = 8 * GIB
    open_files: int = 256
    threads: int = 128
    result_bytes: int = 16 * MIB
    require: frozenset[str] = frozenset()
    readable: tuple[Path, ...] = ()

    @property
    def address_space(self) -> int:
        """Give the address space in bytes that the kernel enforces."""
        return self.memory_bytes + 16 * GIB if self.address_bytes is None else self.address_bytes

    def times(self, patience: int) -> StepLimits:
        """Give the same limits with more time, on the processor and on the clock."""
        return replace(self, cpu_seconds=self.cpu_seconds * patience, wall_seconds=self.wall_seconds * patience)

    def as_json(self) -> dict[str, Any]:
        """Give what the child must set on itself."""
        return {
            "address_space": self.address_space,
            "cpu_seconds": self.cpu_seconds,
            "file_bytes": self.file_bytes,
            "open_files": self.open_files,
            "require": sorted(self.require),
        }


def apply(limits: dict[str, Any]) -> list[str]:
    """Set the kernel's limits on this process; hard limits, so that it cannot raise them again.

    Returns
    -------
    The name ``rlimits``, or nothing where the system took none of them.
    """
    cpu = int(limits["cpu_seconds"])
    wanted = [
        (resource.RLIMIT_CORE, 0, 0),
        # The soft limit ends the process by SIGXCPU, whose name we record; the hard one is the backstop.
        (resource.RLIMIT_CPU, cpu, cpu + 2),
        (resource.RLIMIT_FSIZE, limits["file_bytes"], limits["file_bytes"]),
        (resource.RLIMIT_NOFILE, limits["open_files"], limits["open_files"]),
        (resource.RLIMIT_AS, limits["address_space"], limits["address_space"]),
    ]
    done = [_set(which, soft, hard) for which, soft, hard in wanted]
    # Python ignores this signal, and a C++ writer may ignore the error: dying is the clear answer.
    signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
    os.umask(0o077)
    return ["rlimits"] if all(done) else []


def _set(which: int, soft: int, hard: int) -> bool:
    """Set one limit, never above what this process already has."""
    ceiling = resource.getrlimit(which)[1]
    if ceiling != resource.RLIM_INFINITY:
        soft, hard = min(soft, ceiling), min(hard, ceiling)
    try:
        resource.setrlimit(which, (soft, hard))
    except (OSError, ValueError):  # macOS refuses some of them
        return False
    return True
