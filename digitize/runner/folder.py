# SPDX-License-Identifier: Apache-2.0
"""A step's folder on disk: hashed, flushed, renamed whole, read back only when it is sound."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import stat
from dataclasses import asdict
from pathlib import Path
from typing import Any

from digitize.recipe import canonical
from digitize.runner.model import FileDigest, StepOutcome

OUTCOME, OUT, LOG = "outcome.json", "out", "log.txt"
_BLOCK = 1 << 20


class UnsafeFolderError(Exception):
    """A step left something that is neither a plain file nor a folder."""


def digests(folder: Path) -> tuple[FileDigest, ...]:
    """Hash every file below a folder, sorted by path.

    Raises
    ------
    UnsafeFolderError
        Where there is a link, a device or a pipe.
    """
    found: list[FileDigest] = []
    for root, folders, names in os.walk(folder):
        for name in (*folders, *names):
            path = Path(root, name)
            mode = path.lstat().st_mode
            if stat.S_ISDIR(mode):
                continue
            if not stat.S_ISREG(mode):
                raise UnsafeFolderError(path.relative_to(folder).as_posix())
            found.append(FileDigest(path.relative_to(folder).as_posix(), *_digest(path)))
    return tuple(sorted(found, key=lambda one: one.path))


def _digest(path: Path) -> tuple[int, str]:
    """Hash one file as it is read: size and SHA-256 speak of the same bytes."""
    size, digest = 0, hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            size += len(block)
            digest.update(block)
    return size, digest.hexdigest()


def folder_key(files: tuple[FileDigest, ...]) -> str:
    """Name a folder's content: the SHA-256 of its paths, sizes and hashes."""
    return hashlib.sha256(canonical([[one.path, one.size, one.sha256] for one in files])).hexdigest()


def read_outcome(folder: Path) -> StepOutcome | None:
    """Read a step's outcome; None where there is none or it cannot be read."""
    try:
        data = json.loads((folder / OUTCOME).read_bytes())
        files = tuple(FileDigest(**one) for one in data.pop("files"))
        isolation = tuple(data.pop("isolation"))
        return StepOutcome(**data, files=files, isolation=isolation)
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return None


def write_outcome(folder: Path, outcome: StepOutcome) -> None:
    """Write a step's outcome, on the disk when this returns."""
    data = asdict(outcome)
    del data["reused"]
    write_json(folder / OUTCOME, data)


def write_json(path: Path, data: Any) -> None:
    """Write a JSON file under a temporary name, flush it, and rename it into place."""
    part = path.with_name(path.name + ".part")
    with part.open("wb") as file:
        file.write(json.dumps(data, indent=1, sort_keys=True, ensure_ascii=False, allow_nan=False).encode() + b"\n")
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
    flush_folder(path.parent)


def flush(folder: Path) -> None:
    """Bring every file and folder below (and including) a folder to the disk."""
    for root, _, names in os.walk(folder, topdown=False):
        for name in names:
            _flush_path(Path(root, name))
        flush_folder(Path(root))


def flush_folder(folder: Path) -> None:
    """Bring a folder's own entries to the disk."""
    _flush_path(folder)


def _flush_path(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def fresh(folder: Path) -> Path:
    """Make an empty folder where there may be a left-over."""
    remove(folder)
    folder.mkdir(parents=True)
    return folder


def remove(folder: Path) -> None:
    """Remove a folder and all in it, also where a step took its own rights away."""
    if not folder.exists() and not folder.is_symlink():
        return
    for root, _, _ in os.walk(folder):
        with contextlib.suppress(OSError):
            Path(root).chmod(0o700)
    shutil.rmtree(folder)


def settle(part: Path, place: Path) -> None:
    """Put a finished folder in its place: whole or not at all, also when power fails."""
    flush(part)
    remove(place)
    part.rename(place)
    flush_folder(place.parent)
