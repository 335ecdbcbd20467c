# SPDX-License-Identifier: Apache-2.0
"""WebVTT: read strictly, written always alike.

Source: WebVTT (W3C Candidate Recommendation 2019) §4.1, §6.
"""

from __future__ import annotations

import re
from collections import Counter

from digitize.captions.markup import cleaned
from digitize.captions.model import MOST_CUES, Captions, Cue, clock, invalid, ordered
from digitize.errors import Refusal

_TIME = re.compile(r"(?:(\d{2,4}):)?([0-5]\d):([0-5]\d)\.(\d{3})")
_SETTING = re.compile(
    r"(vertical:(rl|lr)|line:(-?\d{1,4}|\d{1,3}(\.\d{1,4})?%)(,(start|center|end))?|position:\d{1,3}(\.\d{1,4})?%(,(line-left|center|line-right))?"
    r"|size:\d{1,3}(\.\d{1,4})?%|align:(start|center|end|left|right)|region:\S{1,80})"
)
_SKIPPED = {"STYLE": "STYLE", "REGION": "REGION"}


def read_webvtt(lines: list[str], name: str) -> tuple[tuple[Cue, ...], Counter[str]]:
    """Read the cues of a WebVTT, and what of it is left out.

    Raises
    ------
    Refusal
        ``captions.invalid``, ``captions.too-many``.
    """
    if not lines or not re.fullmatch(r"WEBVTT([ \t].*)?", lines[0]):
        raise invalid(name, 1, "it does not begin with WEBVTT")
    dropped: Counter[str] = Counter()
    cues: list[Cue] = []
    for number, block in blocks(lines[1:], 2):
        head = block[0].strip()
        if number == 2 and "-->" not in "\n".join(block):
            continue  # further lines of the header
        if head == "NOTE" or head.startswith(("NOTE ", "NOTE\t")):
            continue
        if head in _SKIPPED and not cues:
            dropped[_SKIPPED[head]] += 1
            continue
        cue = _cue(block, number, name, dropped)
        cues.append(ordered(name, cue, cues[-1] if cues else None))
        if len(cues) > MOST_CUES:
            raise Refusal("captions.too-many", name=name, limit=MOST_CUES)
    return tuple(cues), dropped


def blocks(lines: list[str], first: int) -> list[tuple[int, list[str]]]:
    """Split lines at empty ones: each block with its first line's number."""
    found: list[tuple[int, list[str]]] = []
    fresh = True
    for number, line in enumerate(lines, first):
        if not line.strip():
            fresh = True
        elif fresh:
            found.append((number, [line]))
            fresh = False
        else:
            found[-1][1].append(line)
    return found


def _cue(block: list[str], number: int, name: str, dropped: Counter[str]) -> Cue:
    """Read one cue, with or without a name of its own."""
    if "-->" not in block[0]:
        if len(block) < 2 or "-->" not in block[1]:
            raise invalid(name, number, "no time stands where a caption begins")
        block, number = block[1:], number + 1
    start, arrow, rest = block[0].partition("-->")
    end, _, settings = rest.strip().partition(" ")
    if not (start.endswith((" ", "\t")) and rest.startswith((" ", "\t")) and arrow):
        raise invalid(name, number, "there must be a space on both sides of -->")
    for place, line in enumerate(block[1:], 1):
        if "-->" in line:
            raise invalid(name, number + place, "an empty line is missing before a caption")
    lines = tuple(line for line in (cleaned(line, dropped) for line in block[1:]) if line)
    return Cue(_time(start.strip(), name, number), _time(end, name, number), lines, _settings(settings, name, number, dropped), number)


def _time(text: str, name: str, number: int) -> int:
    match = _TIME.fullmatch(text)
    if match is None:
        raise invalid(name, number, f"{text[:40]} is no time such as 00:01:02.345")
    hours, minutes, seconds, rest = (int(part or 0) for part in match.groups())
    return ((hours * 60 + minutes) * 60 + seconds) * 1000 + rest


def _settings(text: str, name: str, number: int, dropped: Counter[str]) -> str:
    """Check a cue's settings; a region is left out, for its definition is."""
    kept: list[str] = []
    for one in text.split():
        if not _SETTING.fullmatch(one):
            raise invalid(name, number, f"{one[:40]} is no setting of a caption")
        if one.startswith("region:"):
            dropped["region"] += 1
        else:
            kept.append(one)
    return " ".join(kept)


def write_webvtt(captions: Captions) -> str:
    """Write captions as WebVTT: numbered, times with hours, LF, UTF-8."""
    parts = ["WEBVTT\n"]
    for number, cue in enumerate(captions.cues, 1):
        times = f"{clock(cue.start)} --> {clock(cue.end)}{' ' + cue.settings if cue.settings else ''}"
        parts.append("\n".join([str(number), times, *cue.lines]) + "\n")
    return "\n".join(parts)
