# SPDX-License-Identifier: Apache-2.0
"""Each way in which a step can go wrong has its own recorded end, and no door out of its folder is open."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import pytest

import tests.digitize.steps
from digitize.errors import Refusal, StepFailure
from digitize.recipe import Recipe, parse
from digitize.runner import Event, Result, StepLimits, run_recipe
from digitize.runner.folder import read_outcome
from digitize.sandbox import landlock, seccomp
from digitize.sandbox.detect import detect, isolated
from digitize.sandbox.limits import MIB

CODE = Path(tests.digitize.steps.__file__).parent
SMALL = {"memory_bytes": 200 * MIB, "cpu_seconds": 20, "wall_seconds": 30.0, "file_bytes": 8 * MIB, "readable": (CODE,)}

AS_NOBODY = """
import os, sys
from pathlib import Path
from tests.digitize.test_sandbox import as_nobody
os._exit(as_nobody(Path(sys.argv[1])))
"""


def recipe(module: str, **params: Any) -> Recipe:
    step = {"name": "only", "run": f"tests.digitize.steps.{module}", "needs": ["source"], "params": params}
    return parse({"name": "test", "version": 1, "kind": "mesh", "steps": [step]})


@pytest.fixture
def source(tmp_path: Path) -> Path:
    folder = tmp_path / "source"
    folder.mkdir()
    (folder / "a.txt").write_text("original")
    return folder


def go(source: Path, tmp_path: Path, do: str, events: list[Event] | None = None, **limits: Any) -> Result:
    heard = events if events is not None else []
    bounds = StepLimits(**{**SMALL, **limits})
    return run_recipe(
        recipe("hostile", do=do, other=str(tmp_path / "other.txt")),
        source=source,
        work=tmp_path / "work",
        limits=bounds,
        on_event=heard.append,
    )


FAILURES = [
    ("memory", "step.memory", None, {}),
    ("leap", "step.memory", None, {}),
    ("spin", "step.cpu-time", "SIGXCPU", {"cpu_seconds": 1}),
    ("sleep", "step.wall-time", None, {"wall_seconds": 0.5}),
    ("large_file", "step.file-size", "SIGXFSZ", {}),
    ("many_files", "step.file-size", None, {"out_bytes": 4 * MIB}),
    ("segfault", "step.crashed", "SIGSEGV", {}),
    ("abort", "step.crashed", "SIGABRT", {}),
    ("killed", "step.killed", "SIGKILL", {}),
    ("threads", "step.processes", None, {}),
    ("vanish", "step.no-result", None, {}),
    ("exception", "step.failed", None, {}),
    ("link", "step.bad-result", None, {}),
    ("lie", "step.bad-result", None, {}),
    ("list", "step.bad-result", None, {}),
    ("nan", "step.failed", None, {}),
    ("flood", "step.bad-result", None, {"result_bytes": MIB}),
]


@pytest.mark.parametrize("case", FAILURES, ids=[case[0] for case in FAILURES])
def test_every_bad_end_is_recorded_under_its_own_name(source: Path, tmp_path: Path, case: tuple[str, str, str | None, dict[str, Any]]):
    do, code, name, limits = case
    events: list[Event] = []
    with pytest.raises(StepFailure) as caught:
        go(source, tmp_path, do, events, **limits)
    recorded = read_outcome(tmp_path / "work" / "01-only")
    assert recorded is not None
    assert caught.value.code == code
    assert caught.value.outcome.get("signal") == name
    assert recorded.state == code.removeprefix("step.")
    assert [event.state for event in events if event.state != "progress"] == ["started", "failed"]
    assert events[-1].outcome is not None
    assert events[-1].outcome["error"]["code"] == code
    assert not (tmp_path / "work" / "01-only" / "out").exists()
    for language in ("en", "zh-hans"):
        message, hint = caught.value.text(language)
        assert message
        assert hint
        assert "{" not in message + hint


def test_a_refusal_crosses_the_process_boundary_unchanged(source: Path, tmp_path: Path):
    with pytest.raises(Refusal) as caught:
        go(source, tmp_path, "refuse")
    expected = Refusal("mesh.index-out-of-range", at="face 17", index=99, vertices=12)
    assert caught.value.as_json() == expected.as_json()
    assert caught.value.as_json("zh-hans") == expected.as_json("zh-hans")


def test_an_own_failure_keeps_its_code(source: Path, tmp_path: Path):
    with pytest.raises(StepFailure) as caught:
        go(source, tmp_path, "own_failure")
    assert caught.value.message == StepFailure("step.bad-result", step="inner", error="seven of nine triangles").message


def test_the_exception_and_its_line_are_recorded(source: Path, tmp_path: Path):
    with pytest.raises(StepFailure) as caught:
        go(source, tmp_path, "exception")
    assert caught.value.outcome["error"] == "LookupError: nothing here"
    assert caught.value.at is not None
    assert caught.value.at.startswith("hostile.py:")
    assert "LookupError" in (tmp_path / "work" / "01-only" / "log.txt").read_text()


def test_what_is_no_message_is_passed_over(source: Path, tmp_path: Path):
    assert go(source, tmp_path, "babble").facts["only"] == {"said": "much"}


@pytest.mark.skipif(not landlock.abi() or not seccomp.offered(), reason="this kernel offers no Landlock or no seccomp")
def test_no_door_is_open(source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("QILU_SECRET_KEY", "not for steps")
    other = tmp_path / "other.txt"
    other.write_text("private")
    other.chmod(0o600)
    facts = dict(go(source, tmp_path, "probe").facts["only"])
    assert facts.pop("input_read") == "allowed"
    assert facts.pop("own_write") == "allowed"
    assert facts.pop("thread") == "allowed"
    assert facts.pop("secrets") == []
    # Told that it is done, and it is not.
    assert facts.pop("other_chmod") == ["allowed", 0o600]
    assert facts.pop("other_times") == ["allowed", False]
    assert facts.pop("raise_limit").startswith("other: ValueError")
    assert {name: answer for name, answer in facts.items() if answer not in {"PermissionError", "OSError"}} == {}
    assert other.read_text() == "private"
    assert (source / "a.txt").read_text() == "original"
    assert (tmp_path / "work" / "01-only" / "out" / "kept.txt").read_text() == "kept"


def test_what_is_in_force_is_what_was_detected(source: Path, tmp_path: Path):
    assert list(go(source, tmp_path, "babble").steps[0].isolation) == detect()


def test_a_run_is_called_isolated_only_with_files_and_network_locked():
    assert isolated(["landlock", "seccomp", "rlimits"])
    assert isolated(["landlock", "network-namespace", "rlimits"])
    assert not isolated(["landlock", "rlimits"])
    assert not isolated(["seccomp", "network-namespace", "rlimits"])
    assert not isolated(["rlimits", "process-group", "watchdog"])


def test_a_demand_that_the_host_cannot_meet_stops_the_step_before_it_starts(source: Path, tmp_path: Path):
    with pytest.raises(StepFailure) as caught:
        go(source, tmp_path, "babble", require=frozenset({"landlock", "moat"}))
    assert caught.value.code == "step.no-isolation"
    assert caught.value.params["missing"] == "moat"


def test_cost_is_measured(source: Path, tmp_path: Path):
    with pytest.raises(StepFailure) as caught:
        go(source, tmp_path, "spin", cpu_seconds=1)
    assert 0.9 <= caught.value.outcome["cpu_seconds"] <= 3.5
    with pytest.raises(StepFailure) as caught:
        go(source, tmp_path, "memory")
    assert 200 * MIB <= caught.value.outcome["peak_bytes"] <= 600 * MIB


def test_a_listener_that_raises_ends_the_process(source: Path, tmp_path: Path):
    class LostError(Exception):
        pass

    def listen(event: Event) -> None:
        if event.state == "progress":
            raise LostError

    slow = recipe("copy", seconds=600)
    with pytest.raises(LostError):
        run_recipe(slow, source=source, work=tmp_path / "work", limits=StepLimits(**SMALL), on_event=listen)
    assert _children() == []


def _children() -> list[str]:
    """List the processes that this one has left behind."""
    return Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children").read_text().split()


@pytest.mark.slow
@pytest.mark.parametrize("name", ["open3d", "wasmtime", "usd", "draco", "pillow", "scipy", "trimesh"])
def test_the_libraries_work_inside(source: Path, tmp_path: Path, name: str):
    made = run_recipe(
        recipe("libraries", use=[name]), source=source, work=tmp_path / "work", limits=StepLimits(readable=(CODE,)), on_event=lambda _: None
    )
    assert bool(made.facts["only"][name])


@pytest.mark.skipif(os.getuid() != 0, reason="only root can become somebody else")
@pytest.mark.skipif(not landlock.abi() or not seccomp.offered(), reason="this kernel offers no Landlock or no seccomp")
def test_an_ordinary_user_is_locked_in_just_as_well(tmp_path: Path):
    """Become nobody in a process of its own, lock the door, try the handles; it reports by its exit status alone."""
    tmp_path.chmod(0o755)
    for parent in tmp_path.parents:
        if parent == Path(tempfile.gettempdir()):
            break
        parent.chmod(0o755)
    mine = tmp_path / "mine"
    mine.mkdir(mode=0o777)
    mine.chmod(0o777)
    # A fork of the test runner would not do: what its threads hold at that moment would stay locked for ever.
    ended = subprocess.run([sys.executable, "-c", AS_NOBODY, mine], cwd=CODE.parents[2], timeout=120, check=False)
    assert ended.returncode == 0


def as_nobody(mine: Path) -> int:
    """Give 0 where every door is shut."""
    from digitize.sandbox.confine import confine
    from tests.digitize.steps.hostile import do_probe

    try:
        os.setgroups([])
        os.setresgid(65534, 65534, 65534)
        os.setresuid(65534, 65534, 65534)
        force = confine(read=[], write=[mine], bounds=StepLimits().as_json())
        other = mine.parent / "other.txt"
        facts = do_probe(out=mine, params={"other": str(Path("/etc/hostname"))}, inputs={"source": other})
        shut = all(
            facts[name] in {"PermissionError", "OSError"}
            for name in ("inet", "unix", "passwd", "other_read", "beside", "fork", "kill_parent")
        )
        return 0 if shut and isolated(force) and facts["own_write"] == "allowed" else 1
    except OSError:
        return 2
