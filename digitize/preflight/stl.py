# SPDX-License-Identifier: Apache-2.0
"""STL, binary and ASCII; the file's length decides, for binary ones may begin with “solid” too.

Source: the 1989 StereoLithography Interface Specification, as every writer reads it.
"""

from __future__ import annotations

from pathlib import Path
from typing import IO

import numpy as np

from digitize.errors import Doubt, Refusal
from digitize.preflight.model import LARGEST, Findings, Limits
from digitize.preflight.source import line_blocks

_RECORD = np.dtype([("normal", "<f4", 3), ("corners", "<f4", 9), ("attribute", "<u2")])
_ROWS = 100_000
Words = list[bytes]


def is_binary(head: bytes, size: int) -> bool:
    """Say whether a file of this size and with these first 84 bytes has exactly a binary STL's length."""
    return len(head) >= 84 and size == 84 + 50 * int.from_bytes(head[80:84], "little")


def looks_like_text(head: bytes) -> bool:
    """Say whether a file begins like an ASCII STL; only looked at when its length fits no binary one."""
    return head[:80].lstrip().lower().startswith(b"solid") and b"\0" not in head


def inspect_stl(root: Path, main: str, limits: Limits) -> Findings:
    """Check an STL's count against its length, and every coordinate.

    Raises
    ------
    Refusal
        ``stl.truncated``, ``stl.too-long``, ``stl.statement``, ``mesh.not-finite``, …
    """
    path = root / main
    size = path.stat().st_size
    with path.open("rb") as file:
        head = file.read(1024)
        if not is_binary(head, size) and looks_like_text(head):
            file.seek(0)
            return _text(file, limits)
        return _binary(file, head, size, limits)


def _binary(file: IO[bytes], head: bytes, size: int, limits: Limits) -> Findings:
    """Check the records in blocks."""
    if len(head) < 84:
        raise Refusal("stl.truncated", at=f"byte {size}", complete=0, expected="?")
    count = int.from_bytes(head[80:84], "little")
    if count > limits.faces:
        raise Refusal("mesh.too-many-triangles", at="byte 80", limit=limits.faces)
    if size < 84 + 50 * count:
        raise Refusal("stl.truncated", at=f"triangle {(size - 84) // 50 + 1}", complete=(size - 84) // 50, expected=count)
    if size > 84 + 50 * count:
        raise Refusal("stl.too-long", at=f"byte {84 + 50 * count}", count=count, bytes=size - 84 - 50 * count)
    if not count:
        raise Refusal("mesh.no-faces")
    file.seek(84)
    odd = 0
    for first in range(0, count, _ROWS):
        odd += _records(np.frombuffer(file.read(50 * min(_ROWS, count - first)), _RECORD), first)
    return _findings(count, odd)


def _records(table: np.ndarray[tuple[int], np.dtype[np.void]], first: int) -> int:
    """Check records; give how many have a normal that is no number."""
    finite = (np.abs(table["corners"]) <= LARGEST).all(axis=1)
    if not finite.all():
        raise Refusal("mesh.not-finite", at=f"triangle {first + int(np.argmin(finite)) + 1}", name="vertex")
    return int((~np.isfinite(table["normal"]).all(axis=1)).sum())


def _findings(count: int, odd: int) -> Findings:
    """Put the counts together; corners are not shared in this format."""
    doubts = (Doubt("mesh.attribute-not-finite", None, {"name": "normal", "count": odd}),) if odd else ()
    return Findings({"vertices": 3 * count, "faces": count, "triangles": count, "images": 0, "textured": 0}, (), doubts)


def _text(file: IO[bytes], limits: Limits) -> Findings:
    """Check an ASCII STL line by line."""
    reader = _Text(limits)
    for number, lines in line_blocks(file, limits):
        for i, line in enumerate(lines):
            words = line.split()
            if words:
                reader.take(words, number + i)
    reader.end()
    return _findings(reader.triangles, reader.odd)


class _Text:
    """A machine with one state: how many lines of the current facet have been read."""

    _ORDER = (b"facet", b"outer", b"vertex", b"vertex", b"vertex", b"endloop", b"endfacet")
    _WORDS = (5, 2, 4, 4, 4, 1, 1)

    def __init__(self, limits: Limits) -> None:
        self._limit = limits.faces
        self._open = False
        self._state = 0
        self.triangles = self.odd = 0

    def take(self, words: Words, number: int) -> None:
        """Take in one line."""
        key = words[0].lower()
        if self._state == 0 and key in {b"solid", b"endsolid"} and self._open == (key == b"endsolid"):
            self._open = key == b"solid"
            return
        state = self._state
        if not self._open or key != self._ORDER[state] or len(words) != self._WORDS[state]:
            raise _wrong(words, number)
        if state in {0, 2, 3, 4}:
            self._numbers(words, number)
        self._state = (state + 1) % 7
        self.triangles += self._state == 0
        if self.triangles > self._limit:
            raise Refusal("mesh.too-many-triangles", at=f"line {number}", limit=self._limit)

    def _numbers(self, words: Words, number: int) -> None:
        """Check the three numbers of a normal or a corner."""
        try:
            total = sum(map(abs, map(float, words[-3:])))
        except ValueError as error:
            raise _wrong(words, number) from error
        if b"_" in b"".join(words[-3:]):
            raise _wrong(words, number)
        if not total <= LARGEST:
            if self._state:
                raise Refusal("mesh.not-finite", at=f"line {number}", name="vertex")
            self.odd += 1

    def end(self) -> None:
        """See to it that the last facet and the last solid are closed."""
        if self._open or self._state:
            raise Refusal("stl.truncated", at=f"triangle {self.triangles + 1}", complete=self.triangles, expected="?")
        if not self.triangles:
            raise Refusal("mesh.no-faces")


def _wrong(words: Words, number: int) -> Refusal:
    return Refusal("stl.statement", at=f"line {number}", text=b" ".join(words)[:60].decode("latin-1"))
