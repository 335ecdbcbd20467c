# SPDX-License-Identifier: Apache-2.0
"""Measure how far every derivative lies from the original, on the files as they are given out, and paint one with it."""

import hashlib
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from digitize import mesh as meshes
from digitize.encode.parts import placement
from digitize.errors import StepFailure
from digitize.measure import heat, statistics
from digitize.measure.atlas import SIDE, atlas
from digitize.measure.compare import SAMPLES, Compared, Reference, both_ways, recoloured, reference, summary
from digitize.measure.readback import read_back, read_print
from digitize.measure.shape import shape
from digitize.mesh import Mesh, Singles
from digitize.steps import read_facts, write_facts
from digitize.steps.timing import Stopwatch

STATED = ("mean", "max", "mean_relative", "max_relative", "unit", "colour_psnr")
MEASURED = (".glb", ".usdz", ".stl")
TWINS = ("-compressed", "-meshopt", "-ktx2")
_UV_SAME = 1e-6
_FINE = 1e-6  # of the object's size


def run(*, inputs: Mapping[str, Path], out: Path, params: Mapping[str, Any], progress: Callable[[float, str], None]) -> dict[str, Any]:
    """Compare each model among the renditions of the inputs with the mesh of `normalise`.

    Parameters
    ----------
    params : `samples`, points on each surface at most; `heat`, the role, or the roles of which the first that was made is painted with
        its error; none by default.

    Raises
    ------
    StepFailure
        `measure.lost`, where a file holds other triangles than it was written with.
    """
    watch, mesh = Stopwatch(), meshes.load(inputs["normalise"])
    original = reference(mesh, int(params.get("samples", SAMPLES)))
    place, painted = placement(mesh), list[dict[str, Any]]()
    measured, bench = dict[str, dict[str, Any]](), Bench(original)
    models = list(_models(inputs))
    made = {rendition["role"] for _, rendition in models}
    wanted = [params["heat"]] if isinstance(params.get("heat"), str) else params.get("heat", [])
    hot = next((role for role in wanted if role in made), None)
    for number, (path, rendition) in enumerate(models):
        role = rendition["role"]
        progress(number / len(models), role)
        with watch.of(role):
            printed = path.suffix == ".stl"
            derived = read_print(path, mesh, rendition["offset"]) if printed else read_back(path, mesh, place)
            _check(role, rendition.get("triangles"), derived)
            measured[role] = {**bench.measured(role, derived, not printed), **_size(path)}
        if role == hot and role in bench.compared:
            with watch.of(heat.ROLE):
                painted.append(heat.write(original, derived, bench.compared[role], out, role))
    if "print-stl" in measured:
        measured |= _as_printed(inputs, measured["print-stl"])
    facts = {
        "errors": {role: {name: values[name] for name in STATED} for role, values in measured.items()},
        "rendition_facts": {role: {"measured": values} for role, values in measured.items()},
        "diagonal": original.diagonal,
        "renditions": painted,
    }
    write_facts(out, facts)
    return {**facts, "timings": watch.spread()}


def _models(inputs: Mapping[str, Path]) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    """Find the models among the renditions of the earlier steps."""
    for name, folder in inputs.items():
        if name != "normalise" and (folder / "facts.json").is_file():
            facts = read_facts(folder)
            for rendition in facts.get("renditions", []):
                if rendition["path"].endswith(MEASURED):
                    yield folder / rendition["path"], {"offset": facts.get("print", {}).get("offset", (0.0, 0.0, 0.0)), **rendition}


def _as_printed(inputs: Mapping[str, Path], stl: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """State of a 3MF what was measured of the STL of the same solid, where neither rounded anything that counts.

    Both were read back when they were written; reading a 3MF again takes longer than all else.
    """
    facts = read_facts(inputs["print"])
    made = {one["role"]: one for one in facts["renditions"]}
    if "print-3mf" not in made:
        return {}
    fine = all(one["rounding"] <= _FINE * max(one["size"]) for one in made.values())
    size = _size(inputs["print"] / made["print-3mf"]["path"])
    return {"print-3mf": {**stl, **size, "method": f"{stl['method']}, of print-stl"}} if fine else {}


def _check(role: str, given: int | None, derived: Mesh) -> None:
    """Compare the triangles that were written with those that came back."""
    if derived.triangles != given:
        raise StepFailure("measure.lost", role=role, given=given, got=derived.triangles)


@dataclass(frozen=True)
class Mark:
    """What of a mesh its measured error depends on: its surface, how its materials look, how large its textures are."""

    surface: str
    looks: str
    sizes: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class _Seen:
    """A model that was measured, and what was found."""

    mark: Mark
    uv: Singles | None
    values: dict[str, Any]
    found: Compared


class Bench:
    """An original with what was measured against it so far: nothing is measured twice.

    Attributes
    ----------
    compared : role -> comparison, its own or that of a model which is alike.
    """

    def __init__(self, original: Reference) -> None:
        self._original = original
        self._seen: list[_Seen] = []
        self.compared: dict[str, Compared] = {}

    def measured(self, role: str, derived: Mesh, coloured: bool = True) -> dict[str, Any]:
        """State all that is measured of a derivative: what was said of one that is alike, else what comparing finds.

        `coloured` is false for a format that holds no colour and so cannot lose any.
        """
        mark = fingerprint(derived)
        alike = [one for one in self._seen if one.mark.surface == mark.surface and same_layout(one.uv, derived.uv)]
        for one in alike:
            if one.mark == mark:
                self.compared[role] = one.found
                return one.values
        against = self._original if coloured else replace(self._original, painter=None, colours=None)
        twin = next((self.compared.get(role.removesuffix(suffix)) for suffix in TWINS if role.endswith(suffix)), None)
        if alike and alike[0].mark.sizes == mark.sizes:
            found = recoloured(against, derived, alike[0].found)
            values = {**alike[0].values, **statistics.colour(found.there.colour, found.back.colour)}
        else:
            found = both_ways(against, derived, share=4 if twin else 2, twin=twin)
            values = whole(against, derived, found, SIDE // 2 if twin else SIDE)
        self._seen.append(_Seen(mark, derived.uv, values, found))
        if not twin:
            self.compared[role] = found
        return values


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
    if path.suffix != ".glb":  # a package that no server compresses again
        return {"bytes": len(data), "gzip_bytes": len(data)}
    packer = zlib.compressobj(6, zlib.DEFLATED, 31)
    return {"bytes": len(data), "gzip_bytes": len(packer.compress(data)) + len(packer.flush())}


def fingerprint(mesh: Mesh) -> Mark:
    """Name everything of a mesh that its measured error depends on, but its texture coordinates."""
    digest = hashlib.sha256()
    for array in (mesh.positions, mesh.faces, mesh.material_of, mesh.colours):
        digest.update(b"-" if array is None else np.ascontiguousarray(array).tobytes())
    textures = [hashlib.sha256(texture.data).hexdigest() for texture in mesh.textures]
    slots = [material.textures.get("base_colour") for material in mesh.materials]
    looks = [(each.base_colour, None if slot is None else textures[slot]) for each, slot in zip(mesh.materials, slots, strict=True)]
    sizes = tuple((texture.width, texture.height) for texture in mesh.textures)
    return Mark(digest.hexdigest(), repr(looks), sizes)


def same_layout(one: Singles | None, two: Singles | None) -> bool:
    """Tell whether texture coordinates are the same to a millionth: USDZ turns them upside down, which costs their last bit."""
    if one is None or two is None:
        return one is two
    return one.shape == two.shape and bool(np.allclose(one, two, rtol=0.0, atol=_UV_SAME))
