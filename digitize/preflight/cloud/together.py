# SPDX-License-Identifier: Apache-2.0
"""Further scans given beside a cloud: they are one input with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from digitize.preflight.formats import FORMATS, kind_of
from digitize.preflight.model import Findings, Limits
from digitize.preflight.sniff import agreed
from digitize.preflight.source import size_of

_MAY_BE = frozenset({"points", "mesh"})  # a PLY tells only inside


def claim(root: Path, main: str, beside: tuple[str, ...], found: Findings, limits: Limits) -> Findings:
    """Take the clouds among the files beside.

    Raises
    ------
    Refusal
        What their own pre-flight refuses.
    """
    parts: dict[str, Mapping[str, int]] = dict(found.parts) or {main: dict(found.counts)}
    members, doubts, counts = list(found.members), list(found.doubts), dict(found.counts)
    for name in beside:
        if kind_of(name) not in _MAY_BE:
            continue
        form = FORMATS[agreed(root / name, size_of(root / name, limits, name=name), name)]
        other = form.inspect(root, name, limits)
        if (other.kind or form.kind) != "points":
            continue
        parts[name] = dict(other.counts)
        members += [name, *other.members]
        doubts += [replace(doubt, at=f"{name}: {doubt.at}" if doubt.at else name) for doubt in other.doubts]
        counts = {key: counts.get(key, 0) + other.counts.get(key, 0) for key in {**counts, **other.counts}}
    if len(parts) == 1:
        return found
    return replace(found, counts={**counts, "files": len(parts)}, members=tuple(members), doubts=tuple(doubts), parts=parts)
