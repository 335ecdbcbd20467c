# SPDX-License-Identifier: Apache-2.0
"""A PDF file: its cross-reference, followed through every section, and the objects that it finds.

Source: ISO 32000-2 §7.5 (file structure), §7.5.7 (object streams), §7.5.8 (cross-reference streams), §7.4.4 (predictors).
"""

from __future__ import annotations

import zlib
from typing import Any

from digitize.preflight.pdf.objects import Parser, PdfError, Reference

_SECTIONS, _OBJECTS, _PACKED = 1000, 2_000_000, 64 << 20
_ENTRIES, _ALL_PACKED, _PARSED = 2 * _OBJECTS, 256 << 20, 16 << 20
_TAIL, _HEAD = 2048, 1024
Place = tuple[int, int]
"""Of an object: (0, byte), or (number of its object stream, place in it)."""


class Pdf:
    """A file's cross-reference.

    Raises
    ------
    PdfError
        Where a section lies outside the file, comes back to itself, or cannot be read.
    """

    def __init__(self, data: Any) -> None:
        self.data = data
        self.places: dict[int, Place] = {}
        self.trailer: dict[bytes, Any] = {}
        self._unpacked: dict[int, tuple[bytes, list[tuple[int, int]]]] = {}
        self._entries = self._packed_bytes = 0
        self._parsed = -_PARSED
        head = bytes(data[:_HEAD]).find(b"%PDF-")
        if head < 0:
            raise PdfError(0, "it does not begin as a PDF")
        self._shift = head
        tail = max(0, len(data) - _TAIL)
        at = data.rfind(b"startxref", tail)
        if at < 0 or data.find(b"%%EOF", at) < 0:
            raise PdfError(len(data), "its end is missing", short=True)
        self._sections(Parser(data, at + 9).whole())

    def _sections(self, at: int) -> None:
        """Follow the sections from the newest to the oldest; what is newer counts."""
        seen, waiting = set[int](), [at]
        while waiting:
            at = waiting.pop(0)
            if at in seen:
                raise PdfError(at, "its cross-references form a loop")
            if len(seen) >= _SECTIONS:
                raise PdfError(at, "it was changed too many times")
            seen.add(at)
            trailer = self._section(at + self._shift)
            self.trailer = {**trailer, **self.trailer}
            waiting += [trailer[key] for key in (b"XRefStm", b"Prev") if isinstance(trailer.get(key), int)]

    def _section(self, at: int) -> dict[bytes, Any]:
        """Read one section, in either of its two forms."""
        if not 0 <= at < len(self.data):
            raise PdfError(at, "its cross-reference lies outside the file", short=at >= len(self.data))
        parser = Parser(self.data, at)
        parser.space()
        if bytes(self.data[parser.at : parser.at + 4]) == b"xref":
            parser.at += 4
            return self._table(parser)
        try:
            trailer, body = self.stream_at(at)
        except PdfError as error:
            raise PdfError(at, f"its cross-reference is not where it says ({error.problem})", short=error.short) from error
        if trailer.get(b"Type") != b"XRef":
            raise PdfError(at, "its cross-reference is none")
        self._numbers(trailer, body, at)
        return trailer

    def _table(self, parser: Parser) -> dict[bytes, Any]:
        """Read a table of lines of twenty bytes."""
        while True:
            before, word = parser.at, parser.word()
            if word == b"trailer":
                break
            if not word.isdigit():
                raise PdfError(before, "its cross-reference table cannot be read", short=parser.at >= len(self.data))
            first, count = int(word[:12]), parser.whole()
            self._count(first + count, count, before)
            for number in range(first, first + count):
                place, _generation, state = parser.whole(), parser.whole(), parser.word()
                if state == b"n":
                    self.places.setdefault(number, (0, place + self._shift))
                elif state != b"f":
                    raise PdfError(parser.at, "its cross-reference table cannot be read")
        found = parser.object()
        if not isinstance(found, dict):
            raise PdfError(parser.at, "its trailer is none")
        return found

    def _count(self, highest: int, count: int, at: int) -> None:
        """Refuse numbers beyond any file's, and more entries in all sections than files have: one may be packed a thousandfold."""
        self._entries += count
        if highest > _OBJECTS or self._entries > _ENTRIES:
            raise PdfError(at, "it states too many objects")

    def _numbers(self, trailer: dict[bytes, Any], body: bytes, at: int) -> None:
        """Read a cross-reference stream."""
        widths, size = trailer.get(b"W"), trailer.get(b"Size")
        if not isinstance(widths, list) or len(widths) != 3 or not all(isinstance(w, int) and 0 <= w <= 8 for w in widths):
            raise PdfError(at, "its cross-reference states no widths")
        index = trailer.get(b"Index", [0, size])
        if not isinstance(index, list) or not all(isinstance(i, int) and 0 <= i <= _OBJECTS for i in index) or len(index) % 2:
            raise PdfError(at, "its cross-reference states no numbers")
        self._count(max(index, default=0), sum(index[1::2]), at)
        wide, place = sum(widths), 0
        for first, count in zip(index[::2], index[1::2], strict=True):
            if not wide or place + count * wide > len(body):
                raise PdfError(at, "its cross-reference is shorter than it states")
            for number in range(first, first + count):
                self._number(number, body[place : place + wide], widths)
                place += wide

    def _number(self, number: int, raw: bytes, widths: list[int]) -> None:
        """Read one entry of a cross-reference stream."""
        one, two, three = widths
        kind = int.from_bytes(raw[:one], "big") if one else 1
        second, third = int.from_bytes(raw[one : one + two], "big"), int.from_bytes(raw[one + two : one + two + three], "big")
        if kind == 1:
            self.places.setdefault(number, (0, second + self._shift))
        elif kind == 2 and second:
            self.places.setdefault(number, (second, third))

    def get(self, value: Any) -> Any:
        """Give what a value refers to, or the value itself; a reference to nothing is None."""
        for _ in range(16):
            if not isinstance(value, Reference):
                return value
            value = self._object(value.number)
        raise PdfError(0, "its references form a loop")

    def _object(self, number: int) -> Any:
        """Read an object by its number."""
        if number not in self.places:
            return None
        inside, place = self.places[number]
        if not inside:
            return self._read(self._at(place, number))
        body, table = self._packed(inside)
        if place >= len(table) or table[place][0] != number:
            raise PdfError(0, f"object {number} is not where its cross-reference says")
        return self._read(Parser(body, table[place][1]))

    def _read(self, parser: Parser) -> Any:
        """Read an object; all reading together is bounded, for a page may name what a thousand others name too."""
        before = parser.at
        found = parser.object()
        self._parsed += parser.at - before
        if self._parsed > 2 * (len(self.data) + self._packed_bytes):
            raise PdfError(before, "its objects are read over and over again")
        return found

    def _at(self, at: int, number: int | None) -> Parser:
        """Stand behind the ``obj`` of an object."""
        if not 0 <= at < len(self.data):
            raise PdfError(at, "an object lies outside the file", short=at >= len(self.data))
        parser = Parser(self.data, at)
        found = parser.whole()
        parser.whole()
        if parser.word() != b"obj" or (number is not None and found != number):
            raise PdfError(at, f"object {number} is not where its cross-reference says")
        return parser

    def _packed(self, number: int) -> tuple[bytes, list[tuple[int, int]]]:
        """Unpack an object stream, once."""
        if number not in self._unpacked:
            inside, place = self.places.get(number, (1, 0))
            if inside:
                raise PdfError(0, f"object stream {number} is not there")
            head, body = self.stream_at(place)
            count, first = head.get(b"N"), head.get(b"First")
            if not isinstance(count, int) or not isinstance(first, int) or not 0 <= count <= 100_000:
                raise PdfError(place, "an object stream is unsound")
            parser = Parser(body)
            table = [(parser.whole(), parser.whole() + first) for _ in range(count)]
            self._unpacked[number] = (body, table)
        return self._unpacked[number]

    def stream_at(self, at: int) -> tuple[dict[bytes, Any], bytes]:
        """Read a stream's dictionary and its bytes unpacked; only deflate is known, which is what structure is packed with."""
        parser = self._at(at, None)
        head = parser.object()
        if not isinstance(head, dict) or parser.word() != b"stream":
            raise PdfError(at, "a stream is missing")
        start = parser.at + (2 if bytes(self.data[parser.at : parser.at + 2]) == b"\r\n" else 1)
        length = self.get(head.get(b"Length"))
        if not isinstance(length, int) or length < 0 or start + length > len(self.data):
            raise PdfError(at, "a stream is longer than the file", short=True)
        return head, self._plain(head, bytes(self.data[start : start + length]), at)

    def _plain(self, head: dict[bytes, Any], raw: bytes, at: int) -> bytes:
        """Undo a stream's packing."""
        filters, options = self.get(head.get(b"Filter")), self.get(head.get(b"DecodeParms"))
        filters = filters if isinstance(filters, list) else [filters] if filters is not None else []
        options = options[0] if isinstance(options, list) and options else options
        if not filters:
            return raw
        if filters != [b"FlateDecode"]:
            raise PdfError(at, "its structure is packed in a way not known here")
        try:
            stream = zlib.decompressobj()
            body = stream.decompress(raw, _PACKED)
        except zlib.error as error:
            raise PdfError(at, "a stream cannot be unpacked") from error
        self._packed_bytes += len(body)
        if stream.unconsumed_tail or self._packed_bytes > _ALL_PACKED:
            raise PdfError(at, f"its structure unpacks to more than {_PACKED if stream.unconsumed_tail else _ALL_PACKED} bytes")
        predictor = options.get(b"Predictor", 1) if isinstance(options, dict) else 1
        return body if predictor == 1 else _unfiltered(body, options.get(b"Columns", 1), at)


def _unfiltered(body: bytes, columns: Any, at: int) -> bytes:
    """Undo PNG's filters on rows of so many bytes; writers of structure use None, Sub and Up."""
    if not isinstance(columns, int) or not 1 <= columns <= 1 << 16:
        raise PdfError(at, "a stream states no columns")
    above, rows = bytes(columns), list[bytes]()
    for place in range(0, len(body) - columns, columns + 1):
        kind, row = body[place], bytearray(body[place + 1 : place + 1 + columns])
        if kind == 2:
            row = bytearray((a + b) & 255 for a, b in zip(row, above, strict=True))
        elif kind == 1:
            for i in range(1, columns):
                row[i] = (row[i] + row[i - 1]) & 255
        elif kind:
            raise PdfError(at, "a stream is filtered in a way not known here")
        above = bytes(row)
        rows.append(above)
    return b"".join(rows)
