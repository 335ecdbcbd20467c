# SPDX-License-Identifier: Apache-2.0
"""The sample tables of an MP4 track: when each sample comes and where it lies.

Source: ISO/IEC 14496-12 §8.6.1 (stts), §8.7.3 (stsz, stz2), §8.7.4 (stsc), §8.7.5 (stco, co64).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from digitize.preflight.media.boxes import Box, Index
from digitize.preflight.media.parts import broken

Longs = NDArray[np.int64]
_LONGEST = 1 << 53


@dataclass(frozen=True, slots=True)
class Samples:
    """Runs of samples in order: their number, times (n + 1,) in units of the track, ending with the end; first and past-the-last byte (n,); `size` of a sample where all are alike.

    A run is one sample, or where all are of one size a chunk of them: uncompressed sound has as many samples as it has moments.
    """

    count: int
    times: Longs
    starts: Longs
    ends: Longs
    size: int = 0

    def there(self, length: int) -> float | None:
        """Give the time, in units, up to which everything lies in a file of so many bytes; None where all does."""
        outside = np.flatnonzero(self.ends > length)
        if not len(outside):
            return None
        run = int(outside[0])
        start, end, first, last = (int(one) for one in (self.starts[run], self.ends[run], self.times[run], self.times[run + 1]))
        whole = max(length - start, 0) // self.size * self.size if self.size else 0
        return first + (last - first) * whole / (end - start)


def samples(index: Index, stbl: Box, name: str, limit: int) -> Samples:
    """Read the tables of a track; what they take of memory is bounded by their own bytes.

    Raises
    ------
    Refusal
        ``media.broken`` where they contradict each other or promise more than `limit` samples of their own size.
    """
    size, count, sizes = _sizes(index, stbl, name, limit)
    steps = _times(index, stbl, name, count)
    offsets, counts = _chunks(index, stbl, name, count)
    firsts = np.concatenate([[0], np.cumsum(counts)])
    if sizes is None:
        return Samples(count, _at(steps, firsts), offsets, offsets + counts * size, size)
    ends_in_run = np.cumsum(sizes)
    before = np.concatenate([[0], ends_in_run])[firsts[:-1]]
    ends = np.repeat(offsets - before, counts) + ends_in_run
    return Samples(count, _at(steps, np.arange(count + 1)), ends - sizes, ends)


def _at(steps: tuple[Longs, Longs], numbers: Longs) -> Longs:
    """Give when samples come, by their numbers."""
    firsts, times = steps
    return np.rint(np.interp(numbers, firsts, times)).astype(np.int64)


def _table(index: Index, box: Box, columns: int, name: str, *, width: int = 4) -> Longs:
    """Read a counted table of whole numbers as (rows, columns)."""
    body = index.body(box)
    count = int.from_bytes(body[4:8], "big")
    if len(body) < 8 or len(body) - 8 < count * columns * width:
        raise broken(name, f"its table {box.kind.decode('latin-1')} is shorter than it says", box.at)
    kind = ">u4" if width == 4 else ">u8"
    table = np.frombuffer(body, dtype=kind, count=count * columns, offset=8).astype(np.int64)
    if np.any(table < 0):
        raise broken(name, f"its table {box.kind.decode('latin-1')} names a place beyond any file", box.at)
    return table.reshape(-1, columns)


def _sizes(index: Index, stbl: Box, name: str, limit: int) -> tuple[int, int, Longs | None]:
    """Read the size of all samples, their number, and where they differ the size of each."""
    box = index.find("stsz", stbl.start, stbl.end) or index.need("stz2", stbl)
    body = index.body(box)
    count = int.from_bytes(body[8:12], "big")
    if len(body) < 12:
        raise broken(name, "its table of sizes is too short", box.at)
    field = int.from_bytes(body[4:8], "big")
    if box.kind == b"stsz" and field:
        return field, count, None
    if count > limit:
        raise broken(name, f"it promises {count:,} samples", box.at)
    bits = 32 if box.kind == b"stsz" else field & 0xFF
    if bits not in {4, 8, 16, 32} or (len(body) - 12) * 8 < count * bits:
        raise broken(name, f"its table {box.kind.decode('latin-1')} is shorter than it says", box.at)
    if bits == 4:
        pairs = np.frombuffer(body, dtype=np.uint8, offset=12, count=(count + 1) // 2)
        return 0, count, np.stack([pairs >> 4, pairs & 15], axis=1).ravel()[:count].astype(np.int64)
    return 0, count, np.frombuffer(body, dtype=f">u{bits // 8}", offset=12, count=count).astype(np.int64)


def _times(index: Index, stbl: Box, name: str, count: int) -> tuple[Longs, Longs]:
    """Read numbers of samples and when they come: (n + 1,) each, the last the end; between them time runs evenly."""
    box = index.need("stts", stbl)
    table = _table(index, box, 2, name)
    if int(table[:, 0].sum()) != count:
        raise broken(name, f"it times {int(table[:, 0].sum()):,} samples and sizes {count:,}", box.at)
    if int((table[:, 0].astype(np.float64) * table[:, 1]).sum()) >= _LONGEST:
        raise broken(name, "its times are beyond any number", box.at)
    return np.concatenate([[0], np.cumsum(table[:, 0])]), np.concatenate([[0], np.cumsum(table[:, 0] * table[:, 1])])


def _chunks(index: Index, stbl: Box, name: str, count: int) -> tuple[Longs, Longs]:
    """Read where each chunk begins and how many samples it holds."""
    narrow = index.find("stco", stbl.start, stbl.end)
    offsets = _table(index, narrow, 1, name)[:, 0] if narrow else _table(index, index.need("co64", stbl), 1, name, width=8)[:, 0]
    box = index.need("stsc", stbl)
    runs = _table(index, box, 3, name)
    firsts = runs[:, 0] - 1
    if len(offsets) and (not len(runs) or firsts[0] != 0 or np.any(np.diff(firsts) <= 0) or firsts[-1] >= len(offsets)):
        raise broken(name, "its chunks are not in order", box.at)
    lengths = np.diff(np.concatenate([firsts, [len(offsets)]])) if len(offsets) else np.zeros(len(runs), dtype=np.int64)
    counts = np.repeat(runs[:, 1], lengths)
    if int(counts.sum()) != count:
        raise broken(name, f"its chunks hold {int(counts.sum()):,} samples of {count:,}", box.at)
    return offsets, counts
