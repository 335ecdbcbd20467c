# SPDX-License-Identifier: Apache-2.0
"""What this host offers to lock a step in, found by locking in a process that does nothing."""

from __future__ import annotations

import functools
import tempfile
from collections.abc import Collection
from pathlib import Path

from digitize.sandbox.launch import Job, launch
from digitize.sandbox.limits import StepLimits


@functools.cache
def _found() -> tuple[str, ...]:
    """Start one process and hear what came into force."""
    with tempfile.TemporaryDirectory(prefix="qilu-detect-") as name:
        out, scratch = Path(name, "out"), Path(name, "scratch")
        out.mkdir()
        scratch.mkdir()
        job = Job("digitize.sandbox.idle", {}, out, scratch, {}, Path(name, "log.txt"))
        return tuple(launch(job, StepLimits(wall_seconds=60.0), lambda _fraction, _message: None).isolation)


def detect() -> list[str]:
    """Name the mechanisms that come into force on this host, sorted; tried once per process.

    ``rlimits``, ``process-group``, ``watchdog`` (memory and threads), ``no-new-privileges``, ``no-capabilities``,
    ``user-namespace``, ``network-namespace``, ``landlock`` (files), ``seccomp`` (sockets, processes, signals).
    """
    return list(_found())


def isolated(names: Collection[str]) -> bool:
    """Say whether a run with these in force may be called isolated: files confined, network gone, limits set."""
    return "landlock" in names and "rlimits" in names and ("seccomp" in names or "network-namespace" in names)
