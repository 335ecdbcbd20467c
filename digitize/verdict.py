# SPDX-License-Identifier: Apache-2.0
"""A report held against a quality profile: it passes, or what falls short is listed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from typing import Any

from digitize.errors import Doubt
from digitize.profile import Limit, Profile

_MEASURED = {
    "mean_e4": ("per_10000_of_diagonal", "mean"),
    "rms_e4": ("per_10000_of_diagonal", "rms"),
    "p999_e4": ("per_10000_of_diagonal", "p999"),
    "max_e4": ("per_10000_of_diagonal", "max"),
    "mean_mm": ("mm", "mean"),
    "p999_mm": ("mm", "p999"),
    "max_mm": ("mm", "max"),
    "normal_mean": ("normal_deviation", "mean"),
    "normal_p999": ("normal_deviation", "p999"),
    "colour_psnr": ("colour_psnr",),
    "colour_mae": ("colour_mae",),
    "colour_off": ("colour_off",),
    "texel_density": ("atlas", "texel_density", "median"),
    "uv_overlap": ("atlas", "uv_overlap"),
    "gzip_bytes": ("gzip_bytes",),
    "watertight": ("shape", "watertight"),
    "manifold": ("shape", "manifold"),
    "components": ("shape", "components"),
    "empty_triangles": ("shape", "empty_triangles"),
}
_COLOUR = {"colour_psnr", "colour_mae", "colour_off"}
_ATLAS = {"texel_density", "uv_overlap"}
_UNKNOWN, _FREE = object(), object()


def verdict(report: Mapping[str, Any], profile: Profile) -> dict[str, Any]:
    """Judge a report.

    Returns
    -------
    `profile` (name), `passes` (None where the profile says nothing of this kind of capture), `judged` (how many values
    were looked at), and `shortfalls`: {"code", "message", "params", "role", "limit", "got"}, whose words in another
    language `digitize.messages.phrase` gives from code and params.
    """
    limits = profile.limits.get(str(report.get("facts", {}).get("kind")), ())
    found = [one for limit in limits for one in _judge(report, limit)]
    shortfalls = [one for one in found if one is not None]
    return {
        "profile": profile.name,
        "version": profile.version,
        "passes": not shortfalls if limits else None,
        "judged": len(found),
        "shortfalls": shortfalls,
    }


def _judge(report: Mapping[str, Any], limit: Limit) -> Iterator[dict[str, Any] | None]:
    """Hold one limit against what it speaks of; None for what keeps it."""
    if not limit.roles:
        yield _held(limit, None, _fact(report, limit.measure))
        return
    matching = [one for one in report["renditions"] if any(fnmatchcase(one["role"], pattern) for pattern in limit.roles)]
    if not matching and not limit.optional:
        yield _short("verdict.missing", limit, ", ".join(limit.roles), None)
    for one in matching:
        yield _held(limit, one["role"], _value(one, limit.measure))


def _fact(report: Mapping[str, Any], measure: str) -> object:
    """Find a fact of the original."""
    facts = report["facts"]
    known = {"unit_known": facts.get("unit") is not None, "up_known": facts.get("up") is not None}
    return known[measure] if measure in known else facts.get(measure, _UNKNOWN)


def _value(rendition: Mapping[str, Any], measure: str) -> object:
    """Find a measured value of a rendition; `_FREE` where nothing can be wrong with it."""
    if measure in ("triangles", "bytes", "width", "height"):
        return rendition.get(measure, _UNKNOWN)
    if measure == "texture_side":
        return max((max(one["width"], one["height"]) for one in rendition.get("textures", [])), default=_FREE)
    found: Any = rendition.get("measured")
    if found is None:
        return _UNKNOWN
    for name in _MEASURED[measure]:
        found = found.get(name) if isinstance(found, Mapping) else None
    if found is None and measure in _COLOUR | _ATLAS:
        return _FREE  # no colour, no difference, no texture
    return _UNKNOWN if found is None else found


def _held(limit: Limit, role: str | None, value: object) -> dict[str, Any] | None:
    """Compare one value with its limit."""
    if value is _FREE:
        return None
    if value is _UNKNOWN or value is None:
        return _short("verdict.unknown", limit, role, None)
    return None if limit.kept_by(value) else _short(f"verdict.{limit.measure.replace('_', '-')}", limit, role, value)


def _short(code: str, limit: Limit, role: str | None, got: object) -> dict[str, Any]:
    """Say what falls short."""
    shown = _shown(got)
    params = {"role": role or "–", "limit": limit.shown(), "got": shown, "measure": limit.measure}
    return {**Doubt(code, None, params).as_json(), "role": role, "limit": limit.as_json(), "got": got}


def _shown(value: object) -> object:
    """Write a measured number to four figures."""
    return f"{value:.4g}" if isinstance(value, float) else value
