# SPDX-License-Identifier: Apache-2.0
"""The report of a real, locked run: complete, the same each time, replayable, judged, and described on its page."""

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from digitize import preflight, recipe
from digitize.profile import ProfileError
from digitize.recipe import Recipe, parse
from digitize.report import command, digest, report, stated, with_timings
from digitize.runner import Result, StepLimits, run_recipe
from tests.digitize.shapes import seamed, write_obj

PAGE = Path(__file__).resolve().parents[2] / "docs" / "report.md"


def quick() -> Recipe:
    """Take the meshes' recipe with a small picture and few samples."""
    changed = {"thumbnail": {"side": 64}, "measure": {"samples": 4000, "heat": ["lod-1", "lod-0"]}}
    data = recipe.load("mesh").as_json()
    for step in data["steps"]:
        step["params"] = {**step["params"], **changed.get(step["name"], {})}
    return parse({**data, "name": "mesh-quick"})


def run(folder: Path, used: Recipe, **declared: str) -> Result:
    source = write_obj(seamed(4), folder / "in").parent
    preflight.prepare(source, into=folder / "source", declared=declared)
    return run_recipe(used, source=folder / "source", work=folder / "work", limits=StepLimits(), on_event=lambda event: None)


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> Result:
    return run(tmp_path_factory.mktemp("report"), quick(), unit="cm", up="z")


@pytest.fixture(scope="module")
def told(result: Result) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(result.report.read_bytes())
    return found


def test_it_says_all_of_every_model(told: dict[str, Any], result: Result) -> None:
    sizes = {one.role: one.path.stat().st_size for one in result.renditions}
    models = [one for one in told["renditions"] if one["media_type"].startswith("model/") and one["role"] != "heat"]
    assert {"lod-0", "lod-0-compressed", "ar", "usdz", "print-stl", "print-3mf"} <= {one["role"] for one in models}
    for one in models:
        measured = one["measured"]
        assert {"mean", "rms", "p999", "max"} == set(measured["per_10000_of_diagonal"]) == set(measured["mm"])
        assert {"mean", "rms", "p999", "max", "standard_error", "p999_error"} == set(measured["forward"]) == set(measured["backward"])
        assert {"mean", "p999"} == set(measured["normal_deviation"])
        assert {"triangles", "watertight", "manifold", "components"} <= set(measured["shape"])
        if one["role"].startswith("print-"):
            assert (measured["atlas"], measured["colour_psnr"], measured["max_relative"] < 1e-6) == (None, None, True)
        else:
            assert {"texel_density", "uv_overlap", "uv_coverage"} == set(measured["atlas"])
        assert measured["bytes"] == one["bytes"] == sizes[one["role"]]
        assert measured["mm"]["mean"] == pytest.approx(10 * measured["mean"])
        assert one["error"] == {name: measured[name] for name in ("mean", "max", "mean_relative", "max_relative", "unit", "colour_psnr")}


def test_it_names_inputs_outputs_tools_and_recipe(told: dict[str, Any], result: Result) -> None:
    assert {one["role"]: one["sha256"] for one in told["renditions"]} == {r.role: r.sha256 for r in result.renditions if r.role != "report"}
    assert [file["name"] for file in told["source"]["files"]] == ["model.obj", "model.mtl", "checker.png"]
    assert told["source"]["declared"] == {"unit": "cm", "up": "z"}
    assert told["facts"]["unit"] == "cm"
    assert (told["facts"]["kind"], told["facts"]["format"], told["facts"]["triangles"]) == ("mesh", "obj", 2048)
    again = {name: told["recipe"][name] for name in ("name", "version", "kind", "steps")}
    assert parse(again).digest == told["recipe"]["digest"]


def test_it_holds_no_times_until_they_are_joined(told: dict[str, Any], result: Result) -> None:
    assert not re.search(r'"\w*(seconds|peak|wall)\w*"', json.dumps(told))
    whole = with_timings(told, result)
    assert digest(whole) == digest(told)
    assert {name for name in whole if name not in told} == {"timings"}
    assert set(whole["timings"]["renditions"]) == {one.role for one in result.renditions}
    total = sum(whole["timings"]["renditions"].values())
    assert 0 < total <= whole["timings"]["cpu_seconds"] * 1.01 + 0.1
    assert {one.role: one.cpu_seconds for one in result.renditions} == whole["timings"]["renditions"]


def test_a_second_run_gives_the_same_report(result: Result, tmp_path: Path) -> None:
    assert run(tmp_path, quick(), unit="cm", up="z").report.read_bytes() == result.report.read_bytes()


def test_the_heat_map_tells_its_legend(told: dict[str, Any]) -> None:
    heat = next(one for one in told["renditions"] if one["role"] == "heat")
    assert heat["of"] in {"lod-1", "lod-0"}
    assert heat["scale"]["low"] == 0.0 < heat["scale"]["high"]
    assert heat["scale"]["high_mm"] == pytest.approx(10 * heat["scale"]["high"])
    assert len(heat["colours"]) == 9


def test_it_is_judged_by_the_recipes_profile(told: dict[str, Any]) -> None:
    assert (told["verdict"]["profile"], told["verdict"]["judged"] > 5) == ("visit", True)


def folders(result: Result) -> dict[str, Path]:
    """Name the folders that the report step was given."""
    work = result.report.parents[2]
    outs = {path.parent.name[3:]: path for path in sorted(work.glob("*/out")) if path.parent.name[3:] != "report"}
    return {"recipe": work / "00-recipe", "source": work.parent / "source", **outs}


def test_a_museums_profile_may_stand_in_the_recipe(result: Result) -> None:
    limits = [{"kind": "mesh", "measure": "triangles", "roles": ["lod-0"], "least": 10**9}]
    own = {"name": "strict", "version": 1, "title": {"en": "Strict", "zh-hans": "严格"}, "limits": limits}
    told = report(folders(result), own)
    assert [(one["code"], one["role"], one["got"]) for one in told["verdict"]["shortfalls"]] == [("verdict.triangles", "lod-0", 2048)]


def test_a_profile_that_is_not_there_is_named(result: Result) -> None:
    with pytest.raises(ProfileError, match="no quality profile “ghost”"):
        report(folders(result), "ghost")


def test_the_command_replays_it() -> None:
    intake = {"main": "a b.ply", "members": ["a b.ply"], "declared": {"unit": "mm"}}
    own = {**recipe.load("mesh").as_json(), "digest": recipe.load("mesh").digest}
    assert command(intake, own)["line"] == "python3 manage.py digitize 'a b.ply' OUT --recipe mesh --unit mm"
    other = replace(recipe.load("mesh"), version=99)
    several = {"main": "a.obj", "members": ["a.obj", "a.mtl"], "declared": {}}
    changed = {**other.as_json(), "digest": other.digest}
    assert command(several, changed)["line"] == "python3 manage.py digitize SOURCE OUT --recipe recipe.json"


def test_the_first_step_speaks_for_the_original() -> None:
    steps = {"source": {"kind": "points"}, "one": {"kind": "mesh", "points": 5, "width": 3}, "two": {"points": 6, "height": 4}}
    assert stated(steps) == {"kind": "points", "points": 5, "width": 3, "height": 4}


def test_the_page_describes_every_member(told: dict[str, Any], result: Result) -> None:
    """A name that the report may hold stands on its page in code marks."""
    page, whole = PAGE.read_text(encoding="utf-8"), with_timings(told, result)
    measured = next(one["measured"] for one in told["renditions"] if one["role"] == "lod-0")
    parts = (
        whole,
        told["source"],
        told["renditions"][0],
        measured,
        measured["shape"],
        measured["atlas"],
        told["verdict"],
        whole["timings"],
    )
    wanted = {name for part in parts for name in part}
    assert sorted(name for name in wanted if f"`{name}`" not in page) == []
