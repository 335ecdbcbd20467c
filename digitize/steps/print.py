# SPDX-License-Identifier: Apache-2.0
"""Write files for printers where the surface can be printed, or say why it cannot."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from digitize import mesh as meshes
from digitize.encode.solid import Solid, faults, reread_3mf, reread_stl, solid, write_3mf, write_stl
from digitize.errors import Doubt, StepFailure
from digitize.mesh import Mesh
from digitize.steps import read_facts, write_facts

FORMS = {"stl": ("model/stl", write_stl, reread_stl), "3mf": ("model/3mf", write_3mf, reread_3mf)}


def run(*, inputs: Mapping[str, Path], out: Path, params: Mapping[str, Any], progress: Callable[[float, str], None]) -> dict[str, Any]:
    """Write STL and 3MF of the original where it is small enough, else of a level.

    Parameters
    ----------
    params : `most`, triangles of an original that is printed itself; `level`, the role that is printed otherwise.

    Raises
    ------
    StepFailure
        `measure.lost`, where a written file holds other triangles than it was given.
    """
    reasons, renditions, doubts, facts = list[Doubt](), list[dict[str, Any]](), list[Doubt](), dict[str, Any]()
    for name, mesh in _candidates(inputs, params):
        given = solid(mesh)
        found = faults(given)
        if found:
            reasons += [Doubt(code, name, params) for code, params in found]
            continue
        progress(0.5, name)
        doubts += [] if given.millimetres else [Doubt("print.unit-undeclared")]
        forms = FORMS if given.millimetres else {"stl": FORMS["stl"]}
        renditions = [_written(given, out, form) for form in forms]
        facts = {"of": name, "offset": list(given.offset), "checks": ["watertight", "manifold", "oriented", "volume"]}
        break
    if not renditions:
        doubts += reasons
    refused = [reason.as_json() for reason in reasons]
    result = {"renditions": renditions, "print": {**facts, "refused": refused}, "doubts": [doubt.as_json() for doubt in doubts]}
    write_facts(out, result)
    return result


def _candidates(inputs: Mapping[str, Path], params: Mapping[str, Any]) -> Iterator[tuple[str, Mesh]]:
    """Give the meshes that may be printed, the best first."""
    if read_facts(inputs["normalise"])["triangles"] <= int(params.get("most", 1_000_000)):
        yield "original", meshes.load(inputs["normalise"])
    for level in read_facts(inputs["levels"])["levels"]:
        if level["role"] == params.get("level", "lod-0"):
            yield level["role"], meshes.load(inputs["levels"] / level["folder"])


def _written(given: Solid, out: Path, form: str) -> dict[str, Any]:
    """Write one file, read it back and describe it; lengths in the file's numbers."""
    media_type, write, reread = FORMS[form]
    name = f"print-{form}.{form}"
    write(given, out / name)
    again = reread(out / name)
    if len(again) != len(given.faces):
        raise StepFailure("measure.lost", role=f"print-{form}", given=len(given.faces), got=len(again))
    moved = again - given.points[given.faces]
    return {
        "role": f"print-{form}",
        "media_type": media_type,
        "path": name,
        "triangles": len(again),
        "unit": "mm" if given.millimetres else None,
        "size": np.ptp(given.points, axis=0).tolist(),
        "rounding": float(np.abs(moved).max()),
    }
