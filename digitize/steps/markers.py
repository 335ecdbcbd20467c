# SPDX-License-Identifier: Apache-2.0
"""Find the printed markers of which something is known, in every photograph that is kept."""

from collections.abc import Callable, Mapping, Sequence
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np

from digitize.errors import Doubt
from digitize.photos import detect, markers
from digitize.photos.load import opened
from digitize.photos.markers import Known
from digitize.photos.verdict import KEEP
from digitize.steps import read_facts, write_facts

Progress = Callable[[float, str], None]


def run(*, inputs: Mapping[str, Path], out: Path, params: Mapping[str, Any], progress: Progress) -> dict[str, Any]:
    """Look for markers in the photographs of `source` that `photos` keeps; without `markers.json` there is nothing to look for.

    Parameters
    ----------
    params : `side`, pixels of the longer side at most on which markers are looked for.

    Raises
    ------
    Refusal
        ``markers.invalid``.
    """
    intake = read_facts(inputs["source"], "intake.json")
    known = markers.found(intake.get("declared", {}), inputs["source"], intake["members"])
    facts: dict[str, Any] = {"renditions": [], "doubts": []}
    if known is not None and not detect.available():
        facts["doubts"] = [Doubt("markers.no-detector", None, {"extra": detect.EXTRA}).as_json()]
    elif known is not None:
        kept = [photo for photo in read_facts(inputs["photos"])["photos"] if photo["verdict"] == KEEP]
        facts |= looked(inputs["source"], kept, known, int(params["side"]), progress)
    write_facts(out, facts)
    return facts


def looked(source: Path, kept: Sequence[Mapping[str, Any]], known: Known, side: int, progress: Progress) -> dict[str, Any]:
    """State which photographs show which markers, and where: corners in pixels of the whole upright photograph."""
    find = detect.detector(known.dictionary)
    photographs, twice = list[dict[str, Any]](), list[str]()
    for number, photo in enumerate(kept):
        progress(number / len(kept), photo["name"])
        picture = opened(source / photo["name"], photo["name"], side)[0].convert("L")
        seen = find(np.asarray(picture))
        whole = np.array([photo["width"] / picture.width, photo["height"] / picture.height])
        found = [{"id": marker, "corners": np.round(corners * whole, 3).tolist()} for marker, corners in seen.corners.items()]
        photographs.append({"name": photo["name"], "width": photo["width"], "height": photo["height"], "markers": found})
        twice += [f"{photo['name']}: {', '.join(map(str, seen.twice))}"] if seen.twice else []
    shown = sorted({marker["id"] for photo in photographs for marker in photo["markers"]})
    counted = [{"id": one, "photographs": sum(one in {m["id"] for m in photo["markers"]} for photo in photographs)} for one in shown]
    doubts = [] if shown else [Doubt("markers.none", None, {"dictionary": known.dictionary})]
    doubts += [Doubt("markers.twice", None, {"names": "; ".join(twice[:5])})] if twice else []
    method = f"{detect.LIBRARY} {metadata.version(detect.LIBRARY)}"
    facts = {"dictionary": known.dictionary, "markers": counted, "photographs": photographs, "method": method}
    return {**facts, "doubts": [doubt.as_json() for doubt in doubts]}
