# SPDX-License-Identifier: Apache-2.0
"""MP4, M4A and QuickTime: the tree of boxes, and every sample inside the file.

Source: ISO/IEC 14496-12 §8; Apple, QuickTime File Format.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

import numpy as np

from digitize.errors import Refusal
from digitize.preflight.media.boxes import Box, Index
from digitize.preflight.media.fragments import Fragments
from digitize.preflight.media.parts import AUDIO, VIDEO, Stream, broken, cut, findings
from digitize.preflight.media.tables import samples
from digitize.preflight.model import MIB, Findings, Limits

_INDEX_BYTES = 256 * MIB
_VIDEO = {
    **dict.fromkeys((b"avc1", b"avc3"), "h264"), **dict.fromkeys((b"hvc1", b"hev1"), "hevc"), b"vp08": "vp8", b"vp09": "vp9", b"av01": "av1",
    b"mp4v": "mpeg4", b"s263": "h263", **dict.fromkeys((b"mjpa", b"mjpb", b"jpeg"), "mjpeg"),
    **dict.fromkeys((b"apch", b"apcn", b"apcs", b"apco", b"ap4h", b"ap4x"), "prores"),
    **dict.fromkeys((b"dvc ", b"dvcp", b"dvpp", b"dv5n", b"dv5p", b"dvh5", b"dvh6", b"dvhp", b"dvhq"), "dvvideo"),
    **dict.fromkeys((b"AVdn", b"AVdh"), "dnxhd"), b"FFV1": "ffv1", b"png ": "png", b"rle ": "qtrle", b"v210": "v210",
    **dict.fromkeys((b"raw ", b"2vuy", b"yuv2"), "rawvideo"), **dict.fromkeys((b"m2v1", b"hdv1", b"hdv2", b"hdv3"), "mpeg2video"),
    b"SVQ1": "svq1", b"SVQ3": "svq3", b"cvid": "cinepak",
}  # fmt: skip
_AUDIO = {
    b"mp4a": "aac", b"alac": "alac", b"fLaC": "flac", b"Opus": "opus", b"ac-3": "ac3", b"ec-3": "eac3", b".mp3": "mp3",
    **dict.fromkeys((b"sowt", b"twos", b"lpcm", b"in24", b"in32", b"fl32", b"fl64", b"raw ", b"NONE", b"ipcm", b"fpcm"), "pcm"),
    b"ulaw": "ulaw", b"alaw": "alaw", b"ima4": "ima4", b"samr": "amr", b"sawb": "amr-wb", b"ms\0\x02": "adpcm", b"ms\0\x11": "adpcm",
}  # fmt: skip
_LOCKED = {b"encv", b"enca", b"drms", b"drmi", b"p608"}
_HANDLERS = {b"vide": VIDEO, b"soun": AUDIO}


@dataclass(slots=True)
class Track:
    """One track of the index."""

    number: int
    stream: Stream | None
    handler: str
    scale: int
    stbl: Box
    # Sizes that fragments take over where they state none: duration and bytes of a sample (trex).
    defaults: tuple[int, int] = (0, 0)
    spans: list[tuple[int, int]] = field(default_factory=list)


def inspect_mp4(root: Path, main: str, limits: Limits) -> Findings:
    """Walk the boxes of an MP4, check its tables against the file.

    Raises
    ------
    Refusal
        ``media.broken``, ``media.truncated``, ``media.cut``, ``media.index-missing``, ``media.codec``, ``media.encrypted``,
        ``media.outside``, ``media.no-streams``, ``media.too-long``, ``media.too-large-picture``.
    """
    path = root / main
    with path.open("rb") as file:
        return _Film(file, path.stat().st_size, main, limits).findings()


class _Film:
    """One file while it is walked."""

    def __init__(self, file: IO[bytes], size: int, name: str, limits: Limits) -> None:
        self._file, self._size, self._name, self._limits = file, size, name, limits
        self._data: list[tuple[int, int]] = []
        self._index: Index | None = None
        self._tracks: list[Track] = []
        self._fragments: Fragments | None = None
        self._short: list[float] = []

    def findings(self) -> Findings:
        """Walk the file."""
        cut_at = self._top()
        if self._index is None:
            raise Refusal("media.index-missing", at="second 0.000", name=self._name)
        streams = [self._stream(track) for track in self._tracks if track.stream]
        if self._short:
            raise cut(self._name, min(self._short), max(one.seconds for one in streams))
        if self._fragments and cut_at is not None:
            raise cut(self._name, self._fragments.seconds(), None)
        others = [track.handler for track in self._tracks if track.stream is None]
        return findings(self._name, streams, self._limits, others=others)

    def _top(self) -> int | None:
        """Walk the outermost boxes; give the byte at which the file is cut, where it is."""
        at, count = 0, 0
        while at < self._size:
            count += 1
            if count > self._limits.media_parts:
                raise broken(self._name, "it has too many parts", at)
            kind, head, end = self._box(at)
            if kind == b"mdat":
                self._data.append((at + head, end))
            if end > self._size:
                return at
            if kind == b"moov" and self._index is None:
                self._moov(at, head, end)
            elif kind == b"moof" and self._index:
                self._moof(at, head, end)
            at = end
        return None

    def _box(self, at: int) -> tuple[bytes, int, int]:
        """Read one outermost box's head: kind, bytes of the head, where it ends."""
        self._file.seek(at)
        head = self._file.read(16)
        length, kind, used = int.from_bytes(head[:4], "big"), head[4:8], 8
        if length == 1:
            length, used = int.from_bytes(head[8:16], "big"), 16
        elif length == 0:
            length = self._size - at
        if len(head) < 8:
            return b"", len(head), self._size + 1
        if length < used or (at == 0 and kind not in _FIRST) or not all(byte in range(32, 127) or byte == 0xA9 for byte in kind):
            raise broken(self._name, "no part stands where one must", at)
        return kind, used, at + length

    def _read(self, at: int, head: int, end: int) -> Index:
        if end - at - head > _INDEX_BYTES:
            raise broken(self._name, f"its index has {end - at:,} bytes", at)
        self._file.seek(at + head)
        return Index(self._file.read(end - at - head), at + head, self._name, self._limits.media_parts)

    def _moov(self, at: int, head: int, end: int) -> None:
        """Read the index: its tracks."""
        index = self._index = self._read(at, head, end)
        if index.find("cmov"):
            raise Refusal("media.codec", at=f"byte {at}", name=self._name, codec="cmov")
        if index.find("pssh"):
            raise Refusal("media.encrypted", at=f"byte {at}", name=self._name)
        self._tracks = [read_track(index, box, self._name) for box in index.inner() if box.kind == b"trak"]
        if extends := index.find("mvex"):
            self._fragments = Fragments(self._tracks, self._name, self._limits.media_samples)
            self._fragments.defaults(index, extends)

    def _moof(self, at: int, head: int, end: int) -> None:
        """Take one fragment in."""
        if self._fragments is None:
            raise broken(self._name, "it has fragments that its index does not announce", at)
        self._fragments.take(self._read(at, head, end), at, self._size)

    def _stream(self, track: Track) -> Stream:
        """Check a track's samples against the file, and count them."""
        assert self._index is not None
        assert track.stream is not None
        if self._fragments:
            return self._fragments.stream(track)
        table = samples(self._index, track.stbl, self._name, self._limits.media_samples)
        total = float(table.times[-1]) / track.scale
        there = table.there(self._size)
        if there is not None:
            self._short.append(there / track.scale)
        elif not _within(table.starts, table.ends, self._data):
            raise broken(self._name, "a sample lies outside its data (mdat)", track.stbl.at)
        frames = table.count if track.stream.kind == VIDEO else 0
        return _counted(track.stream, total, frames)


_FIRST = frozenset({b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot", b"styp", b"uuid"})


def _counted(stream: Stream, seconds: float, frames: int) -> Stream:
    """Give a stream its length."""
    return Stream(stream.kind, stream.codec, seconds, frames, stream.width, stream.height, stream.rate, stream.channels)


def _within(starts: np.ndarray, ends: np.ndarray, data: list[tuple[int, int]]) -> bool:
    """Say whether every sample lies in one of the stretches of data."""
    if not len(starts):
        return True
    if not data:
        return False
    begins = np.array([begin for begin, _ in data], dtype=np.int64)
    stops = np.array([stop for _, stop in data], dtype=np.int64)
    which = np.searchsorted(begins, starts, side="right") - 1
    return bool(np.all(which >= 0) and np.all(ends <= stops[which]))


def read_track(index: Index, trak: Box, name: str) -> Track:
    """Read one track's description."""
    number = _number(index.body(index.need("tkhd", trak)), name, trak)
    mdia = index.need("mdia", trak)
    scale = _scale(index.body(index.need("mdhd", mdia)), name, mdia)
    handler = index.body(index.need("hdlr", mdia))[8:12]
    minf = index.need("minf", mdia)
    _inside(index, minf, name)
    stbl = index.need("stbl", minf)
    kind = _HANDLERS.get(handler)
    stream = _described(index, index.need("stsd", stbl), kind, name) if kind else None
    return Track(number, stream, handler.decode("latin-1"), scale, stbl)


def _number(body: bytes, name: str, box: Box) -> int:
    wide = body[:1] == b"\1"
    if len(body) < 24:
        raise broken(name, "the head of a track is too short", box.at)
    return int.from_bytes(body[20:24] if wide else body[12:16], "big")


def _scale(body: bytes, name: str, box: Box) -> int:
    """Read how many units of a track make a second."""
    scale = int.from_bytes(body[20:24] if body[:1] == b"\1" else body[12:16], "big")
    if not scale:
        raise broken(name, "a track has no time scale", box.at)
    return scale


def _inside(index: Index, minf: Box, name: str) -> None:
    """Refuse a track whose samples lie in another file."""
    dref = index.find("dinf/dref", minf.start, minf.end)
    if dref is None:
        return
    for box in index.inner(dref.start + 8, dref.end):
        if not index.body(box)[3:4] or not index.body(box)[3] & 1:
            raise Refusal("media.outside", at=f"byte {box.at}", name=name)


def _described(index: Index, stsd: Box, kind: str, name: str) -> Stream:
    """Read the first sample description."""
    entry = next(iter(index.inner(stsd.start + 8, stsd.end)), None)
    if entry is None:
        raise broken(name, "a track describes nothing", stsd.at)
    body, coded = index.body(entry), entry.kind
    if coded in _LOCKED:
        raise Refusal("media.encrypted", at=f"byte {entry.at}", name=name)
    codec = (_VIDEO if kind == VIDEO else _AUDIO).get(coded)
    if codec is None:
        raise Refusal("media.codec", at=f"byte {entry.at}", name=name, codec=coded.decode("latin-1"))
    if len(body) < 28:
        raise broken(name, "a track's description is too short", entry.at)
    if kind == VIDEO:
        width, height = struct.unpack(">HH", body[24:28])
        return Stream(VIDEO, codec, 0.0, width=width, height=height)
    channels, rate = int.from_bytes(body[16:18], "big"), int.from_bytes(body[24:26], "big")
    if body[8:10] == b"\0\2" and len(body) >= 48:  # QuickTime's second form
        rate, channels = round(struct.unpack(">d", body[32:40])[0]), int.from_bytes(body[40:44], "big")
    return Stream(AUDIO, codec, 0.0, rate=rate, channels=channels)
