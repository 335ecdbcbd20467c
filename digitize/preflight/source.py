# SPDX-License-Identifier: Apache-2.0
"""Reading a stranger's files in bounded pieces, and finding the files that they name."""

from __future__ import annotations

import os
import stat
import unicodedata
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import IO

from digitize.errors import Doubt, Refusal
from digitize.preflight.model import Limits

_BLOCK = 1 << 20


def size_of(path: Path, limits: Limits, *, name: str | None = None) -> int:
    """Give a plain file's size in bytes; a TIFF, which is never read whole, may be larger than others.

    Raises
    ------
    Refusal
        Where it is missing, no plain file, empty or too large.
    """
    shown = name or path.name
    try:
        state = path.stat()
    except (OSError, ValueError) as error:
        raise Refusal("input.missing", name=shown) from error
    if not stat.S_ISREG(state.st_mode):
        raise Refusal("input.not-a-file", name=shown)
    if not os.access(path, os.R_OK):
        raise Refusal("input.unreadable", name=shown)
    if state.st_size == 0:
        raise Refusal("input.empty", name=shown)
    limit = limits.file_bytes
    if state.st_size > limit and _in_parts(path):
        limit = max(limit, limits.part_file_bytes)
    if state.st_size > limit:
        raise Refusal("input.too-large", name=shown, bytes=state.st_size, limit=limit)
    return state.st_size


def _in_parts(path: Path) -> bool:
    """Say whether a file begins as a TIFF does."""
    with path.open("rb") as file:
        return file.read(4) in {b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"}


def line_blocks(file: IO[bytes], limits: Limits, *, first: int = 1) -> Iterator[tuple[int, list[bytes]]]:
    """Read a text file in blocks of whole lines, from where it stands; its next line has the number `first`.

    Yields
    ------
    The number of the block's first line, and its lines without their ends.

    Raises
    ------
    Refusal
        ``text.line-too-long``, ``text.binary`` where there is a NUL byte.
    """
    number, rest = first, b""
    while True:
        data = file.read(_BLOCK)
        lines = (rest + data).split(b"\n")
        rest = lines.pop() if data else b""
        if not data and not any(lines):
            return
        _check_lines(lines, rest, number, limits)
        yield number, lines
        number += len(lines)
        if not data:
            return


def _check_lines(lines: list[bytes], rest: bytes, number: int, limits: Limits) -> None:
    """Refuse what no text format has: endless lines and NUL bytes."""
    if len(rest) > limits.line_bytes or any(len(line) > limits.line_bytes for line in lines):
        lengths = [*map(len, lines), len(rest)]
        at = next(i for i, length in enumerate(lengths) if length > limits.line_bytes)
        raise Refusal("text.line-too-long", at=f"line {number + at}", limit=limits.line_bytes)
    for i, line in enumerate((*lines, rest)):
        if b"\0" in line:
            raise Refusal("text.binary", at=f"line {number + i}")


def member(root: Path, base: str, reference: str, *, by: str, at: str | None, limits: Limits) -> str:
    """Find a file that another one names, inside the folder only.

    Parameters
    ----------
    root
        The input's folder.
    base
        The naming file, relative to `root`.
    reference
        The name as it stands there; backslashes count as slashes, for it may come from Windows.
    by, at
        What named it and where, for the message.

    Returns
    -------
    The found file, relative to `root`, as it is spelled on disk.

    Raises
    ------
    Refusal
        ``member.outside``, ``member.missing``, or what `size_of` refuses.
    """
    path = PurePosixPath(reference.replace("\\", "/"))
    place: list[str] = list(PurePosixPath(base).parent.parts)
    if path.is_absolute() or ":" in (path.parts or ("",))[0] or "\0" in reference:
        raise Refusal("member.outside", at=at, name=reference, by=by)
    for part in path.parts:
        if part == ".." and not place:
            raise Refusal("member.outside", at=at, name=reference, by=by)
        place = place[:-1] if part == ".." else [*place, part]
    found = _spelled(root, place)
    if found is None:
        raise Refusal("member.missing", at=at, name=reference, by=by)
    size_of(found, limits, name=reference)
    return found.relative_to(root).as_posix()


def _spelled(root: Path, parts: list[str]) -> Path | None:
    """Find a file below `root`, never through a link; a difference in letter case or Unicode form is forgiven."""
    here = root
    for part in parts:
        nearest = here / part
        try:
            present = nearest.lstat()
        except (OSError, ValueError):
            nearest = _alike(here, part) or nearest
            try:
                present = nearest.lstat()
            except (OSError, ValueError):
                return None
        if stat.S_ISLNK(present.st_mode):
            return None
        here = nearest
    return here if parts and here.is_file() else None


def _alike(folder: Path, name: str) -> Path | None:
    """Find the one entry that differs from a name only in case or Unicode form."""
    wanted = unicodedata.normalize("NFC", name).casefold()
    try:
        found = [entry for entry in folder.iterdir() if unicodedata.normalize("NFC", entry.name).casefold() == wanted]
    except OSError:
        return None
    return found[0] if len(found) == 1 else None


def decode(raw: bytes) -> str:
    """Read a file's name or comment: UTF-8, else the Chinese encoding common on Windows, else Latin-1."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return raw.decode("latin-1")


def open_end(path: Path) -> tuple[Doubt, ...]:
    """Doubt a text that ends with a digit: nothing tells whether its last number is whole."""
    with path.open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(max(0, size - 1))
        last = file.read(1)
    return (Doubt("input.open-end", None, {"name": path.name}),) if last in b"0123456789." and last else ()
