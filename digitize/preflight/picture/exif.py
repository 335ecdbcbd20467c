# SPDX-License-Identifier: Apache-2.0
"""EXIF: what a camera wrote about a picture. A broken block is no reason to refuse the picture that carries it.

Source: Exif 3.0 (CIPA DC-008) §4.6.
"""

from __future__ import annotations

from digitize.preflight.picture.ifd import Directories, DirectoryError, Entry

PREFIX = b"Exif\0\0"
_EXIF, _GPS = 0x8769, 0x8825
_EXPOSURE = frozenset({0x829A, 0x829D, 0x920A})  # exposure time, aperture, focal length
Fields = dict[int, Entry]


def directories(block: bytes) -> tuple[Directories, dict[str, Fields]] | None:
    """Read the directories of a block: ``main``, ``exif`` and ``gps``; None where it cannot be read."""
    try:
        found = Directories(memoryview(block.removeprefix(PREFIX)))
        main, _ = found.directory(found.first)
        return found, {"main": main, "exif": below(found, main, _EXIF), "gps": below(found, main, _GPS)}
    except DirectoryError:
        return None


def below(found: Directories, main: Fields, tag: int) -> Fields:
    """Read the directory that a field points to; empty where there is none."""
    if tag not in main or main[tag].count != 1:
        return {}
    return found.directory(int(found.whole(main[tag])[0]))[0]


def exposed(block: bytes) -> bool:
    """Say whether a camera wrote how it exposed."""
    read = directories(block)
    return read is not None and bool(_EXPOSURE & read[1]["exif"].keys())


def tiff_exposed(found: Directories, main: Fields) -> bool:
    """Say the same of a TIFF, whose own directory is EXIF's main one."""
    try:
        return bool(_EXPOSURE & below(found, main, _EXIF).keys())
    except DirectoryError:
        return False
