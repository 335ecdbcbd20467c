# SPDX-License-Identifier: Apache-2.0
"""Place the cameras of a photo set, in true units where known markers are shown, and give a sparse cloud; where pycolmap is installed."""

import json
import shutil
import tempfile
from collections.abc import Callable, Mapping, Sequence
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np

from digitize.errors import Doubt
from digitize.mesh import METRES
from digitize.photos import markers, metres, sparse
from digitize.photos.coverage import Coverage, coverage
from digitize.photos.load import opened, reduced_to
from digitize.photos.metres import Measured
from digitize.photos.overlap import ALL
from digitize.photos.plan import SIDE, drawn
from digitize.photos.sparse import EXTRA, LEAST, Model, View
from digitize.photos.verdict import KEEP, Bounds
from digitize.points import glb
from digitize.points.cloud import Cloud
from digitize.steps import read_facts, write_facts

Progress = Callable[[float, str], None]
PLAN = "camera-plan.webp"


def run(*, inputs: Mapping[str, Path], out: Path, params: Mapping[str, Any], progress: Progress) -> dict[str, Any]:
    """Reconstruct from the photographs of `source` that `photos` keeps.

    Parameters
    ----------
    params : `side`, pixels of the longer side at most; `features`, at most in each photograph; `bounds`, see
        `digitize.photos.verdict.Bounds`.

    Raises
    ------
    Refusal
        ``markers.invalid``, ``scale.contradicted``.
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
    progress(0.95, "coverage")
    model, found = _scaled(model, inputs)
    told = coverage(model.cameras, model.points, Bounds(**params.get("bounds", {})).gap)
    number = {photo["name"]: place for place, photo in enumerate(read_facts(inputs["photos"])["photos"], 1)}
    drawn(told, [number[name] for name in told.names], model.points, model.colours).save(out / PLAN, quality=90, method=6)
    return _written(model, found, told, out, len(kept))


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


def _scaled(model: Model, inputs: Mapping[str, Path]) -> tuple[Model, Measured]:
    """Bring the model to metres where the photographs show printed markers of which something is known."""
    intake = read_facts(inputs["source"], "intake.json")
    known = markers.found(intake.get("declared", {}), inputs["source"], intake["members"])
    seen = read_facts(inputs["markers"]).get("photographs") if "markers" in inputs else None
    found = metres.measured(known, seen, model.cameras) if known and seen else Measured(None)
    return (model.scaled(found.scale.factor) if found.scale else model), found


def _doubts(model: Model, found: Measured) -> list[Doubt]:
    """Say what is not certain of the model."""
    told = [Doubt("photos.models", None, {"count": model.models})] if model.models > 1 else []
    told += found.doubts
    if found.scale is None:
        length = float(np.linalg.norm(np.ptp(model.points, axis=0)))
        readings = ", ".join(f"{length * METRES[unit]:.3g} m in {unit}" for unit in ("mm", "cm", "m"))
        told += [Doubt("unit.undeclared", None, {"readings": readings}), Doubt("photos.no-scale")]
    return told


def _written(model: Model, found: Measured, told: Coverage, out: Path, of: int) -> dict[str, Any]:
    """Write cloud and cameras, and state the facts."""
    unit = "m" if found.scale else None
    count = glb.write(Cloud(model.points, model.colours, unit=unit), out / "points.glb")
    head = {"schema": "qilu.cameras/1", "frame": "the reconstruction’s own", "unit": unit, "cameras": list(model.cameras)}
    text = json.dumps(head, sort_keys=True, indent=1, ensure_ascii=False, allow_nan=False)
    (out / "cameras.json").write_text(text + "\n", encoding="utf-8")
    facts = {
        "registered": len(model.cameras),
        "of": of,
        "registered_names": [camera["name"] for camera in model.cameras],
        "points": count,
        "seen_by": {"median": float(np.median(model.seen_by)), "two_share": round(float((model.seen_by == 2).mean()), 4)},
        "reprojection_error_px": round(model.error, 4),
        "coverage": told.as_json(),
        "method": f"{EXTRA} {metadata.version(EXTRA)}",
        "unit": unit,
        "unit_evidence": found.scale.evidence if found.scale else "undeclared",
        **({"scale": found.scale.as_json()} if found.scale else {}),
        **({"scale_markers": found.facts} if found.facts else {}),
        "renditions": [
            {"role": "points", "media_type": "model/gltf-binary", "path": "points.glb", "points": count},
            {"role": "cameras", "media_type": "application/json", "path": "cameras.json", "cameras": len(model.cameras)},
            {"role": "camera-plan", "media_type": "image/webp", "path": PLAN, "width": SIDE, "height": SIDE},
        ],
        "doubts": [doubt.as_json() for doubt in _doubts(model, found)],
    }
    write_facts(out, facts)
    return facts
