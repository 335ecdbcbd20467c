# SPDX-License-Identifier: Apache-2.0
"""MPEG audio (MP3 and layers I, II): from frame to frame to the end.

Source: ISO/IEC 11172-3 §2.4.2.3 and 13818-3 (header); ID3v2.4 §3.1; the Xing and VBRI headers as encoders write them.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import IO

from digitize.errors import Doubt, Refusal
from digitize.preflight.media.parts import AUDIO, Stream, broken, cut, findings
from digitize.preflight.model import Findings, Limits

# kbit/s by (version 1?, layer) and index 1 to 14
_KBITS = {
    (True, 1): (32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448),
    (True, 2): (32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384),
    (True, 3): (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    (False, 1): (32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256),
    (False, 2): (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
    (False, 3): (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
_RATES = (44_100, 48_000, 32_000)
_DIVISOR = {3: 1, 2: 2, 0: 4}


@dataclass(frozen=True, slots=True)
class _Frame:
    """A frame's form: bytes, samples per channel, rate, channels, layer."""

    length: int
    samples: int
    rate: int
    channels: int
    layer: int


def inspect_mp3(root: Path, main: str, limits: Limits) -> Findings:
    """Walk the frames of an MP3.

    Raises
    ------
    Refusal
        ``media.broken``, ``media.truncated``, ``media.cut``, ``media.too-long``.
    """
    path = root / main
    with path.open("rb") as file:
        size = path.stat().st_size
        start, end = _start(file, main, size), _end(file, size)
        first = read_header(_at(file, start, 4))
        if first is None:
            raise cut(main, 0.0, None) if start >= end else broken(main, "no frame follows its tag", start)
        if start + first.length > end:
            raise cut(main, 0.0, None)
        stated = _stated(_at(file, start, min(first.length, 512)))
        begin = start + first.length if stated is not None else start
        frames, at = _walk(file, begin, end, form=first, name=main, stated=stated, limit=limits.sound_seconds)
    seconds = frames * first.samples / first.rate
    doubts = (Doubt("input.bytes-after-end", None, {"bytes": end - at}),) if at < end else ()
    stream = Stream(AUDIO, f"mp{first.layer}", seconds, rate=first.rate, channels=first.channels)
    return findings(main, [stream], limits, doubts)


def _walk(file: IO[bytes], at: int, end: int, *, form: _Frame, name: str, stated: int | None, limit: int) -> tuple[int, int]:
    """Count frames of one form; return how many and where they end."""
    total = stated * form.samples / form.rate if stated else None
    frames = 0
    while at < end:
        if frames * form.samples > limit * form.rate:
            raise Refusal("media.too-long", name=name, seconds=frames * form.samples // form.rate, limit=limit)
        head = _at(file, at, 4)
        frame = read_header(head)
        if frame is None or (frame.rate, frame.layer, frame.channels) != (form.rate, form.layer, form.channels):
            if stated is not None and frames >= stated:
                break
            if len(head) < 4:
                raise cut(name, frames * form.samples / form.rate, total)
            raise broken(name, f"no frame stands where one must, at second {frames * form.samples / form.rate:.3f}", at)
        if at + frame.length > end:
            raise cut(name, frames * form.samples / form.rate, total)
        frames, at = frames + 1, at + frame.length
    if not frames or (stated and frames < stated):
        raise cut(name, frames * form.samples / form.rate, total)
    return frames, at


def _at(file: IO[bytes], at: int, length: int) -> bytes:
    file.seek(at)
    return file.read(length)


def read_header(head: bytes) -> _Frame | None:
    """Read a frame's header; None where it is none, or of free format, which cannot be walked."""
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE0 != 0xE0:
        return None
    version, layer = head[1] >> 3 & 3, 4 - (head[1] >> 1 & 3)
    bitrate, rate = head[2] >> 4, head[2] >> 2 & 3
    if version == 1 or layer == 4 or bitrate in {0, 15} or rate == 3:
        return None
    hertz = _RATES[rate] // _DIVISOR[version]
    bits = _KBITS[version == 3, layer][bitrate - 1] * 1000
    samples = 384 if layer == 1 else 1152 if layer == 2 or version == 3 else 576
    padding = head[2] >> 1 & 1
    length = (12 * bits // hertz + padding) * 4 if layer == 1 else samples // 8 * bits // hertz + padding
    return _Frame(length, samples, hertz, 1 if head[3] >> 6 == 3 else 2, layer)


def _stated(frame: bytes) -> int | None:
    """Read how many frames a first, silent frame promises: 0 where it does not say, None where it is no such frame."""
    for place in (4 + 32, 4 + 17, 4 + 9, 6 + 32, 6 + 17, 6 + 9):
        if frame[place : place + 4] in {b"Xing", b"Info"}:
            flags = int.from_bytes(frame[place + 4 : place + 8], "big")
            return int.from_bytes(frame[place + 8 : place + 12], "big") if flags & 1 else 0
    if frame[36:40] == b"VBRI":
        return int.from_bytes(frame[50:54], "big")
    return None


def _start(file: IO[bytes], name: str, size: int) -> int:
    """Pass over the tags at the beginning."""
    at = 0
    for _ in range(16):
        head = _at(file, at, 10)
        if head[:3] != b"ID3":
            return at + (len(head) - len(head.lstrip(b"\0"))) if at else at
        if len(head) < 10 or any(byte & 0x80 for byte in head[6:]):
            raise broken(name, "the size of its tag is wrong", at)
        length = sum(byte << 7 * (3 - place) for place, byte in enumerate(head[6:]))
        at += 10 + length + (10 if head[5] & 0x10 else 0)
        if at >= size:
            raise cut(name, 0.0, None)
    raise broken(name, "it has too many tags", at)


def _end(file: IO[bytes], size: int) -> int:
    """Pass over the tags at the end: ID3v1, APE."""
    end = size - 128 if _at(file, max(size - 128, 0), 3) == b"TAG" else size
    foot = _at(file, max(end - 32, 0), 32)
    if foot[:8] == b"APETAGEX":
        length = int.from_bytes(foot[12:16], "little") + (32 if foot[23] & 0x80 else 0)
        end = max(end - length, 0)
    return end
