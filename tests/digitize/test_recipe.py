# SPDX-License-Identifier: Apache-2.0
"""Recipes are validated before anything runs."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from digitize.recipe import RecipeError, for_kind, load, names, parse
from digitize.sandbox.limits import StepLimits

GOOD: dict[str, Any] = {
    "name": "two",
    "version": 3,
    "kind": "mesh",
    "steps": [
        {"name": "one", "run": "digitize.steps.one", "needs": ["source"], "params": {"a": 1}},
        {"name": "two", "run": "digitize.steps.two", "needs": ["source", "one"]},
    ],
}


def changed(**changes: Any) -> dict[str, Any]:
    return {**copy.deepcopy(GOOD), **changes}


def step(**changes: Any) -> dict[str, Any]:
    return changed(steps=[{**GOOD["steps"][0], **changes}])


def test_a_recipe_keeps_what_it_says():
    recipe = parse(GOOD)
    assert recipe.as_json() == {**GOOD, "steps": [GOOD["steps"][0], {**GOOD["steps"][1], "params": {}}]}


def test_the_digest_names_the_content_and_nothing_else():
    assert parse(GOOD).digest == parse(dict(reversed(list(GOOD.items())))).digest
    assert parse(GOOD).digest != parse(changed(version=4)).digest
    assert parse(step(params={"a": 1})).digest != parse(step(params={"a": 2})).digest


BAD = [
    (None, [1]),
    (None, changed(more=1)),
    (None, changed(name="Two!")),
    (None, changed(version=0)),
    (None, changed(version=True)),
    (None, changed(kind="hologram")),
    (None, changed(steps=[])),
    ("step 1", step(name="")),
    ("step 1", step(name="source")),
    ("step 1", step(run="os; rm")),
    ("step 1", step(needs=[])),
    ("step 1", step(needs=["later"])),
    ("step 1", step(params=[1])),
    ("step 1", step(color="red")),
    ("step 2", changed(steps=[GOOD["steps"][0], GOOD["steps"][0]])),
]


@pytest.mark.parametrize(("at", "data"), BAD)
def test_a_bad_recipe_is_refused_with_its_step(at: str | None, data: Any):
    with pytest.raises(RecipeError) as caught:
        parse(data, name="bad")
    assert (caught.value.code, caught.value.at) == ("recipe.invalid", at)


def test_a_recipe_loads_from_a_path(tmp_path: Path):
    path = tmp_path / "two.json"
    path.write_text(json.dumps(GOOD))
    assert load(path) == parse(GOOD)
    path.write_text("[" * 100_000)
    with pytest.raises(RecipeError):
        load(path)


@pytest.mark.parametrize("name", ["nothing", "../mesh", ""])
def test_an_unknown_name_is_refused(name: str):
    with pytest.raises(RecipeError) as caught:
        load(name)
    assert caught.value.code == "recipe.unknown"


def test_each_kind_finds_a_recipe_of_its_kind():
    for name in names():
        assert for_kind(load(name).kind).kind == load(name).kind


@pytest.mark.parametrize("patience", [0, 21, 1.5, True, "4", None])
def test_patience_is_a_whole_number_within_bounds(patience: object) -> None:
    step = {"name": "a", "run": "m", "needs": ["source"], "patience": patience}
    with pytest.raises(RecipeError) as caught:
        parse({"name": "r", "version": 1, "kind": "film", "steps": [step]})
    assert (caught.value.code, caught.value.at) == ("recipe.invalid", "step 1")


def test_patience_lengthens_a_steps_time_and_nothing_else() -> None:
    limits = StepLimits(cpu_seconds=10, wall_seconds=20.0)
    assert limits.times(3) == StepLimits(cpu_seconds=30, wall_seconds=60.0)
    assert [step.patience for step in load("film").steps][:3] == [4, 12, 20]
    assert "patience" not in load("mesh").steps[0].as_json()
