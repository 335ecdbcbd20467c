# SPDX-License-Identifier: Apache-2.0
"""Make the levels of detail and the version for augmented reality."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from digitize import mesh as meshes
from digitize.errors import Doubt
from digitize.meshopt import module
from digitize.simplify import simplify, target
from digitize.steps import write_facts


def run(*, inputs: Mapping[str, Path], out: Path, params: Mapping[str, Any], progress: Callable[[float, str], None]) -> dict[str, Any]:
    """Simplify the mesh of `normalise`.

    Parameters
    ----------
    params : `levels`, a list of {"role", "triangles" (at most), "share" (of the original, at most), "floor" (below which
        the share does not go)}.

    Raises
    ------
    StepFailure
        `meshopt.missing`, `meshopt.memory`, `meshopt.trap`.
    """
    mesh = meshes.load(inputs["normalise"])
    wanted = params["levels"]
    made, facts = dict[int, dict[str, Any]](), list[dict[str, Any]]()
    for place, want in enumerate(wanted):
        progress(place / len(wanted), want["role"])
        number = target(mesh.triangles, most=want["triangles"], share=want["share"], floor=want["floor"])
        if number not in made:  # levels that ask for the same number share one mesh
            level = simplify(mesh, number)
            meshes.save(level.mesh, out / want["role"])
            made[number] = {"folder": want["role"], "triangles": level.mesh.triangles, "asked": number, "method": level.method}
        facts.append({"role": want["role"], **made[number]})
    result = {"levels": facts, "simplifier": f"meshoptimizer {module.version()}", "doubts": _doubts(facts)}
    write_facts(out, result)
    return result


def _doubts(levels: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Name the levels that kept more than a twentieth above their target."""
    missed = [level for level in levels if level["triangles"] > 1.05 * level["asked"]]
    return [Doubt("levels.target-missed", None, {"role": m["role"], "asked": m["asked"], "got": m["triangles"]}).as_json() for m in missed]
