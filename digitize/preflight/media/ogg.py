# SPDX-License-Identifier: Apache-2.0
"""Ogg with Opus, Vorbis, FLAC, Speex or Theora: every page's checksum, every stream's end.

Source: RFC 3533 (Ogg), RFC 7845 §5 (Opus), Vorbis I §4.2.2, Theora §6.2, the Ogg FLAC mapping (RFC 9639 §10.1).
"""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from digitize.errors import Refusal
from digitize.preflight.media.parts import AUDIO, VIDEO, Stream, broken, cut, findings
from digitize.preflight.model import Findings, Limits

_FIRST, _LAST = 2, 4
_NO_POSITION = (1 << 64) - 1
_BITS_TURNED = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))


@dataclass(slots=True)
class _Logical:
    """One stream in the file: what it is, how far it has come."""

    codec: str
    kind: str
    rate: float
    channels: int = 0
    width: int = 0
    height: int = 0
    skip: int = 0
    shift: int = 0
    sequence: int = 0
    position: int = 0
    ended: bool = False

    @property
    def units(self) -> int:
        """Give the samples, or the pictures, so far."""
        if self.kind == VIDEO:
            return (self.position >> self.shift) + (self.position & ((1 << self.shift) - 1))
        return max(self.position - self.skip, 0)

    @property
    def seconds(self) -> float:
        """Give how far the stream has come."""
        return self.units / self.rate


def inspect_ogg(root: Path, main: str, limits: Limits) -> Findings:
    """Walk the pages of an Ogg file.

    Raises
    ------
    Refusal
        ``media.broken``, ``media.checksum``, ``media.cut``, ``media.codec``, ``media.too-long``.
    """
    path = root / main
    streams: dict[int, _Logical | None] = {}
    with path.open("rb") as file:
        size, at = path.stat().st_size, 0
        left = limits.media_samples // 4
        while at < size:
            at, left = at + _page(file, at, size, streams, main), left - 1
            if left < 0:
                raise broken(main, "it has too many pages", at)
    known = [one for one in streams.values() if one]
    if not all(one.ended for one in known):
        raise cut(main, min(one.seconds for one in known if not one.ended), None)
    found = [
        Stream(
            one.kind, one.codec, one.seconds, one.units, one.width, one.height, round(one.rate) if one.kind == AUDIO else 0, one.channels
        )
        for one in known
    ]
    return findings(main, found, limits, others=["other"] * (len(streams) - len(known)))


def _page(file: IO[bytes], at: int, size: int, streams: dict[int, _Logical | None], name: str) -> int:
    """Check one page and take it in; return its length."""
    file.seek(at)
    head = file.read(27)
    sizes = file.read(head[26]) if len(head) == 27 else b""
    length = 27 + len(sizes) + sum(sizes)
    if head[:4] != b"OggS"[: len(head)]:
        raise broken(name, "no page stands where one must", at)
    if len(head) < 27 or len(sizes) < head[26] or at + length > size:
        known = [one.seconds for one in streams.values() if one and not one.ended]
        raise cut(name, min(known, default=0.0), None)
    body = file.read(sum(sizes))
    version, flags, position, serial, sequence, checksum = struct.unpack("<BBQIII", head[4:26])
    if version or crc32(head[:22] + bytes(4) + head[26:] + sizes + body) != checksum:
        raise Refusal("media.checksum", at=f"byte {at}", name=name)
    _take(streams, body, serial=serial, sequence=sequence, flags=flags, position=position, name=name, at=at)
    return length


def _take(
    streams: dict[int, _Logical | None], body: bytes, *, serial: int, sequence: int, flags: int, position: int, name: str, at: int
) -> None:
    """Enter a page into its stream."""
    if flags & _FIRST:
        if serial in streams or any(one and one.sequence for one in streams.values()):
            raise broken(name, "a second recording follows the first", at)
        if len(streams) >= 16:
            raise broken(name, "it has too many streams", at)
        streams[serial] = _begin(body, name, at)
        if (first := streams[serial]) and flags & _LAST:
            first.ended = True
        return
    if serial not in streams:
        raise broken(name, "a page belongs to no stream", at)
    stream = streams[serial]
    if stream is None:
        return
    if stream.ended or sequence != stream.sequence + 1:
        raise broken(name, f"a page is missing, at second {stream.seconds:.3f}", at)
    stream.sequence = sequence
    if position != _NO_POSITION:
        if position < stream.position:
            raise broken(name, f"its positions go backwards, at second {stream.seconds:.3f}", at)
        stream.position = position
    stream.ended = bool(flags & _LAST)


def _begin(body: bytes, name: str, at: int) -> _Logical | None:
    """Read a stream's first packet; None for one that is not sound or film."""
    found: _Logical | None = None
    if body[:8] == b"OpusHead" and len(body) >= 19:
        found = _Logical("opus", AUDIO, 48_000, body[9], skip=int.from_bytes(body[10:12], "little"))
    elif body[:7] == b"\x01vorbis" and len(body) >= 30:
        found = _Logical("vorbis", AUDIO, int.from_bytes(body[12:16], "little"), body[11])
    elif body[:5] == b"\x7fFLAC" and len(body) >= 51:
        packed = int.from_bytes(body[27:35], "big")
        found = _Logical("flac", AUDIO, packed >> 44, (packed >> 41 & 7) + 1)
    elif body[:8] == b"Speex   " and len(body) >= 80:
        found = _Logical("speex", AUDIO, int.from_bytes(body[36:40], "little"), int.from_bytes(body[48:52], "little"))
    elif body[:7] == b"\x80theora" and len(body) >= 42:
        found = _theora(body)
    elif body[:8] != b"fishead\0":
        raise Refusal("media.codec", at=f"byte {at}", name=name, codec=body[:8].decode("latin-1"))
    if found and not (found.rate > 0 and (found.kind == VIDEO or 1 <= found.channels <= 8) and found.rate <= 768_000):
        raise broken(name, "its stream is not described", at)
    return found


def _theora(body: bytes) -> _Logical:
    """Read a film's first packet (Theora §6.2)."""
    width, height = int.from_bytes(body[14:17], "big"), int.from_bytes(body[17:20], "big")
    numerator, denominator = struct.unpack(">II", body[22:30])
    shift = (body[40] & 3) << 3 | body[41] >> 5
    return _Logical("theora", VIDEO, numerator / denominator if denominator else 0.0, width=width, height=height, shift=shift)


def crc32(data: bytes) -> int:
    """Return a page's checksum: polynomial 0x04C11DB7, highest bit first, from 0.

    That is zlib's with every byte turned around and without its two inversions.
    """
    value = zlib.crc32(data.translate(_BITS_TURNED), 0xFFFFFFFF) ^ 0xFFFFFFFF
    return int.from_bytes(value.to_bytes(4, "big").translate(_BITS_TURNED), "little")
