# SPDX-License-Identifier: Apache-2.0
"""The quality profile's judgement, in words."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from digitize import profile as profiles
from digitize.messages import phrase
from guide.panels.measured import role_name


@dataclass(frozen=True)
class Verdict:
    """A judgement: `passes` is None where the profile says nothing of this kind of capture."""

    profile: str
    title: str
    judged: int
    passes: bool | None
    shortfalls: tuple[str, ...]


def title(name: str, language: str) -> str:
    """Give what one of our own profiles is for; empty for any other."""
    path = profiles.FOLDER / f"{name}.json"
    if not name.isidentifier() or not path.is_file():
        return ""
    return str(json.loads(path.read_text(encoding="utf-8"))["title"].get(language, ""))


def shortfall(one: Mapping[str, Any], language: str) -> str:
    """Say what falls short, of which derivative, in a language."""
    params = dict(one.get("params", {}))
    if one.get("role"):
        params["role"] = role_name(str(one["role"]))
    return phrase(str(one["code"]), language, params)[0]


def verdict(found: Mapping[str, Any] | None, language: str) -> Verdict | None:
    """Tell a report's verdict; None where it has none, as older reports."""
    if not found:
        return None
    return Verdict(
        profile=str(found.get("profile", "")),
        title=title(str(found.get("profile", "")), language),
        judged=int(found.get("judged", 0)),
        passes=found.get("passes"),
        shortfalls=tuple(shortfall(one, language) for one in found.get("shortfalls", [])),
    )
