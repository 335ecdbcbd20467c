# SPDX-License-Identifier: Apache-2.0
"""Tell a file's format by its content; its name only has to agree."""

from __future__ import annotations

import re
from pathlib import Path, PurePosixPath
from typing import IO

from digitize.errors import Refusal
from digitize.preflight import off, stl
from digitize.preflight.cloud import splat
from digitize.preflight.formats import FORMAT_OF, FORMATS, UNREAD_MOTION, ZIP
from digitize.preflight.image import form_of
from digitize.preflight.media.sniff import sniff_media

_HEAD = 4096
_DIRECTORY = 1 << 18
_ZIP_MAGIC = (b"PK\x03\x04", b"PK\x05\x06")
_MAGIC = (*((magic, ZIP) for magic in _ZIP_MAGIC), *((magic, form.name) for form in FORMATS.values() for magic in form.magic))
_OBJ_WORDS = frozenset({b"v", b"vt", b"vn", b"f", b"o", b"g", b"s", b"mtllib", b"usemtl"})


def sniff(path: Path, size: int) -> str | None:
    """Give the format that a file's first bytes and length say, or None."""
    with path.open("rb") as file:
        head = file.read(_HEAD)
        if head.startswith(_ZIP_MAGIC) and _is_3mf(file, size):
            return "3mf"
    for magic, form in _MAGIC:
        if head.startswith(magic):
            return form
    if media := sniff_media(head):
        return media
    if picture := form_of(head):
        return picture
    if head.startswith(splat.GZIP) and splat.is_spz(path):
        return "spz"
    return _sniff_loose(head, size)


def _is_3mf(file: IO[bytes], size: int) -> bool:
    """Tell a 3MF from other zips by the names in its directory, which stands at its end."""
    file.seek(max(0, size - _DIRECTORY))
    tail = file.read(_DIRECTORY)
    return b"[Content_Types].xml" in tail and re.search(rb"3D/[\w/.-]+\.model", tail) is not None


def _sniff_loose(head: bytes, size: int) -> str | None:
    """Tell the formats that have no magic number."""
    if stl.is_binary(head[:84], size) or stl.looks_like_text(head):
        return "stl"
    if head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"{":
        return "gltf"
    if off.KEYWORD.match(off.first_word(head)):
        return "off"
    words = [line.split()[0] for line in head.split(b"\n")[:-1] or [head] if line.strip() and not line.lstrip().startswith(b"#")]
    return "obj" if words and words[0] in _OBJ_WORDS else None


def agreed(path: Path, size: int, name: str) -> str:
    """Give the format on which a file's content and its name agree.

    A text without a recognizable beginning is taken for what its name says; its reader will name the line.

    Raises
    ------
    Refusal
        ``input.unknown-format``, ``input.wrong-extension``, ``input.not-the-format``, ``motion.unsupported``.
    """
    suffix = PurePosixPath(name).suffix.lower()
    if suffix in UNREAD_MOTION:
        raise Refusal("motion.unsupported", name=name, format=UNREAD_MOTION[suffix])
    stated, found = FORMAT_OF.get(suffix), sniff(path, size)
    if found is None and stated in {"obj", "stl", "gltf", "xyz"} and not _is_picture_or_archive(path):
        return stated
    if found is None and stated == "splat":  # bare records: nothing but their numbers can tell
        return stated
    if found is None:
        code = "input.not-the-format" if stated else "input.unknown-format"
        raise Refusal(code, name=name, extension=suffix or "—", format=(stated or "").upper())
    if suffix and stated != found:
        raise Refusal("input.wrong-extension", name=name, extension=suffix, format=found.upper())
    return found


def _is_picture_or_archive(path: Path) -> bool:
    """Tell formats that are none of ours by their first bytes, so that an STL's or OBJ's reader is not asked about them."""
    with path.open("rb") as file:
        head = file.read(8)
    return head.startswith(
        (b"GIF8", b"\x1f\x8b", b"Rar!", b"7z\xbc\xaf", b"%PDF", b"II*\0", b"MM\0*", b"BM", b"OggS", b"fLaC", b"ID3", b"\x7fELF")
    )
