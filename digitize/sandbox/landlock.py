# SPDX-License-Identifier: Apache-2.0
"""Landlock: this process may read these folders, write those, and nothing else.

Source: the kernel's userspace-api/landlock documentation; the same numbers on every architecture.
"""

from __future__ import annotations

import ctypes
import os
import stat
from collections.abc import Iterable
from pathlib import Path

from digitize.sandbox import kernel

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_RULE_PATH_BENEATH = 1
_VERSION = 1

_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR = 1 << 0, 1 << 1, 1 << 2, 1 << 3
_TRUNCATE, _IOCTL_DEV = 1 << 14, 1 << 15
_FILE_RIGHTS = _EXECUTE | _WRITE_FILE | _READ_FILE | _TRUNCATE | _IOCTL_DEV
# Rights grew with the interface's version; asking an older kernel for a newer one is an error.
_RIGHTS_BY_ABI = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1, 4: (1 << 15) - 1, 5: (1 << 16) - 1}
_NET_BIND_CONNECT = 0b11
_SCOPE_SOCKETS_SIGNALS = 0b11


class _Attributes(ctypes.Structure):
    _fields_ = [("fs", ctypes.c_uint64), ("net", ctypes.c_uint64), ("scoped", ctypes.c_uint64)]


class _PathBeneath(ctypes.Structure):
    _pack_ = 1
    _fields_ = [("allowed", ctypes.c_uint64), ("parent", ctypes.c_int32)]


def abi() -> int:
    """Give the kernel's Landlock version, 0 where there is none."""
    if not kernel.LINUX:
        return 0
    try:
        return kernel.call(_CREATE_RULESET, ctypes.c_void_p(None), 0, _VERSION)
    except OSError:
        return 0


def restrict(*, read: Iterable[Path], write: Iterable[Path], run: Iterable[Path] = ()) -> list[str]:
    """Confine this process, for good and for its children; needs no-new-privileges set.

    Parameters
    ----------
    read
        Files and folders that may be read; absent ones are skipped.
    write
        Folders in which everything but devices may be done.
    run
        Programs that may be started.

    Returns
    -------
    ``landlock`` where it is in force, else nothing.

    Raises
    ------
    OSError
        Where the kernel offers Landlock and refuses the rules: then nothing may run.
    """
    version = abi()
    if not version:
        return []
    rights = _RIGHTS_BY_ABI[min(version, 5)]
    attributes = _Attributes(rights, _NET_BIND_CONNECT if version >= 4 else 0, _SCOPE_SOCKETS_SIGNALS if version >= 6 else 0)
    size = 24 if version >= 6 else 16 if version >= 4 else 8
    ruleset = kernel.call(_CREATE_RULESET, ctypes.byref(attributes), size, 0)
    try:
        for path in read:
            _allow(ruleset, path, rights & (_READ_FILE | _READ_DIR))
        for path in run:
            _allow(ruleset, path, rights & (_READ_FILE | _EXECUTE))
        for path in write:
            _allow(ruleset, path, rights & ~_EXECUTE)
        kernel.call(_RESTRICT_SELF, ruleset, 0)
    finally:
        os.close(ruleset)
    return ["landlock"]


def _allow(ruleset: int, path: Path, rights: int) -> None:
    """Add one rule; a rule for a single file may name only rights that files have."""
    try:
        handle = os.open(path, getattr(os, "O_PATH", 0) | os.O_CLOEXEC)
    except OSError:
        return
    try:
        if not stat.S_ISDIR(os.fstat(handle).st_mode):
            rights &= _FILE_RIGHTS
        kernel.call(_ADD_RULE, ruleset, _RULE_PATH_BENEATH, ctypes.byref(_PathBeneath(rights, handle)), 0)
    finally:
        os.close(handle)
