# SPDX-License-Identifier: Apache-2.0
"""The worker itself, killed with -9: the next one goes on, and nothing is half done. Every stage of every recipe: `test_kills`."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from pathlib import Path

import pytest

from digitize.recipe import load
from tests.commands import ROOT, Instance
from tests.pipelines.shapes import box_obj

pytestmark = pytest.mark.slow

_ALL = tuple(step.name for step in load("mesh").steps)
STEPS = (_ALL[0], _ALL[len(_ALL) // 2], _ALL[-1])
RECEIVE = """
import pathlib
from assets.models import Institution
from pipelines import staging
from pipelines.domain import receive_upload
museum = Institution.objects.create(slug="museum", name_zh="示例馆", name_en="Sample museum")
parts = {path.name: staging.read_chunks(path) for path in sorted(pathlib.Path(%r).iterdir())}
receive_upload(institution=museum, user=None, parts=parts, title="方匣", publish=True)
"""


def start_worker(instance: Instance) -> subprocess.Popen[bytes]:
    environment = {**instance.environment, "QILU_LEASE_SECONDS": "3", "QILU_CHECKPOINT_SECONDS": "1"}
    words = [*instance.command("worker", "--interval", "0.1", "--no-anchor")]
    return subprocess.Popen(words, env=environment, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)


def run_until(instance: Instance, question: str, *, seconds: float = 240) -> None:
    """Run a worker until the database says yes, then kill it without a word."""
    worker = start_worker(instance)
    try:
        until = time.monotonic() + seconds
        while not instance.ask(question):
            assert worker.poll() is None, "the worker ended by itself"
            assert time.monotonic() < until, question
            time.sleep(0.02)
    finally:
        os.killpg(worker.pid, signal.SIGKILL)
        worker.wait()


def test_a_worker_killed_at_each_stage_is_followed_by_one_that_goes_on(instance: Instance, tmp_path: Path) -> None:
    box_obj(tmp_path / "box")
    received = instance.run("shell", "-v0", "-c", RECEIVE % str(tmp_path / "box"))
    assert received.returncode == 0, received.stderr[-2000:]
    for step in STEPS:
        run_until(instance, f"select 1 from pipelines_runstep where name = '{step}' and state in ('running', 'done')")
        assert instance.ask("select count(*) from assets_version") == 0
    run_until(instance, "select 1 from pipelines_run where state = 'done'")
    run_until(instance, "select 1 from assets_version")
    run_until(instance, "select 1 from ledger_entry where kind = 'version.publish' and \"index\" is not null")
    (asset,) = instance.json("list")["assets"]
    assert (asset["state"], len(asset["versions"])) == ("published", 1)
    assert instance.json("verify")["findings"] == []
    assert instance.ask("select count(*) from ledger_entry") == 3
