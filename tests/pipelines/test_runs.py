# SPDX-License-Identifier: Apache-2.0
"""Leases: one owner at a time, a dead one is told from a slow one, nothing is left behind."""

from __future__ import annotations

import subprocess
import sys
from datetime import timedelta

import pytest
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from assets.models import Rendition
from pipelines import lease
from pipelines.domain import claim, execute, receive_upload, retry, sweep
from pipelines.models import Run
from tests.pipelines.shapes import box_ply

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def run(institution, tmp_path) -> Run:
    path = box_ply(tmp_path / "box.ply")
    receive_upload(institution=institution, user=None, parts={path.name: iter([path.read_bytes()])})
    return Run.objects.get()


def test_a_run_is_claimed_once(run):
    assert claim(run_id=run.pk).attempt == 1
    assert claim(run_id=run.pk) is None


def test_an_expired_lease_may_be_taken(run):
    claim(run_id=run.pk)
    Run.objects.update(lease_until=timezone.now() - timedelta(seconds=1), lease_owner="elsewhere:1:1")
    assert claim(run_id=run.pk).attempt == 2


def test_the_lease_of_a_dead_process_may_be_taken_at_once(run):
    gone = subprocess.run(
        [sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, text=True, check=True
    ).stdout.strip()
    claim(run_id=run.pk)
    host = lease.owner().split(":")[0]
    Run.objects.update(lease_owner=f"{host}:{gone}:12345")
    assert claim(run_id=run.pk).attempt == 2


def test_the_sweeper_enqueues_what_was_left(run):
    DBTaskResult.objects.all().delete()
    assert sweep() == 1
    assert [row.task_path for row in DBTaskResult.objects.all()] == ["pipelines.tasks.run"]
    claim(run_id=run.pk)
    assert sweep() == 0


def test_a_step_past_its_memory_is_a_recorded_outcome_and_can_be_tried_again(run, settings):
    settings.QILU = {**settings.QILU, "QILU_STEP_CPU_SECONDS": 1, "QILU_STEP_MEMORY_BYTES": 20 * 2**20}
    with pytest.raises(Exception, match=r"step|memory"):
        execute(run=claim(run_id=run.pk))
    failed = Run.objects.get()
    assert failed.state == "failed"
    assert failed.failure["code"].startswith("step.")
    assert not Rendition.objects.exists()
    assert failed.steps.all()[0].state == "failed"
    assert retry(run=failed).state == "waiting"
