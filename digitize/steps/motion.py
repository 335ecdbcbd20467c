# SPDX-License-Identifier: Apache-2.0
"""Turn a recorded motion into an animated skeleton, and measure the file that was written."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from digitize.errors import Doubt, Refusal
from digitize.measure.statistics import lengths
from digitize.mesh import METRES
from digitize.motion.bvh import read
from digitize.motion.convert import Written, convert
from digitize.motion.pose import doubts as torn
from digitize.motion.readback import EDGES
from digitize.motion.skeleton import Motion
from digitize.motion.stance import stance
from digitize.preflight.model import Limits
from digitize.scale import undeclared
from digitize.steps import read_facts, write_facts

GLB = "model/gltf-binary"
AXES = frozenset({"x", "-x", "y", "-y", "z", "-z"})


def run(*, inputs: Mapping[str, Path], out: Path, params: Mapping[str, Any], progress: Callable[[float, str], None]) -> dict[str, Any]:
    """Convert the BVH in `source`.

    Parameters
    ----------
    params : `error`, how far a joint may lie from where it was recorded, as a share of the resting skeleton's extent;
        `positions`, ``replace`` or ``add``, how position channels stand to OFFSET.

    Raises
    ------
    Refusal
        `mesh.count-mismatch`, and what the reader refuses.
    """
    progress(0.0, "reading")
    intake, motion = opened(inputs["source"])
    unit, up = declared(intake)
    progress(0.2, "writing")
    extent, positions = motion.extent(), str(params["positions"])
    scale = METRES[unit] if unit else 1.0
    allowed = float(params["error"]) * extent
    written = convert(motion, out / "motion.glb", error=allowed, positions=positions, scale=scale, up=up or "y")
    measured = _measured(written, extent, unit)
    standing = stance(motion, up, positions)
    facts = {
        **describe(motion, intake),
        "unit": unit,
        "unit_evidence": "declared with the upload" if unit else "undeclared",
        "up": up,
        "orientation": {"up": standing.up, "evidence": standing.evidence},
        "renditions": [{"role": "motion", "media_type": GLB, "path": "motion.glb", "triangles": written.triangles}],
        "errors": {"motion": _stated(written, extent, unit)},
        "rendition_facts": {"motion": {"measured": measured}},
        "measured": measured,
        "doubts": [doubt.as_json() for doubt in _doubts(motion, positions, unit, written, allowed)],
    }
    write_facts(out, facts)
    return facts


def _doubts(motion: Motion, positions: str, unit: str | None, written: Written, allowed: float) -> list[Doubt]:
    """Say what was supposed, is not declared, or could not be reached."""
    found, extent = torn(motion, positions), motion.extent()
    if unit is None:
        found.append(undeclared(extent))
    if written.errors.maximum > allowed:
        found.append(Doubt("motion.error-missed", None, {"error": f"{written.errors.maximum:.3g}", "allowed": f"{allowed:.3g}"}))
    return found


def opened(source: Path) -> tuple[dict[str, Any], Motion]:
    """Read the intake and the motion; what is read must be what the pre-flight counted."""
    intake = read_facts(source, "intake.json")
    motion, _ = read(source / intake["main"], Limits())
    got = {"joints": len(motion.joints), "frames": motion.frames, "channels": motion.values.shape[1]}
    for name, expected in intake.get("counts", {}).items():
        if got.get(name, expected) != expected:
            raise Refusal("mesh.count-mismatch", at=name, name=name, expected=expected, read=got[name])
    return intake, motion


def declared(intake: Mapping[str, Any]) -> tuple[str | None, str | None]:
    """Give the unit and the up axis that were declared with the input; what is no unit or axis is none."""
    said = intake.get("declared", {})
    unit, up = said.get("unit"), said.get("up")
    return unit if unit in METRES else None, up if up in AXES else None


def describe(motion: Motion, intake: Mapping[str, Any]) -> dict[str, Any]:
    """State what the recording holds; lengths in its own unit."""
    return {
        "kind": "motion",
        "format": intake["format"],
        "main": intake["main"],
        "joints": len(motion.joints),
        "end_sites": len(motion.tips()),
        "channels": motion.values.shape[1],
        "frames": motion.frames,
        "duration": round(motion.frames * motion.frame_time, 6),
        "rate": round(1 / motion.frame_time, 3),
        "extent": motion.extent(),
        "diagonal": motion.extent(),
    }


def _stated(written: Written, extent: float, unit: str | None) -> dict[str, Any]:
    """Give the error in the form that every rendition's has."""
    mean, largest = written.errors.mean, written.errors.maximum
    relative = {"mean_relative": mean / extent, "max_relative": largest / extent}
    return {"mean": mean, "max": largest, **relative, "unit": unit, "colour_psnr": None}


def _measured(written: Written, extent: float, unit: str | None) -> dict[str, Any]:
    """State what was measured on the written file, played frame by frame; the diagonal is the resting skeleton's."""
    errors = written.errors
    worst = {"mean": errors.mean, "rms": errors.rms, "p999": errors.p999, "max": errors.maximum}
    return {
        "max_joint_error": errors.maximum,
        "mean_joint_error": errors.mean,
        **lengths(worst, extent, unit),
        "unit": unit,
        "histogram": {"edges_relative": [float(f"{edge:.6e}") for edge in EDGES], "counts": list(errors.counts)},
        "keys": written.keys,
        "keys_without_reduction": written.keys_full,
        "method": "the written file played at every frame of the recording",
    }
