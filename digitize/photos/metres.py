# SPDX-License-Identifier: Apache-2.0
"""The scale of a reconstruction from printed markers of known size and known distances."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from digitize import scale
from digitize.errors import Doubt
from digitize.photos import pinhole, triangulate
from digitize.photos.markers import Known
from digitize.photos.triangulate import Placed

_VAGUE = 0.02  # relative standard error above which a length says nothing about scale
_ONE, _MANY = "known length of printed markers", "known lengths of printed markers"


@dataclass(frozen=True)
class Measured:
    """What the markers say: the scale, None where they say nothing; what is stated of each; what is doubted."""

    scale: scale.Scale | None
    facts: Mapping[str, Any] = field(default_factory=dict)
    doubts: tuple[Doubt, ...] = ()


@dataclass(frozen=True, slots=True)
class _Length:
    """A known length as measured: in the model's unit with its standard error, in metres, as stated, and where."""

    apart: float
    error: float
    metres: float
    stated: str
    at: str


def measured(known: Known, photographs: Sequence[Mapping[str, Any]], cameras: Sequence[Mapping[str, Any]]) -> Measured:
    """Triangulate the markers that photographs show, and fit the scale to what is known of them.

    Parameters
    ----------
    photographs : `name`, `width`, `height` and `markers` of each, as the step `markers` states them.
    cameras : as `sparse.Model` has them.

    Raises
    ------
    Refusal
        ``scale.contradicted`` where known lengths differ by more than a tenth.
    """
    placed = triangulate.placed(_views(photographs, cameras))
    lengths, lost = _lengths(known, placed)
    sharp = [one for one in lengths if one.error <= _VAGUE * one.apart]
    doubts = _doubts(placed, lost, [one.at for one in lengths if one not in sharp])
    fit = _fit(sharp) if sharp else None
    facts = {"markers": [_marker(number, one, fit) for number, one in placed.items()], "lengths": [_stated(one, fit) for one in sharp]}
    return Measured(fit, facts, (*doubts, *(fit.doubts() if fit else ())))


def _views(photographs: Sequence[Mapping[str, Any]], cameras: Sequence[Mapping[str, Any]]) -> dict[int, list[triangulate.View]]:
    """Gather by marker what each placed camera sees of it, in pixels of the camera's own picture."""
    by_name = {camera["name"]: pinhole.of(camera) for camera in cameras}
    found: dict[int, list[triangulate.View]] = {}
    for photo in photographs:
        camera = by_name.get(photo["name"])
        if camera is None:
            continue
        scaled = np.array(camera.size) / (photo["width"], photo["height"])
        for marker in photo["markers"]:
            found.setdefault(marker["id"], []).append((camera, np.array(marker["corners"]) * scaled))
    return found


def _lengths(known: Known, placed: Mapping[int, Placed]) -> tuple[list[_Length], list[int]]:
    """Measure every known length; also name the markers that distances need and that are not placed."""
    found, lost = list[_Length](), set[int]()
    for number, one in enumerate(known.distances):
        missing = {one.one, one.two} - placed.keys()
        lost |= missing
        if not missing:
            apart, error = triangulate.between(placed[one.one], placed[one.two])
            found.append(_Length(apart, error, one.metres, one.stated, f"distances/{number}"))
    for marker, place in placed.items() if known.side else ():
        apart, error = triangulate.side(place)
        found.append(_Length(apart, error, known.side or 0.0, known.side_stated, f"side of marker {marker}"))
    return found, sorted(lost)


def _fit(lengths: Sequence[_Length]) -> scale.Scale:
    """Fit the scale; a length counts by how surely it was measured, and no surer than a thousandth."""
    error = np.array([max(one.error / one.apart, 1e-3) for one in lengths])
    apart, metres = np.array([one.apart for one in lengths]), np.array([one.metres for one in lengths])
    stated, at = tuple(one.stated for one in lengths), tuple(one.at for one in lengths)
    return scale.fitted(scale.Lengths(apart, metres, error**-2, stated, at), _ONE, _MANY)


def _doubts(placed: Mapping[int, Placed], lost: Sequence[int], vague: Sequence[str]) -> list[Doubt]:
    """Say which markers could not be used."""
    found = []
    if not placed:
        found.append(Doubt("markers.not-placed", None, {"least": triangulate.LEAST}))
    elif lost:
        found.append(Doubt("markers.lost", None, {"names": ", ".join(map(str, lost)), "least": triangulate.LEAST}))
    if vague:
        found.append(Doubt("markers.vague", None, {"names": ", ".join(vague[:8]), "percent": f"{100 * _VAGUE:g}"}))
    return found


def _marker(number: int, one: Placed, fit: scale.Scale | None) -> dict[str, Any]:
    """State where a marker lies, in metres where they are known."""
    factor = fit.factor if fit else 1.0
    places = (factor * one.corners).tolist()
    return {"id": number, "corners": places, "photographs": list(one.views), "reprojection_error_px": round(one.error, 4)}


def _stated(one: _Length, fit: scale.Scale | None) -> dict[str, Any]:
    """State a known length and what the fitted scale makes of it, m."""
    factor = fit.factor if fit else 1.0
    return {"at": one.at, "known": one.metres, "measured": factor * one.apart, "standard_error": factor * one.error}
