# SPDX-License-Identifier: Apache-2.0
"""What a curator declares of an original is kept, digitized with, and named in the log."""

from __future__ import annotations

import json
from typing import Any

import pytest

from assets.errors import AssetsError
from assets.models import File, Rendition
from digitize.errors import Refusal
from pipelines.domain import claim, declare, execute, receive_upload
from pipelines.models import Run
from tests.pipelines.shapes import box_ply

pytestmark = pytest.mark.django_db(transaction=True)
BAR = {"from": [0, 0, 0], "to": [1, 0, 0], "length": 5, "unit": "cm"}


@pytest.fixture
def run(institution, tmp_path) -> Run:
    path = box_ply(tmp_path / "box.ply")
    receive_upload(institution=institution, user=None, parts={path.name: iter([path.read_bytes()])})
    return Run.objects.get()


def refusal(**declared: Any) -> str:
    with pytest.raises((AssetsError, Refusal)) as told:
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
    assert [refusal(unit="cubit"), refusal(up="w"), refusal(colour="red")] == ["declared.unknown", "declared.unknown", "declared.unused"]
    assert refusal(scale={**BAR, "length": -1}) == "scale.invalid"
    for kind, said in (("image", {"unit": "mm"}), ("points", {"scale": BAR})):
        File.objects.update(kind=kind)
        assert refusal(**said) == "declared.unused"
    assert Run.objects.count() == 1


def received(institution, tmp_path, declared: dict[str, Any]) -> Run:
    path = box_ply(tmp_path / "box.ply")
    receive_upload(institution=institution, user=None, parts={path.name: iter([path.read_bytes()])}, declared=declared)
    return Run.objects.get()


def test_what_is_declared_with_the_upload_is_kept_and_applied_by_the_first_run(institution, tmp_path) -> None:
    run = received(institution, tmp_path, {"up": "z", "scale": BAR})
    assert run.file.declared == {"up": "z", "scale": BAR}
    facts = execute(run=claim(run_id=run.pk)).facts["normalise"]
    assert (facts["unit"], facts["unit_evidence"], facts["up"], facts["scale"]["metres_per_unit"]) == ("m", "scale bar of 5 cm", "z", 0.05)


def test_a_scale_that_the_object_contradicts_ends_the_run_and_is_mended_by_declaring_again(institution, tmp_path) -> None:
    run = received(institution, tmp_path, {"scale": {**BAR, "to": [900, 0, 0]}})
    with pytest.raises(Refusal) as told:
        execute(run=claim(run_id=run.pk))
    assert (told.value.code, Run.objects.get().state) == ("scale.outside", "refused")
    again = declare(file=run.file, declared={"scale": BAR})
    assert execute(run=claim(run_id=again.pk)).facts["normalise"]["unit"] == "m"


@pytest.mark.parametrize("declared", [{"unit": "cubit"}, {"unit": ["mm"]}, {"colour": "red"}, {"scale": []}, {"scale": "[" * 9000}])
def test_an_upload_that_declares_nonsense_leaves_nothing(institution, tmp_path, declared: dict[str, Any]) -> None:
    with pytest.raises(Refusal) as told:
        received(institution, tmp_path, declared)
    assert told.value.code in {"declared.unknown", "declared.unused", "scale.invalid"}
    assert (Run.objects.count(), File.objects.count()) == (0, 0)
