# SPDX-License-Identifier: Apache-2.0
"""What a killed process left is cleared away; what somebody still works with stays."""

from __future__ import annotations

import os
import uuid
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from pipelines import leftovers, source, staging
from pipelines.domain import receive_upload
from pipelines.models import Run, Upload
from tests.pipelines.shapes import box_ply

pytestmark = pytest.mark.django_db(transaction=True)


def laid(folder: Path, *, old: bool = False) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    if old:
        os.utime(folder, (0, 0))
    return folder


def test_an_upload_that_stopped_long_ago_is_given_up_and_a_young_one_stays(institution) -> None:
    old, young = (Upload.objects.create(institution=institution, name=name) for name in ("old.ply", "young.ply"))
    Upload.objects.filter(pk=old.pk).update(created_at=timezone.now() - timedelta(hours=25))
    kept = laid(staging.folder(young.pk), old=True)
    laid(staging.folder(old.pk))
    assert leftovers.clear() == 1
    assert list(kept.parent.iterdir()) == [kept]
    assert [(one.state, (one.refusal or {}).get("code")) for one in Upload.objects.order_by("name")] == [
        ("refused", "upload.interrupted"),
        ("open", None),
    ]


def test_folders_of_finished_work_go_and_those_of_open_runs_stay(institution, tmp_path: Path) -> None:
    path = box_ply(tmp_path / "box.ply")
    upload = receive_upload(institution=institution, user=None, parts={path.name: iter([path.read_bytes()])})
    run = Run.objects.get()
    laid(staging.folder(upload.pk))
    laid(staging.folder(uuid.uuid4()).parent / "incoming", old=True)
    strange, fresh = laid(source.folder(uuid.uuid4()), old=True), laid(source.folder(uuid.uuid4()))
    assert leftovers.clear() == 2
    assert (strange.exists(), fresh.exists(), source.folder(run.pk).exists()) == (False, True, True)
    Run.objects.update(state="failed")
    assert leftovers.clear() == 0
    Run.objects.update(state="done")
    assert (leftovers.clear(), source.folder(run.pk).exists()) == (1, False)
