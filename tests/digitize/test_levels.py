# SPDX-License-Identifier: Apache-2.0
"""Levels chosen by error: the fewest triangles that stay within it, measured; and what is said where they cannot."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from digitize import mesh as meshes
from digitize import preflight
from digitize.levels import UNIT, Bracket, Chain, Place
from digitize.measure.compare import compare, reference
from digitize.mesh import Mesh
from digitize.normals import smooth_normals
from digitize.recipe import load, parse
from digitize.runner import StepLimits, run_recipe
from digitize.steps import levels as step
from tests.digitize.shapes import cube, grid, seamed, sphere, subdivide, write_obj


def rough(rounds: int = 6) -> Mesh:
    mesh = sphere(rounds)
    wave = np.sin(mesh.positions @ np.array([[11.0], [7.0], [5.0]])) + 0.4 * np.sin(mesh.positions @ np.array([[-17.0], [31.0], [23.0]]))
    return smooth_normals(replace(mesh, positions=mesh.positions * (1 + 0.01 * wave)))


@pytest.mark.parametrize("wanted", [3.0, 10.0])
def test_the_measured_error_is_what_was_asked_for(wanted: float) -> None:
    mesh = rough()
    chosen = Chain(mesh).chosen(wanted, 30_000)
    measured = compare(reference(mesh), chosen.level.mesh)["mean_relative"] / UNIT
    assert 0.8 * wanted < measured < 1.05 * wanted
    assert chosen.error == pytest.approx(measured, rel=0.05)


def test_a_larger_error_needs_fewer_triangles() -> None:
    chain = Chain(rough(5))
    counts = [chain.chosen(error, 30_000).level.mesh.triangles for error in (2.0, 4.0, 8.0, 16.0)]
    assert counts == sorted(counts, reverse=True)
    assert len(set(counts)) == len(counts)


def test_an_order_of_asking_does_not_matter_much() -> None:
    down, up = Chain(rough(5)), Chain(rough(5))
    errors = (3.0, 9.0, 27.0)
    one = [down.chosen(error, 30_000).level.mesh.triangles for error in errors]
    two = [up.chosen(error, 30_000).level.mesh.triangles for error in reversed(errors)][::-1]
    assert one == pytest.approx(two, rel=0.05)


def test_a_cap_is_kept_though_the_error_is_not() -> None:
    chosen = Chain(rough()).chosen(0.1, 2_000)
    assert chosen.level.mesh.triangles <= 2_000
    assert chosen.error > 0.1


def test_a_small_original_stays_whole() -> None:
    mesh = rough(4)
    assert Chain(mesh).chosen(5.0, 250_000, keep=10_000).level.mesh is mesh


def test_a_box_cut_fine_goes_back_to_its_twelve_triangles() -> None:
    box = cube()
    for _ in range(4):
        box = subdivide(box)
    chosen = Chain(smooth_normals(box)).chosen(0.01, 100_000)
    assert chosen.error == pytest.approx(0.0, abs=1e-3)
    assert 12 <= chosen.level.mesh.triangles <= 120


def test_free_of_its_map_a_chain_has_no_seams() -> None:
    chosen = Chain(smooth_normals(seamed(5)), free=True).of(600)
    assert chosen.level.mesh.uv is None
    assert chosen.level.mesh.triangles == pytest.approx(600, rel=0.03)


@pytest.mark.parametrize(
    ("fine", "coarse", "error", "expected"),
    [
        (Place(1000, 1.0), Place(100, 10.0), 1.0, 1000.0),
        (Place(1000, 1.0), Place(250, 4.0), 2.0, 500.0),
        (Place(1000, 0.0), Place(500, 2.0), 1.0, 750.0),
        (Place(1000, 0.5), None, 1.0, 500.0),
    ],
)
def test_between_two_meshes_a_power_law_or_a_line_is_expected(fine: Place, coarse: Place | None, error: float, expected: float) -> None:
    assert Bracket(fine, coarse).middle(error) == pytest.approx(expected)


def run_step(mesh: Mesh, tmp_path: Path, levels: list[dict[str, Any]]) -> dict[str, Any]:
    (tmp_path / "out").mkdir()
    meshes.save(mesh, tmp_path / "in")
    (tmp_path / "in" / "facts.json").write_text(json.dumps({"manifold": True}))
    return step.run(inputs={"normalise": tmp_path / "in"}, out=tmp_path / "out", params={"levels": levels}, progress=lambda f, m: None)


def test_what_would_only_repeat_a_finer_level_is_left_out(tmp_path: Path) -> None:
    wanted = load("mesh").steps[1].params["levels"]
    facts = run_step(smooth_normals(cube()), tmp_path, wanted)
    assert [(level["role"], level["folder"], level["triangles"]) for level in facts["levels"]] == [
        ("lod-0", "lod-0", 12),
        ("ar", "lod-0", 12),
    ]
    assert (facts["dropped"], facts["doubts"]) == (["lod-1", "lod-2", "lod-3"], [])


def test_with_a_texture_it_is_shared_for_a_smaller_map(tmp_path: Path) -> None:
    facts = run_step(smooth_normals(seamed(1)), tmp_path, load("mesh").steps[1].params["levels"])
    assert [level["folder"] for level in facts["levels"]] == ["lod-0"] * 5
    assert facts["dropped"] == []


def test_a_level_that_misses_its_error_says_so(tmp_path: Path) -> None:
    facts = run_step(rough(5), tmp_path, [{"role": "lod-0", "purpose": "phone", "error": 0.5, "triangles": 1000}])
    assert [doubt["code"] for doubt in facts["doubts"]] == ["levels.error-missed"]
    level = facts["levels"][0]
    assert (level["role"], level["purpose"], level["asked"], level["error_asked"]) == ("lod-0", "phone", 1000, 0.5)
    assert level["error_expected"] > 0.5


def test_an_exact_number_is_reached_as_nearly_as_the_mesh_allows(tmp_path: Path) -> None:
    facts = run_step(rough(5), tmp_path, [{"role": "lod-0", "triangles": 1000, "exact": True}])
    assert facts["levels"][0]["triangles"] == pytest.approx(1000, abs=4)
    assert facts["doubts"] == []


def test_more_triangles_than_there_are_is_a_doubt(tmp_path: Path) -> None:
    facts = run_step(smooth_normals(cube()), tmp_path, [{"role": "lod-0", "triangles": 10**20, "exact": True}])
    assert facts["levels"][0]["triangles"] == 12
    assert [(doubt["code"], doubt["params"]["got"]) for doubt in facts["doubts"]] == [("levels.fewer-than-asked", 12)]


def test_levels_come_out_of_the_locked_process_the_same_each_time(tmp_path: Path) -> None:
    preflight.prepare(write_obj(grid(16), tmp_path / "in"), into=tmp_path / "source", limits=preflight.Limits(), declared={})
    whole = load("mesh").as_json()
    recipe = parse({**whole, "steps": whole["steps"][:2]})
    digests = []
    for name in ("one", "two"):
        done = run_recipe(recipe, source=tmp_path / "source", work=tmp_path / name, limits=StepLimits(), on_event=lambda event: None)
        digests.append([(file.path, file.sha256) for file in done.steps[1].files])
    assert digests[0] == digests[1]
    assert len(digests[0]) > 5
