# SPDX-License-Identifier: Apache-2.0
"""Give every level the texture that measures best: its own, the same layout painted anew, or a new unwrap."""

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from digitize import mesh as meshes
from digitize.bake.choose import MISSED, Chooser
from digitize.bake.rebake import full_side, mergeable
from digitize.bake.unwrap import unwrap
from digitize.errors import Doubt
from digitize.mesh import Mesh
from digitize.normals import smooth_normals
from digitize.simplify import simplify_free
from digitize.steps import read_facts, write_facts

UNWRAP = 150_000  # triangles


def run(*, inputs: Mapping[str, Path], out: Path, params: Mapping[str, Any], progress: Callable[[float, str], None]) -> dict[str, Any]:
    """Make the textures of the levels of `levels`, measured against the mesh of `normalise`.

    Parameters
    ----------
    params : `texture`, role -> pixels a side at most; `unwrap`, triangles that a new layout may have at most (0: never);
        `colours`, whether vertex colours may become a texture where that measures better;
        `maps`, what a new layout shows of the original's shape: "normal", "occlusion".

    Returns
    -------
    The `levels` of the step before, whose folders lie here now, each with `texture_method` and the measured `candidates`.
    """
    levels = read_facts(inputs["levels"])["levels"]
    original = meshes.load(inputs["normalise"])
    seen = original.textures if original.uv is not None else params.get("colours") and original.colours is not None
    chooser = Chooser(original, frozenset(params.get("maps", ()))) if seen else None
    made, facts = dict[tuple[str, int], dict[str, Any]](), list[dict[str, Any]]()
    for place, level in enumerate(levels):
        progress(place / len(levels), level["role"])
        key = level["folder"], int(params["texture"][level["role"]])
        if key not in made:
            mesh = meshes.load(inputs["levels"] / level["folder"])
            made[key] = _level(mesh, level, chooser, original, out=out, params=params)
        facts.append({**level, **made[key]})
    result = {"levels": facts, "doubts": _doubts(facts) if original.textures else []}
    write_facts(out, result)
    return result


def _level(
    mesh: Mesh, level: Mapping[str, Any], chooser: Chooser | None, original: Mesh, *, out: Path, params: Mapping[str, Any]
) -> dict[str, Any]:
    """Make one level and say how."""
    role = level["role"]
    if chooser is None:
        meshes.save(mesh, out / role)
        return {"folder": role}
    limit, asked = int(params["texture"][role]), int(level["asked"])
    size = min(limit, full_side(original))
    may = asked <= int(params.get("unwrap", UNWRAP)) and mergeable(original)
    chosen = chooser.choose(mesh, asked=asked, limit=limit, free=partial(_unwrapped, original, asked, size) if may else None)
    meshes.save(chosen.mesh, out / role)
    return {
        "folder": role,
        "triangles": chosen.mesh.triangles,
        "textures_pressed": True,
        "texture_method": chosen.method,
        "candidates": chosen.candidates,
    }


def _doubts(levels: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Name the levels that kept more triangles than they should have."""
    missed = [level for level in levels if level["triangles"] > MISSED * level["asked"]]
    return [Doubt("levels.target-missed", None, {"role": m["role"], "asked": m["asked"], "got": m["triangles"]}).as_json() for m in missed]


def _unwrapped(original: Mesh, triangles: int, size: int) -> Mesh:
    """Simplify the shape alone and give it a new layout."""
    return unwrap(smooth_normals(simplify_free(original, triangles).mesh), size)
