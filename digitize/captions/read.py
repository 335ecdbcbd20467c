# SPDX-License-Identifier: Apache-2.0
"""Read captions from a file of either form."""

from __future__ import annotations

import unicodedata
from collections import Counter
from pathlib import Path, PurePosixPath

from digitize.captions.language import language_of
from digitize.captions.model import MOST_BYTES, Captions, Cue, invalid
from digitize.captions.subrip import read_subrip
from digitize.captions.webvtt import read_webvtt
from digitize.errors import Refusal

SUFFIXES = frozenset({".vtt", ".srt"})
_LINE = 2000


def read(path: Path, name: str | None = None) -> Captions:
    """Read a WebVTT or SubRip file, as its extension says.

    Raises
    ------
    Refusal
        ``captions.invalid`` with the line, ``captions.empty``, ``captions.too-many``, ``input.too-large``.
    """
    shown = name or path.name
    size = path.stat().st_size
    if size > MOST_BYTES:
        raise Refusal("input.too-large", name=shown, bytes=size, limit=MOST_BYTES)
    webvtt = PurePosixPath(shown).suffix.lower() == ".vtt"
    text, encoding = _decoded(path.read_bytes(), shown, webvtt=webvtt)
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    _check_lines(lines, shown)
    cues, dropped = (read_webvtt if webvtt else read_subrip)(lines, shown)
    kept = tuple(cue for cue in cues if cue.lines)
    dropped["empty caption"] += len(cues) - len(kept)
    if not kept:
        raise Refusal("captions.empty", name=shown)
    return Captions(shown, kept, language_of(shown), _told(dropped), encoding)


def _decoded(data: bytes, name: str, *, webvtt: bool) -> tuple[str, str]:
    """Read the letters: WebVTT is always UTF-8; SubRip may be UTF-16 with its mark, or what Chinese Windows writes."""
    tries = ("utf-8-sig",) if webvtt else ("utf-16",) if data[:2] in {b"\xff\xfe", b"\xfe\xff"} else ("utf-8-sig", "gb18030")
    for encoding in tries:
        try:
            return data.decode(encoding), encoding.removesuffix("-sig")
        except UnicodeDecodeError as error:
            wrong = error.start
    raise invalid(name, data[:wrong].count(b"\n") + 1, f"its letters are not {' or '.join(tries).replace('-sig', '')}")


def _check_lines(lines: list[str], name: str) -> None:
    """Refuse what is no text."""
    for number, line in enumerate(lines, 1):
        if len(line) > _LINE:
            raise invalid(name, number, f"it is longer than {_LINE} letters")
        if any(unicodedata.category(char) == "Cc" and char != "\t" for char in line):
            raise invalid(name, number, "it holds a control character")


def _told(dropped: Counter[str]) -> dict[str, int]:
    return {what: dropped[what] for what in sorted(dropped) if dropped[what]}


def end_of(cues: tuple[Cue, ...]) -> tuple[int, int]:
    """Give the latest end in milliseconds, and the line of that cue."""
    last = max(cues, key=lambda cue: cue.end)
    return last.end, last.at
