# SPDX-License-Identifier: Apache-2.0
"""Make the levels of detail and the version for augmented reality."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from digitize import mesh as meshes
from digitize.errors import Doubt
from digitize.levels import Chain, Chosen
from digitize.meshopt import module
from digitize.steps import read_facts, write_facts

SAME = 0.9  # of a finer level's triangles: what has more is not worth a level of its own
NEVER_DROPPED = ("lod-0", "ar")


def run(*, inputs: Mapping[str, Path], out: Path, params: Mapping[str, Any], progress: Callable[[float, str], None]) -> dict[str, Any]:
    """Simplify the mesh of `normalise`.

    Parameters
    ----------
    params : `levels`, from fine to coarse, a list of {"role", "purpose", "error" (mean distance allowed, in 1e-4 of the
        diagonal), "triangles" (at most), "keep" (an original of at most so many stays whole)}; without
        "error", or with "exact": true, the level has as nearly "triangles" as the mesh allows.

    Raises
    ------
    StepFailure
        `meshopt.missing`, `meshopt.memory`, `meshopt.trap`.
    """
    mesh = meshes.load(inputs["normalise"])
    chain = Chain(mesh, sound=bool(read_facts(inputs["normalise"]).get("manifold")))
    facts, made, dropped = list[dict[str, Any]](), list[tuple[str, Chosen]](), list[str]()
    for place, want in enumerate(params["levels"]):
        role = want["role"]
        progress(place / len(params["levels"]), role)
        chosen = _level(chain, want)
        folder = _shared(chosen, want, made)
        if folder is not None and not mesh.textures and role not in NEVER_DROPPED:
            dropped.append(role)
            continue
        if folder is None:
            folder = role
            made.append((role, chosen))
            meshes.save(chosen.level.mesh, out / role)
        facts.append(_fact(want, folder, dict(made)[folder]))
    result = {
        "levels": facts,
        "dropped": dropped,
        "simplifier": f"meshoptimizer {module.version()}",
        "doubts": [*_doubts(facts, textured=bool(mesh.textures)), *_beyond(params["levels"], mesh.triangles)],
    }
    write_facts(out, result)
    return result


def _level(chain: Chain, want: Mapping[str, Any]) -> Chosen:
    """Make one level."""
    if want.get("exact") or "error" not in want:
        return chain.of(int(want["triangles"]))
    return chain.chosen(float(want["error"]), int(want["triangles"]), int(want.get("keep", 0)))


def _shared(chosen: Chosen, want: Mapping[str, Any], made: list[tuple[str, Chosen]]) -> str | None:
    """Name the level made before that this one would only repeat."""
    for role, other in made:
        triangles = other.level.mesh.triangles
        if triangles <= want["triangles"] and SAME * triangles <= chosen.level.mesh.triangles:
            return role
    return None


def _fact(want: Mapping[str, Any], folder: str, chosen: Chosen) -> dict[str, Any]:
    """State what a level is; errors in 1e-4 of the diagonal."""
    return {
        "role": want["role"],
        "purpose": want.get("purpose"),
        "folder": folder,
        "triangles": chosen.level.mesh.triangles,
        "asked": chosen.aimed,
        "method": chosen.level.method,
        "error_asked": want.get("error"),
        "error_expected": round(chosen.error, 4),
    }


def _beyond(wanted: list[Mapping[str, Any]], triangles: int) -> list[dict[str, Any]]:
    """Name the levels that were to have exactly so many triangles, where the original has not as many."""
    beyond = [want for want in wanted if want.get("exact") and int(want["triangles"]) > triangles]
    told = [{"role": want["role"], "asked": int(want["triangles"]), "got": triangles} for want in beyond]
    return [Doubt("levels.fewer-than-asked", None, params).as_json() for params in told]


def _doubts(levels: list[dict[str, Any]], *, textured: bool) -> list[dict[str, Any]]:
    """Name the levels that kept more than a twentieth above their number, and those whose number does not reach their error.

    What kept a textured level from its number a new layout may mend: the step that bakes says so, if it does not.
    """
    found = list[Doubt]()
    for level in levels:
        if level["triangles"] > 1.05 * level["asked"] and not textured:
            found.append(Doubt("levels.target-missed", None, {"role": level["role"], "asked": level["asked"], "got": level["triangles"]}))
        if level["error_asked"] is not None and level["error_expected"] > level["error_asked"]:
            error = {"asked": f"{level['error_asked']:g}", "got": f"{level['error_expected']:.2g}"}
            found.append(Doubt("levels.error-missed", None, {"role": level["role"], "triangles": level["triangles"], **error}))
    return [doubt.as_json() for doubt in found]
