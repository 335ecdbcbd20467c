# SPDX-License-Identifier: Apache-2.0
"""Lock the door from inside: what a fresh child does to itself before it touches anything of a stranger's."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from digitize import programs
from digitize.sandbox import kernel, landlock, limits, seccomp

_NEWUSER, _NEWNET, _NEWIPC = 0x10000000, 0x40000000, 0x08000000

# What Python and the numeric libraries read of the system; no accounts, no other process, no sockets.
_SYSTEM = (
    "/usr", "/lib", "/lib64", "/lib32", "/opt/lib", "/etc/ld.so.cache", "/etc/ld.so.conf", "/etc/ld.so.conf.d", "/etc/localtime",
    "/etc/alternatives", "/etc/mime.types", "/etc/apache2/mime.types", "/etc/httpd", "/nix/store", "/proc/cpuinfo", "/proc/meminfo", "/proc/stat", "/proc/self", "/proc/sys/vm/overcommit_memory",
    "/sys/devices/system/cpu", "/sys/devices/system/node", "/dev/null", "/dev/zero", "/dev/urandom", "/dev/random",
)  # fmt: skip
# Where a step may start a program, the folders of programs cannot be read, so that no loader can start another one.
_WITHOUT_PROGRAMS = {"/usr": ("/usr/lib", "/usr/lib32", "/usr/lib64", "/usr/libx32", "/usr/share", "/usr/local/lib", "/usr/local/share")}
_DEVICES = ("/dev/null",)


def confine(*, read: Iterable[Path], write: Iterable[Path], bounds: dict[str, Any], run: Iterable[Path] = ()) -> list[str]:
    """Apply everything this host offers, strongest last.

    Parameters
    ----------
    read, write
        Folders of the job; the system's own libraries are added.
    bounds
        `StepLimits.as_json`.
    run
        Outside programs that may be started, and nothing else.

    Returns
    -------
    The names of what is in force.

    Raises
    ------
    OSError
        Where a mechanism that is offered refuses its rules.
    """
    started = list(run)
    force = limits.apply(bounds)
    if not kernel.LINUX:
        return force
    kernel.prctl(kernel.PR_SET_PDEATHSIG, int(signal.SIGKILL))
    if started:
        # What a program leaves behind becomes this process's child again, where the watchdog counts it.
        kernel.prctl(kernel.PR_SET_CHILD_SUBREAPER, 1)
    force += _namespaces()
    kernel.prctl(kernel.PR_SET_NO_NEW_PRIVS, 1)
    force.append("no-new-privileges")
    force += _no_capabilities()
    force += landlock.restrict(
        read=[*(_program_paths(started) if started else system_paths()), *read],
        write=[*map(Path, _DEVICES), *write],
        run=[path for one in started for path in programs.run_paths(one)],
    )
    return force + seccomp.restrict(programs=bool(started))


def _prefixes() -> list[Path]:
    return [Path(prefix) for prefix in sorted({sys.prefix, sys.base_prefix, sys.exec_prefix, sys.base_exec_prefix})]


def system_paths() -> list[Path]:
    """List what the interpreter itself needs to read."""
    return [*map(Path, _SYSTEM), *_prefixes()]


def _program_paths(started: list[Path]) -> list[Path]:
    """List what the interpreter and these programs need to read, without the folders that hold programs."""
    system = [Path(part) for name in _SYSTEM for part in _WITHOUT_PROGRAMS.get(name, (name,))]
    inside = [prefix / part for prefix in _prefixes() for part in ("lib", "lib64", "share", "pyvenv.cfg")]
    return [*system, *inside, *(path for one in started for path in programs.read_paths(one))]


def _namespaces() -> list[str]:
    """Leave the network and the shared memory behind, where an unprivileged process may."""
    uid, gid = os.getuid(), os.getgid()
    try:
        kernel.unshare(_NEWUSER | _NEWNET | _NEWIPC)
    except OSError:
        return []
    try:
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/uid_map").write_text(f"{uid} {uid} 1")
        Path("/proc/self/gid_map").write_text(f"{gid} {gid} 1")
    except OSError:  # unmapped, it is nobody, which is as good here
        pass
    return ["user-namespace", "network-namespace"]


def _no_capabilities() -> list[str]:
    """Give up root's powers, also those that a user namespace lends."""
    try:
        kernel.drop_capabilities()
    except (OSError, KeyError):
        return []
    return ["no-capabilities"]
