# SPDX-License-Identifier: Apache-2.0
"""SubRip (SRT): no standard, but one habit: number, times, lines, an empty line."""

from __future__ import annotations

import re
from collections import Counter

from digitize.captions.markup import cleaned
from digitize.captions.model import MOST_CUES, Cue, invalid, ordered
from digitize.captions.webvtt import blocks
from digitize.errors import Refusal

_TIMES = re.compile(
    r"(\d{1,4}):([0-5]\d):([0-5]\d)[,.](\d{3})\s*-->\s*(\d{1,4}):([0-5]\d):([0-5]\d)[,.](\d{3})((?:\s+[XY][12]:\d{1,5})*)\s*"
)


def read_subrip(lines: list[str], name: str) -> tuple[tuple[Cue, ...], Counter[str]]:
    """Read the cues of a SubRip file, and what of it is left out.

    Raises
    ------
    Refusal
        ``captions.invalid``, ``captions.too-many``.
    """
    dropped: Counter[str] = Counter()
    cues: list[Cue] = []
    for number, block in _joined(blocks(lines, 1)):
        numbered = "-->" not in block[0]
        if numbered and (not block[0].strip().isdigit() or len(block) < 2):
            raise invalid(name, number, "neither a number nor a time stands where a caption begins")
        cue = _cue(block[numbered:], number + numbered, name, dropped)
        cues.append(ordered(name, cue, cues[-1] if cues else None))
        if len(cues) > MOST_CUES:
            raise Refusal("captions.too-many", name=name, limit=MOST_CUES)
    return tuple(cues), dropped


def _joined(found: list[tuple[int, list[str]]]) -> list[tuple[int, list[str]]]:
    """Put a block without times back to the caption above it: some programs leave empty lines inside one."""
    joined: list[tuple[int, list[str]]] = []
    for number, block in found:
        timed = any("-->" in line for line in block[:2])
        if timed or not joined or block[0].strip().isdigit():
            joined.append((number, block))
        else:
            joined[-1][1].extend(block)
    return joined


def _cue(block: list[str], number: int, name: str, dropped: Counter[str]) -> Cue:
    """Read one cue."""
    match = _TIMES.fullmatch(block[0])
    if match is None:
        raise invalid(name, number, f"{block[0].strip()[:60]} is no time such as 00:01:02,345 --> 00:01:04,000")
    parts = [int(part) for part in match.groups()[:8]]
    start, end = (((h * 60 + m) * 60 + s) * 1000 + rest for h, m, s, rest in (parts[:4], parts[4:]))
    for place, line in enumerate(block[1:], 1):
        if "-->" in line:
            raise invalid(name, number + place, "an empty line is missing before a caption")
    if match[9]:
        dropped["X1"] += 1
    lines = tuple(line for line in (cleaned(line, dropped, ass=True) for line in block[1:]) if line)
    return Cue(start, end, lines, "", number)
