# SPDX-License-Identifier: Apache-2.0
"""Measure how far every derivative lies from the original, on the files as they are given out."""

import hashlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from digitize import mesh as meshes
from digitize.errors import StepFailure
from digitize.measure.compare import SAMPLES, compare, reference
from digitize.measure.readback import read_back
from digitize.mesh import Mesh
from digitize.steps import read_facts, write_facts

STATED = ("mean", "max", "mean_relative", "max_relative", "unit", "colour_psnr")


def run(*, inputs: Mapping[str, Path], out: Path, params: Mapping[str, Any], progress: Callable[[float, str], None]) -> dict[str, Any]:
    """Compare each rendition of `encode` with the mesh of `normalise`; `samples` points on each surface.

    Raises
    ------
    StepFailure
        `measure.lost`, where a file holds other triangles than it was written with.
    """
    original = reference(meshes.load(inputs["normalise"]), int(params.get("samples", SAMPLES)))
    renditions = read_facts(inputs["encode"])["renditions"]
    measured, seen = dict[str, dict[str, Any]](), dict[str, str]()
    for place, rendition in enumerate(renditions):
        role = rendition["role"]
        progress(place / len(renditions), role)
        derived = read_back(inputs["encode"] / rendition["path"], original.mesh)
        if derived.triangles != rendition["triangles"]:
            raise StepFailure("measure.lost", role=role, given=rendition["triangles"], got=derived.triangles)
        mark = fingerprint(derived)
        measured[role] = measured[seen[mark]] if mark in seen else compare(original, derived)
        seen.setdefault(mark, role)
    facts = {
        "errors": {role: {name: values[name] for name in STATED} for role, values in measured.items()},
        "rendition_facts": {role: {"measured": values} for role, values in measured.items()},
        "diagonal": original.diagonal,
    }
    write_facts(out, facts)
    return facts


def fingerprint(mesh: Mesh) -> str:
    """Name everything of a mesh that its measured error depends on: equal names, equal errors."""
    digest = hashlib.sha256()
    for array in (mesh.positions, mesh.faces, mesh.material_of, mesh.uv, mesh.colours):
        digest.update(b"-" if array is None else np.ascontiguousarray(array).tobytes())
    looks = [(material.base_colour, material.textures.get("base_colour")) for material in mesh.materials]
    digest.update(repr(looks).encode() + b"".join(hashlib.sha256(texture.data).digest() for texture in mesh.textures))
    return digest.hexdigest()
