# SPDX-License-Identifier: Apache-2.0
"""WAV with uncompressed sound: sizes that agree, a form that exists.

Source: Microsoft, Multimedia Programming Interface and Data Specifications 1.0 (RIFF); WAVEFORMATEXTENSIBLE; EBU Tech 3306 (RF64).
"""

from __future__ import annotations

import struct
from pathlib import Path
from typing import IO

from digitize.errors import Doubt, Refusal
from digitize.preflight.media.chunks import chunks
from digitize.preflight.media.parts import cut
from digitize.preflight.model import Findings, Limits

_PCM, _FLOAT, _EXTENSIBLE = 1, 3, 0xFFFE
_GUID = bytes.fromhex("00000000001000800000aa00389b71")
_BITS = {_PCM: (8, 16, 24, 32), _FLOAT: (32, 64)}


def inspect_wav(root: Path, main: str, limits: Limits) -> Findings:
    """Walk the chunks of a WAV.

    Raises
    ------
    Refusal
        ``wav.broken``, ``wav.truncated``, ``media.truncated``, ``wav.not-pcm``, ``wav.too-long``.
    """
    path = root / main
    counts: dict[str, int] = {}
    frames = None
    with path.open("rb") as file:
        size = path.stat().st_size
        stated, data_bytes = _riff(file.read(12), file)
        for kind, at, length in chunks(file, size, "little", broken=_broken, data=data_bytes):
            if kind == b"fmt ":
                counts = _format(file.read(min(length, 64)), at)
            elif kind == b"data" and frames is None:
                frames = _frames(counts, at, length)
                _whole(main, counts, there=size - at - 8, length=length)
            if at + 8 + length > size:
                raise Refusal("wav.truncated", at=f"byte {at}", bytes=size, needed=at + 8 + length)
    if stated > size + 1:
        raise Refusal("wav.truncated", at=f"byte {size}", bytes=size, needed=stated)
    if frames is None:
        raise Refusal("wav.broken", problem="it has no sound data")
    if frames > limits.sound_seconds * counts["sample_rate"]:
        raise Refusal("wav.too-long", seconds=frames // counts["sample_rate"], limit=limits.sound_seconds)
    doubts = (Doubt("input.bytes-after-end", None, {"bytes": size - stated}),) if size > stated + 1 else ()
    return Findings({"frames": frames, **counts}, (), doubts)


def _riff(head: bytes, file: IO[bytes]) -> tuple[int, int]:
    """Give how many bytes the file states that it has, and for a large one (RF64) how many its sound has."""
    if len(head) < 12 or head[:4] not in {b"RIFF", b"RF64", b"BW64"} or head[8:] != b"WAVE":
        raise Refusal("wav.broken", at="byte 0", problem="it does not begin with RIFF and WAVE")
    if head[:4] == b"RIFF":
        return int.from_bytes(head[4:8], "little") + 8, 0
    large = file.read(36)
    if len(large) < 36 or large[:4] != b"ds64":
        raise Refusal("wav.broken", at="byte 12", problem="its large sizes (ds64) are missing")
    whole, data = struct.unpack("<QQ", large[8:24])
    return whole + 8, data


def _broken(problem: str, at: int) -> Refusal:
    """Refuse a file that contradicts itself."""
    return Refusal("wav.broken", at=f"byte {at}", problem=problem)


def _format(body: bytes, at: int) -> dict[str, int]:
    """Read the form of the samples."""
    if len(body) < 16:
        raise Refusal("wav.broken", at=f"byte {at}", problem="its format is too short")
    tag, channels, rate, per_second, block, bits = struct.unpack("<HHIIHH", body[:16])
    if tag == _EXTENSIBLE and len(body) >= 40 and body[25:40] == _GUID:
        tag = body[24]
    if tag not in _BITS:
        raise Refusal("wav.not-pcm", at=f"byte {at}", tag=tag)
    if not 1 <= channels <= 8 or not 1000 <= rate <= 384_000 or bits not in _BITS[tag]:
        raise Refusal("wav.broken", at=f"byte {at}", problem=f"{channels} channels at {rate} Hz with {bits} bits are not supported")
    if block != channels * bits // 8 or per_second != rate * block:
        raise Refusal("wav.broken", at=f"byte {at}", problem="its sizes contradict each other")
    return {"channels": channels, "sample_rate": rate, "bits": bits}


def _frames(counts: dict[str, int], at: int, length: int) -> int:
    """Count the samples per channel."""
    if not counts:
        raise Refusal("wav.broken", at=f"byte {at}", problem="its sound comes before its format")
    block = counts["channels"] * counts["bits"] // 8
    if length == 0 or length % block:
        raise Refusal("wav.broken", at=f"byte {at}", problem="its sound is empty or ends within a sample")
    return length // block


def _whole(name: str, counts: dict[str, int], *, there: int, length: int) -> None:
    """Refuse sound of which not every byte is there, naming its last second."""
    if there < length:
        per_second = counts["channels"] * counts["bits"] // 8 * counts["sample_rate"]
        raise cut(name, there / per_second, length / per_second)
