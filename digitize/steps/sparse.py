# SPDX-License-Identifier: Apache-2.0
"""Place the cameras of a photo set and give a sparse cloud, where pycolmap is installed."""

import json
import shutil
import tempfile
from collections.abc import Callable, Mapping, Sequence
from importlib import metadata
from pathlib import Path
from typing import Any

from digitize.errors import Doubt
from digitize.photos import sparse
from digitize.photos.load import opened, reduced_to
from digitize.photos.overlap import ALL
from digitize.photos.sparse import EXTRA, LEAST, Model, View
from digitize.photos.verdict import KEEP
from digitize.steps import read_facts, write_facts

Progress = Callable[[float, str], None]


def run(*, inputs: Mapping[str, Path], out: Path, params: Mapping[str, Any], progress: Progress) -> dict[str, Any]:
    """Reconstruct from the photographs of `source` that `photos` keeps.

    Parameters
    ----------
    params : `side`, pixels of the longer side at most; `features`, at most in each photograph.
    """
    kept = [photo for photo in read_facts(inputs["photos"])["photos"] if photo["verdict"] == KEEP]
    if not sparse.available():
        return _left(out, Doubt("photos.no-reconstruction", None, {"extra": EXTRA}))
    if len(kept) < LEAST:
        return _left(out, Doubt("photos.reconstruction-failed"), registered=0, registered_names=[], of=len(kept))
    folder = Path(tempfile.mkdtemp())
    try:
        views = [_view(inputs["source"], photo, number, folder, int(params["side"])) for number, photo in enumerate(kept)]
        pairs = _pairs(read_facts(inputs["photos"])["overlap"]["pairs"], [view.name for view in views])
        model = sparse.reconstruct(views, pairs, folder, int(params["features"]), progress)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    if model is None:
        return _left(out, Doubt("photos.reconstruction-failed"), registered=0, registered_names=[], of=len(kept))
    return _written(model, out, len(kept))


def _left(out: Path, doubt: Doubt, **facts: Any) -> dict[str, Any]:
    """Leave nothing but a doubt."""
    said = {**facts, "renditions": [], "doubts": [doubt.as_json()]}
    write_facts(out, said)
    return said


def _view(source: Path, photo: Mapping[str, Any], number: int, folder: Path, side: int) -> View:
    """Decode a photograph ourselves and write it small and plain, so that the library reads nothing of a stranger's."""
    picture = reduced_to(opened(source / photo["name"], photo["name"])[0], side)
    file = f"{number:05d}.png"
    picture.save(folder / file, compress_level=1)
    return View(file, photo["name"], picture.size, photo["camera"])


def _pairs(told: Sequence[Mapping[str, Any]], names: Sequence[str]) -> list[tuple[int, int]] | None:
    """Choose what to match: all pairs of a small set, else those that overlap by estimate and neighbours in order."""
    if len(names) <= ALL:
        return None
    place = {name: number for number, name in enumerate(names)}
    pairs = {(place[pair["one"]], place[pair["two"]]) for pair in told if pair["one"] in place and pair["two"] in place}
    return sorted(pairs | {(i, i + step) for step in (1, 2, 3) for i in range(len(names) - step)})


def _written(model: Model, out: Path, of: int) -> dict[str, Any]:
    """Write cloud and cameras, and state the facts."""
    from digitize.points import glb
    from digitize.points.cloud import Cloud

    count = glb.write(Cloud(model.points, model.colours), out / "points.glb")
    head = {"schema": "qilu.cameras/1", "frame": "the reconstruction’s own; unit of length unknown", "cameras": list(model.cameras)}
    text = json.dumps(head, sort_keys=True, indent=1, ensure_ascii=False, allow_nan=False)
    (out / "cameras.json").write_text(text + "\n", encoding="utf-8")
    doubts = [Doubt("photos.models", None, {"count": model.models}).as_json()] if model.models > 1 else []
    facts = {
        "registered": len(model.cameras),
        "of": of,
        "registered_names": [camera["name"] for camera in model.cameras],
        "points": count,
        "reprojection_error_px": round(model.error, 4),
        "method": f"{EXTRA} {metadata.version(EXTRA)}",
        "unit": None,
        "renditions": [
            {"role": "points", "media_type": "model/gltf-binary", "path": "points.glb", "points": count},
            {"role": "cameras", "media_type": "application/json", "path": "cameras.json", "cameras": len(model.cameras)},
        ],
        "doubts": doubts,
    }
    write_facts(out, facts)
    return facts
