# SPDX-License-Identifier: Apache-2.0
"""The whole corpus, inside the sandbox with small limits: each hostile input its refusal, each sound one its counts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import tests.digitize.steps
from digitize.recipe import parse
from digitize.runner import StepLimits, run_recipe
from digitize.sandbox.limits import MIB
from tests.digitize.corpus import HOSTILE, SOUND, Case


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Write the corpus and let one limited process look at all of it."""
    root = tmp_path_factory.mktemp("corpus")
    for case in (*HOSTILE, *SOUND):
        folder = root / "source" / case.name
        folder.mkdir(parents=True)
        for name, data in case.files.items():
            (folder / name).write_bytes(data)
    step = {
        "name": "look",
        "run": "tests.digitize.steps.look",
        "needs": ["source"],
        "params": {"cases": {case.name: case.main for case in (*HOSTILE, *SOUND)}},
    }
    recipe = parse({"name": "corpus", "version": 1, "kind": "mesh", "steps": [step]})
    limits = StepLimits(memory_bytes=500 * MIB, cpu_seconds=30, readable=(Path(tests.digitize.steps.__file__).parents[1],))
    facts = run_recipe(recipe, source=root / "source", work=root / "work", limits=limits, on_event=lambda _: None).facts["look"]
    assert facts["left"] == []
    return dict(facts["answers"])


def test_the_corpus_is_large_and_its_names_are_unique():
    names = [case.name for case in (*HOSTILE, *SOUND)]
    assert len(set(names)) == len(names)
    assert len(HOSTILE) >= 60


@pytest.mark.parametrize("case", HOSTILE, ids=lambda case: case.name)
def test_a_hostile_input_gets_its_refusal(answers: dict[str, Any], case: Case):
    answer = answers[case.name]
    assert (answer.get("code"), answer.get("at"), answer.get("left")) == (case.code, case.at, False)
    for message, hint in answer["texts"]:
        assert message
        assert hint
        assert "{" not in message.replace("{oops", "") + hint


@pytest.mark.parametrize("case", SOUND, ids=lambda case: case.name)
def test_a_sound_input_is_counted(answers: dict[str, Any], case: Case):
    answer = answers[case.name]
    assert answer.get("code") is None, answer
    assert {name: answer["counts"][name] for name in case.counts or {}} == case.counts
    assert tuple(answer["doubts"]) == case.doubts
    assert answer["kept"]
    assert answer["again"] == "True"
