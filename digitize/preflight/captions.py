# SPDX-License-Identifier: Apache-2.0
"""Captions that lie beside a recording or film: read strictly, within its length, one file a language."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path, PurePosixPath

from digitize.captions import SUFFIXES, read
from digitize.captions.read import end_of
from digitize.errors import Refusal
from digitize.preflight.model import Findings, Limits
from digitize.preflight.source import size_of

_SLACK = 0.5  # s: containers round, and a last caption may stand until the last sound has faded


def claim(root: Path, main: str, beside: tuple[str, ...], found: Findings, limits: Limits) -> Findings:
    """Take the captions of a folder.

    Raises
    ------
    Refusal
        ``captions.invalid``, ``captions.empty``, ``captions.too-many``, ``captions.beyond-end``, ``captions.same-language``.
    """
    del main
    taken: dict[str, str] = {}
    for file in beside:
        if PurePosixPath(file).suffix.lower() not in SUFFIXES:
            continue
        size_of(root / file, limits, name=file)
        captions = read(root / file, file)
        language = captions.language or "und"
        if language in taken:
            raise Refusal("captions.same-language", at=file, name=file, other=taken[language], language=language)
        taken[language] = file
        duration, (end, line) = _seconds(found), end_of(captions.cues)
        if end / 1000 > duration + _SLACK:
            raise Refusal("captions.beyond-end", at=f"line {line}", name=file, end=f"{end / 1000:.3f}", duration=f"{duration:.3f}")
    if not taken:
        return found
    return replace(found, counts={**found.counts, "captions": len(taken)}, members=(*found.members, *taken.values()))


def _seconds(found: Findings) -> float:
    """Give the recording's length."""
    counts = found.counts
    return counts["duration_ms"] / 1000 if "duration_ms" in counts else counts["frames"] / counts["sample_rate"]
