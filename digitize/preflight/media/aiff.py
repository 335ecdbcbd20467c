# SPDX-License-Identifier: Apache-2.0
"""AIFF and AIFF-C with uncompressed sound.

Source: Apple, "Audio Interchange File Format: AIFF" 1.3 (1989) and "AIFF-C" draft (1991).
"""

from __future__ import annotations

import struct
from pathlib import Path

from digitize.errors import Doubt, Refusal
from digitize.preflight.media.chunks import chunks
from digitize.preflight.media.parts import AUDIO, Stream, broken, cut, findings
from digitize.preflight.model import Findings, Limits

_PLAIN = {b"NONE", b"sowt", b"twos", b"in24", b"in32", b"fl32", b"FL32", b"fl64", b"FL64"}
_BITS = {b"in24": 24, b"in32": 32, b"fl32": 32, b"FL32": 32, b"fl64": 64, b"FL64": 64}


def inspect_aiff(root: Path, main: str, limits: Limits) -> Findings:
    """Walk the chunks of an AIFF.

    Raises
    ------
    Refusal
        ``media.broken``, ``media.truncated``, ``media.codec``, ``media.too-long``.
    """
    path = root / main
    size = path.stat().st_size
    form: tuple[int, int, int, float] | None = None
    sound: tuple[int, int] | None = None
    with path.open("rb") as file:
        head = file.read(12)
        if len(head) < 12 or head[:4] != b"FORM" or head[8:] not in {b"AIFF", b"AIFC"}:
            raise broken(main, "it does not begin with FORM and AIFF", 0)
        end = int.from_bytes(head[4:8], "big") + 8
        for kind, at, length in chunks(file, size, "big", broken=lambda problem, place: broken(main, problem, place)):
            if kind == b"COMM":
                form = _common(file.read(min(length, 64)), at, main)
            elif kind == b"SSND":
                sound = _sound(file.read(8), at, length, main)
    if form is None or sound is None:
        raise cut(main, 0.0, None) if end > size else broken(main, "it has no sound, or does not describe it")
    channels, frames, bits, rate = form
    block = channels * (bits + 7) // 8
    there = min(sound[1], max(size - sound[0], 0)) // block
    if there < frames:
        raise cut(main, there / rate, frames / rate)
    doubts = (Doubt("input.bytes-after-end", None, {"bytes": size - end}),) if size > end + 1 else ()
    return findings(main, [Stream(AUDIO, "pcm", frames / rate, frames, rate=round(rate), channels=channels)], limits, doubts)


def _common(body: bytes, at: int, name: str) -> tuple[int, int, int, float]:
    """Read channels, frames, bits and rate."""
    if len(body) < 18:
        raise broken(name, "its format is too short", at)
    channels, frames, bits = struct.unpack(">HIH", body[:8])
    kind = body[18:22] if len(body) >= 22 else b"NONE"
    if kind not in _PLAIN:
        raise Refusal("media.codec", at=f"byte {at}", name=name, codec=kind.decode("latin-1"))
    rate = _extended(body[8:18])
    bits = _BITS.get(kind, bits)
    if not 1 <= channels <= 8 or not 1 <= bits <= 64 or not 1000 <= rate <= 768_000 or not frames:
        raise broken(name, f"{frames} frames of {channels} channels at {rate:g} Hz with {bits} bits are not supported", at)
    return channels, frames, bits, rate


def _extended(data: bytes) -> float:
    """Read an 80-bit number (IEEE 754 extended, as the 68881 has it); what is no rate gives 0."""
    exponent = int.from_bytes(data[:2], "big") - 16383 - 63
    return float(int.from_bytes(data[2:], "big")) * 2.0**exponent if -63 <= exponent <= 0 else 0.0


def _sound(head: bytes, at: int, length: int, name: str) -> tuple[int, int]:
    """Give where the samples begin and how many bytes are stated."""
    offset = int.from_bytes(head[:4], "big")
    if len(head) < 8 or length < 8 + offset:
        raise broken(name, "its sound is empty", at)
    return at + 16 + offset, length - 8 - offset
