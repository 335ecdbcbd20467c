# SPDX-License-Identifier: Apache-2.0
"""AVI: its lists and every chunk of its film.

Source: Microsoft, AVI RIFF File Reference; Matrox, OpenDML AVI 1.02.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from digitize.errors import Refusal
from digitize.preflight.media.parts import AUDIO, VIDEO, Stream, broken, cut, findings
from digitize.preflight.model import Findings, Limits

_LISTS = {b"hdrl", b"strl", b"movi", b"rec ", b"odml", b"INFO"}
_VIDEO = {
    **dict.fromkeys((b"DVSD", b"DV25", b"DV50", b"DVIS"), "dvvideo"), **dict.fromkeys((b"MJPG", b"IJPG"), "mjpeg"), b"FFV1": "ffv1", b"HFYU": "huffyuv",
    b"FFVH": "ffvhuff", **dict.fromkeys((b"XVID", b"DIVX", b"DX50", b"FMP4", b"MP4V"), "mpeg4"), b"H264": "h264", b"X264": "h264", b"AVC1": "h264",
    **dict.fromkeys((b"\0\0\0\0", b"DIB ", b"YUY2", b"UYVY", b"YV12", b"I420", b"IYUV", b"V210"), "rawvideo"), b"CVID": "cinepak",
    **dict.fromkeys((b"IV31", b"IV32"), "indeo3"), b"IV50": "indeo5", b"MP42": "msmpeg4v2", b"MP43": "msmpeg4v3", b"DIV3": "msmpeg4v3", b"LAGS": "lagarith",
}  # fmt: skip
_AUDIO = {
    1: "pcm",
    2: "adpcm",
    3: "pcm",
    6: "alaw",
    7: "ulaw",
    0x11: "adpcm",
    0x50: "mp2",
    0x55: "mp3",
    0xFF: "aac",
    0x2000: "ac3",
    0xFFFE: "pcm",
}


@dataclass(slots=True)
class _Part:
    """One stream: its form, how its chunks make time, how much is there."""

    kind: str
    scale: int
    rate: int
    stated: int
    codec: str = ""
    width: int = 0
    height: int = 0
    hertz: int = 0
    channels: int = 0
    per_second: int = 0
    frames: int = 0
    bytes: int = 0

    @property
    def seconds(self) -> float:
        """Give how far the stream has come."""
        if self.kind == AUDIO and self.per_second:
            return self.bytes / self.per_second
        return self.frames * self.scale / self.rate


def inspect_avi(root: Path, main: str, limits: Limits) -> Findings:
    """Walk the chunks of an AVI.

    Raises
    ------
    Refusal
        ``media.broken``, ``media.truncated``, ``media.codec``, ``media.no-streams``, ``media.too-long``, ``media.too-large-picture``.
    """
    path = root / main
    with path.open("rb") as file:
        return _Film(file, path.stat().st_size, main, limits).findings()


class _Film:
    """One file while it is walked."""

    def __init__(self, file: IO[bytes], size: int, name: str, limits: Limits) -> None:
        self._file, self._size, self._name, self._limits = file, size, name, limits
        self._left = limits.media_samples
        self._parts: list[_Part | None] = []

    def findings(self) -> Findings:
        """Walk the file."""
        at = 0
        while at < self._size:
            head = self._read(at, 12)
            if head[:4] != b"RIFF"[: len(head[:4])] or (len(head) == 12 and head[8:] not in {b"AVI ", b"AVIX"}):
                if at:
                    break
                raise broken(self._name, "it does not begin with RIFF and AVI", at)
            length = int.from_bytes(head[4:8], "little")
            self._walk(at + 12, at + 8 + length, 0)
            at += 8 + length + length % 2
        known = [part for part in self._parts if part]
        streams = [
            Stream(one.kind, one.codec, one.seconds, one.frames if one.kind == VIDEO else 0, one.width, one.height, one.hertz, one.channels)
            for one in known
        ]
        return findings(self._name, streams, self._limits, others=["other"] * (len(self._parts) - len(known)))

    def _read(self, at: int, length: int) -> bytes:
        self._file.seek(at)
        return self._file.read(length)

    def _cut(self) -> Refusal:
        """Say how far every stream has come."""
        known = [part for part in self._parts if part]
        film = next((part for part in known if part.kind == VIDEO), None)
        total = film.stated * film.scale / film.rate if film and film.stated else None
        return cut(self._name, min((part.seconds for part in known), default=0.0), total)

    def _walk(self, at: int, end: int, depth: int) -> None:
        """Walk the chunks of one list."""
        while at + 8 <= end:
            self._left -= 1
            if self._left < 0 or depth > 4:
                raise broken(self._name, "it has too many parts", at)
            head = self._read(at, 12)
            length = int.from_bytes(head[4:8], "little")
            if len(head) < 8 or (head[:4] == b"LIST" and len(head) < 12):
                raise self._cut()
            if at + 8 + length > end:
                raise broken(self._name, f"its part {head[:4].decode('latin-1')} is longer than what holds it", at)
            if head[:4] == b"LIST" and head[8:12] in _LISTS:
                self._walk(at + 12, at + 8 + length, depth + 1)
            elif at + 8 + length > self._size:
                raise self._cut()
            else:
                self._chunk(head[:4], at, length)
            at += 8 + length + length % 2

    def _chunk(self, kind: bytes, at: int, length: int) -> None:
        """Take in one chunk."""
        if kind == b"strh":
            self._head(self._read(at + 8, min(length, 56)), at)
        elif kind == b"strf" and self._parts and self._parts[-1]:
            self._form(self._parts[-1], self._read(at + 8, min(length, 40)), at)
        elif kind[:2].isdigit() and kind[2:] in {b"dc", b"db", b"wb"}:
            number = int(kind[:2])
            part = self._parts[number] if number < len(self._parts) else None
            if part:
                part.frames, part.bytes = part.frames + 1, part.bytes + length

    def _head(self, body: bytes, at: int) -> None:
        """Begin a stream."""
        kind = {b"vids": VIDEO, b"auds": AUDIO}.get(body[:4])
        if len(body) < 48 or len(self._parts) >= 64:
            raise broken(self._name, "the head of a stream is too short", at)
        scale, rate, _, stated = struct.unpack("<IIII", body[20:36])
        if kind and not (scale and rate):
            raise broken(self._name, "a stream has no time scale", at)
        self._parts.append(_Part(kind, scale, rate, stated) if kind else None)

    def _form(self, part: _Part, body: bytes, at: int) -> None:
        """Read the form of pictures or samples."""
        if part.kind == VIDEO and len(body) >= 20:
            width, height = struct.unpack("<ii", body[4:12])
            part.width, part.height, coded = abs(width), abs(height), body[16:20].upper()
            part.codec = _VIDEO.get(coded, "")
            code = coded.decode("latin-1")
        elif part.kind == AUDIO and len(body) >= 14:
            tag, part.channels, part.hertz, part.per_second = struct.unpack("<HHII", body[:12])
            part.codec, code = _AUDIO.get(tag, ""), f"0x{tag:04X}"
        else:
            raise broken(self._name, "the form of a stream is too short", at)
        if not part.codec:
            raise Refusal("media.codec", at=f"byte {at}", name=self._name, codec=code)
