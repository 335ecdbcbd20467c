# SPDX-License-Identifier: Apache-2.0
"""Many files as one: a zip that stores its members as they are, in order of their names, so that the same files give the same bytes.

A site serves a member by seeking in it; nothing is ever unpacked. Source: PKWARE's APPNOTE 6.3.10 §4.3.
"""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path

MEDIA_TYPE = "application/zip"
_DATE = (1980, 1, 1, 0, 0, 0)
_UNIX, _PLAIN_FILE = 3, 0o100644 << 16
_PIECE = 1 << 20


def write(folder: Path, out: Path) -> int:
    """Write every file below a folder; return how many there are.

    Raises
    ------
    FileExistsError
        Where `out` exists.
    """
    files = sorted((path.relative_to(folder).as_posix(), path) for path in folder.rglob("*") if path.is_file())
    return write_members(out, ((name, path.read_bytes) for name, path in files))


def write_members(out: Path, members: Iterable[tuple[str, Callable[[], bytes]]]) -> int:
    """Write members given in order of their names, each read when its turn comes; return how many there are.

    Raises
    ------
    ValueError
        Where names are not in strict order, which also forbids one twice.
    """
    count, before = 0, ""
    with zipfile.ZipFile(out, "x", zipfile.ZIP_STORED, allowZip64=True) as archive:
        for name, read in members:
            if name <= before:
                raise ValueError(f"{name} does not come after {before}")
            archive.writestr(_info(name), read())
            count, before = count + 1, name
    return count


def sort(archive: Path, out: Path, keep: Callable[[str], str | None]) -> int:
    """Write the members of a stored zip again, in order; `keep` gives each its new name, or None to leave it out."""
    with zipfile.ZipFile(archive) as source:
        named = sorted((new, info) for info in source.infolist() if (new := keep(info.filename)) is not None and not info.is_dir())
        return write_members(out, ((new, lambda info=info: source.read(info)) for new, info in named))  # type: ignore[misc]


def _info(name: str) -> zipfile.ZipInfo:
    """Describe a member by nothing but its name."""
    info = zipfile.ZipInfo(name, _DATE)
    info.create_system, info.external_attr, info.compress_type = _UNIX, _PLAIN_FILE, zipfile.ZIP_STORED
    return info
