# SPDX-License-Identifier: Apache-2.0
"""What the machine itself must offer: room, a venv module, and the libraries that open3d's wheel leaves to the system."""

from __future__ import annotations

import ctypes
import importlib.util
import os
import platform
import re
import shutil
import sys
from pathlib import Path

from cms.bootstrap.errors import MissingError
from cms.bootstrap.running import run, say

NEEDED_BYTES = 4 * 1024**3
OPEN3D_GLIBC = (2, 35)
OPEN3D_LIBRARIES = {"libGL.so.1": "libgl1", "libEGL.so.1": "libegl1", "libX11.so.6": "libx11-6", "libgomp.so.1": "libgomp1"}


def check_room(folder: Path, needed_bytes: int = NEEDED_BYTES) -> None:
    """Refuse a folder that cannot be written to, or whose disk is too full to install into.

    Raises
    ------
    MissingError
        `system.read-only` or `system.disk`.
    """
    if not os.access(folder, os.W_OK):
        raise MissingError("system.read-only", folder=folder)
    free = shutil.disk_usage(folder).free
    if free < needed_bytes:
        raise MissingError("system.disk", folder=folder, free=f"{free / 1024**3:.1f}", needed=needed_bytes // 1024**3)


def check_venv_module() -> None:
    """Refuse a Python that cannot make environments (Debian packs that part apart).

    Raises
    ------
    MissingError
        `system.venv`.
    """
    if importlib.util.find_spec("ensurepip") is None or importlib.util.find_spec("venv") is None:
        raise MissingError("system.venv")


def open3d_runs_here() -> bool:
    """Tell whether open3d's Linux wheel fits this machine's C library; elsewhere the lock's markers decide."""
    if not sys.platform.startswith("linux"):
        return True
    name, version = platform.libc_ver()
    numbers = tuple(int(part) for part in re.findall(r"\d+", version)[:2])
    return name == "glibc" and numbers >= OPEN3D_GLIBC


def without_package(lock: str, name: str) -> str:
    """Take one package's block out of a lock's text.

    Parameters
    ----------
    lock
        Requirements with hashes, each block beginning at the line's start and going on in indented lines.
    name
        The package's name as the lock spells it.
    """
    kept: list[str] = []
    dropping = False
    for line in lock.splitlines(keepends=True):
        if not line[:1].isspace():
            dropping = line.startswith(f"{name}==")
        if not dropping:
            kept.append(line)
    return "".join(kept)


def _lacks(library: str) -> bool:
    """Tell whether the dynamic loader finds no such library."""
    try:
        ctypes.CDLL(library)
    except OSError:
        return True
    return False


def provide_open3d_libraries(log: Path) -> None:
    """Install the Debian packages that open3d's wheel needs where we may, else name them; the trunk goes on without."""
    if not sys.platform.startswith("linux") or platform.machine() != "x86_64" or not open3d_runs_here():
        return
    packages = [package for library, package in OPEN3D_LIBRARIES.items() if _lacks(library)]
    if not packages:
        return
    by_hand = f"open3d finds no {', '.join(packages)}; without them ray casting is left out. Mend: apt install {' '.join(packages)}"
    if os.name != "posix" or os.geteuid() != 0 or shutil.which("apt-get") is None:
        say(by_hand)
        return
    say(f"installing the Debian packages {' '.join(packages)} (open3d needs them)")
    quiet = {"DEBIAN_FRONTEND": "noninteractive"}
    run(["apt-get", "update", "-q"], log=log, environment=quiet)
    if not run(["apt-get", "install", "-y", "-q", "--no-install-recommends", *packages], log=log, environment=quiet).ok:
        say(by_hand)
