# SPDX-License-Identifier: Apache-2.0
"""Which photographs to keep, which to take again and why; whether the set will do."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from digitize.errors import Doubt
from digitize.mesh import Floats
from digitize.photos.overlap import Overlap

KEEP, AGAIN, LEAVE = "keep", "reshoot", "leave-out"
READY, USABLE = "ready", "usable"
LANGUAGES = ("en", "zh-hans")
_MOST_GAPS, _HALF = 4, 180
_SOFTER = 1.2  # what is only dark has less detail too, but edges as narrow as the others’


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a photograph and a set must reach; a recipe may set each.

    Attributes
    ----------
    detail, detail_alone
        Laplacian variance over the set's median, below which a photograph with wide edges, or with hardly wider ones, is blurred.
    blur, blur_alone, blur_px
        Width of edges over the set's median: with less detail, or alone; in pixels at 1,600 a side, whatever the set is like.
    clipped
        Share of points without detail beyond three times what is usual in the set; it counts where the picture is also `shifted`.
    stops, shifted
        Brightness against the set's median, in stops: off by itself; off where much is clipped.
    photos, megapixels
        Fewest photographs; smallest size.
    gap, heights
        Degrees between neighbours around the object, seen from above, that are no gap yet; degrees of elevation that the views of a
        body in the round should span.
    """

    detail: float = 0.5
    detail_alone: float = 0.2
    blur: float = 1.5
    blur_alone: float = 2.0
    blur_px: float = 4.0
    clipped: float = 0.03
    stops: float = 1.0
    shifted: float = 0.5
    photos: int = 8
    megapixels: float = 3.0
    gap: float = 30.0
    heights: float = 15.0


def reason(code: str, name: str | None = None, **params: Any) -> dict[str, Any]:
    """State a reason with its words and its mend in both languages."""
    words = {language: Doubt(code, name, params).text(language) for language in LANGUAGES}
    text, mend = ({language: said[part] for language, said in words.items()} for part in (0, 1))
    return {"code": code, "params": params, "text": text, "mend": mend}


def judge(photos: Sequence[Mapping[str, Any]], same: Mapping[int, int], bounds: Bounds) -> list[dict[str, Any]]:
    """Judge each photograph by itself and against the set: ``verdict``, ``reasons`` and ``duplicate_of``.

    Parameters
    ----------
    same : each later photograph -> the first one that shows the same; of all these the best is kept.
    """
    usual = {name: _median(photos, name) for name in ("laplacian", "blur_px", "dark", "bright", "stops")}
    tones = np.median([photo["tones"] for photo in photos], axis=0) if photos else np.zeros(3)
    found = list[dict[str, Any]]()
    for photo in photos:
        reasons = [*_blurred(photo, usual, bounds), *_exposed(photo, usual, tones, bounds)]
        found.append({"verdict": AGAIN if reasons else KEEP, "reasons": reasons, "duplicate_of": None})
    for number, best in _best(photos, same, found).items():
        other = photos[best]["name"]
        more = reason("photo.duplicate", photos[number]["name"], other=other)
        found[number] = {"verdict": LEAVE, "reasons": [*found[number]["reasons"], more], "duplicate_of": other}
    return found


def _best(photos: Sequence[Mapping[str, Any]], same: Mapping[int, int], judged: Sequence[Mapping[str, Any]]) -> dict[int, int]:
    """Map each duplicate to the one that is kept in its stead: a good one, then one with most detail, then the larger file."""
    groups: dict[int, list[int]] = {}
    for later, first in same.items():
        groups.setdefault(first, [first]).append(later)
    found = dict[int, int]()
    for group in groups.values():
        most = max([1e-9, *(photos[n]["laplacian"] for n in group)])
        # What is stored more coarsely hardly differs in detail, but in bytes.
        best = max(group, key=lambda n: (judged[n]["verdict"] == KEEP, round(photos[n]["laplacian"] / most, 1), photos[n]["bytes"], -n))
        found |= {number: best for number in group if number != best}
    return found


def _median(photos: Sequence[Mapping[str, Any]], name: str) -> float:
    """Give the set's usual value."""
    values = [photo[name] for photo in photos if photo[name] is not None]
    return float(np.median(values)) if values else 0.0


def _blurred(photo: Mapping[str, Any], usual: Mapping[str, float], bounds: Bounds) -> list[dict[str, Any]]:
    """Say whether a photograph is blurred or shows nothing."""
    if photo["blur_px"] is None:
        return [reason("photo.no-detail", photo["name"])]
    detail = photo["laplacian"] / max(usual["laplacian"], 1e-9)
    width = photo["blur_px"] / max(usual["blur_px"], 1e-9)
    soft = (width > bounds.blur and detail < bounds.detail) or (width > _SOFTER and detail < bounds.detail_alone)
    if soft or width > bounds.blur_alone or photo["blur_px"] > bounds.blur_px:
        return [reason("photo.blurred", photo["name"], blur=round(photo["blur_px"], 2), usual=round(usual["blur_px"], 2))]
    return []


def _exposed(photo: Mapping[str, Any], usual: Mapping[str, float], tones: Floats, bounds: Bounds) -> list[dict[str, Any]]:
    """Say whether a photograph is too bright or too dark among the others.

    White or black alone does not tell: there may be more of the ground behind the object. What counts beside it is whether any tone is
    brighter than usual, or the bright ones darker.
    """
    stops = photo["stops"] - usual["stops"]
    brighter = float(np.max(np.subtract(photo["tones"], tones)))
    for code, side, off, shift in (("photo.overexposed", "bright", stops, brighter), ("photo.underexposed", "dark", -stops, -stops)):
        clipped = photo[side] > 3 * usual[side] + bounds.clipped
        if off > bounds.stops or (clipped and shift > bounds.shifted):
            return [reason(code, photo["name"], percent=round(100 * photo[side], 1), stops=round(stops, 2))]
    return []


def of_set(photos: Sequence[Mapping[str, Any]], told: Overlap, bounds: Bounds, sparse: Mapping[str, Any]) -> dict[str, Any]:
    """Judge the set: ``state`` is ready, usable or reshoot; ``failing`` and ``lacking`` give the reasons.

    Parameters
    ----------
    photos : facts with their verdicts.
    told : the overlap of the photographs that are kept, by their places among them.
    sparse : what the reconstruction found; without `registered` there was none.
    """
    kept = [photo for photo in photos if photo["verdict"] == KEEP]
    failing, lacking = list[dict[str, Any]](), _uneven(kept, bounds)
    if len(kept) < bounds.photos:
        failing.append(reason("photos.few", count=len(kept), least=bounds.photos))
    if again := [photo["name"] for photo in photos if photo["verdict"] == AGAIN]:
        lacking.append(reason("photos.reshoot", count=len(again), names=_names(again)))
    gaps = _gaps(kept, told)
    if "registered" in sparse:
        placed = set(sparse["registered_names"])
        if lost := [photo["name"] for photo in kept if photo["name"] not in placed]:
            failing.append(reason("photos.not-placed", count=len(lost), names=_names(lost)))
        if "coverage" in sparse:
            lacking += _uncovered(sparse["coverage"], bounds)
    else:
        failing += gaps
        if told.weak:
            lacking.append(reason("photos.weak", count=len(told.weak), names=_names([kept[n]["name"] for n in told.weak])))
    state = AGAIN if failing else USABLE if lacking else READY
    return {"state": state, "failing": failing, "lacking": lacking, "kept": len(kept), "photos": len(photos)}


def _gaps(kept: Sequence[Mapping[str, Any]], told: Overlap) -> list[dict[str, Any]]:
    """Name the photographs that do not hang together with the rest."""
    if len(told.components) < 2:
        return []
    apart = [kept[n]["name"] for group in told.components[1:] for n in group]
    return [reason("photos.gaps", groups=len(told.components), count=len(apart), names=_names(apart))]


def _uncovered(told: Mapping[str, Any], bounds: Bounds) -> list[dict[str, Any]]:
    """Say where around a body in the round nothing was taken; a relief is not gone around."""
    if told["flat"]:
        return []
    found = []
    for gap in told["gaps"][:_MOST_GAPS]:
        params = {"degrees": round(gap["degrees"]), "after": gap["after"], "before": gap["before"], "more": gap["more"]}
        found.append(reason("photos.one-side" if gap["degrees"] > _HALF else "photos.gap", **params))
    least, most = told["elevation"]["least"], told["elevation"]["most"]
    if most - least < bounds.heights:
        heights = f"{least:.0f}°" if round(least) == round(most) else f"{least:.0f}° – {most:.0f}°"
        found.append(reason("photos.one-height", heights=heights))
    return found


def _uneven(kept: Sequence[Mapping[str, Any]], bounds: Bounds) -> list[dict[str, Any]]:
    """Say what differs within the set and will cost accuracy."""
    found = []
    if kept and (spread := max(p["stops"] for p in kept) - min(p["stops"] for p in kept)) > bounds.stops:
        found.append(reason("photos.exposure-varies", stops=round(spread, 2)))
    if len(sizes := Counter((p["width"], p["height"]) for p in kept)) > 1:
        found.append(reason("photos.sizes-differ", sizes=", ".join(f"{w} × {h}" for w, h in sorted(sizes)[:4])))
    if small := [p["name"] for p in kept if p["width"] * p["height"] < bounds.megapixels * 1e6]:
        found.append(reason("photos.small", count=len(small), least=bounds.megapixels))
    cameras = sorted({f"{p['camera'].get('make', '')} {p['camera'].get('model', '')}".strip() for p in kept} - {""})
    focal = sorted({p["camera"]["focal_mm"] for p in kept if "focal_mm" in p["camera"]})
    if len(cameras) > 1:
        found.append(reason("photos.cameras-differ", names=_names(cameras)))
    if len(focal) > 1:
        found.append(reason("photos.focal-varies", least=focal[0], most=focal[-1]))
    if unknown := [p["name"] for p in kept if "focal_mm" not in p["camera"]]:
        found.append(reason("photos.no-focal", count=len(unknown)))
    return found


def _names(names: list[str]) -> str:
    """List names, shortly."""
    return ", ".join(names[:8]) + (" …" if len(names) > 8 else "")
