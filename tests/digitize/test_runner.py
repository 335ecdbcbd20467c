# SPDX-License-Identifier: Apache-2.0
"""A run resumes wherever it was cut, reuses only what is sound, and gives what an unbroken one gives."""

from __future__ import annotations

import contextlib
import json
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import tests.digitize.steps
from digitize.errors import Doubt, StepFailure
from digitize.recipe import Recipe, parse
from digitize.runner import Event, Result, StepLimits, run_recipe
from digitize.runner.folder import digests, folder_key, read_outcome

LIMITS = StepLimits(readable=(Path(tests.digitize.steps.__file__).parent,))
STEPS = (("first", "source"), ("second", "first"), ("third", "second"))


def recipe(seconds: float = 0.0, role: str = "lod-0") -> Recipe:
    """Make three steps in a row; the last one makes a rendition."""
    steps = [
        {
            "name": name,
            "run": "tests.digitize.steps.copy",
            "needs": [need],
            "params": {"seconds": seconds, **({"role": role} if name == "third" else {})},
        }
        for name, need in STEPS
    ]
    return parse({"name": "three", "version": 1, "kind": "mesh", "steps": steps})


@pytest.fixture
def source(tmp_path: Path) -> Path:
    folder = tmp_path / "source"
    folder.mkdir()
    (folder / "a.txt").write_text("original")
    (folder / "intake.json").write_text(json.dumps({"doubts": [Doubt("input.bytes-after-end", None, {"bytes": 4}).as_json()]}))
    return folder


def go(source: Path, work: Path, made: Recipe | None = None) -> tuple[Result, list[Event]]:
    events: list[Event] = []
    return run_recipe(made or recipe(), source=source, work=work, limits=LIMITS, on_event=events.append), events


def ends(events: list[Event]) -> list[tuple[str, str]]:
    return [(event.step, event.state) for event in events if event.state in {"done", "failed", "reused"}]


def content(work: Path) -> dict[str, str]:
    """Name the bytes of every step's folder."""
    return {path.parent.name: folder_key(digests(path)) for path in sorted(work.glob("*/out"))}


def test_a_run_tells_each_step_and_gives_all(source: Path, tmp_path: Path):
    result, events = go(source, tmp_path / "work")
    assert [(event.step, event.index, event.total, event.state) for event in events if event.step == "first"] == [
        ("first", 1, 3, "started"),
        ("first", 1, 3, "progress"),
        ("first", 1, 3, "done"),
    ]
    assert [one.role for one in result.renditions] == ["lod-0"]
    assert result.renditions[0].path.read_bytes() == b"made lod-0"
    assert result.doubts == (Doubt("input.bytes-after-end", None, {"bytes": 4}),)
    assert result.facts["first"]["bytes"] == sum(path.stat().st_size for path in source.iterdir())
    assert [step.state for step in result.steps] == ["done"] * 3
    assert result.cpu_seconds == pytest.approx(sum(step.cpu_seconds for step in result.steps), abs=0.002)
    assert result.peak_bytes == max(step.peak_bytes for step in result.steps)
    report = json.loads(result.report.read_bytes())
    assert report["recipe"]["digest"] == recipe().digest
    assert report["renditions"] == [one.as_json(tmp_path / "work") for one in result.renditions]


def test_a_second_call_runs_nothing(source: Path, tmp_path: Path):
    first, _ = go(source, tmp_path / "work")
    second, events = go(source, tmp_path / "work")
    assert ends(events) == [("first", "reused"), ("second", "reused"), ("third", "reused")]
    assert second.renditions == first.renditions
    assert [replace(step, reused=False) for step in second.steps] == list(first.steps)


def test_another_source_runs_all_again(source: Path, tmp_path: Path):
    go(source, tmp_path / "work")
    (source / "a.txt").write_text("changed!")
    assert ends(go(source, tmp_path / "work")[1]) == [("first", "done"), ("second", "done"), ("third", "done")]


def test_another_recipe_runs_all_again(source: Path, tmp_path: Path):
    go(source, tmp_path / "work")
    assert ends(go(source, tmp_path / "work", recipe(role="ar"))[1]) == [("first", "done"), ("second", "done"), ("third", "done")]


@pytest.mark.parametrize("harm", ["changed", "missing", "added", "outcome", "half"])
def test_a_step_whose_folder_is_not_as_recorded_runs_again(source: Path, tmp_path: Path, harm: str):
    work = tmp_path / "work"
    go(source, work)
    before = content(work)
    folder = work / "02-second"
    victim = next((folder / "out").iterdir())
    match harm:
        case "changed":
            victim.write_bytes(b"other")
        case "missing":
            victim.unlink()
        case "added":
            (folder / "out" / "new").write_bytes(b"x")
        case "outcome":
            (folder / "outcome.json").write_bytes(b'{"step": "second"}')
        case "half":
            (folder / "outcome.json").unlink()
    # The third step's inputs come out with the same bytes, so it stays.
    assert ends(go(source, work)[1]) == [("first", "reused"), ("second", "done"), ("third", "reused")]
    assert content(work) == before


def test_a_failed_step_is_recorded_and_run_again(source: Path, tmp_path: Path):
    steps = [step.as_json() for step in recipe().steps]
    steps[1] = {"name": "second", "run": "tests.digitize.steps.hostile", "needs": ["first"], "params": {"do": "exception"}}
    broken = parse({"name": "three", "version": 1, "kind": "mesh", "steps": steps})
    for _ in range(2):
        with pytest.raises(StepFailure):
            go(source, tmp_path / "work", broken)
    outcome = read_outcome(tmp_path / "work" / "02-second")
    assert outcome is not None
    assert (outcome.state, outcome.files, outcome.facts) == ("failed", (), {})
    assert not (tmp_path / "work" / "03-third").exists()


_RUNNER = """
import sys
from pathlib import Path
from tests.digitize.test_runner import LIMITS, recipe
from digitize.runner import run_recipe
def tell(event):
    print(event.step, event.state, flush=True)
    if f"{event.step} {event.state}" == sys.argv[3]:
        import os, signal
        os.kill(os.getpid(), signal.SIGKILL)
run_recipe(recipe(float(sys.argv[4])), source=Path(sys.argv[1]), work=Path(sys.argv[2]), limits=LIMITS, on_event=tell)
"""


def kill_at(stage: str, source: Path, work: Path, seconds: float = 0.0) -> list[str]:
    """Run in a process that kills itself when it is told of a stage; give what it was told."""
    command = [sys.executable, "-c", _RUNNER, str(source), str(work), stage, str(seconds)]
    ended = subprocess.run(command, capture_output=True, text=True, cwd=Path(__file__).parents[2], check=False)
    assert ended.returncode == -signal.SIGKILL, ended.stderr
    return ended.stdout.split("\n")


@pytest.mark.skipif(not Path("/proc/self/cwd").exists(), reason="a step dies with its runner only on Linux")
def test_a_step_dies_with_its_runner(source: Path, tmp_path: Path):
    kill_at("first progress", source, tmp_path / "work", seconds=600.0)
    for _ in range(200):
        if not any(place.startswith(str(tmp_path)) for place in working_folders()):
            return
        time.sleep(0.02)
    raise AssertionError("the step lives on")


def working_folders() -> list[str]:
    """List where all processes stand."""
    found = []
    for link in Path("/proc").glob("[0-9]*/cwd"):
        with contextlib.suppress(OSError):
            found.append(str(link.readlink()))
    return found


@pytest.mark.parametrize("stage", [f"{name} {state}" for name, _ in STEPS for state in ("started", "progress", "done")])
def test_a_runner_killed_at_any_stage_resumes_to_the_same_result(source: Path, tmp_path: Path, stage: str):
    killed, whole = tmp_path / "killed", tmp_path / "whole"
    said = kill_at(stage, source, killed)
    result, events = go(source, killed)
    unbroken, _ = go(source, whole)
    finished = [name for name, _ in STEPS if f"{name} done" in said]
    assert ends(events) == [(name, "reused" if name in finished else "done") for name, _ in STEPS]
    assert content(killed) == content(whole)
    assert [(one.role, one.sha256, one.bytes) for one in result.renditions] == [
        (one.role, one.sha256, one.bytes) for one in unbroken.renditions
    ]
    assert sorted(path.name for path in killed.iterdir()) == sorted(path.name for path in whole.iterdir())


def test_a_role_made_twice_is_an_error(source: Path, tmp_path: Path):
    steps: list[dict[str, Any]] = [
        {"name": name, "run": "tests.digitize.steps.copy", "needs": ["source"], "params": {"role": "lod-0"}} for name in ("one", "two")
    ]
    with pytest.raises(StepFailure) as caught:
        go(source, tmp_path / "work", parse({"name": "twice", "version": 1, "kind": "mesh", "steps": steps}))
    assert caught.value.code == "step.bad-result"


def test_errors_and_facts_of_a_later_step_join_the_rendition(source: Path, tmp_path: Path):
    steps = [
        {"name": "make", "run": "tests.digitize.steps.copy", "needs": ["source"], "params": {"role": "lod-0"}},
        {
            "name": "measure",
            "run": "tests.digitize.steps.say",
            "needs": ["make"],
            "params": {"errors": {"lod-0": {"mean": 0.5}}, "rendition_facts": {"lod-0": {"p99": 2}}},
        },
        {
            "name": "doubt",
            "run": "tests.digitize.steps.say",
            "needs": ["make"],
            "params": {"doubts": [{"code": "mesh.small-polygons", "params": {"count": 3}}]},
        },
    ]
    result, _ = go(source, tmp_path / "work", parse({"name": "join", "version": 1, "kind": "mesh", "steps": steps}))
    assert dict(result.renditions[0].error or {}) == {"mean": 0.5}
    assert dict(result.renditions[0].facts) == {"p99": 2}
    assert result.doubts[-1].message == "3 faces have fewer than three corners and are left out."
