# SPDX-License-Identifier: Apache-2.0
"""What captions are, and how their time is written."""

from __future__ import annotations

from dataclasses import dataclass

from digitize.errors import Refusal

MOST_CUES = 20_000
MOST_BYTES = 8 << 20


@dataclass(frozen=True, slots=True)
class Cue:
    """One caption: from and to in milliseconds, its lines in WebVTT's markup, its settings, the line of its time in the file."""

    start: int
    end: int
    lines: tuple[str, ...]
    settings: str = ""
    at: int = 0


@dataclass(frozen=True, slots=True)
class Captions:
    """Captions of one file, in order.

    Attributes
    ----------
    language
        As the file's name says it (BCP 47), None where it does not.
    dropped
        What was left out because WebVTT has it not, or not here: name -> how often.
    encoding
        How the letters are written.
    """

    name: str
    cues: tuple[Cue, ...]
    language: str | None
    dropped: dict[str, int]
    encoding: str = "utf-8"


def invalid(name: str, line: int, problem: str) -> Refusal:
    """Say what is wrong with captions, and in which line."""
    return Refusal("captions.invalid", at=f"line {line}", name=name, problem=problem)


def ordered(name: str, cue: Cue, before: Cue | None) -> Cue:
    """Check one cue's time.

    Raises
    ------
    Refusal
        ``captions.invalid`` where it ends before it begins, or begins before the one above it.
    """
    if cue.end <= cue.start:
        raise invalid(name, cue.at, f"it ends at {clock(cue.end)}, not after its beginning at {clock(cue.start)}")
    if before and cue.start < before.start:
        raise invalid(name, cue.at, f"it begins at {clock(cue.start)}, before the one above it at {clock(before.start)}")
    return cue


def clock(milliseconds: int) -> str:
    """Write a time as WebVTT does."""
    seconds, rest = divmod(milliseconds, 1000)
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}.{rest:03d}"
