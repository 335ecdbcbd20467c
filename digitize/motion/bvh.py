# SPDX-License-Identifier: Apache-2.0
"""Read BVH: a hierarchy of joints, then one row of numbers for each frame.

Source: Biovision's BVH as described in Meredith and Maddock, "Motion Capture File Formats Explained", University of Sheffield, 2001.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from math import isfinite
from pathlib import Path
from typing import IO

import numpy as np

from digitize.errors import Doubt, Refusal
from digitize.mesh import Floats
from digitize.motion.hierarchy import Words, read_hierarchy
from digitize.motion.skeleton import Joint, Motion
from digitize.preflight.model import LARGEST, Limits
from digitize.preflight.source import line_blocks

_BOM = b"\xef\xbb\xbf"
_SHORTEST, _LONGEST = 1e-5, 60.0  # seconds between frames
_PLAIN = frozenset(b"0123456789+-.eE")


def read(path: Path, limits: Limits) -> tuple[Motion, tuple[Doubt, ...]]:
    """Read a whole BVH.

    Returns
    -------
    The motion, and what could not be made certain.

    Raises
    ------
    Refusal
        ``bvh.structure``, ``bvh.too-large``, ``bvh.row``, ``bvh.not-finite``, ``bvh.truncated`` or ``bvh.rows``, each with its line.
    """
    with path.open("rb") as file:
        lines = _lines(file, limits)
        joints = read_hierarchy(lines, limits)
        frames, frame_time = _head(lines, joints, limits)
        values, last = _rows(lines, frames, joints[-1].first + len(joints[-1].channels))
        doubts = _end(file, last)
    return Motion(joints, frame_time, values), doubts


def _lines(file: IO[bytes], limits: Limits) -> Iterator[tuple[int, Words]]:
    """Yield the number and the words of each line that has any."""
    for first, lines in line_blocks(file, limits):
        for number, line in enumerate(lines, first):
            if words := (line.removeprefix(_BOM) if number == 1 else line).split():
                yield number, words


def _head(lines: Iterator[tuple[int, Words]], joints: tuple[Joint, ...], limits: Limits) -> tuple[int, float]:
    """Read the number of frames and the seconds between them."""
    number, text = _stated(lines, b"frames:", "Frames:")
    frames = int(text) if text.isdigit() and len(text) < 12 else 0
    if frames < 1:
        raise Refusal("bvh.structure", at=f"line {number}", problem="Frames: must be a whole number from 1")
    work = frames * max(len(joints), sum(len(joint.channels) for joint in joints))
    if work > limits.motion_values:
        raise Refusal("bvh.too-large", at=f"line {number}", count=f"{work} values", limit=f"{limits.motion_values} values")
    number, text = _stated(lines, b"frametime:", "Frame Time:")
    try:
        seconds = float(text) if set(text) <= _PLAIN else 0.0
    except ValueError:
        seconds = 0.0
    if not _SHORTEST <= seconds <= _LONGEST:
        raise Refusal("bvh.structure", at=f"line {number}", problem=f"Frame Time: must be from {_SHORTEST:g} to {_LONGEST:g} seconds")
    return frames, seconds


def _stated(lines: Iterator[tuple[int, Words]], key: bytes, name: str) -> tuple[int, bytes]:
    """Read the line that states one number after a key."""
    number, words = next(lines, (0, []))
    whole = b"".join(words)
    if not whole.lower().startswith(key):
        raise Refusal("bvh.structure", at=f"line {number}" if number else None, problem=f"“{name}” is missing after the hierarchy")
    return number, whole[len(key) :]


def _rows(lines: Iterator[tuple[int, Words]], frames: int, width: int) -> tuple[Floats, Words]:
    """Read the frames; what comes too few or too many is refused."""
    blocks, done, last = list[Floats](), 0, list[bytes]()
    count = max(1, 65536 // width)
    while block := _some(lines, count):
        if done + len(block) > frames:
            raise Refusal("bvh.rows", at=f"line {block[frames - done][0]}", frames=frames)
        blocks.append(_table(block, done, frames, width, last=len(block) < count))
        done, last = done + len(block), block[-1][1]
    if done < frames:
        raise Refusal("bvh.truncated", at=f"row {done}", complete=done, expected=frames)
    return np.concatenate(blocks), last


def _some(lines: Iterator[tuple[int, Words]], count: int) -> list[tuple[int, Words]]:
    """Take the next lines, at most so many."""
    return [line for _, line in zip(range(count), lines, strict=False)]


def _table(block: list[tuple[int, Words]], done: int, frames: int, width: int, *, last: bool) -> Floats:
    """Turn rows into numbers together; where something is wrong, look for the row."""
    try:
        if any(len(words) != width for _, words in block):
            raise ValueError
        words = list(chain.from_iterable(row for _, row in block))
        if not set().union(*words) <= _PLAIN:
            raise ValueError
        table = np.array(list(map(float, words))).reshape(-1, width)
        if not (np.abs(table) <= LARGEST).all():
            raise ValueError
    except ValueError:
        raise _wrong(block, done, frames, width, last=last) from None
    return table


def _wrong(block: list[tuple[int, Words]], done: int, frames: int, width: int, *, last: bool) -> Refusal:
    """Name the first wrong row of a block; where the file's last row is only short, the file was cut."""
    rows = ((row, number, words, _problem(words, width)) for row, (number, words) in enumerate(block, done + 1))
    row, number, words, problem = next(each for each in rows if each[3])
    if last and number == block[-1][0] and row <= frames and _cut(words, width):
        return Refusal("bvh.truncated", at=f"row {row - 1}", complete=row - 1, expected=frames)
    return Refusal(str(problem), at=f"line {number}", row=row, values=len(words), expected=width)


def _cut(words: Words, width: int) -> bool:
    """Tell whether a row is sound up to its end, but ends too early."""
    return len(words) <= width and _problem(words[:-1], len(words) - 1) is None and set(words[-1]) <= _PLAIN


def _problem(words: Words, width: int) -> str | None:
    """Give the code of what is wrong with one row, or None."""
    try:
        numbers = [float(word) for word in words if b"_" not in word]
    except ValueError:
        return "bvh.row"
    if not all(isfinite(number) and abs(number) <= LARGEST for number in numbers):
        return "bvh.not-finite"
    return None if len(numbers) == width and all(set(word) <= _PLAIN for word in words) else "bvh.row"


def _end(file: IO[bytes], last: Words) -> tuple[Doubt, ...]:
    """Doubt the last number where no line break follows, unless all of its row have equally many decimals: it may be cut."""
    file.seek(-1, 2)
    decimals = {len(word.partition(b".")[2]) for word in last}
    certain = file.read(1).isspace() or (len(decimals) == 1 and len(last) > 1 and decimals != {0})
    return () if certain else (Doubt("bvh.last-number"),)
