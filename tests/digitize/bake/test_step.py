# SPDX-License-Identifier: Apache-2.0
"""The step as it runs: in its locked process, on what the steps before it left."""

from dataclasses import replace
from pathlib import Path

import numpy as np

from digitize import recipe
from digitize.encode import glb
from digitize.mesh import load
from digitize.preflight import prepare
from digitize.runner import Result, StepLimits, run_recipe
from tests.digitize.bake.atlases import many_charts
from tests.digitize.shapes import sphere

STEPS = ("normalise", "levels", "bake")


def run(path: Path, work: Path, triangles: int) -> Result:
    prepare(path, into=work / "source")
    whole = recipe.one_level(recipe.load("mesh"), triangles)
    short = replace(whole, steps=tuple(step for step in whole.steps if step.name in STEPS))
    return run_recipe(short, source=work / "source", work=work / "run", limits=StepLimits(), on_event=lambda _: None)


def test_an_atlas_is_laid_out_anew_inside_the_sandbox(tmp_path: Path) -> None:
    glb.write(many_charts(rounds=5, side=256, patches=12), tmp_path / "in.glb")
    one, two = (run(tmp_path / "in.glb", tmp_path / name, 300) for name in ("one", "two"))
    (level,) = one.facts["bake"]["levels"]
    assert (level["texture_method"], [each["method"] for each in level["candidates"]]) == ("rebaked", ["kept", "rebaked"])
    assert 285 <= level["triangles"] <= 315
    assert level["candidates"][0]["triangles"] > 1.05 * 300
    assert [doubt.code for doubt in one.doubts] == []
    assert {step.state for step in one.steps} == {"done"}
    assert [step.files for step in one.steps] == [step.files for step in two.steps]
    baked = load(tmp_path / "one" / "run" / "03-bake" / "out" / "lod-0")
    assert set(baked.materials[0].textures) == {"base_colour", "normal"}
    assert (len(baked.textures), baked.uv.shape, np.isfinite(baked.uv).all()) == (2, (len(baked.positions), 2), True)


def test_what_has_no_texture_passes_through(tmp_path: Path) -> None:
    glb.write(sphere(3), tmp_path / "in.glb")
    result = run(tmp_path / "in.glb", tmp_path / "one", 100)
    (level,) = result.facts["bake"]["levels"]
    assert "texture_method" not in level
    before, after = (load(tmp_path / "one" / "run" / place / "out" / "lod-0") for place in ("02-levels", "03-bake"))
    assert np.array_equal(before.positions, after.positions)
    assert np.array_equal(before.faces, after.faces)
