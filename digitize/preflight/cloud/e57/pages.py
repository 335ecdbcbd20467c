# SPDX-License-Identifier: Apache-2.0
"""The pages of an E57: each ends in the CRC-32C of what stands before it, and is left out of all logical offsets.

Source: ASTM E2807 §6; Castagnoli's polynomial as in RFC 3720 appendix B.4. The checksum is stored with its highest byte first.
"""

from __future__ import annotations

import functools
import struct
from dataclasses import dataclass
from typing import IO

import numpy as np
from numpy.typing import NDArray

from digitize.errors import Refusal

_POLYNOMIAL = 0x82F63B78
_MOST_PAGE = 1 << 20
_PIECE = 8 << 20


@dataclass(frozen=True, slots=True)
class Pages:
    """A checked file: `size` bytes in pages of `page`; where its XML begins (physical) and how long it is (logical)."""

    file: IO[bytes]
    size: int
    page: int
    xml_at: int
    xml_length: int

    @property
    def logical(self) -> int:
        """Give how many bytes there are without the checksums."""
        return self.size // self.page * (self.page - 4)

    def to_logical(self, physical: int, at: str) -> int:
        """Turn a physical offset into a logical one.

        Raises
        ------
        Refusal
            ``e57.offset`` where it lies outside the file or in a checksum.
        """
        page, inside = divmod(physical, self.page)
        if physical >= self.size or inside >= self.page - 4:
            raise Refusal("e57.offset", at=at, offset=physical, bytes=self.size)
        return page * (self.page - 4) + inside

    def read(self, start: int, length: int, *, at: str) -> bytes:
        """Read logical bytes.

        Raises
        ------
        Refusal
            ``e57.offset`` where they reach beyond the file.
        """
        if start + length > self.logical:
            raise Refusal("e57.offset", at=at, offset=start + length, bytes=self.logical)
        inner = self.page - 4
        first, last = start // inner, (start + length + inner - 1) // inner
        self.file.seek(first * self.page)
        raw = self.file.read((last - first) * self.page)
        kept = np.frombuffer(raw, np.uint8).reshape(-1, self.page)[:, :inner].tobytes()
        return kept[start - first * inner :][:length]


def open_pages(file: IO[bytes], size: int) -> Pages:
    """Read the header and check every page.

    Raises
    ------
    Refusal
        ``e57.header``, ``e57.truncated``, ``e57.checksum``.
    """
    head = file.read(48)
    if len(head) < 48 or head[:8] != b"ASTM-E57":
        raise Refusal("e57.header", at="byte 0", problem="it is shorter than a header or does not begin with ASTM-E57")
    major, _, stated, xml_at, xml_length, page = struct.unpack_from("<IIQQQQ", head, 8)
    if major != 1:
        raise Refusal("e57.header", at="byte 8", problem=f"version {major}")
    if not 64 <= page <= _MOST_PAGE or page % 4:
        raise Refusal("e57.header", at="byte 40", problem=f"pages of {page} bytes")
    if stated > size:
        raise Refusal("e57.truncated", at=f"page {size // page}", complete=size // page, expected=-(-stated // page))
    if stated < size or stated % page or not stated:
        raise Refusal("e57.header", at="byte 16", problem=f"it states {stated} bytes and has {size}")
    _check_pages(file, size, page)
    return Pages(file, size, page, xml_at, xml_length)


def _check_pages(file: IO[bytes], size: int, page: int) -> None:
    """Check the checksum of every page."""
    file.seek(0)
    rows, number = max(_PIECE // page, 1), 0
    while number * page < size:
        raw = np.frombuffer(file.read(rows * page), np.uint8).reshape(-1, page)
        stated = raw[:, page - 4 :].copy().view(">u4").ravel()
        wrong = np.flatnonzero(crc32c(raw[:, : page - 4]) != stated)
        if len(wrong):
            raise Refusal("e57.checksum", at=f"page {number + int(wrong[0]) + 1}", page=number + int(wrong[0]) + 1, pages=size // page)
        number += len(raw)


def crc32c(rows: NDArray[np.uint8]) -> NDArray[np.uint32]:
    """Give the CRC-32C of each row (n, k), k even, two bytes at a step for all rows together."""
    table = _table()
    words = np.ascontiguousarray(np.ascontiguousarray(rows).view("<u2").T)
    register = np.full(len(rows), 0xFFFFFFFF, dtype=np.uint32)
    for word in words:
        register = table[(register ^ word) & np.uint32(0xFFFF)] ^ (register >> np.uint32(16))
    return ~register


@functools.cache
def _table() -> NDArray[np.uint32]:
    """Make the table of remainders of all two-byte words."""
    value = np.arange(1 << 16, dtype=np.uint32)
    for _ in range(16):
        value = np.where(value & 1, (value >> np.uint32(1)) ^ np.uint32(_POLYNOMIAL), value >> np.uint32(1)).astype(np.uint32)
    return value
