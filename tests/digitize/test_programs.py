# SPDX-License-Identifier: Apache-2.0
"""A step that may start ffmpeg may start nothing else, and ffmpeg may do no more than the step."""

from __future__ import annotations

import stat
import sys
import time
from pathlib import Path
from typing import Any

import pytest

import tests.digitize.steps
from digitize import programs
from digitize.errors import StepFailure
from digitize.recipe import RecipeError, parse
from digitize.runner import Result, StepLimits, run_recipe
from digitize.sandbox import landlock, seccomp
from digitize.sandbox.limits import MIB

CODE = Path(tests.digitize.steps.__file__).parent
SMALL = {"memory_bytes": 200 * MIB, "cpu_seconds": 20, "wall_seconds": 30.0, "file_bytes": 8 * MIB, "readable": (CODE,)}
needs_ffmpeg = pytest.mark.skipif(programs.find("ffmpeg") is None, reason="there is no ffmpeg on this machine")
needs_locks = pytest.mark.skipif(not landlock.abi() or not seccomp.offered(), reason="this kernel offers no Landlock or no seccomp")


def recipe(do: str, **params: Any) -> Any:
    step = {"name": "only", "run": "tests.digitize.steps.programs", "needs": ["source"], "params": {"do": do, **params}}
    return parse({"name": "test", "version": 1, "kind": "sound", "steps": [{**step, "programs": ["ffmpeg"]}]})


def go(tmp_path: Path, do: str, **limits: Any) -> Result:
    source = tmp_path / "source"
    source.mkdir(exist_ok=True)
    other = tmp_path / "other.txt"
    other.write_text("private")
    (source / "list.txt").write_text(f"ffconcat version 1.0\nfile '{other}'\n")
    bounds = StepLimits(**{**SMALL, **limits})
    return run_recipe(recipe(do, other=str(other)), source=source, work=tmp_path / "work", limits=bounds, on_event=lambda _: None)


@needs_ffmpeg
@needs_locks
def test_the_step_starts_ffmpeg_and_nothing_else(tmp_path: Path):
    facts = dict(go(tmp_path, "probe", file_bytes=1 << 30, out_bytes=1 << 30).facts["only"])  # some ffmpegs hold all their libraries
    assert facts.pop("ffmpeg") == 0
    assert (facts.pop("shell_by_loader"), facts.pop("python_by_loader")) == ("", "")
    assert {name: answer for name, answer in facts.items() if answer != "PermissionError"} == {}


@needs_ffmpeg
@needs_locks
def test_ffmpeg_neither_reads_outside_nor_reaches_the_network(tmp_path: Path):
    facts = go(tmp_path, "reach").facts["only"]
    assert {name: answer for name, answer in facts.items() if answer != [True, 0]} == {}


@needs_ffmpeg
@pytest.mark.parametrize(
    ("do", "code", "limits"),
    [
        ("bomb", "step.processes", {"memory_bytes": 64 << 30}),  # each counts the pages that it shares
        ("orphans", "step.processes", {"memory_bytes": 64 << 30}),
        ("memory", "step.memory", {}),
        ("spin", "step.cpu-time", {"cpu_seconds": 2}),
    ],
)
def test_processes_are_bounded_together_and_none_is_left(tmp_path: Path, do: str, code: str, limits: dict[str, Any]):
    with pytest.raises(StepFailure) as caught:
        go(tmp_path, do, **limits)
    assert caught.value.code == code
    until = time.monotonic() + 20
    while _at_home_in(tmp_path) and time.monotonic() < until:  # a killed process takes a moment to be gone
        time.sleep(0.05)
    assert _at_home_in(tmp_path) == []


def _at_home_in(folder: Path) -> list[str]:
    """List the processes whose working folder lies in this one."""
    homes = []
    for path in Path("/proc").glob("[0-9]*/cwd"):
        try:
            homes.append(str(path.readlink()))
        except OSError:
            continue
    return [home for home in homes if home.startswith(str(folder))]


@needs_ffmpeg
def test_what_ffmpeg_uses_is_billed_to_the_step(tmp_path: Path):
    result = go(tmp_path, "work")
    facts = result.facts["only"]
    assert (facts["status"], facts["cpu_seconds"] > 0.1, result.steps[0].cpu_seconds > facts["cpu_seconds"]) == (0, True, True)


def test_only_programs_of_the_table_may_be_named():
    data = recipe("probe").as_json()
    assert parse(data).steps[0].programs == ("ffmpeg",)
    for listed in (["sh"], "ffmpeg", [1]):
        with pytest.raises(RecipeError) as caught:
            parse({**data, "steps": [{**data["steps"][0], "programs": listed}]})
        assert (caught.value.code, caught.value.at) == ("recipe.invalid", "step 1")


def test_a_program_is_found_where_the_environment_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("QILU_FFMPEG", str(Path(sys.executable).resolve()))
    assert programs.find("ffmpeg") == Path(sys.executable).resolve()
    monkeypatch.setenv("QILU_FFMPEG", "none")
    assert programs.find("ffmpeg") is None
    script = tmp_path / "ffmpeg"
    script.write_text("#!/bin/sh\n")
    script.chmod(stat.S_IRWXU)
    monkeypatch.setenv("QILU_FFMPEG", str(script))
    assert programs.find("ffmpeg") is None
