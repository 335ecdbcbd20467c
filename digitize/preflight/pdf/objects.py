# SPDX-License-Identifier: Apache-2.0
"""PDF's objects as they are written: numbers, names, strings, lists, dictionaries, references; bounded in depth and length.

Source: ISO 32000-2 §7.2 (lexical conventions), §7.3 (objects).
"""

from __future__ import annotations

import re
from typing import Any, NamedTuple

_SPACE = b"\0\t\n\f\r "
_ENDS = b"()<>[]{}/%"
_DEEP, _ITEMS, _LONG = 64, 100_000, 4 << 20
_SKIP = re.compile(rb"(?:[\0\t\n\f\r ]++|%[^\r\n]*+)*+")  # possessive: a million comments are remembered by nobody
_WORD = re.compile(rb"[^\0\t\n\f\r ()<>\[\]{}/%]+")
_REFERENCE = re.compile(rb"(\d{1,10})[\0\t\n\f\r ]+(\d{1,5})[\0\t\n\f\r ]+R(?![^\0\t\n\f\r ()<>\[\]{}/%])")
_NUMBER = re.compile(rb"[+-]?(?:\d+\.?\d*|\.\d+)$")
_HEX = re.compile(rb"#([0-9A-Fa-f]{2})")


class PdfError(Exception):
    """Something that is not as PDF has it: the byte, and what."""

    def __init__(self, at: int, problem: str, *, short: bool = False) -> None:
        self.at, self.problem, self.short = at, problem, short
        super().__init__(f"{problem} (byte {at})")


class Name(bytes):
    """A name, without its slash and with its ``#xx`` resolved."""


class Reference(NamedTuple):
    """A reference to an object of the file."""

    number: int
    generation: int


class Parser:
    """Reads objects one after the other from bytes (or a mapped file)."""

    def __init__(self, data: Any, at: int = 0) -> None:
        self.data, self.at = data, at

    def space(self) -> None:
        """Go over white space and comments."""
        found = _SKIP.match(self.data, self.at)
        self.at = found.end() if found else self.at

    def word(self) -> bytes:
        """Read a bare word, such as ``obj``."""
        self.space()
        found = _WORD.match(self.data, self.at, self.at + _LONG)
        if found is None:
            return b""
        self.at = found.end()
        return bytes(found[0])

    def whole(self) -> int:
        """Read a whole number."""
        at, word = self.at, self.word()
        if not word.isdigit() or len(word) > 15:
            raise PdfError(at, "a number is missing", short=at >= len(self.data))
        return int(word)

    def object(self, depth: int = 0) -> Any:
        """Read one object.

        Raises
        ------
        PdfError
        """
        self.space()
        if depth > _DEEP:
            raise PdfError(self.at, f"its objects are nested deeper than {_DEEP} levels")
        two = bytes(self.data[self.at : self.at + 2])
        if two == b"<<":
            return self._dictionary(depth)
        if two[:1] == b"[":
            return self._list(depth)
        if two[:1] == b"/":
            return self._name()
        if two[:1] == b"(":
            return self._string()
        if two[:1] == b"<":
            return self._hex()
        return self._simple()

    def _simple(self) -> Any:
        """Read a number, a reference, or one of the three words."""
        found = _REFERENCE.match(self.data, self.at)
        if found is not None:
            self.at = found.end()
            return Reference(int(found[1]), int(found[2]))
        at, word = self.at, self.word()
        if _NUMBER.match(word) and len(word) < 40:
            return float(word) if b"." in word else int(word)
        words = {b"true": True, b"false": False, b"null": None}
        if word not in words:
            raise PdfError(at, "an object cannot be read", short=at >= len(self.data))
        return words[word]

    def _name(self) -> Name:
        self.at += 1
        found = _WORD.match(self.data, self.at, self.at + 1024)
        raw = bytes(found[0]) if found else b""
        self.at += len(raw)
        return Name(_HEX.sub(lambda pair: bytes([int(pair[1], 16)]), raw))

    def _string(self) -> bytes:
        """Read a string in brackets; what its escapes mean matters to nobody here."""
        start, depth, at = self.at, 0, self.at
        end = min(len(self.data), start + _LONG)
        while at < end:
            char = self.data[at]
            if char == 0x5C:
                at += 1
            elif char == 0x28:
                depth += 1
            elif char == 0x29:
                depth -= 1
                if not depth:
                    self.at = at + 1
                    return bytes(self.data[start + 1 : at])
            at += 1
        raise PdfError(start, "a string has no end", short=end == len(self.data))

    def _hex(self) -> bytes:
        end = self.data.find(b">", self.at, self.at + _LONG)
        if end < 0:
            raise PdfError(self.at, "a string has no end", short=self.at + _LONG >= len(self.data))
        raw = bytes(self.data[self.at + 1 : end])
        self.at = end + 1
        return raw

    def _list(self, depth: int) -> list[Any]:
        self.at += 1
        items: list[Any] = []
        while not self._closed(b"]"):
            items.append(self.object(depth + 1))
            if len(items) > _ITEMS:
                raise PdfError(self.at, "a list is too long")
        return items

    def _dictionary(self, depth: int) -> dict[bytes, Any]:
        self.at += 2
        found: dict[bytes, Any] = {}
        while not self._closed(b">>"):
            if bytes(self.data[self.at : self.at + 1]) != b"/":
                raise PdfError(self.at, "a dictionary holds something without a name", short=self.at >= len(self.data))
            key = bytes(self._name())
            found[key] = self.object(depth + 1)
            if len(found) > _ITEMS:
                raise PdfError(self.at, "a dictionary is too long")
        return found

    def _closed(self, mark: bytes) -> bool:
        """Go over an end mark, where it stands here."""
        self.space()
        if self.at >= len(self.data):
            raise PdfError(self.at, "it ends inside an object", short=True)
        if bytes(self.data[self.at : self.at + len(mark)]) != mark:
            return False
        self.at += len(mark)
        return True
