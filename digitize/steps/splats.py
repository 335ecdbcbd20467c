# SPDX-License-Identifier: Apache-2.0
"""Read splats, give them out as plain records and as points, picture them, and state what the records lose."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from digitize.errors import Doubt, Refusal
from digitize.mesh import METRES
from digitize.points import glb
from digitize.points.cloud import Cloud
from digitize.scale import undeclared
from digitize.splats import picture
from digitize.splats.model import Splats, sound
from digitize.splats.read import read
from digitize.splats.write import loss, ordered, write
from digitize.steps import read_facts, write_facts

QUALITY = 80


def run(*, inputs: Mapping[str, Path], out: Path, params: Mapping[str, Any], progress: Callable[[float, str], None]) -> dict[str, Any]:
    """Derive from the splats in `source`.

    Parameters
    ----------
    params : `side` of the thumbnail in pixels, `points` at most in the GLB for viewers without splats.

    Raises
    ------
    Refusal
        ``points.count-mismatch``, ``splats.all-invisible``.
    """
    intake = read_facts(inputs["source"], "intake.json")
    progress(0.0, "reading")
    everything = read(inputs["source"], intake["main"], intake["format"])
    if len(everything) != intake["counts"]["points"]:
        raise Refusal("points.count-mismatch", expected=intake["counts"]["points"], read=len(everything))
    kept = ordered(declare(visible(everything), intake.get("declared", {})))
    progress(0.2, "writing")
    write(kept, out / "splats.splat")
    lost = loss(kept, read(out, "splats.splat", "splat"))
    points = Cloud(
        kept.positions, np.rint(np.clip(kept.colours, 0, 1) * 255).astype(np.uint8), None, None, kept.unit, kept.unit_evidence, kept.up
    )
    points = points.take(slice(int(params["points"])))
    glb.write(points, out / "points.glb")
    progress(0.5, "picturing")
    _thumbnail(kept, int(params["side"]), out)
    facts = {**describe(kept, intake, len(everything)), "lost": lost, "renditions": _renditions(kept, points, int(params["side"]))}
    facts["errors"] = {"splats": _error(kept, lost)}
    facts["doubts"] = [doubt.as_json() for doubt in _doubts(kept, lost, len(everything))]
    write_facts(out, facts)
    return facts


def visible(everything: Splats) -> Splats:
    """Keep what can be seen.

    Raises
    ------
    Refusal
        ``splats.all-invisible``.
    """
    seen = sound(everything)
    if not seen.any():
        raise Refusal("splats.all-invisible")
    return everything.take(seen)


def declare(splats: Splats, declared: Mapping[str, str]) -> Splats:
    """Apply the unit and the up axis that were declared with the input."""
    if declared.get("unit") in METRES:
        splats = replace(splats, unit=declared["unit"], unit_evidence="declared with the upload")
    if declared.get("up") in {"x", "-x", "y", "-y", "z", "-z"}:
        splats = replace(splats, up=declared["up"])
    return splats


def describe(kept: Splats, intake: Mapping[str, Any], read_: int) -> dict[str, Any]:
    """State what the splats are; `core` is the box of all but the outermost fiftieth on each side."""
    low, high = kept.positions.min(axis=0), kept.positions.max(axis=0)
    inner = picture.core(kept.positions)
    return {
        "kind": "splats",
        "format": intake["format"],
        "main": intake["main"],
        "points": read_,
        "splats": read_,
        "kept": len(kept),
        "degree": kept.degree,
        "bounds": {"min": low.tolist(), "max": high.tolist()},
        "core": {"min": inner[0].tolist(), "max": inner[1].tolist()},
        "diagonal": float(np.linalg.norm(high - low)),
        "unit": kept.unit,
        "unit_evidence": kept.unit_evidence,
        "up": kept.up,
    }


def _renditions(kept: Splats, points: Cloud, side: int) -> list[dict[str, Any]]:
    """Describe the files; the records stand in the source's own numbers, so `up` and `metres` say how to show them."""
    low, high = (part.tolist() for part in picture.core(kept.positions))
    placed = {"up": kept.up, "metres": METRES[kept.unit] if kept.unit else None, "core": {"min": low, "max": high}}
    return [
        {"role": "splats", "media_type": "application/octet-stream", "path": "splats.splat", "splats": len(kept), "record": 32, **placed},
        {"role": "points", "media_type": "model/gltf-binary", "path": "points.glb", "points": len(points)},
        {"role": "thumbnail", "media_type": "image/webp", "path": "thumbnail.webp", "width": side, "height": side},
    ]


def _error(kept: Splats, lost: Mapping[str, Any]) -> dict[str, Any]:
    """State the records' error as other renditions do; their colour's holds the dropped directions too."""
    diagonal = max(float(np.linalg.norm(np.ptp(kept.positions, axis=0))), 1e-300)
    mean, most = lost["place"]["mean"], lost["place"]["max"]
    return {
        "mean": mean, "max": most, "mean_relative": mean / diagonal, "max_relative": most / diagonal,
        "unit": kept.unit, "colour_psnr": lost["colour"]["psnr"],
    }  # fmt: skip


def _thumbnail(kept: Splats, side: int, out: Path) -> None:
    """Picture the splats."""
    from PIL import Image

    Image.fromarray(picture.picture(kept, side)).save(out / "thumbnail.webp", quality=QUALITY, alpha_quality=90, method=6)


def _doubts(kept: Splats, lost: Mapping[str, Any], read_: int) -> list[Doubt]:
    """Say what is left out, and that nothing declares a unit."""
    found = []
    if read_ > len(kept):
        found.append(Doubt("splats.left-out", None, {"count": read_ - len(kept)}))
    if kept.degree:
        found.append(Doubt("splats.directions-dropped", None, {"degree": kept.degree, "rms": f"{lost['directions']['rms']:.3g}"}))
    if kept.unit is None:
        length = float(np.linalg.norm(np.subtract(*picture.core(kept.positions)[::-1])))
        found.append(undeclared(length))
    return found
