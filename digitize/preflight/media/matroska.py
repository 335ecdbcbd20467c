# SPDX-License-Identifier: Apache-2.0
"""Matroska and WebM: every cluster and block, the time of the last one.

Source: RFC 9559 (Matroska); RFC 8794 (EBML).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

from digitize.errors import Doubt, Refusal
from digitize.preflight.media.ebml import Element, Source
from digitize.preflight.media.parts import AUDIO, VIDEO, Stream, broken, cut, findings
from digitize.preflight.model import Findings, Limits

_HEADER, _DOCTYPE, _SEGMENT = 0x1A45DFA3, 0x4282, 0x18538067
_INFO, _SCALE, _DURATION, _TRACKS, _ENTRY, _CLUSTER = 0x1549A966, 0x2AD7B1, 0x4489, 0x1654AE6B, 0xAE, 0x1F43B675
_NUMBER, _TYPE, _CODEC, _VIDEO, _WIDTH, _HEIGHT = 0xD7, 0x83, 0x86, 0xE0, 0xB0, 0xBA
_AUDIO, _RATE, _CHANNELS, _ENCODINGS, _ENCODING = 0xE1, 0xB5, 0x9F, 0x6D80, 0x6240
_COMPRESSION, _ALGORITHM, _ENCRYPTION = 0x5034, 0x4254, 0x5035
_TIME, _SIMPLE, _GROUP, _BLOCK = 0xE7, 0xA3, 0xA0, 0xA1
_SEEK, _CUES, _ATTACHMENTS, _CHAPTERS, _TAGS, _VOID, _CRC = 0x114D9B74, 0x1C53BB6B, 0x1941A469, 0x1043A770, 0x1254C367, 0xEC, 0xBF
_TOP = {_SEEK, _INFO, _TRACKS, _CLUSTER, _CUES, _ATTACHMENTS, _CHAPTERS, _TAGS, _VOID, _CRC}
_STRIPPED = 3
_CODECS = {
    "V_MPEG4/ISO/AVC": "h264", "V_MPEGH/ISO/HEVC": "hevc", "V_VP8": "vp8", "V_VP9": "vp9", "V_AV1": "av1", "V_THEORA": "theora",
    "V_FFV1": "ffv1", "V_MPEG1": "mpeg1video", "V_MPEG2": "mpeg2video", "V_MPEG4/ISO/SP": "mpeg4", "V_MPEG4/ISO/ASP": "mpeg4",
    "V_MPEG4/ISO/AP": "mpeg4", "V_PRORES": "prores", "V_MJPEG": "mjpeg", "V_UNCOMPRESSED": "rawvideo", "V_MS/VFW/FOURCC": "vfw",
    "V_QUICKTIME": "quicktime", "A_AAC": "aac", "A_OPUS": "opus", "A_VORBIS": "vorbis", "A_FLAC": "flac", "A_MPEG/L3": "mp3",
    "A_MPEG/L2": "mp2", "A_MPEG/L1": "mp1", "A_AC3": "ac3", "A_EAC3": "eac3", "A_DTS": "dts", "A_TRUEHD": "truehd", "A_ALAC": "alac",
    "A_PCM/INT/LIT": "pcm", "A_PCM/INT/BIG": "pcm", "A_PCM/FLOAT/IEEE": "pcm", "A_WAVPACK4": "wavpack", "A_MS/ACM": "acm",
}  # fmt: skip


@dataclass(slots=True)
class _Track:
    """One track: what it is, its blocks so far."""

    kind: str
    codec: str
    width: int = 0
    height: int = 0
    rate: int = 0
    channels: int = 0
    frames: int = 0


def inspect_matroska(root: Path, main: str, limits: Limits) -> Findings:
    """Walk the elements of a Matroska or WebM file.

    Raises
    ------
    Refusal
        ``media.broken``, ``media.truncated``, ``media.cut``, ``media.codec``, ``media.encrypted``, ``media.no-streams``,
        ``media.too-long``, ``media.too-large-picture``.
    """
    path = root / main
    with path.open("rb") as file:
        return _Film(Source(file, path.stat().st_size, main, limits.media_samples), main, limits).findings()


class _Film:
    """One file while it is walked."""

    def __init__(self, source: Source, name: str, limits: Limits) -> None:
        self._source, self._name, self._limits = source, name, limits
        self._scale, self._duration = 1_000_000, 0.0
        self._tracks: dict[int, _Track | None] = {}
        self._cluster, self._last = 0, 0

    @property
    def _seconds(self) -> float:
        """Give the time of the last block."""
        return self._last * self._scale / 1e9

    @property
    def _total(self) -> float | None:
        """Give the stated length."""
        seconds = self._duration * self._scale / 1e9
        return seconds if math.isfinite(seconds) and seconds > 0 else None

    def findings(self) -> Findings:
        """Walk the file."""
        self._segment(self._header())
        known = [one for one in self._tracks.values() if one]
        total = self._total
        seconds = max(total or 0.0, self._seconds)
        doubts = []
        if total and known and self._seconds < total - max(1.0, 0.01 * total):
            raise cut(self._name, self._seconds, total)
        if total and self._seconds > total + 1.0:
            doubts.append(Doubt("media.duration-differs", None, {"stated": f"{total:.3f}", "found": f"{self._seconds:.3f}"}))
        streams = [
            Stream(one.kind, one.codec, seconds, one.frames if one.kind == VIDEO else 0, one.width, one.height, one.rate, one.channels)
            for one in known
        ]
        return findings(self._name, streams, self._limits, doubts, others=["other"] * (len(self._tracks) - len(known)))

    def _header(self) -> int:
        """Read the EBML header; return where it ends."""
        head = self._source.element(0)
        if head is None or head.id != _HEADER or head.end is None or head.end > min(self._source.size, 4096):
            raise broken(self._name, "it does not begin with an EBML header", 0)
        kinds = [self._source.text(one) for one in self._source.children(head) if one.id == _DOCTYPE]
        if kinds and kinds[0] not in {"matroska", "webm"}:
            raise Refusal("media.codec", at="byte 0", name=self._name, codec=kinds[0])
        return head.end

    def _segment(self, at: int) -> None:
        """Walk the segment's elements."""
        head = self._source.element(at) if at < self._source.size else None
        if head is None:
            raise cut(self._name, 0.0, None)
        if head.id != _SEGMENT:
            raise broken(self._name, "no segment follows its header", at)
        at = head.start
        while at < min(head.end or self._source.size, self._source.size):
            one = self._source.element(at)
            if one is None:
                raise self._cut()
            if one.id not in _TOP:
                raise broken(self._name, f"an element 0x{one.id:X} stands in its segment, at second {self._seconds:.3f}", at)
            at = self._cluster_at(one) if one.id == _CLUSTER else self._whole(one)
        if head.end and head.end > self._source.size:
            raise self._cut()

    def _cut(self) -> Refusal:
        return cut(self._name, self._seconds, self._total)

    def _whole(self, one: Element) -> int:
        """Take in an element that must be whole and whose size must be known."""
        if one.end is None:
            raise broken(self._name, "an element without a size stands where none may", one.at)
        if one.end > self._source.size:
            raise self._cut()
        if one.id == _INFO:
            for child in self._source.children(one):
                if child.id == _SCALE:
                    self._scale = max(self._source.number(child), 1)
                elif child.id == _DURATION:
                    self._duration = self._source.real(child)
        elif one.id == _TRACKS:
            for child in self._source.children(one):
                if child.id == _ENTRY:
                    self._entry(child)
        return one.end

    def _entry(self, entry: Element) -> None:
        """Take in one track."""
        source, parts = self._source, dict[int, Element]()
        for child in self._source.children(entry):
            parts.setdefault(child.id, child)
        number = source.number(parts[_NUMBER]) if _NUMBER in parts else 0
        kind = {1: VIDEO, 2: AUDIO}.get(source.number(parts[_TYPE]) if _TYPE in parts else 0)
        if len(self._tracks) >= 64:
            raise broken(self._name, "it has too many tracks", entry.at)
        if kind is None:
            self._tracks[number] = None
            return
        if _ENCODINGS in parts:
            self._encodings(parts[_ENCODINGS])
        name = source.text(parts[_CODEC]) if _CODEC in parts else ""
        codec = _CODECS.get(name) or _CODECS.get("/".join(name.split("/")[:2])) or ("aac" if name.startswith("A_AAC") else None)
        if codec is None:
            raise Refusal("media.codec", at=f"byte {entry.at}", name=self._name, codec=name)
        self._tracks[number] = self._described(_Track(kind, codec), parts)

    def _described(self, track: _Track, parts: dict[int, Element]) -> _Track:
        """Read a track's picture or sound."""
        inside = [*self._source.children(parts[_VIDEO])] if _VIDEO in parts else []
        inside += self._source.children(parts[_AUDIO]) if _AUDIO in parts else []
        for one in inside:
            if one.id == _WIDTH:
                track.width = self._source.number(one)
            elif one.id == _HEIGHT:
                track.height = self._source.number(one)
            elif one.id == _CHANNELS:
                track.channels = self._source.number(one)
            elif one.id == _RATE:
                rate = self._source.real(one)
                track.rate = round(rate) if math.isfinite(rate) and 0 < rate < 1e7 else 0
        if track.kind == AUDIO:
            track.channels, track.rate = track.channels or 1, track.rate or 8000
        return track

    def _encodings(self, encodings: Element) -> None:
        """Refuse what is encrypted or compressed beyond a stripped header."""
        for encoding in self._source.children(encodings):
            for one in self._source.children(encoding) if encoding.id == _ENCODING else ():
                if one.id == _ENCRYPTION:
                    raise Refusal("media.encrypted", at=f"byte {one.at}", name=self._name)
                if one.id == _COMPRESSION:
                    kinds = [self._source.number(part) for part in self._source.children(one) if part.id == _ALGORITHM] or [0]
                    if kinds != [_STRIPPED]:
                        raise Refusal("media.codec", at=f"byte {one.at}", name=self._name, codec="compressed")

    def _cluster_at(self, cluster: Element) -> int:
        """Walk one cluster; one without a size ends where something of the segment begins."""
        at, end = cluster.start, cluster.end
        self._cluster = 0
        while at < min(end or self._source.size, self._source.size):
            one = self._source.element(at)
            if one is None:
                raise self._cut()
            if end is None and one.id in _TOP - {_VOID, _CRC}:
                return at
            if one.end is None or (end and one.end > end):
                raise broken(self._name, f"a block is longer than its cluster, at second {self._seconds:.3f}", at)
            if one.end > self._source.size:
                raise self._cut()
            self._in_cluster(one)
            at = one.end
        if end and end > self._source.size:
            raise self._cut()
        return at

    def _in_cluster(self, one: Element) -> None:
        """Take in one element of a cluster."""
        if one.id == _TIME:
            self._cluster = self._source.number(one)
        elif one.id == _SIMPLE:
            self._block(one)
        elif one.id == _GROUP:
            for child in self._source.children(one):
                if child.id == _BLOCK:
                    self._block(child)

    def _block(self, block: Element) -> None:
        """Count one block: track number, time, frames laced into it."""
        assert block.end is not None
        head = self._source.read(block.start, min(block.end - block.start, 12))
        width = 9 - head[0].bit_length() if head else 9
        if width > 8 or len(head) < width + 3:
            raise broken(self._name, f"a block is too short, at second {self._seconds:.3f}", block.at)
        number = int.from_bytes(head[:width], "big") & ((1 << 7 * width) - 1)
        if number not in self._tracks:
            raise broken(self._name, f"a block is of track {number}, which is not described", block.at)
        laced = head[width + 3] + 1 if head[width + 2] & 6 and len(head) > width + 3 else 1
        track = self._tracks[number]
        if track:
            track.frames += laced
            self._last = max(self._last, self._cluster + int.from_bytes(head[width : width + 2], "big", signed=True))
