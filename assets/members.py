# SPDX-License-Identifier: Apache-2.0
"""Renditions of many files: tiles, pages, segments lie in one plain zip, and each is served from where it lies."""

from __future__ import annotations

import struct
import zipfile
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

LOCAL_HEADER = struct.Struct("<4s5H3L2H")
KEPT = 256  # directories kept in memory; the largest, of a gigapixel's tiles, has some ten thousand names


@dataclass(frozen=True, slots=True)
class Member:
    """Where a file lies inside the zip: first byte and length."""

    start: int
    bytes: int


@lru_cache(maxsize=KEPT)
def directory(path: Path) -> dict[str, Member]:
    """Read where every stored member of a zip lies; the path names a CID, so the answer never changes.

    Members that are compressed are not listed: a range of them could not be sent.

    Source: PKWARE's APPNOTE 6.3.10 §4.3.7; name and extra field of the local header may differ in length from the directory's.
    """
    found: dict[str, Member] = {}
    with zipfile.ZipFile(path) as archive, path.open("rb") as file:
        for info in archive.infolist():
            if info.compress_type != zipfile.ZIP_STORED or info.is_dir():
                continue
            file.seek(info.header_offset)
            header = LOCAL_HEADER.unpack(file.read(LOCAL_HEADER.size))
            found[info.filename] = Member(info.header_offset + LOCAL_HEADER.size + header[-2] + header[-1], info.file_size)
    return found


def find(path: Path, name: str) -> Member | None:
    """Find one member by its exact name."""
    try:
        return directory(path).get(name)
    except (OSError, zipfile.BadZipFile, struct.error):
        return None
