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


@dataclass(frozen=True, slots=True)
class Samples:
    """Samples in order: times (n + 1,) in units of the track, ending with the end; first and past-the-last byte (n,) in the file."""

    times: Longs
    starts: Longs
    ends: Longs


def samples(index: Index, stbl: Box, name: str, limit: int) -> Samples:
    """Read the tables of a track.

    Raises
    ------
    Refusal
        ``media.broken`` where they contradict each other or promise more than `limit` samples.
    """
    sizes = _sizes(index, stbl, name, limit)
    times = _times(index, stbl, name, len(sizes))
    offsets, counts = _chunks(index, stbl, name, len(sizes))
    ends_in_run = np.cumsum(sizes)
    first = np.concatenate([[0], np.cumsum(counts)[:-1]])
    before = np.concatenate([[0], ends_in_run])[first]
    ends = np.repeat(offsets - before, counts) + ends_in_run
    return Samples(times, ends - sizes, ends)


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


def _sizes(index: Index, stbl: Box, name: str, limit: int) -> Longs:
    """Read the size of each sample."""
    box = index.find("stsz", stbl.start, stbl.end) or index.need("stz2", stbl)
    body = index.body(box)
    count = int.from_bytes(body[8:12], "big")
    if len(body) < 12 or count > limit:
        raise broken(name, f"it promises {count:,} samples", box.at)
    field = int.from_bytes(body[4:8], "big")
    if box.kind == b"stsz" and field:
        return np.full(count, field, dtype=np.int64)
    bits = 32 if box.kind == b"stsz" else field & 0xFF
    if bits not in {4, 8, 16, 32} or (len(body) - 12) * 8 < count * bits:
        raise broken(name, f"its table {box.kind.decode('latin-1')} is shorter than it says", box.at)
    if bits == 4:
        pairs = np.frombuffer(body, dtype=np.uint8, offset=12, count=(count + 1) // 2)
        return np.stack([pairs >> 4, pairs & 15], axis=1).ravel()[:count].astype(np.int64)
    return np.frombuffer(body, dtype=f">u{bits // 8}", offset=12, count=count).astype(np.int64)


def _times(index: Index, stbl: Box, name: str, count: int) -> Longs:
    """Read when each sample comes, and the end."""
    box = index.need("stts", stbl)
    table = _table(index, box, 2, name)
    if int(table[:, 0].sum()) != count:
        raise broken(name, f"it times {int(table[:, 0].sum()):,} samples and sizes {count:,}", box.at)
    return np.concatenate([[0], np.cumsum(np.repeat(table[:, 1], table[:, 0]))]).astype(np.int64)


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
