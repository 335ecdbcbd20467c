# SPDX-License-Identifier: Apache-2.0
"""Measure every photograph of a set, estimate how they overlap, and judge them."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from digitize.photos.likeness import alike
from digitize.photos.load import WORK, Photo, measure, opened, reduced_to
from digitize.photos.overlap import METHOD, Overlap, overlap
from digitize.photos.sheet import Sheet
from digitize.photos.verdict import KEEP, Bounds, judge
from digitize.steps import read_facts, write_facts

Progress = Callable[[float, str], None]


def run(*, inputs: Mapping[str, Path], out: Path, params: Mapping[str, Any], progress: Progress) -> dict[str, Any]:
    """Look at the photographs of `source`.

    Parameters
    ----------
    params : `bounds`, see `digitize.photos.verdict.Bounds`; `side` of the thumbnail in pixels; `quality` of WebP.

    Raises
    ------
    Refusal
        `image.undecodable`.
    """
    source = inputs["source"]
    intake = read_facts(source, "intake.json")
    names = [part["name"] for part in intake.get("parts", [])] or [intake["main"]]
    photos = list[Photo]()
    for number, name in enumerate(names):
        progress(0.6 * number / len(names), name)
        photos.append(measure(source / name, name))
    told = overlap([photo.features for photo in photos], lambda share, text: progress(0.6 + 0.3 * share, text))
    same = alike([photo.hash for photo in photos], np.stack([photo.small for photo in photos]))
    facts = judged(photos, told, same, Bounds(**params.get("bounds", {})))
    progress(0.9, "contact sheet")
    result = {
        **described(facts, intake),
        "photos": facts,
        "overlap": stated(told, names),
        "measured_at": WORK,
        "renditions": pictures(source, out, facts, params),
    }
    write_facts(out, result)
    return result


def judged(photos: Sequence[Photo], told: Overlap, same: Mapping[int, int], bounds: Bounds) -> list[dict[str, Any]]:
    """Join what was measured of each photograph with its verdict and its place in the graph."""
    facts = [photo.facts for photo in photos]
    usual = float(np.median([fact["laplacian"] for fact in facts]))
    held = Counter(number for pair in told.shared for number in pair)
    group = {number: place for place, members in enumerate(told.components, 1) for number in members}
    more = [
        {
            "sharpness": round(fact["laplacian"] / max(usual, 1e-9), 3),
            "features": len(photo.features.places),
            "overlaps": held[number],
            "group": group[number],
        }
        for number, (photo, fact) in enumerate(zip(photos, facts, strict=True))
    ]
    return [{**fact, **extra, **verdict} for fact, extra, verdict in zip(facts, more, judge(facts, same, bounds), strict=True)]


def described(facts: Sequence[Mapping[str, Any]], intake: Mapping[str, Any]) -> dict[str, Any]:
    """State what the set is; the size is the one that most photographs have."""
    width, height = Counter((fact["width"], fact["height"]) for fact in facts).most_common(1)[0][0]
    stops = [fact["stops"] for fact in facts]
    return {
        "kind": "photos",
        "format": intake["format"],
        "main": intake["main"],
        "images": len(facts),
        "width": width,
        "height": height,
        "exposure_spread": round(max(stops) - min(stops), 3),
        "verdicts": dict(sorted(Counter(fact["verdict"] for fact in facts).items())),
    }


def stated(told: Overlap, names: Sequence[str]) -> dict[str, Any]:
    """State the graph by names."""
    return {
        "method": METHOD,
        "pairs_compared": told.looked_at,
        "pairs": [{"one": names[i], "two": names[j], "shared": number} for (i, j), number in told.shared.items()],
        "components": [[names[n] for n in group] for group in told.components],
        "weak": [names[n] for n in told.weak],
    }


def pictures(source: Path, out: Path, facts: Sequence[Mapping[str, Any]], params: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Write the contact sheet, and as thumbnail the kept photograph that overlaps with most others."""
    sheet, quality = Sheet(len(facts)), int(params["quality"])
    best = max(range(len(facts)), key=lambda n: (facts[n]["verdict"] == KEEP, facts[n]["overlaps"], facts[n]["sharpness"], -n))
    for number, fact in enumerate(facts):
        picture, _ = opened(source / fact["name"], fact["name"])
        sheet.add(number, picture, fact["verdict"])
        if number == best:
            shown = reduced_to(picture, int(params["side"]))
            shown.save(out / "thumbnail.webp", quality=quality, method=6)
            size = {"width": shown.width, "height": shown.height}
    sheet.picture.save(out / "contact-sheet.webp", quality=quality, method=4)
    whole = {"width": sheet.picture.width, "height": sheet.picture.height}
    webp = "image/webp"
    return [
        {"role": "thumbnail", "media_type": webp, "path": "thumbnail.webp", **size, "photo": facts[best]["name"]},
        {"role": "contact-sheet", "media_type": webp, "path": "contact-sheet.webp", **whole},
    ]
