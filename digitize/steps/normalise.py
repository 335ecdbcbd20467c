# SPDX-License-Identifier: Apache-2.0
"""Read the original into one canonical mesh, check it against the pre-flight, and state its facts."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from digitize import mesh as meshes
from digitize import readers, topology
from digitize import scale as scales
from digitize.errors import Doubt, Refusal
from digitize.mesh import METRES, Mesh
from digitize.normals import smooth_normals
from digitize.steps import read_facts, write_facts
from digitize.topology import Welded, weld

DECLARED = "declared with the upload"
UPS = {"x", "-x", "y", "-y", "z", "-z"}


def run(*, inputs: Mapping[str, Path], out: Path, params: Mapping[str, Any], progress: Callable[[float, str], None]) -> dict[str, Any]:
    """Normalise `source`.

    Parameters
    ----------
    params : `crease` is the angle in degrees beyond which computed normals are not shared.

    Raises
    ------
    Refusal
        `mesh.count-mismatch`, `mesh.not-finite`, `mesh.no-area`, `declared.unknown`, `scale.…`, and what the readers refuse.
    """
    source = inputs["source"]
    intake = read_facts(source, "intake.json")
    progress(0.0, "reading")
    reading = readers.read(source, intake["main"], intake["format"])
    check(reading, intake.get("counts", {}))
    progress(0.5, "checking")
    declared, told = declare(reading.mesh, intake.get("declared", {}))
    bars = scales.found(intake.get("declared", {}), source, intake["members"])
    if bars:
        declared, measured, more = scaled(declared, bars, intake.get("declared", {}))
        told += more
    mesh, welded, dropped = clean(declared)
    shape = shape_of(mesh, welded)
    if mesh.normals is None:
        mesh = smooth_normals(mesh, float(params.get("crease", 60.0)), welded)
    mesh = sided(mesh, intake["format"], bool(shape["watertight"]))
    progress(0.8, "writing")
    meshes.save(mesh, out)
    told += doubts(reading, mesh, shape, dropped)
    facts = {**describe(mesh, intake), **shape, "dropped_degenerate": dropped, "doubts": [doubt.as_json() for doubt in told]}
    if bars:
        facts["scale"] = measured.as_json()
    write_facts(out, facts)
    return facts


def check(reading: readers.Reading, counts: Mapping[str, int]) -> None:
    """Compare what was read with what the pre-flight counted.

    Raises
    ------
    Refusal
        `mesh.count-mismatch`.
    """
    for name, read in (("vertices", reading.vertices), ("triangles", reading.mesh.triangles)):
        expected = counts.get(name)
        if expected is not None and expected != read:
            raise Refusal("mesh.count-mismatch", at=name, name=name, expected=expected, read=read)


def declare(mesh: Mesh, declared: Mapping[str, Any]) -> tuple[Mesh, list[Doubt]]:
    """Apply the unit and the up axis that were declared with the input; say where the file says otherwise.

    Raises
    ------
    Refusal
        `declared.unknown` where what is declared is none of the known units or axes.
    """
    told = []
    for name, known in (("unit", set(METRES)), ("up", UPS)):
        said = declared.get(name)
        if said is None:
            continue
        if said not in known:
            raise Refusal("declared.unknown", at=name, name=name, said=said, known=", ".join(sorted(known)))
        own = getattr(mesh, name)
        if own not in (None, said):
            told.append(Doubt(f"{name}.overruled", None, {"stated": own, "declared": said}))
        mesh = replace(mesh, unit=said, unit_evidence=DECLARED) if name == "unit" else replace(mesh, up=said)
    return mesh, told


def scaled(mesh: Mesh, bars: tuple[scales.Bar, ...], declared: Mapping[str, Any]) -> tuple[Mesh, scales.Scale, list[Doubt]]:
    """Bring the mesh to metres by known distances; a unit that was declared with the input must agree with them.

    Raises
    ------
    Refusal
        `scale.contradicts-unit`, and what `scale.fit` refuses.
    """
    found = scales.fit(bars, *mesh.bounds())
    stated = METRES[mesh.unit] if mesh.unit else None
    told = found.doubts()
    if stated is not None and abs(found.factor / stated - 1) > scales.DOUBTED:
        if declared.get("unit"):
            raise Refusal("scale.contradicts-unit", at="unit", unit=mesh.unit, factor=f"{found.factor:.4g}")
        told.append(Doubt("scale.overrules-unit", None, {"unit": mesh.unit, "factor": f"{found.factor:.4g}"}))
    elif stated is not None and declared.get("unit"):
        agree = f"{100 * abs(found.factor / stated - 1):.2g} %"
        return replace(mesh, unit_evidence=f"{DECLARED}, within {agree} of a {found.evidence}"), found, told
    return replace(mesh, positions=mesh.positions * found.factor, unit="m", unit_evidence=found.evidence), found, told


def clean(mesh: Mesh) -> tuple[Mesh, Welded, int]:
    """Drop faces that repeat a position, which no area and no error hangs on; return how many there were.

    Raises
    ------
    Refusal
        `mesh.not-finite`, `mesh.no-area`.
    """
    for name, values in (("positions", mesh.positions), ("texture coordinates", mesh.uv)):
        if values is not None and not np.isfinite(values).all():
            raise Refusal("mesh.not-finite", name=name)
    mesh = meshes.compact(mesh)
    welded = weld(mesh)
    a, b, c = welded.faces.T
    sound = (a != b) & (b != c) & (c != a)
    if not sound.all():
        mesh = meshes.select(mesh, sound)
        welded = weld(mesh)
    if mesh.triangles == 0 or not topology.areas(mesh.positions, mesh.faces).sum() > 0 or not mesh.diagonal() > 0:
        raise Refusal("mesh.no-area")
    return mesh, welded, int((~sound).sum())


def shape_of(mesh: Mesh, welded: Welded) -> dict[str, Any]:
    """State what holds of the welded surface; lengths in the source's unit."""
    uses, balance = welded.ring.uses, welded.ring.balance
    watertight = bool((uses == 2).all() and (balance == 0).all())
    return {
        "vertices": len(welded.first),
        "watertight": watertight,
        "manifold": bool((uses <= 2).all()),
        "boundary_edges": int((uses == 1).sum()),
        "components": topology.components(welded.faces, len(welded.first)),
        "area": float(topology.areas(mesh.positions, mesh.faces).sum()),
        "volume": topology.volume(mesh.positions, mesh.faces) if watertight else None,
    }


def sided(mesh: Mesh, form: str, watertight: bool) -> Mesh:
    """Show both sides of what is open, where the format does not say."""
    if form in ("glb", "gltf"):
        return mesh
    return replace(mesh, materials=tuple(replace(material, double_sided=not watertight) for material in mesh.materials))


def describe(mesh: Mesh, intake: Mapping[str, Any]) -> dict[str, Any]:
    """State what the mesh is made of."""
    low, high = mesh.bounds()
    return {
        "kind": "mesh",
        "format": intake["format"],
        "main": intake["main"],
        "triangles": mesh.triangles,
        "corners": len(mesh.positions),
        "bounds": {"min": low.tolist(), "max": high.tolist()},
        "diagonal": mesh.diagonal(),
        "unit": mesh.unit,
        "unit_evidence": mesh.unit_evidence,
        "up": mesh.up,
        "materials": len(mesh.materials),
        "uv": mesh.uv is not None,
        "vertex_colours": mesh.colours is not None,
        "textures": [
            {"name": t.name, "media_type": t.media_type, "width": t.width, "height": t.height, "bytes": len(t.data)} for t in mesh.textures
        ],
    }


def doubts(reading: readers.Reading, mesh: Mesh, shape: Mapping[str, Any], dropped: int) -> list[Doubt]:
    """List what was supposed, left out or looks wrong."""
    found = [Doubt(code, None, params) for code, params in reading.doubts]
    if mesh.unit is None:
        found.append(scales.undeclared(mesh.diagonal()))
    if dropped:
        found.append(Doubt("mesh.degenerate-dropped", None, {"count": dropped}))
    if shape["volume"] is not None and shape["volume"] < 0:
        found.append(Doubt("mesh.inside-out"))
    return found
