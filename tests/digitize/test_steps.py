# SPDX-License-Identifier: Apache-2.0
"""The steps one after the other, called as the runner calls them: what they leave, what they say, that it is the same each time."""

import hashlib
import json
import sys
from collections.abc import Callable
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from digitize import preflight, recipe
from digitize.basis import encoder
from digitize.errors import Refusal
from digitize.mesh import Material, load
from digitize.runner import lay_recipe
from digitize.steps import measure as measuring
from tests.digitize.encode.validator import needs_validator, reports
from tests.digitize.shapes import SPOT, cube, grid, needs_spot, seamed, spot, subdivide, write_obj

STATED = {"mean", "max", "mean_relative", "max_relative", "unit", "colour_psnr"}
ROLES = [*(f"{level}{form}" for level in ("lod-0", "lod-1", "lod-2", "lod-3", "ar") for form in ("", "-compressed", "-meshopt")), "usdz"]
KTX2 = [f"lod-{number}-ktx2" for number in range(3) if encoder.found()]


def source(path: Path, into: Path, counts: dict[str, int] | None = None, **declared: str) -> Path:
    """Pre-flight a file and lay it out as the runner's source; counts may be changed to what is not true."""
    preflight.prepare(path, into=into, limits=preflight.Limits(), declared=declared)
    if counts:
        intake = json.loads((into / "intake.json").read_text())
        intake["counts"] |= counts
        (into / "intake.json").write_text(json.dumps(intake))
    return into


def run_all(name: str, origin: Path, work: Path, **changed: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Run a recipe's steps in this process; `changed` are parameters by step."""
    used = recipe.load(name)
    folders, facts = {"source": origin, "recipe": lay_recipe(used, work)}, dict[str, dict[str, Any]]()
    for step in used.steps:
        out = work / step.name
        out.mkdir(parents=True)
        run: Callable[..., dict[str, Any]] = import_module(step.run).run
        params = {**step.params, **changed.get(step.name, {})}
        facts[step.name] = run(inputs={need: folders[need] for need in step.needs}, out=out, params=params, progress=lambda f, m: None)
        folders[step.name] = out
    return facts


QUICK = {"thumbnail": {"side": 64}, "measure": {"samples": 4000}}


@pytest.fixture(scope="module")
def textured(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, dict[str, Any]]]:
    folder = tmp_path_factory.mktemp("textured")
    origin = source(write_obj(seamed(5), folder / "in").parent, folder / "source")
    return folder, run_all("mesh", origin, folder / "one", **QUICK)


def test_every_role_is_made_and_measured(textured: tuple[Path, dict[str, dict[str, Any]]]) -> None:
    _, facts = textured
    made = [r["role"] for f in facts.values() for r in f.get("renditions", [])]
    assert made == [*ROLES, *KTX2, "print-stl", "thumbnail", "heat", "report"]
    assert list(facts["measure"]["errors"]) == [*ROLES, *KTX2, "print-stl"]
    assert all(set(error) == STATED for error in facts["measure"]["errors"].values())


def test_levels_shrink_and_errors_grow(textured: tuple[Path, dict[str, dict[str, Any]]]) -> None:
    _, facts = textured
    triangles = {r["role"]: r["triangles"] for r in facts["encode"]["renditions"]}
    assert triangles["lod-0"] == 8192 > triangles["lod-1"] > triangles["lod-2"] > triangles["lod-3"]
    assert triangles["ar"] == triangles["lod-1"]
    errors = [facts["measure"]["errors"][f"lod-{n}"]["mean_relative"] for n in range(4)]
    assert errors[0] < 1e-7
    for error, most in zip(errors[1:], (0.5e-4, 1.5e-4, 5e-4), strict=True):
        assert 0.75 * most < error < 1.03 * most


def test_facts_of_a_closed_textured_scan(textured: tuple[Path, dict[str, dict[str, Any]]]) -> None:
    _, facts = textured
    said = facts["normalise"]
    assert (said["triangles"], said["watertight"], said["manifold"], said["components"]) == (8192, True, True, 1)
    assert said["volume"] == pytest.approx(4 / 3 * np.pi, rel=0.01)
    assert (said["unit"], said["unit_evidence"]) == (None, "undeclared")
    assert [doubt["code"] for doubt in said["doubts"]] == ["unit.undeclared"]
    assert [(t["width"], t["height"]) for t in said["textures"]] == [(64, 64)]


def test_the_report_tells_everything(textured: tuple[Path, dict[str, dict[str, Any]]]) -> None:
    folder, facts = textured
    told = json.loads((folder / "one" / "report" / "report.json").read_text())
    assert told["schema"] == "qilu.report/2"
    assert told["recipe"] == {**recipe.load("mesh").as_json(), "digest": recipe.load("mesh").digest}
    assert [r["role"] for r in told["renditions"]] == [*ROLES, *KTX2, "print-stl", "thumbnail", "heat"]
    for rendition in told["renditions"]:
        data = (folder / "one" / rendition["step"] / rendition["path"]).read_bytes()
        assert (rendition["bytes"], rendition["sha256"]) == (len(data), hashlib.sha256(data).hexdigest())
        assert rendition["error"] == facts["measure"]["errors"].get(rendition["role"])
    assert {"python", "numpy", "meshoptimizer", "DracoPy"} <= set(told["tools"])
    assert [file["name"] for file in told["source"]["files"]] == ["model.obj", "model.mtl", "checker.png"]
    assert [doubt["code"] for doubt in told["doubts"]] == ["unit.undeclared", "print.unit-undeclared"]


def test_a_second_run_gives_the_same_bytes(textured: tuple[Path, dict[str, dict[str, Any]]]) -> None:
    folder, _ = textured
    run_all("mesh", folder / "source", folder / "two", **QUICK)
    files = sorted(path.relative_to(folder / "one") for path in (folder / "one").rglob("*") if path.is_file())
    assert files == sorted(path.relative_to(folder / "two") for path in (folder / "two").rglob("*") if path.is_file())
    assert [path for path in files if (folder / "one" / path).read_bytes() != (folder / "two" / path).read_bytes()] == []


@needs_validator
def test_khronos_finds_no_error_in_any_glb(textured: tuple[Path, dict[str, dict[str, Any]]]) -> None:
    folder, _ = textured
    assert [report["errors"] for report in reports(*sorted((folder / "one" / "encode").glob("*.glb")))] == [0] * 15


def test_without_usd_core_there_is_no_usdz_and_a_doubt(textured: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder, _ = textured
    monkeypatch.setitem(sys.modules, "pxr", None)
    step = next(step for step in recipe.load("mesh").steps if step.name == "encode")
    facts = import_module(step.run).run(
        inputs={name: folder / "one" / name for name in ("normalise", "bake")}, out=tmp_path, params=step.params, progress=lambda f, m: None
    )
    assert [r["role"] for r in facts["renditions"]] == ROLES[:-1]
    assert [doubt["code"] for doubt in facts["doubts"]] == ["usdz.unavailable"]
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([*(f"{role}.glb" for role in ROLES[:-1]), "facts.json"])


@pytest.mark.parametrize("name", ["vertices", "triangles"])
def test_a_count_that_does_not_agree_is_refused(tmp_path: Path, name: str) -> None:
    origin = source(write_obj(cube(), tmp_path / "in"), tmp_path / "source", {name: 99})
    (tmp_path / "out").mkdir()
    with pytest.raises(Refusal) as caught:
        import_module("digitize.steps.normalise").run(
            inputs={"source": origin}, out=tmp_path / "out", params={}, progress=lambda f, m: None
        )
    assert (caught.value.code, caught.value.at) == ("mesh.count-mismatch", name)


def normalised(tmp_path: Path, text: str, **declared: str) -> tuple[dict[str, Any], Any]:
    (tmp_path / "a.obj").write_text(text)
    origin = source(tmp_path / "a.obj", tmp_path / "source", **declared)
    (tmp_path / "out").mkdir()
    facts = import_module("digitize.steps.normalise").run(
        inputs={"source": origin}, out=tmp_path / "out", params={}, progress=lambda f, m: None
    )
    return facts, load(tmp_path / "out")


def test_a_declared_unit_is_taken_and_named(tmp_path: Path) -> None:
    facts, mesh = normalised(tmp_path, "v 0 0 0\nv 1 0 0\nv 0 1 0\nf 1 2 3\n", unit="cm", up="z")
    assert (facts["unit"], facts["unit_evidence"], facts["up"], mesh.unit, facts["doubts"]) == (
        "cm",
        "declared with the upload",
        "z",
        "cm",
        [],
    )


def test_an_open_surface_shows_both_its_sides(tmp_path: Path) -> None:
    facts, mesh = normalised(tmp_path, "v 0 0 0\nv 1 0 0\nv 0 1 0\nf 1 2 3\n")
    assert (facts["watertight"], facts["boundary_edges"], facts["volume"], mesh.materials[0].double_sided) == (False, 3, None, True)


def test_empty_triangles_are_dropped_and_told(tmp_path: Path) -> None:
    facts, mesh = normalised(tmp_path, "v 0 0 0\nv 1 0 0\nv 0 1 0\nv 0 0 0\nf 1 2 3\nf 1 4 2\n")
    assert (facts["triangles"], facts["dropped_degenerate"], mesh.triangles) == (1, 1, 1)
    assert "mesh.degenerate-dropped" in [doubt["code"] for doubt in facts["doubts"]]


def test_a_mesh_without_area_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refusal) as caught:
        normalised(tmp_path, "v 0 0 0\nv 1 1 1\nv 2 2 2\nf 1 2 3\n")
    assert caught.value.code == "mesh.no-area"


def test_the_fingerprint_names_what_the_error_depends_on() -> None:
    mesh, mark = grid(2), measuring.fingerprint(grid(2))
    assert measuring.fingerprint(replace(mesh, normals=None)) == mark
    assert measuring.fingerprint(grid(2, height=1e-9)) != mark
    assert measuring.fingerprint(replace(mesh, materials=(Material(base_colour=(0.5, 1.0, 1.0, 1.0)),))) != mark
    assert measuring.same_layout(mesh.uv, mesh.uv + np.float32(1e-7))
    assert not measuring.same_layout(mesh.uv, mesh.uv + np.float32(1e-4))
    assert not measuring.same_layout(mesh.uv, None)


@needs_spot
def test_the_real_scan_with_its_texture(tmp_path: Path) -> None:
    for name in ("spot_triangulated.obj", "spot_texture.png"):
        (tmp_path / name).write_bytes((SPOT / name).read_bytes())
    origin = source(tmp_path / "spot_triangulated.obj", tmp_path / "source")
    facts = run_all("mesh", origin, tmp_path / "work", **QUICK)
    assert "obj.texture-supposed" in [doubt["code"] for doubt in facts["normalise"]["doubts"]]
    assert facts["normalise"]["watertight"] is True
    assert facts["thumbnail"]["orientation"]["up"] == "y"
    for role, error in facts["measure"]["errors"].items():
        assert error["colour_psnr"] is None or error["colour_psnr"] > 24, role


@pytest.mark.slow
@needs_spot
def test_a_million_triangles(tmp_path: Path) -> None:
    origin = source(write_obj(spot(1_000_000), tmp_path / "in").parent, tmp_path / "source")
    facts = run_all("mesh", origin, tmp_path / "work", thumbnail={"side": 256}, measure={"samples": 20_000})
    triangles = {r["role"]: r["triangles"] for r in facts["encode"]["renditions"]}
    assert triangles["lod-0"] <= 7_000  # subdividing has added nothing: the scan had 5,856
    assert triangles["lod-0"] > triangles["lod-2"] > triangles["lod-3"]
    errors = facts["measure"]["errors"]
    for role, most in (("lod-0", 0.3e-4), ("lod-1", 0.5e-4), ("lod-2", 1.5e-4), ("lod-3", 5e-4), ("ar", 0.5e-4)):
        assert errors[role]["mean_relative"] < 1.05 * most, role
    assert (tmp_path / "work" / "encode" / "ar.glb").stat().st_size < 10_000_000


def test_subdividing_keeps_surface_and_map() -> None:
    once = subdivide(grid(3))
    assert once.triangles == 72
    assert np.allclose(once.uv, np.stack([once.positions[:, 0], 1 - once.positions[:, 1]], axis=1), atol=1e-6)
