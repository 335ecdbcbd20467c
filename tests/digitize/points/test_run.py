# SPDX-License-Identifier: Apache-2.0
"""Whole runs in locked processes: what is made, what is stated, that it is true, and that it is the same each time."""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from digitize import mesh as meshes
from digitize.errors import Refusal
from digitize.points import glb
from digitize.points.cloud import Cloud
from digitize.preflight import prepare
from digitize.recipe import FOLDER, Recipe, for_kind, load
from digitize.runner import Result, StepLimits, run_recipe
from tests.digitize.encode.validator import needs_validator, reports
from tests.digitize.points import scans


def quick(name: str, **changed: Mapping[str, Any]) -> Recipe:
    """A recipe with other parameters of some steps."""
    recipe = load(name)
    return replace(recipe, steps=tuple(replace(step, params={**step.params, **changed.get(step.name, {})}) for step in recipe.steps))


def run(recipe: Recipe, path: Path, work: Path, **declared: str) -> Result:
    prepare(path, into=work / "source", declared=declared)
    return run_recipe(recipe, source=work / "source", work=work / "run", limits=StepLimits(), on_event=lambda _: None)


ONLY = quick("points-only", files={"side": 128})
FILES = ("points.glb", "thumbnail.webp", "report.json")


@pytest.fixture(scope="module")
def egg(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Result]:
    folder = tmp_path_factory.mktemp("egg")
    positions, rgb, _ = scans.whole(20_000)
    return folder, run(ONLY, scans.write_xyz(folder / "egg.xyz", positions, rgb), folder, unit="mm", up="z")


def test_points_are_published_with_their_error(egg: tuple[Path, Result]):
    _, result = egg
    assert [one.role for one in result.renditions] == ["points", "thumbnail", "report"]
    facts = result.facts["points"]
    assert (facts["kind"], facts["format"], facts["points"], facts["unit"], facts["up"]) == ("points", "xyz", 20_000, "mm", "z")
    assert facts["outliers"] == pytest.approx(200, abs=25)
    assert facts["kept"] == 20_000 - facts["outliers"] == facts["published"]
    error = result.renditions[0].error
    assert error is not None
    assert (error["unit"], error["colour_psnr"]) == ("mm", None)
    assert error["max_relative"] < 1e-7
    assert [doubt.code for doubt in result.doubts] == ["points.outliers", "points.sides-supposed"]


def test_the_glb_holds_metres_upright_and_linear_colours(egg: tuple[Path, Result]):
    _, result = egg
    data = result.renditions[0].path.read_bytes()
    document = json.loads(data[20 : 20 + struct.unpack_from("<I", data, 12)[0]])
    primitive = document["meshes"][0]["primitives"][0]
    assert (primitive["mode"], sorted(primitive["attributes"])) == (0, ["COLOR_0", "POSITION"])
    assert document["accessors"][0]["count"] == result.facts["points"]["published"]
    assert document["nodes"][0]["rotation"] == pytest.approx([-(0.5**0.5), 0, 0, 0.5**0.5])
    assert max(document["accessors"][0]["max"]) < 0.0017


def test_the_picture_shows_the_egg(egg: tuple[Path, Result]):
    _, result = egg
    pixels = np.asarray(Image.open(result.renditions[1].path).convert("RGBA"))
    cover = (pixels[..., 3] > 128).mean()
    assert pixels.shape == (128, 128, 4)
    assert 0.25 < cover < 0.75
    assert pixels[64, 64, 3] == 255
    assert pixels[2, 2, 3] == 0


def test_a_second_run_gives_the_same_bytes(egg: tuple[Path, Result], tmp_path: Path):
    folder, first = egg
    second = run(ONLY, folder / "egg.xyz", tmp_path, unit="mm", up="z")
    assert [one.sha256 for one in second.renditions] == [one.sha256 for one in first.renditions]


def test_thinning_is_stated_with_its_error(tmp_path: Path):
    positions, rgb, _ = scans.whole(12_000, 0)
    recipe = quick("points-only", files={"side": 64}, points={"most": 2_000})
    result = run(recipe, scans.write_xyz(tmp_path / "egg.xyz", positions, rgb), tmp_path)
    facts, error = result.facts["points"], result.renditions[0].error
    assert error is not None
    assert facts["published"] <= 2_000 < facts["points"]
    assert 0 < error["mean"] < error["max"] <= facts["cell"] * 3**0.5
    published, colours = glb.read_back(result.renditions[0].path, None)
    truth = np.sqrt(((positions[:, None] - published[None]) ** 2).sum(axis=2)).min(axis=1)
    assert error["max"] == pytest.approx(truth.max(), rel=1e-4)
    assert colours is not None
    assert {"points.thinned", "unit.undeclared"} <= {doubt.code for doubt in result.doubts}


@pytest.fixture(scope="module")
def rebuilt(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Result]:
    folder = tmp_path_factory.mktemp("rebuilt")
    parts = []
    for number in range(3):
        positions, rgb, stand = scans.station(number)
        rotation = scans.turn((1, 2, 3), 1.1 * number)
        parts.append(((positions - stand) @ rotation, rgb, rotation, stand))
    whole = load("points")
    recipe = replace(whole, steps=tuple(step for step in whole.steps if step.name in {"points", "files", "normalise"}))
    return folder, run(recipe, scans.write_e57(folder / "three.e57", parts), folder)


def test_a_surface_lies_where_the_object_was(rebuilt: tuple[Path, Result]):
    folder, result = rebuilt
    facts = result.facts["normalise"]
    mesh = meshes.load(folder / "run" / "03-normalise" / "out")
    assert mesh.triangles == facts["triangles"] > 5_000
    # Each vertex against the true surface, by its direction (the bumps are shallow, so the nearest point is near).
    dense = scans.surface(scans.directions(400_000, 77))
    from scipy.spatial import cKDTree

    away = cKDTree(dense).query(mesh.positions)[0]
    assert np.quantile(away, 0.95) < 0.012
    assert (facts["unit"], facts["unit_evidence"]) == ("m", "stated by the format (E57 is in metres)")
    assert facts["vertex_colours"]


def test_the_surface_is_cut_where_nobody_looked(rebuilt: tuple[Path, Result]):
    _, result = rebuilt
    facts = result.facts["normalise"]
    assert not facts["watertight"]
    assert facts["boundary_edges"] > 0
    assert facts["reconstruction"]["trimmed_share"] > 0.02


def test_the_stated_distance_to_the_points_is_the_noise(rebuilt: tuple[Path, Result]):
    _, result = rebuilt
    stated = result.facts["normalise"]["reconstruction"]["points_to_surface"]
    assert stated["rms"] < 4 * scans.NOISE
    assert stated["mean"] <= stated["rms"] <= stated["p999"] <= stated["max"]
    assert stated["unit"] == "m"


def test_registration_is_stated_for_each_scan(rebuilt: tuple[Path, Result]):
    _, result = rebuilt
    stated = result.facts["points"]["registration"]
    assert [fact["name"] for fact in stated] == ["three.e57#1", "three.e57#2", "three.e57#3"]
    assert [fact["overlap"] > 0.15 for fact in stated[1:]] == [True, True]
    assert max(fact["residual"] for fact in stated[1:]) < 6 * scans.NOISE
    assert result.facts["points"]["normals"] == "towards the scanner’s position"


def test_a_closed_cloud_becomes_a_closed_surface(tmp_path: Path):
    positions, rgb, _ = scans.whole(30_000)
    whole = load("points")
    recipe = replace(whole, steps=tuple(step for step in whole.steps if step.name in {"points", "normalise"}))
    result = run(recipe, scans.write_las(tmp_path / "egg.laz", positions, rgb), tmp_path)
    facts = result.facts["normalise"]
    assert (facts["watertight"], facts["manifold"], facts["components"]) == (True, True, 1)
    towards = scans.directions(200_000, 5)
    triangles = scans.surface(towards)
    volume = 4 / 3 * np.pi * np.mean(np.linalg.norm(triangles / [1.0, 0.8, 1.3], axis=1) ** 3) * 0.8 * 1.3
    assert facts["volume"] == pytest.approx(volume, rel=0.005)


def test_fog_is_no_surface_or_a_doubtful_one(tmp_path: Path):
    box = np.random.default_rng(0).uniform(-1, 1, (3000, 3))
    whole = load("points")
    recipe = replace(whole, steps=tuple(step for step in whole.steps if step.name in {"points", "normalise"}))
    try:
        result = run(recipe, scans.write_xyz(tmp_path / "box.xyz", box), tmp_path)
        codes = {doubt.code for doubt in result.doubts}
    except Refusal as refusal:
        codes = {refusal.code}
    assert {"points.fog", "points.no-surface"} & codes


LINE = "".join(f"{i} 0 0\n" for i in range(200))


@pytest.mark.parametrize(("text", "code"), [("0 0 0\n1 1 1\n" * 100, "points.too-few"), (LINE, "points.no-extent")])
def test_what_cannot_be_a_scan_is_refused(tmp_path: Path, text: str, code: str):
    (tmp_path / "a.xyz").write_text(text)
    with pytest.raises(Refusal) as caught:
        run(ONLY, tmp_path / "a.xyz", tmp_path)
    assert caught.value.code == code


@pytest.mark.parametrize("scale", [1e-9, 1e15])
def test_points_that_repeat_count_once_at_any_scale(tmp_path: Path, scale: float):
    egg = scans.whole(3000, 0)[0]
    np.savetxt(tmp_path / "a.xyz", scale * np.concatenate([egg, np.repeat(egg[:5], 2000, axis=0)]), fmt="%.12g")
    whole = load("points")
    recipe = replace(whole, steps=tuple(step for step in whole.steps if step.name in {"points", "normalise"}))
    result = run(recipe, tmp_path / "a.xyz", tmp_path)
    said = result.facts["points"]
    assert (said["points"], said["duplicates"], said["kept"]) == (13_000, 10_000, 3000 - said["outliers"])
    assert "points.duplicates" in {doubt.code for doubt in result.doubts}
    assert result.facts["normalise"]["watertight"]
    assert result.facts["normalise"]["diagonal"] == pytest.approx(3.74 * scale, rel=0.03)


def test_declared_units_overrule_and_say_so(tmp_path: Path):
    positions, rgb, _ = scans.whole(2000, 0)
    path = scans.write_e57(tmp_path / "a.e57", [(positions, rgb, np.eye(3), np.zeros(3))])
    result = run(ONLY, path, tmp_path, unit="mm")
    assert result.facts["points"]["unit"] == "mm"
    assert "points.unit-overruled" in {doubt.code for doubt in result.doubts}


def test_another_count_than_the_pre_flight_s_is_refused(tmp_path: Path):
    positions, rgb, _ = scans.whole(2000, 0)
    prepare(scans.write_xyz(tmp_path / "a.xyz", positions, rgb), into=tmp_path / "source")
    intake = json.loads((tmp_path / "source" / "intake.json").read_text())
    intake["counts"]["points"] = 2001
    (tmp_path / "source" / "intake.json").write_text(json.dumps(intake))
    with pytest.raises(Refusal) as caught:
        run_recipe(ONLY, source=tmp_path / "source", work=tmp_path / "run", limits=StepLimits(), on_event=lambda _: None)
    assert caught.value.code == "points.count-mismatch"


def test_the_default_recipe_makes_a_surface_and_goes_on_as_meshes_do():
    assert for_kind("points").name == "points"
    points, mesh = (json.loads((FOLDER / f"{name}.json").read_text())["steps"] for name in ("points", "mesh"))
    after = [step for step in points if step["name"] not in {"points", "files", "normalise", "report"}]
    assert after == [step for step in mesh if step["name"] not in {"normalise", "report"}]
    assert points[-1]["needs"] == [*mesh[-1]["needs"][:2], "points", "files", *mesh[-1]["needs"][2:]]


@needs_validator
def test_khronos_finds_no_error(egg: tuple[Path, Result], tmp_path: Path):
    far = Cloud(np.array([[500_000.1, 4_000_000.2, 50.3], [500_001.1, 4_000_000.2, 50.3]]), unit="m")
    glb.write(far, tmp_path / "far.glb")
    assert np.abs(glb.read_back(tmp_path / "far.glb", "m")[0] - far.positions).max() < 1e-6
    assert [report["errors"] for report in reports(egg[1].renditions[0].path, tmp_path / "far.glb")] == [0, 0]
