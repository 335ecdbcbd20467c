# SPDX-License-Identifier: Apache-2.0
"""Rights in EXIF: artist, copyright, date.

Source: Exif 3.0 (CIPA DC-008) §4.6.4-§4.6.6; texts are UTF-8, which older readers take for ASCII.
"""

from __future__ import annotations

import re
import struct

from digitize.preflight.picture import exif
from digitize.preflight.picture.ifd import Directories, DirectoryError, Entry
from digitize.preflight.source import decode
from digitize.words import legible

_ARTIST, _COPYRIGHT, _POINTER, _TAKEN = 315, 33432, 0x8769, 0x9003
_ASCII, _LONG = 2, 4
_MOST, _TEXT = 1 << 20, 2000
_DATE = re.compile(r"(\d{4}):(\d\d):(\d\d) (\d\d:\d\d:\d\d)")


def read(block: bytes) -> dict[str, str] | None:
    """Read a block; None where it cannot be read."""
    found = exif.directories(block[:_MOST])
    if found is None:
        return None
    data, parts = found
    said = {"creator": text(data, parts["main"].get(_ARTIST)), "copyright": text(data, parts["main"].get(_COPYRIGHT))}
    taken = _DATE.fullmatch(text(data, parts["exif"].get(_TAKEN)))
    if taken and taken[1] != "0000":
        said["date"] = f"{taken[1]}-{taken[2]}-{taken[3]}T{taken[4]}"
    return {field: value for field, value in said.items() if value}


def text(data: Directories, entry: Entry | None) -> str:
    """Read a text, up to its first NUL."""
    if entry is None:
        return ""
    try:
        raw = data.raw(entry, _TEXT).split(b"\0")[0]
    except DirectoryError:
        return ""
    return legible(decode(raw))


def located(block: bytes) -> bool:
    """Say whether a block tells a place: latitude or longitude."""
    found = exif.directories(block[:_MOST]) if block else None
    return found is not None and bool({2, 4} & found[1]["gps"].keys())


def write(rights: dict[str, str]) -> bytes:
    """Write a block of our own with what EXIF has a field for; nothing where it has none."""
    main = [(tag, rights[field]) for tag, field in ((_ARTIST, "creator"), (_COPYRIGHT, "copyright")) if field in rights]
    taken = re.match(r"(\d{4})-(\d\d)-(\d\d)T(\d\d:\d\d:\d\d)", rights.get("date", ""))
    below = [(_TAKEN, f"{taken[1]}:{taken[2]}:{taken[3]} {taken[4]}")] if taken else []
    if not main and not below:
        return b""
    head = struct.pack("<2sHI", b"II", 42, 8)
    first, texts = _directory(main, 8, pointer=bool(below))
    if not below:
        return head + first + texts
    at = 8 + len(first) + len(texts)
    first = first.replace(struct.pack("<HHII", _POINTER, _LONG, 1, 0), struct.pack("<HHII", _POINTER, _LONG, 1, at))
    second, more = _directory(below, at, pointer=False)
    return head + first + texts + second + more


def _directory(fields: list[tuple[int, str]], at: int, *, pointer: bool) -> tuple[bytes, bytes]:
    """Write a directory that will stand at a byte, and its texts behind it; the pointer to a further one is 0 for now."""
    entries, texts = dict[int, bytes](), b""
    behind = at + 2 + 12 * (len(fields) + pointer) + 4
    for tag, value in fields:
        raw = value.encode() + b"\0"
        inside = len(raw) <= 4
        entries[tag] = struct.pack("<HHI", tag, _ASCII, len(raw)) + (
            raw.ljust(4, b"\0") if inside else struct.pack("<I", behind + len(texts))
        )
        texts += b"" if inside else raw + b"\0" * (len(raw) % 2)
    if pointer:
        entries[_POINTER] = struct.pack("<HHII", _POINTER, _LONG, 1, 0)
    return struct.pack("<H", len(entries)) + b"".join(entries[tag] for tag in sorted(entries)) + bytes(4), texts
