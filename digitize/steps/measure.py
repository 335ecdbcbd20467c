# SPDX-License-Identifier: Apache-2.0
"""Measure how far every derivative lies from the original, on the files as they are given out, and paint one with it."""

import hashlib
import zlib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from digitize import mesh as meshes
from digitize.encode.parts import placement
from digitize.errors import StepFailure
from digitize.measure import heat
from digitize.measure.atlas import SIDE, atlas
from digitize.measure.compare import SAMPLES, Compared, Reference, both_ways, reference, summary
from digitize.measure.readback import read_back
from digitize.measure.shape import shape
from digitize.mesh import Floats, Mesh
from digitize.steps import read_facts, write_facts
from digitize.steps.timing import Stopwatch

STATED = ("mean", "max", "mean_relative", "max_relative", "unit", "colour_psnr")
MEASURED = (".glb", ".usdz")
TWINS = ("-compressed", "-meshopt")
PIECES = "pieces.npy"


def run(*, inputs: Mapping[str, Path], out: Path, params: Mapping[str, Any], progress: Callable[[float, str], None]) -> dict[str, Any]:
    """Compare each model among the renditions of the inputs with the mesh of `normalise`.

    Parameters
    ----------
    params : `samples`, points on each surface at most; `heat`, the role that is painted with the error, if any.

    Raises
    ------
    StepFailure
        `measure.lost`, where a file holds other triangles than it was written with.
    """
    mesh = meshes.load(inputs["normalise"])
    original = reference(mesh, int(params.get("samples", SAMPLES)), pieces=_pieces(inputs["normalise"]))
    watch, place, painted = Stopwatch(), placement(mesh), list[dict[str, Any]]()
    measured, seen = dict[str, dict[str, Any]](), dict[str, str]()
    models = list(_models(inputs))
    for number, (path, rendition) in enumerate(models):
        role = rendition["role"]
        progress(number / len(models), role)
        with watch.of(role):
            derived = read_back(path, mesh, place)
            _check(role, rendition.get("triangles"), derived)
            mark, found = fingerprint(derived), None
            if mark in seen:
                known = measured[seen[mark]]
            else:
                twin = role.endswith(TWINS)
                found = both_ways(original, derived, share=4 if twin else 2)
                known = whole(original, derived, found, SIDE // 2 if twin else SIDE)
            measured[role] = {**known, **_size(path)}
            seen.setdefault(mark, role)
        if found and role == params.get("heat"):
            with watch.of(heat.ROLE):
                painted.append(heat.write(original, derived, found, out, role))
    facts = {
        "errors": {role: {name: values[name] for name in STATED} for role, values in measured.items()},
        "rendition_facts": {role: {"measured": values} for role, values in measured.items()},
        "diagonal": original.diagonal,
        "renditions": painted,
    }
    write_facts(out, facts)
    return {**facts, "timings": watch.seconds}


def _pieces(folder: Path) -> Floats | None:
    """Read a point of each connected piece of the original, where the step that read it left them."""
    path = folder / PIECES
    pieces: Floats | None = np.load(path, allow_pickle=False) if path.is_file() else None
    return pieces


def _models(inputs: Mapping[str, Path]) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    """Find the models among the renditions of the earlier steps."""
    for name, folder in inputs.items():
        if name != "normalise" and (folder / "facts.json").is_file():
            for rendition in read_facts(folder).get("renditions", []):
                if rendition["path"].endswith(MEASURED):
                    yield folder / rendition["path"], rendition


def _check(role: str, given: int | None, derived: Mesh) -> None:
    """Compare the triangles that were written with those that came back."""
    if derived.triangles != given:
        raise StepFailure("measure.lost", role=role, given=given, got=derived.triangles)


def whole(original: Reference, derived: Mesh, found: Compared, side: int = SIDE) -> dict[str, Any]:
    """State all that is measured of a derivative's surface, colours and texture layout."""
    return {
        **summary(original, found),
        "shape": {"triangles": derived.triangles, **shape(derived)},
        "atlas": atlas(derived, found.back.samples, side),
    }


def _size(path: Path) -> dict[str, int]:
    """State a file's size, and its size as a web server would send it (gzip's deflate, level 6)."""
    data = path.read_bytes()
    packer = zlib.compressobj(6, zlib.DEFLATED, 31)
    return {"bytes": len(data), "gzip_bytes": len(packer.compress(data)) + len(packer.flush())}


def fingerprint(mesh: Mesh) -> str:
    """Name everything of a mesh that its measured error depends on: equal names, equal errors.

    Texture coordinates count to a millionth of the texture: USDZ turns them upside down, which costs their last bit.
    """
    digest = hashlib.sha256()
    uv = None if mesh.uv is None else np.rint(mesh.uv.astype(np.float64) * 1e6).astype(np.int32)
    for array in (mesh.positions, mesh.faces, mesh.material_of, uv, mesh.colours):
        digest.update(b"-" if array is None else np.ascontiguousarray(array).tobytes())
    looks = [(material.base_colour, material.textures.get("base_colour")) for material in mesh.materials]
    digest.update(repr(looks).encode() + b"".join(hashlib.sha256(texture.data).digest() for texture in mesh.textures))
    return digest.hexdigest()
