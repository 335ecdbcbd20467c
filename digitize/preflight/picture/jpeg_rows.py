# SPDX-License-Identifier: Apache-2.0
"""How many rows of a JPEG that is cut short are whole: its Huffman codes are followed, its picture is not computed.

Only asked where a file is refused anyway. Source: ITU-T T.81 §A.2 (order of blocks), §F.2.2 (decoding), Annex C (codes).
"""

from __future__ import annotations

from dataclasses import dataclass, field

# About four seconds of work; beyond, the byte must do.
_MOST = 3 << 20
_BITS = 16
_LOOK = 1 << _BITS


class _Ended(Exception):  # noqa: N818 - not a fault
    """The data ends here, or cannot be followed further."""


@dataclass(frozen=True, slots=True)
class Frame:
    """Size, kind, and for each component its identifier and sampling factors."""

    width: int
    height: int
    progressive: bool
    components: dict[int, tuple[int, int]]

    @classmethod
    def read(cls, body: bytes, *, progressive: bool) -> Frame | None:
        """Read a frame's segment; None where its sampling factors do not exist."""
        parts = {body[i]: (body[i + 1] >> 4, body[i + 1] & 15) for i in range(6, 6 + 3 * body[5], 3)}
        if len(parts) != body[5] or not all(1 <= h <= 4 and 1 <= v <= 4 for h, v in parts.values()):
            return None
        return cls(int.from_bytes(body[3:5], "big"), int.from_bytes(body[1:3], "big"), progressive, parts)


@dataclass(slots=True)
class Tables:
    """What stands before a scan: code tables by class and number, restart interval, the scan's own header."""

    codes: dict[int, bytes] = field(default_factory=dict)
    restart: int = 0
    scan: bytes = b""

    def read(self, body: bytes) -> None:
        """Take the tables of one segment, as they are written; an unsound one is noticed when it is used."""
        at = 0
        while at + 17 <= len(body):
            count = sum(body[at + 1 : at + 17])
            self.codes[body[at]] = body[at + 1 : at + 17 + count]
            at += 17 + count

    def lookup(self, number: int) -> list[int]:
        """Give for each 16 bits the code's length and symbol as ``length << 8 | symbol``; 0 where there is no code."""
        raw = self.codes.get(number, b"")
        table, code, at, width = [0] * _LOOK, 0, 16, 0
        for width in range(1, 17 if len(raw) > 16 else 1):
            for _ in range(raw[width - 1]):
                first, span = code << (_BITS - width), 1 << (_BITS - width)
                if at >= len(raw) or first + span > _LOOK:
                    return table
                table[first : first + span] = [width << 8 | raw[at]] * span
                code, at = code + 1, at + 1
            code <<= 1
        return table


class _Bits:
    """The bits of a scan between two restart markers."""

    def __init__(self, data: bytes) -> None:
        self._data, self._at, self._held, self._count = data.replace(b"\xff\x00", b"\xff"), 0, 0, 0

    def peek(self) -> int:
        """Look at the next 16 bits; behind the end there are ones."""
        while self._count < _BITS:
            byte = self._data[self._at] if self._at < len(self._data) else 0xFF
            self._held, self._count, self._at = (self._held << 8 | byte) & 0xFFFFFFFF, self._count + 8, self._at + 1
        return self._held >> (self._count - _BITS) & (_LOOK - 1)

    def skip(self, width: int) -> None:
        """Go on by some bits, at most 16."""
        self.peek()
        self._count -= width
        if self._at - self._count // 8 > len(self._data):
            raise _Ended


def whole_rows(frame: Frame, tables: Tables, data: bytes) -> int | None:
    """Count the rows of pixels that the data of the first scan holds whole; None where that cannot be told.

    Of a progressive picture no row is whole before its last scan is.

    Parameters
    ----------
    data
        What is there of the scan, from its first byte to the end of the file.
    """
    if frame.progressive:
        return 0
    plan = _plan(frame, tables.scan)
    if len(data) > _MOST or plan is None:
        return None
    blocks, across, rows = plan
    looks = {key: tables.lookup(key) for _, dc, ac in blocks for key in (dc, 0x10 | ac)}
    done = 0
    for piece in _pieces(data, restarts=tables.restart > 0):
        whole = tables.restart * (done // tables.restart + 1) if tables.restart else 0
        done = _follow(_Bits(piece), blocks, looks, done, whole or 1 << 40)
    return done // across * rows


def _plan(frame: Frame, scan: bytes) -> tuple[list[tuple[int, int, int]], int, int] | None:
    """Give for one unit of the scan its (blocks, DC table, AC table), how many units lie in a row, and the row's height."""
    count = scan[0] if scan else 0
    if len(scan) < 4 + 2 * count or not 1 <= count <= 4:
        return None
    named = [(scan[1 + 2 * i], scan[2 + 2 * i]) for i in range(count)]
    if any(one not in frame.components for one, _ in named):
        return None
    widest = max(h for h, _ in frame.components.values())
    tallest = max(v for _, v in frame.components.values())
    if count == 1:  # a scan of one component has its blocks row by row
        h, v = frame.components[named[0][0]]
        across = -(-frame.width * h // (8 * widest))
        return [(1, named[0][1] >> 4, named[0][1] & 15)], across, 8 * tallest // v
    blocks = [(h * v, table >> 4, table & 15) for one, table in named for h, v in [frame.components[one]]]
    return blocks, -(-frame.width // (8 * widest)), 8 * tallest


def _pieces(data: bytes, *, restarts: bool) -> list[bytes]:
    """Split the data at its restart markers."""
    if not restarts:
        return [data]
    pieces, start = [], 0
    at = data.find(b"\xff")
    while at >= 0:
        if at + 1 < len(data) and 0xD0 <= data[at + 1] <= 0xD7:
            pieces.append(data[start:at])
            start = at + 2
        at = data.find(b"\xff", at + 2)
    return [*pieces, data[start:]]


def _follow(bits: _Bits, blocks: list[tuple[int, int, int]], looks: dict[int, list[int]], done: int, until: int) -> int:
    """Follow whole units until the data ends; give how many there are."""
    try:
        while done < until:
            for count, dc, ac in blocks:
                for _ in range(count):
                    _block(bits, looks[dc], looks[0x10 | ac])
            done += 1
    except _Ended:
        pass
    return done


def _block(bits: _Bits, dc: list[int], ac: list[int]) -> None:
    """Step over one block of 64 coefficients."""
    found = dc[bits.peek()]
    if not found or found & 0xFF > 15:
        raise _Ended
    bits.skip(found >> 8)
    bits.skip(found & 0xFF)
    place = 1
    while place < 64:
        found = ac[bits.peek()]
        if not found:
            raise _Ended
        bits.skip(found >> 8)
        symbol = found & 0xFF
        if symbol == 0:
            return
        bits.skip(symbol & 15)
        place += (symbol >> 4) + 1
