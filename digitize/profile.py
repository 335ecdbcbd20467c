# SPDX-License-Identifier: Apache-2.0
"""Quality profiles: named limits by kind of capture; data, which a museum may write itself.

A profile is a JSON object: ``name``, ``version``, ``title`` ({"en", "zh-hans"}) and ``limits``, a list of objects:

- ``kind``: the kind of capture that it holds for;
- ``measure``: a name of `MEASURES`, or without ``roles`` one of `FACTS` or the name of any number among the report's facts;
- ``roles``: patterns of the renditions it speaks of (``lod-*``); without it, it speaks of the original;
- one of ``most``, ``least`` (numbers, inclusive), ``is`` (true or false);
- ``optional``: true where it may be that no such rendition was made.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from digitize.errors import DigitizeError
from digitize.recipe import KINDS

FOLDER = Path(__file__).with_name("profiles")
NUMBERS = frozenset(
    [
        "mean_e4",
        "rms_e4",
        "p999_e4",
        "max_e4",
        "mean_mm",
        "p999_mm",
        "max_mm",
        "normal_mean",
        "normal_p999",
        "colour_psnr",
        "colour_mae",
        "colour_off",
        "texel_density",
        "uv_overlap",
        "gzip_bytes",
        "components",
        "empty_triangles",
        "triangles",
        "bytes",
        "width",
        "height",
        "texture_side",
    ]
)
TRUTHS = frozenset({"watertight", "manifold"})
MEASURES = NUMBERS | TRUTHS
FACT_TRUTHS = TRUTHS | {"unit_known", "up_known"}
FACTS = FACT_TRUTHS | frozenset(
    [
        "triangles",
        "components",
        "boundary_edges",
        "points",
        "pages",
        "joints",
        "width",
        "height",
        "duration",
        "rate",
        "bits",
        "channels",
        "frames",
    ]
)
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
_LARGEST = 1e30
_BOUNDS = ("most", "least", "is")


class ProfileError(DigitizeError):
    """A profile that is not there, or says something that cannot be held against a report."""


@dataclass(frozen=True, slots=True)
class Limit:
    """One limit; see the module. `bound` is ``most``, ``least`` or ``is``."""

    measure: str
    bound: str
    value: float | bool
    roles: tuple[str, ...] = ()
    optional: bool = False

    def kept_by(self, value: object) -> bool:
        """Tell whether a value keeps the limit."""
        if self.bound == "is" or not isinstance(value, int | float):
            return value is self.value
        return value <= self.value if self.bound == "most" else value >= self.value

    def shown(self) -> str:
        """Write the limit in signs that need no language."""
        if self.bound == "is":
            return "✓" if self.value else "✗"
        return f"{'≤' if self.bound == 'most' else '≥'} {self.value:,.15g}"

    def as_json(self) -> dict[str, Any]:
        """Give the bound alone, as the file states it."""
        return {"measure": self.measure, self.bound: self.value}


@dataclass(frozen=True, slots=True)
class Profile:
    """A validated profile, its limits by kind of capture."""

    name: str
    version: int
    title: Mapping[str, str]
    limits: Mapping[str, tuple[Limit, ...]]


def load(name_or_path: str | Path) -> Profile:
    """Load a profile by its name among ours, or from a path.

    Raises
    ------
    ProfileError
        ``profile.unknown`` or ``profile.invalid``.
    """
    if isinstance(name_or_path, str) and not _NAME.fullmatch(name_or_path):
        raise ProfileError("profile.unknown", name=name_or_path, known=", ".join(names()))
    path = name_or_path if isinstance(name_or_path, Path) else FOLDER / f"{name_or_path}.json"
    try:
        data = json.loads(path.read_bytes())
    except FileNotFoundError:
        raise ProfileError("profile.unknown", name=str(name_or_path), known=", ".join(names())) from None
    except (ValueError, RecursionError) as error:
        raise _invalid(path.stem, str(error)) from error
    return parse(data, name=path.stem)


def names() -> list[str]:
    """List our own profiles by name."""
    return sorted(path.stem for path in FOLDER.glob("*.json"))


def parse(data: object, *, name: str = "?") -> Profile:
    """Validate a profile's JSON.

    Raises
    ------
    ProfileError
        ``profile.invalid``, saying what is wrong and in which limit.
    """
    if not isinstance(data, Mapping) or set(data) != {"name", "version", "title", "limits"}:
        raise _invalid(name, "its members must be name, version, title and limits")
    if not isinstance(data["name"], str) or not _NAME.fullmatch(data["name"]):
        raise _invalid(name, "its name must be small letters, digits and hyphens")
    if not isinstance(data["version"], int) or isinstance(data["version"], bool) or data["version"] < 1:
        raise _invalid(name, "its version must be a whole number from 1")
    title = data["title"]
    if not isinstance(title, Mapping) or set(title) != {"en", "zh-hans"} or not all(isinstance(text, str) for text in title.values()):
        raise _invalid(name, "its title must hold en and zh-hans")
    if not isinstance(data["limits"], list) or not data["limits"]:
        raise _invalid(name, "it has no limits")
    limits: dict[str, tuple[Limit, ...]] = {}
    for place, item in enumerate(data["limits"], 1):
        kind, limit = _limit(item, name, f"limit {place}")
        limits[kind] = (*limits.get(kind, ()), limit)
    return Profile(data["name"], data["version"], dict(title), limits)


def _limit(item: object, name: str, at: str) -> tuple[str, Limit]:
    """Validate one limit; return the kind of capture it holds for, and itself."""
    if not isinstance(item, Mapping) or not {"kind", "measure"} <= set(item) <= {"kind", "measure", "roles", "optional", *_BOUNDS}:
        raise _invalid(name, "a limit's members are kind, measure, roles, optional and one of most, least and is", at)
    if item["kind"] not in KINDS:
        raise _invalid(name, f"its kind must be one of {', '.join(KINDS)}", at)
    bounds = [bound for bound in _BOUNDS if bound in item]
    if len(bounds) != 1:
        raise _invalid(name, "it needs exactly one of most, least and is", at)
    roles, optional = item.get("roles", []), item.get("optional", False)
    if not isinstance(roles, list) or not all(isinstance(role, str) and role for role in roles) or ("roles" in item and not roles):
        raise _invalid(name, "its roles must be a list of patterns", at)
    if not isinstance(optional, bool):
        raise _invalid(name, "optional must be true or false", at)
    measure, value = item["measure"], item[bounds[0]]
    _check_measure(measure, bounds[0], value, on_renditions=bool(roles), name=name, at=at)
    return item["kind"], Limit(measure, bounds[0], value, tuple(roles), optional)


def _check_measure(measure: object, bound: str, value: object, *, on_renditions: bool, name: str, at: str) -> None:
    """Check that a measure is known, and its bound of the right kind."""
    known = MEASURES if on_renditions else FACTS
    if not isinstance(measure, str) or measure not in known:
        raise _invalid(name, f"{measure!s:.40} is none of {', '.join(sorted(known))}", at)
    truth = measure in (TRUTHS if on_renditions else FACT_TRUTHS)
    if truth != (bound == "is") or truth != isinstance(value, bool):
        raise _invalid(name, f"{measure} needs {'is with true or false' if truth else 'most or least with a number'}", at)
    if not truth and (not isinstance(value, int | float) or not abs(value) <= _LARGEST):
        raise _invalid(name, f"{bound} must be a finite number", at)


def _invalid(name: str, problem: str, at: str | None = None) -> ProfileError:
    return ProfileError("profile.invalid", at=at, name=name, problem=problem)
