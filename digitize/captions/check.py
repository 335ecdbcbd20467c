# SPDX-License-Identifier: Apache-2.0
"""How well captions can be read: overlaps, width of lines, time to read.

Source: for the limits, the habits of broadcasters: about 42 Latin letters or 20 Chinese ones in a line, 20 or 9 in a second.
"""

from __future__ import annotations

import unicodedata
from itertools import pairwise
from typing import Any

from digitize.captions.markup import plain
from digitize.captions.model import Captions, Cue
from digitize.errors import Doubt

WIDEST, FASTEST, BRIEFEST = 42, 20, 0.7


def width(text: str) -> int:
    """Count letters; one as wide as a Chinese one counts twice, marks not at all."""
    return sum(
        0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text if char.isprintable()
    )


def facts(captions: Captions) -> dict[str, Any]:
    """Count cues, their seconds, and what makes them hard to read."""
    cues = captions.cues
    return {
        "cues": len(cues),
        "first": cues[0].start / 1000,
        "last": max(cue.end for cue in cues) / 1000,
        "seconds": round(sum(end - start for start, end in merged(cues)) / 1000, 3),
        "overlapping": sum(two.start < one.end for one, two in pairwise(cues)),
        "brief": sum(cue.end - cue.start < BRIEFEST * 1000 for cue in cues),
        "long_lines": sum(width(plain(line)) > WIDEST for cue in cues for line in cue.lines),
        "too_fast": sum(speed(cue) > FASTEST for cue in cues),
        "fastest": round(max(speed(cue) for cue in cues), 1),
        "dropped": dict(captions.dropped),
        "encoding": captions.encoding,
    }


def speed(cue: Cue) -> float:
    """Give letters to read in a second."""
    return sum(width(plain(line)) for line in cue.lines) * 1000 / (cue.end - cue.start)


def merged(cues: tuple[Cue, ...]) -> list[tuple[int, int]]:
    """Join cues that overlap: stretches in milliseconds."""
    found: list[tuple[int, int]] = []
    for cue in cues:
        if found and cue.start <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], cue.end))
        else:
            found.append((cue.start, cue.end))
    return found


def doubts(captions: Captions, counted: dict[str, Any]) -> list[Doubt]:
    """Say what of that a curator should look at."""
    name = captions.name
    told = [
        Doubt(code, None, {"name": name, "count": counted[key], **extra})
        for code, key, extra in (
            ("captions.overlapping", "overlapping", {}),
            ("captions.brief", "brief", {"limit": BRIEFEST}),
            ("captions.long-lines", "long_lines", {"limit": WIDEST}),
            ("captions.too-fast", "too_fast", {"limit": FASTEST}),
        )
        if counted[key]
    ]
    if captions.dropped:
        told.append(Doubt("captions.markup-dropped", None, {"name": name, "what": ", ".join(captions.dropped)}))
    if captions.encoding not in {"utf-8", "utf-16"}:
        told.append(Doubt("captions.encoding-guessed", None, {"name": name, "encoding": captions.encoding}))
    if captions.language is None:
        told.append(Doubt("captions.language-unknown", None, {"name": name}))
    return told
