# SPDX-License-Identifier: Apache-2.0
"""Files for printers: only of what can be printed, in millimetres, upright, read back by others."""

import json
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import numpy as np
import pytest

from digitize import mesh as meshes
from digitize import preflight, readers
from digitize.encode.solid import faults, solid, write_3mf, write_stl
from digitize.mesh import Mesh, select
from digitize.recipe import parse
from digitize.runner import StepLimits, run_recipe
from digitize.steps import print as step
from digitize.steps import write_facts
from tests.digitize.shapes import corners, cube, grid, plain, seamed, sphere, write_obj

WRITERS: dict[str, Callable[..., None]] = {"stl": write_stl, "3mf": write_3mf}


def without(mesh: Mesh, *faces: int) -> Mesh:
    keep = np.ones(mesh.triangles, dtype=bool)
    keep[list(faces)] = False
    return select(mesh, keep)


def turned(mesh: Mesh, face: int) -> Mesh:
    faces = mesh.faces.copy()
    faces[face] = faces[face][::-1]
    return replace(mesh, faces=faces)


def two_cubes_at_an_edge() -> Mesh:
    one = cube()
    return plain(np.vstack([one.positions, one.positions + np.array([1, 1, 0])]), np.vstack([one.faces, one.faces + 8]))


@pytest.mark.parametrize(
    ("mesh", "expected"),
    [
        (cube(), []),
        (seamed(3), []),
        (without(cube(), 0), [("print.not-watertight", {"edges": 3})]),
        (grid(2), [("print.not-watertight", {"edges": 8})]),
        (turned(cube(), 3), [("print.uneven", {"edges": 3})]),
        (replace(cube(), faces=cube().faces[:, ::-1]), [("print.inside-out", {})]),
        (two_cubes_at_an_edge(), [("print.not-manifold", {"edges": 1})]),
    ],
)
def test_what_cannot_be_printed_is_named(mesh: Mesh, expected: list[tuple[str, dict[str, int]]]) -> None:
    assert faults(solid(mesh)) == expected


@pytest.mark.parametrize("form", WRITERS)
@pytest.mark.parametrize(("unit", "scale"), [("m", 1000.0), ("mm", 1.0), ("in", 25.4)])
def test_files_are_in_millimetres(tmp_path: Path, form: str, unit: str, scale: float) -> None:
    WRITERS[form](solid(replace(cube(2.0), unit=unit)), tmp_path / f"a.{form}")
    again = readers.read(tmp_path, f"a.{form}", form).mesh
    assert np.allclose(corners(again), corners(cube(2.0 * scale)), rtol=1e-6)
    assert again.unit == ("mm" if form == "3mf" else None)


@pytest.mark.parametrize("up", ["x", "-x", "y", "-y", "z", "-z"])
def test_a_declared_up_axis_becomes_z(up: str) -> None:
    axis = np.eye(3)["xyz".index(up[-1])] * (-1.0 if up.startswith("-") else 1.0)
    mesh = replace(cube(), positions=cube().positions + 2 * axis, up=up)
    found = solid(mesh)
    assert found.points.mean(axis=0)[2] == pytest.approx((mesh.positions @ axis).mean())
    assert faults(found) == []  # turned, not mirrored


@pytest.mark.parametrize("form", WRITERS)
def test_the_same_solid_gives_the_same_bytes(tmp_path: Path, form: str) -> None:
    for name in "ab":
        WRITERS[form](solid(replace(sphere(3), unit="cm")), tmp_path / f"{name}.{form}")
    assert (tmp_path / f"a.{form}").read_bytes() == (tmp_path / f"b.{form}").read_bytes()


@pytest.mark.parametrize("form", WRITERS)
def test_our_own_pre_flight_takes_them(tmp_path: Path, form: str) -> None:
    WRITERS[form](solid(replace(sphere(3), unit="mm")), tmp_path / f"a.{form}")
    found = preflight.inspect(tmp_path / f"a.{form}")
    assert (found.format, found.counts["triangles"], found.doubts) == (form, 512, ())


def test_a_stranger_reads_the_3mf_as_xml(tmp_path: Path) -> None:
    write_3mf(solid(replace(cube(10), unit="mm")), tmp_path / "a.3mf")
    with zipfile.ZipFile(tmp_path / "a.3mf") as package:
        root = ET.fromstring(package.read("3D/3dmodel.model"))
    space = {"c": "http://schemas.microsoft.com/3dmanufacturing/core/2015/02"}
    assert (root.get("unit"), len(root.findall(".//c:vertex", space)), len(root.findall(".//c:triangle", space))) == ("millimeter", 8, 12)


def stage(folder: Path, mesh: Mesh) -> dict[str, Path]:
    """Lay a mesh out as the steps before leave it."""
    for name in ("normalise", "levels"):
        (folder / name).mkdir(parents=True)
    meshes.save(mesh, folder / "normalise")
    write_facts(folder / "normalise", {"triangles": mesh.triangles})
    write_facts(folder / "levels", {"levels": []})
    (folder / "out").mkdir()
    return {name: folder / name for name in ("normalise", "levels")}


def run(folder: Path, mesh: Mesh) -> dict[str, Any]:
    return step.run(inputs=stage(folder, mesh), out=folder / "out", params={}, progress=lambda f, m: None)


def test_without_a_unit_there_is_only_the_stl(tmp_path: Path) -> None:
    facts = run(tmp_path, cube())
    assert [r["role"] for r in facts["renditions"]] == ["print-stl"]
    assert [d["code"] for d in facts["doubts"]] == ["print.unit-undeclared"]
    assert (facts["renditions"][0]["unit"], facts["renditions"][0]["size"]) == (None, [1.0, 1.0, 1.0])


def test_an_open_surface_is_refused_and_nothing_written(tmp_path: Path) -> None:
    facts = run(tmp_path, replace(without(cube(), 0), unit="mm"))
    assert facts["renditions"] == []
    assert [(d["code"], d["at"], d["params"]) for d in facts["doubts"]] == [("print.not-watertight", "original", {"edges": 3})]
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["facts.json"]


def test_the_step_runs_locked_in(tmp_path: Path) -> None:
    origin = write_obj(replace(cube(40.0), textures=()), tmp_path / "in")
    preflight.prepare(origin, into=tmp_path / "source", declared={"unit": "mm"})
    levels = {"levels": [{"role": "lod-0", "triangles": 100, "exact": True}]}
    recipe = parse({
        "name": "print", "version": 1, "kind": "mesh",
        "steps": [
            {"name": "normalise", "run": "digitize.steps.normalise", "needs": ["source"], "params": {}},
            {"name": "levels", "run": "digitize.steps.levels", "needs": ["normalise"], "params": levels},
            {"name": "print", "run": "digitize.steps.print", "needs": ["normalise", "levels"], "params": {}},
        ],
    })  # fmt: skip
    result = run_recipe(recipe, source=tmp_path / "source", work=tmp_path / "run", limits=StepLimits(), on_event=lambda _: None)
    assert sorted(rendition.role for rendition in result.renditions) == ["print-3mf", "print-stl"]
    assert json.loads(json.dumps(result.facts["print"]))["print"]["of"] == "original"
