# SPDX-License-Identifier: Apache-2.0
"""Fragmented MP4: what each fragment adds to its tracks.

Source: ISO/IEC 14496-12 §8.8 (trex, tfhd, trun).
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from typing import TYPE_CHECKING

from digitize.preflight.media.boxes import Box, Index
from digitize.preflight.media.parts import VIDEO, Stream, broken, cut

if TYPE_CHECKING:
    from digitize.preflight.media.mp4 import Track

_BASE, _DESCRIPTION, _DURATION, _SIZE, _FLAGS = 0x1, 0x2, 0x8, 0x10, 0x20
_RUN_OFFSET, _RUN_FLAGS, _EACH_DURATION, _EACH_SIZE, _EACH_FLAGS, _EACH_SHIFT = 0x1, 0x4, 0x100, 0x200, 0x400, 0x800


class Fragments:
    """The fragments of one file: units of time and samples of each track so far."""

    def __init__(self, tracks: Sequence[Track], name: str, limit: int) -> None:
        self._tracks = {track.number: track for track in tracks}
        self._name, self._left = name, limit
        self._units = dict.fromkeys(self._tracks, 0)
        self._counts = dict.fromkeys(self._tracks, 0)

    def defaults(self, index: Index, mvex: Box) -> None:
        """Read what a track's samples are where a fragment does not say."""
        for box in index.inner(mvex.start, mvex.end):
            body = index.body(box)
            if box.kind == b"trex" and len(body) >= 24:
                number, _, duration, size = struct.unpack(">IIII", body[4:20])
                if number in self._tracks:
                    self._tracks[number].defaults = (duration, size)

    def take(self, index: Index, at: int, size: int) -> None:
        """Add one ``moof``, whose samples must lie in a file of `size` bytes."""
        for traf in index.inner():
            if traf.kind == b"traf":
                self._traf(index, traf, at, size)

    def _traf(self, index: Index, traf: Box, at: int, size: int) -> None:
        """Add one track's part of a fragment."""
        head = index.body(index.need("tfhd", traf))
        flags, number = int.from_bytes(head[1:4], "big"), int.from_bytes(head[4:8], "big")
        track = self._tracks.get(number)
        if track is None:
            raise broken(self._name, f"a fragment is of track {number}, which the index has not", traf.at)
        place = 8
        base, place = (int.from_bytes(head[place : place + 8], "big"), place + 8) if flags & _BASE else (at, place)
        place += 4 if flags & _DESCRIPTION else 0
        duration, length = track.defaults
        duration, place = (int.from_bytes(head[place : place + 4], "big"), place + 4) if flags & _DURATION else (duration, place)
        length = int.from_bytes(head[place : place + 4], "big") if flags & _SIZE else length
        for box in index.inner(traf.start, traf.end):
            if box.kind == b"trun":
                base = self._run(box, index.body(box), track, base=base, defaults=(duration, length), size=size)

    def _run(self, box: Box, body: bytes, track: Track, *, base: int, defaults: tuple[int, int], size: int) -> int:
        """Add one run of samples; return where its data ends."""
        flags, count = int.from_bytes(body[1:4], "big"), int.from_bytes(body[4:8], "big")
        place = 8
        if flags & _RUN_OFFSET:
            base += int.from_bytes(body[8:12], "big", signed=True)
            place += 4
        place += 4 if flags & _RUN_FLAGS else 0
        width = 4 * sum(bool(flags & one) for one in (_EACH_DURATION, _EACH_SIZE, _EACH_FLAGS, _EACH_SHIFT))
        self._left -= count
        if self._left < 0 or place + width * count > len(body):
            raise broken(self._name, f"a fragment promises {count:,} samples", box.at)
        if not width:
            return self._even(track, count, base=base, defaults=defaults, size=size)
        for number in range(count):
            row = body[place + number * width : place + (number + 1) * width]
            units = int.from_bytes(row[:4], "big") if flags & _EACH_DURATION else defaults[0]
            second = 4 if flags & _EACH_DURATION else 0
            base += int.from_bytes(row[second : second + 4], "big") if flags & _EACH_SIZE else defaults[1]
            if base > size:
                raise cut(self._name, self._units[track.number] / track.scale, None)
            self._units[track.number] += units
            self._counts[track.number] += 1
        return base

    def _even(self, track: Track, count: int, *, base: int, defaults: tuple[int, int], size: int) -> int:
        """Add samples that are all alike; return where their data ends."""
        duration, length = defaults
        end = base + count * length
        there = count if end <= size else max(size - base, 0) // max(length, 1)
        self._units[track.number] += there * duration
        self._counts[track.number] += there
        if there < count:
            raise cut(self._name, self._units[track.number] / track.scale, None)
        return end

    def units(self, number: int) -> int:
        """Give how far a track has come, in its own units."""
        return self._units[number]

    def seconds(self) -> float:
        """Give the time up to which every stream is there."""
        known = [self._units[number] / track.scale for number, track in self._tracks.items() if track.stream]
        return min(known, default=0.0)

    def stream(self, track: Track) -> Stream:
        """Give a track's stream with what its fragments hold."""
        assert track.stream is not None
        one, number = track.stream, track.number
        frames = self._counts[number] if one.kind == VIDEO else 0
        return Stream(one.kind, one.codec, self._units[number] / track.scale, frames, one.width, one.height, one.rate, one.channels)
