# SPDX-License-Identifier: Apache-2.0
"""The few kernel calls that Python does not offer, by ctypes; Linux only."""

from __future__ import annotations

import ctypes
import os
import platform
import sys

PR_SET_PDEATHSIG = 1
PR_SET_SECCOMP = 22
PR_CAPBSET_DROP = 24
PR_SET_CHILD_SUBREAPER = 36
PR_SET_NO_NEW_PRIVS = 38

LINUX = sys.platform.startswith("linux")
MACHINE = platform.machine()

_libc = ctypes.CDLL(None, use_errno=True) if LINUX else None


def call(number: int, *args: object) -> int:
    """Make a system call by number.

    Raises
    ------
    OSError
        With the kernel's errno.
    """
    assert _libc is not None
    result = int(_libc.syscall(ctypes.c_long(number), *[ctypes.c_long(arg) if isinstance(arg, int) else arg for arg in args]))
    if result < 0:
        errno = ctypes.get_errno()
        raise OSError(errno, os.strerror(errno))
    return result


def prctl(option: int, value: int | ctypes.c_void_p = 0, third: int | ctypes.c_void_p = 0) -> int:
    """Change a property of this process.

    Raises
    ------
    OSError
        With the kernel's errno.
    """
    assert _libc is not None
    args = [ctypes.c_ulong(arg) if isinstance(arg, int) else arg for arg in (value, third, 0, 0)]
    result = int(_libc.prctl(option, *args))
    if result < 0:
        errno = ctypes.get_errno()
        raise OSError(errno, os.strerror(errno))
    return result


def unshare(flags: int) -> None:
    """Leave the shared namespaces named by `flags`.

    Raises
    ------
    OSError
        Where the host does not offer it.
    """
    assert _libc is not None
    if _libc.unshare(ctypes.c_int(flags)) < 0:
        errno = ctypes.get_errno()
        raise OSError(errno, os.strerror(errno))


def drop_capabilities() -> None:
    """Give up every capability, also inside a user namespace, for good.

    Raises
    ------
    OSError
        With the kernel's errno.

    Source: capabilities(7); capset's version 3 structures.
    """
    numbers = {"x86_64": 126, "aarch64": 91}
    header = (ctypes.c_uint32 * 2)(0x20080522, 0)
    data = (ctypes.c_uint32 * 6)()
    for capability in range(64):
        try:
            prctl(PR_CAPBSET_DROP, capability)
        except OSError:  # not privileged to, or past the last one
            break
    call(numbers[MACHINE], ctypes.byref(header), ctypes.byref(data))
