# SPDX-License-Identifier: Apache-2.0
"""PNG: each chunk with its checksum, and as much picture data as the header promises.

Source: PNG (third edition) §5, §7.2 (filter bytes), §8.1 (the seven passes).
"""

from __future__ import annotations

import zlib
from typing import IO

from digitize.errors import Doubt
from digitize.preflight.model import Limits
from digitize.preflight.picture import exif
from digitize.preflight.picture.form import Image, broken, cut, sized, truncated

MAGIC = b"\x89PNG\r\n\x1a\n"
_DEPTHS = {0: (1, 2, 4, 8, 16), 2: (8, 16), 3: (1, 2, 4, 8), 4: (8, 16), 6: (8, 16)}
_CHANNELS = {0: 1, 2: 3, 3: 3, 4: 2, 6: 4}
_SAMPLES = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
# First column and row, then the steps between columns and rows, of each pass (§8.1).
_PASSES = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))
_PIECE = 1 << 20
_EXIF = 1 << 20


class _Rows:
    """Counts the rows in the picture data as it goes by."""

    def __init__(self, name: str, body: bytes) -> None:
        self._name, self._stream = name, zlib.decompressobj()
        self.width, self.height = int.from_bytes(body[:4], "big"), int.from_bytes(body[4:8], "big")
        bits = body[8] * _SAMPLES[body[9]]
        self.interlaced = body[12] == 1
        passes = _PASSES if self.interlaced else ((0, 0, 1, 1),)
        sizes = [(-(-(self.width - x) // dx), -(-(self.height - y) // dy)) for x, y, dx, dy in passes]
        self._passes = [(1 + (w * bits + 7) // 8, h) for w, h in sizes if w > 0 and h > 0]
        self._needed, self._seen = sum(length * rows for length, rows in self._passes), 0

    def feed(self, data: bytes, at: int) -> None:
        """Unpack one piece of the stream without keeping it; what follows its end is no picture."""
        while data and not self._stream.eof:
            try:
                self._seen += len(self._stream.decompress(data, _PIECE))
            except zlib.error as error:
                raise broken(self._name, at, f"its picture data cannot be unpacked after row {self.whole}") from error
            if self._seen > self._needed:
                raise broken(self._name, at, "it holds more picture data than its size needs")
            data = self._stream.unconsumed_tail

    @property
    def whole(self) -> int:
        """Give how many rows are whole at full resolution: of an interlaced picture those that all passes have filled."""
        if not self.interlaced:
            return min(self._seen // self._passes[0][0], self.height)
        last = self._passes[-1] if len(self._passes) == 7 else (1, 0)
        in_last = max(0, self._seen - (self._needed - last[0] * last[1])) // last[0]
        return self.height if self._seen == self._needed else min(2 * in_last, self.height)

    def finish(self) -> None:
        """Refuse a stream that ends early."""
        if self._seen < self._needed or not self._stream.eof:
            raise cut(self._name, self.whole, self.height)


def scan(file: IO[bytes], name: str, size: int, limits: Limits) -> Image:
    """Walk the chunks: the header first, data, the end.

    Raises
    ------
    Refusal
        ``image.broken``, ``image.cut`` naming the last sound row, ``image.truncated``, ``image.too-many-pixels``.
    """
    file.seek(8)
    image, rows = _header(file, name, limits)
    at, data, exposed, palette = 33, False, False, False
    while True:
        head = file.read(8)
        length, kind = int.from_bytes(head[:4], "big"), head[4:]
        short = len(head) < 8 or at + 12 + length > size
        if short and not (kind == b"IDAT" or data):
            raise truncated(name, at)
        if short:
            _rest(file, rows, kind, at)
            rows.finish()
            raise cut(name, rows.whole, image.height)
        body = _chunk(file, kind, length, name, at, rows)
        data, palette = data or kind == b"IDAT", palette or kind == b"PLTE"
        exposed = exposed or (kind == b"eXIf" and exif.exposed(body))
        if kind == b"IEND":
            break
        at += 12 + length
    if not data:
        raise broken(name, None, "it holds no picture data")
    rows.finish()
    return Image("png", image.width, image.height, image.channels, image.bits, exposed=exposed, doubts=_after(at + 12, size))


def _after(end: int, size: int) -> tuple[Doubt, ...]:
    """Tell bytes behind the end."""
    return (Doubt("input.bytes-after-end", None, {"bytes": size - end}),) if size > end else ()


def _header(file: IO[bytes], name: str, limits: Limits) -> tuple[Image, _Rows]:
    """Read IHDR, its checksum, and the size it states."""
    head = file.read(25)
    if len(head) < 8:
        raise truncated(name, 8)
    if head[:8] != b"\0\0\0\rIHDR":
        raise broken(name, 8, "it does not begin with a header")
    if len(head) < 25:
        raise truncated(name, 8)
    body = head[8:21]
    if zlib.crc32(head[4:21]) != int.from_bytes(head[21:], "big"):
        raise broken(name, 8, "its header’s checksum is wrong")
    depth, colour = body[8], body[9]
    if depth not in _DEPTHS.get(colour, ()) or body[10] or body[11] or body[12] > 1:
        raise broken(name, 16, "its header states a form that does not exist")
    width, height = int.from_bytes(body[:4], "big"), int.from_bytes(body[4:8], "big")
    image = sized(name, Image("png", width, height, _CHANNELS[colour], depth), limits)
    return image, _Rows(name, body)


def _chunk(file: IO[bytes], kind: bytes, length: int, name: str, at: int, rows: _Rows) -> bytes:  # noqa: PLR0917 - one place
    """Read over a chunk's body in pieces and compare its checksum; give the body of a small EXIF chunk."""
    total, kept = zlib.crc32(kind), b""
    while length:
        piece = file.read(min(length, _PIECE))
        total = zlib.crc32(piece, total)
        length -= len(piece)
        if kind == b"IDAT":
            rows.feed(piece, at)
        elif kind == b"eXIf" and len(kept) < _EXIF:
            kept += piece
    if total != int.from_bytes(file.read(4), "big"):
        raise broken(name, at, "a checksum in it is wrong")
    return kept


def _rest(file: IO[bytes], rows: _Rows, kind: bytes, at: int) -> None:
    """Unpack what is there of the chunk in which the file ends."""
    while kind == b"IDAT" and (piece := file.read(_PIECE)):
        rows.feed(piece, at)
