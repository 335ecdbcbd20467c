# SPDX-License-Identifier: Apache-2.0
"""What a curator declares of an original is kept, digitized with, and named in the log."""

from __future__ import annotations

import json

import pytest

from assets.errors import AssetsError
from assets.models import File, Rendition
from pipelines.domain import claim, declare, execute, receive_upload
from pipelines.models import Run
from tests.pipelines.shapes import box_ply

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def run(institution, tmp_path) -> Run:
    path = box_ply(tmp_path / "box.ply")
    receive_upload(institution=institution, user=None, parts={path.name: iter([path.read_bytes()])})
    return Run.objects.get()


def refusal(**declared: str) -> str:
    with pytest.raises(AssetsError) as told:
        declare(file=File.objects.get(), declared=declared)
    return told.value.code


def test_a_declared_unit_and_axis_are_applied_by_a_new_run(run: Run) -> None:
    assert refusal(unit="mm") == "run.open"
    execute(run=claim(run_id=run.pk))
    again = declare(file=run.file, declared={"unit": "mm", "up": "z"})
    assert (Run.objects.count(), again.state, File.objects.get().declared) == (2, "waiting", {"unit": "mm", "up": "z"})
    done = execute(run=claim(run_id=again.pk))
    facts = done.facts["normalise"]
    assert (facts["unit"], facts["unit_evidence"], facts["up"]) == ("mm", "declared with the upload", "z")
    intake = json.loads(json.dumps(Rendition.objects.get(role="report", current=True).facts))
    assert intake["unit"] == "mm"
    assert refusal(unit="mm", up="z") == "declared.same"


def test_what_is_no_unit_and_no_axis_is_refused(run: Run) -> None:
    assert [refusal(unit="cubit"), refusal(up="w"), refusal(colour="red")] == ["declared.unknown"] * 3
    File.objects.update(kind="image")
    assert refusal(unit="mm") == "declared.kind"
    assert Run.objects.count() == 1
