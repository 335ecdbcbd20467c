# SPDX-License-Identifier: Apache-2.0
"""FLAC: its blocks, and every frame's place by its checked header.

Source: RFC 9639 §8 (metadata), §9 (frames, CRC-8 and CRC-16).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from digitize.errors import Doubt, Refusal
from digitize.preflight.media.parts import AUDIO, Stream, broken, cut, findings
from digitize.preflight.model import Findings, Limits

_BLOCK = 1 << 20
_HEADER = 17  # sync to CRC-8 at most
_BLOCKS = 1000
_CHECKED = 1 << 20
_SYNC = re.compile(rb"\xff[\xf8\xf9]")
_SIZES = {1: 192, **{code: 576 << (code - 2) for code in range(2, 6)}, **{code: 256 << (code - 8) for code in range(8, 16)}}


@dataclass(frozen=True, slots=True)
class _Info:
    """STREAMINFO: what the whole stream is said to be."""

    block: int
    rate: int
    channels: int
    samples: int


@dataclass(frozen=True, slots=True)
class _Frame:
    """A frame's place in the file, its first sample and how many it holds."""

    at: int
    first: int
    samples: int


def inspect_flac(root: Path, main: str, limits: Limits) -> Findings:
    """Walk the frames of a FLAC.

    Raises
    ------
    Refusal
        ``media.broken``, ``media.truncated``, ``media.cut``, ``media.too-long``.
    """
    path = root / main
    size = path.stat().st_size
    with path.open("rb") as file:
        info, start = _metadata(file, main, size)
        last = _last_frame(file, start, info, main, limits.media_samples // 2)
        end = last.first + last.samples
        total = info.samples / info.rate if info.samples else None
        rest = _rest(file, last, size)
        if rest is None or (info.samples and end < info.samples):
            raise cut(main, (end if rest is not None else last.first) / info.rate, total)
    doubts = (Doubt("input.bytes-after-end", None, {"bytes": rest}),) if rest else ()
    return findings(main, [Stream(AUDIO, "flac", end / info.rate, end, rate=info.rate, channels=info.channels)], limits, doubts)


def stated_md5(path: Path) -> tuple[int, str]:
    """Read STREAMINFO's own hash of the samples, and their bits; the hash of zeros means that there is none."""
    with path.open("rb") as file:
        body = file.read(42)[8:]
    packed = int.from_bytes(body[10:18], "big")
    return (packed >> 36 & 31) + 1, body[18:34].hex()


def _metadata(file: IO[bytes], name: str, size: int) -> tuple[_Info, int]:
    """Walk the metadata blocks; return STREAMINFO and where the frames begin."""
    if file.read(4) != b"fLaC":
        raise broken(name, "it does not begin with fLaC", 0)
    at, info = 4, None
    for _ in range(_BLOCKS):
        head = file.read(4)
        length = int.from_bytes(head[1:], "big")
        if len(head) < 4 or at + 4 + length > size:
            raise cut(name, 0.0, info.samples / info.rate if info and info.samples else None)
        if (info is None) != (head[0] & 0x7F == 0) or head[0] & 0x7F == 0x7F:
            raise broken(name, "its blocks are not in order", at)
        info = info or _streaminfo(file.read(length), name, at)
        at += 4 + length
        file.seek(at)
        if head[0] & 0x80:
            return info, at
    raise broken(name, "it has too many blocks", at)


def _streaminfo(body: bytes, name: str, at: int) -> _Info:
    """Read STREAMINFO (RFC 9639 §8.2)."""
    packed = int.from_bytes(body[10:18], "big")
    rate, channels, samples = packed >> 44, (packed >> 41 & 7) + 1, packed & 0xF_FFFF_FFFF
    block = int.from_bytes(body[2:4], "big")
    if len(body) != 34 or not 1000 <= rate <= 655_350 or block < 16:
        raise broken(name, "its stream is not described", at)
    return _Info(block, rate, channels, samples)


def _last_frame(file: IO[bytes], start: int, info: _Info, name: str, limit: int) -> _Frame:
    """Follow the frames by their numbers; every header must carry its checksum, the first mebibyte of bodies too."""
    before: _Frame | None = None
    for count, (at, head) in enumerate(_candidates(file, start)):
        if count > limit:
            raise broken(name, "too many places look like frames", at)
        frame = _frame(at, head, info, before)
        if frame is None:
            if before is None:
                break
            continue
        if before and frame.at - start <= _CHECKED:
            _check(file, before, frame.at, name)
        before = frame
    if before is None:
        raise cut(name, 0.0, info.samples / info.rate if info.samples else None)
    if before.first == 0 and before.at != start:
        raise broken(name, "no frame follows its blocks", start)
    return before


def _candidates(file: IO[bytes], start: int) -> Iterator[tuple[int, bytes]]:
    """Yield every place that looks like the beginning of a frame, with what follows it."""
    at, rest = start, b""
    file.seek(start)
    while data := file.read(_BLOCK):
        window = rest + data
        base = at - len(rest)
        limit = len(window) - _HEADER if len(data) == _BLOCK else len(window)
        for match in _SYNC.finditer(window):
            if match.start() >= limit:
                break
            here = file.tell()
            yield base + match.start(), window[match.start() : match.start() + _HEADER]
            file.seek(here)
        at += len(data)
        rest = window[max(limit, 0) :] if len(data) == _BLOCK else b""


def _frame(at: int, head: bytes, info: _Info, before: _Frame | None) -> _Frame | None:
    """Read a frame's header where its checksum agrees and it comes next; else None."""
    if len(head) < 6 or head[3] & 1 or head[2] >> 4 == 0 or head[2] & 15 == 15:
        return None
    number, used = _coded(head[4:])
    place, code = 4 + used, head[2] >> 4
    extra = {6: 1, 7: 2}.get(code, 0)
    samples = int.from_bytes(head[place : place + extra], "big") + 1 if extra else _SIZES.get(code, 0)
    place += extra + {12: 1, 13: 2, 14: 2}.get(head[2] & 15, 0)
    if not used or place >= len(head) or crc8(head[:place]) != head[place]:
        return None
    # The number counts samples where blocks vary in size, else frames.
    first = number if head[1] & 1 else number * info.block
    expected = before.first + before.samples if before else 0
    return _Frame(at, first, samples) if first == expected else None


def _coded(data: bytes) -> tuple[int, int]:
    """Read a number coded as UTF-8 codes characters, to seven bytes; the second is 0 where it is none."""
    if not data or data[0] in range(0x80, 0xC0) or data[0] == 0xFF:
        return 0, 0
    length = next((n for n in range(7) if not data[0] >> (7 - n) & 1), 7) or 1
    tail = data[1:length]
    if len(tail) != length - 1 or any(byte >> 6 != 2 for byte in tail):
        return 0, 0
    number = data[0] & (0x7F if length == 1 else 0x7F >> length)
    for byte in tail:
        number = number << 6 | byte & 0x3F
    return number, length


def _check(file: IO[bytes], frame: _Frame, end: int, name: str) -> None:
    """Compare a frame's checksum."""
    file.seek(frame.at)
    data = file.read(end - frame.at)
    if crc16(data):
        raise Refusal("media.checksum", at=f"byte {frame.at}", name=name)


def _rest(file: IO[bytes], last: _Frame, size: int) -> int | None:
    """Find the end of the last frame by its checksum: how many bytes come after it, or None where it has no end."""
    if size - last.at > _CHECKED:
        return None
    file.seek(last.at)
    data = file.read(size - last.at)
    if crc16(data) == 0:
        return 0
    # An ID3v1 tag is what programs put there.
    tag = 128 if data[-128:-125] == b"TAG" else None
    return tag if tag and crc16(data[:-tag]) == 0 else None


def _table(polynomial: int, bits: int) -> tuple[int, ...]:
    """Write the table of a checksum, highest bit first."""
    found = []
    for byte in range(256):
        value = byte << (bits - 8)
        for _ in range(8):
            value = (value << 1) ^ (polynomial if value >> (bits - 1) & 1 else 0)
            value &= (1 << bits) - 1
        found.append(value)
    return tuple(found)


_CRC8, _CRC16 = _table(0x07, 8), _table(0x8005, 16)


def crc8(data: bytes) -> int:
    """Return the checksum of a frame's header (RFC 9639 §9.1.8)."""
    value = 0
    for byte in data:
        value = _CRC8[value ^ byte]
    return value


def crc16(data: bytes) -> int:
    """Return the checksum of a frame, 0 where it includes its own (RFC 9639 §9.3)."""
    value = 0
    for byte in data:
        value = (value << 8 & 0xFF00) ^ _CRC16[value >> 8 ^ byte]
    return value
