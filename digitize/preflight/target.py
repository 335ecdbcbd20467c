# SPDX-License-Identifier: Apache-2.0
"""A colour target's text beside a picture: where its patches lie, and what its maker measured.

``{"target": "…", "patches": [{"name": "A1", "x": 10, "y": 10, "width": 40, "height": 40, "lab": [37.5, 13.6, 14.2]}, …]}``: rectangles in
pixels of the upright picture from its top left, L*a*b* for D50.
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from digitize.errors import Refusal
from digitize.preflight.model import LARGEST, MIB, Findings, Limits
from digitize.preflight.source import size_of

_PATCHES = 1000
_MOST_LAB = 200.0


def claim(root: Path, main: str, beside: tuple[str, ...], found: Findings, limits: Limits) -> Findings:  # noqa: ARG001 - a hook's face
    """Take the one colour target that lies beside a picture.

    Raises
    ------
    Refusal
        ``target.invalid``, ``target.several``.
    """
    texts = {name: text for name in beside if name.lower().endswith(".json") and (text := _read(root / name, name, limits)) is not None}
    if len(texts) > 1:
        raise Refusal("target.several", at=list(texts)[1], names=", ".join(list(texts)[:5]))
    for name, text in texts.items():
        _checked(text, name, found)
        return replace(found, members=(*found.members, name), counts={**found.counts, "patches": len(text["patches"])})
    return found


def _read(path: Path, name: str, limits: Limits) -> dict[str, Any] | None:
    """Read a text that may be a target; None where it is something else."""
    if size_of(path, limits, name=name) > MIB:
        return None
    try:
        text = json.loads(path.read_bytes())
    except (ValueError, RecursionError):
        return None
    return text if isinstance(text, dict) and "patches" in text else None


def _checked(text: dict[str, Any], name: str, found: Findings) -> None:
    """Refuse a target with anything that is not as it must be."""
    patches = text["patches"]
    if not isinstance(text.get("target"), str) or not isinstance(patches, list) or not 1 <= len(patches) <= _PATCHES:
        raise Refusal("target.invalid", at="patches", name=name, problem=f"it needs a name and 1 to {_PATCHES} patches")
    longest = max(found.counts["width"], found.counts["height"])
    for place, patch in enumerate(patches):
        problem = _problem(patch, longest)
        if problem:
            raise Refusal("target.invalid", at=f"patches/{place}", name=name, problem=problem)


def _problem(patch: Any, longest: int) -> str | None:
    """Say what is wrong with a patch; None where nothing is."""
    if not isinstance(patch, dict) or not isinstance(patch.get("name"), str):
        return "a patch needs a name"
    box: list[Any] = [patch.get(key) for key in ("x", "y", "width", "height")]
    if not all(_number(value) for value in box) or min(box) < 0 or not box[2] or not box[3]:
        return "a patch needs x, y, width and height"
    if max(box[0] + box[2], box[1] + box[3]) > longest:
        return "a patch lies outside the picture"
    lab = patch.get("lab")
    if not isinstance(lab, list) or len(lab) != 3 or not all(_number(value) and abs(value) <= _MOST_LAB for value in lab):
        return "a patch needs its colour as three numbers L*, a*, b*"
    return None


def _number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= LARGEST  # no double holds every whole number
