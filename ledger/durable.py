# SPDX-License-Identifier: Apache-2.0
"""Files that survive a power cut: written beside, flushed, moved into place, the folder flushed too."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from ledger.errors import LedgerError


def try_lock(stream: IO[bytes]) -> bool:
    """Lock an open file if nobody else has it, and tell whether that worked."""
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(stream.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def sync_folder(folder: Path) -> None:
    """Flush a folder's list of names to disk, where the system knows such a thing."""
    if sys.platform == "win32":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def make_folder(folder: Path, mode: int = 0o755) -> None:
    """Make a folder and its parents, each name flushed."""
    if not folder.is_dir():
        make_folder(folder.parent)
        folder.mkdir(mode=mode, exist_ok=True)
        sync_folder(folder.parent)


def write(path: Path, data: bytes, *, scratch: Path, mode: int = 0o644) -> None:
    """Write a file in one step: before it the old bytes are there, after it the new ones, never a mixture.

    `scratch` is a file name on the same volume; whoever holds the lock of `path` alone may use it.
    """
    make_folder(scratch.parent)
    handle = os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    with os.fdopen(handle, "wb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())
    make_folder(path.parent)
    scratch.replace(path)
    sync_folder(path.parent)


def remove(path: Path) -> None:
    """Remove a file, if it is there, for good."""
    path.unlink(missing_ok=True)
    if path.parent.is_dir():
        sync_folder(path.parent)


@contextmanager
def locked(path: Path, *, seconds: float = 60) -> Iterator[None]:
    """Hold a lock on a file; the kernel frees it when the process dies.

    Raises
    ------
    LedgerError
        `log.busy` where another holds it for longer than `seconds`.
    """
    make_folder(path.parent)
    with path.open("ab") as stream:
        deadline = time.monotonic() + seconds
        while not try_lock(stream):
            if time.monotonic() > deadline:
                raise LedgerError("log.busy", seconds=seconds)
            time.sleep(0.02)
        yield
