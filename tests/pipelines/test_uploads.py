# SPDX-License-Identifier: Apache-2.0
"""Receiving uploads: bounded, hashed as they come, refused without a trace."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from assets import stores
from assets.errors import AssetsError
from assets.models import Asset, File
from digitize.errors import DigitizeError
from ledger.cid import cid_of_bytes
from ledger.models import Entry
from pipelines import staging
from pipelines.domain import receive_upload
from pipelines.models import Run, RunStep, Upload
from tests.pipelines.shapes import box_obj, box_ply

pytestmark = pytest.mark.django_db(transaction=True)


def upload(institution, path: Path, **words):
    return receive_upload(institution=institution, user=None, parts={path.name: staging.read_chunks(path)}, **words)


def nothing_stored() -> bool:
    stored = [path for path in settings.STORE_DIR.rglob("*") if path.is_file()] if settings.STORE_DIR.is_dir() else []
    return not (stored or Asset.objects.exists() or File.objects.exists() or Run.objects.exists() or Entry.objects.exists())


def test_what_passes_is_stored_by_cid_with_entry_and_waiting_run(institution, tmp_path):
    path = box_ply(tmp_path / "盒子.ply")
    done = upload(institution, path, title="盒子")
    file = File.objects.get()
    assert (file.cid, file.bytes, file.name) == (cid_of_bytes(path.read_bytes()), path.stat().st_size, "盒子.ply")
    assert stores.default().path(file.cid).read_bytes() == path.read_bytes()
    assert (done.state, Asset.objects.get().title) == ("received", "盒子")
    run = Run.objects.get()
    assert (run.state, RunStep.objects.filter(run=run)[0].name) == ("waiting", "normalise")
    entry = Entry.objects.get()
    assert (entry.kind, entry.digest) == ("ingest.receive", file.cid)
    assert "盒子" not in str(entry.facts)
    assert not staging.folder(done.pk).exists()


def test_several_files_make_one_original_and_the_same_files_the_same_one(institution, tmp_path):
    folder = box_obj(tmp_path / "box").parent
    parts = {path.name: staging.read_chunks(path) for path in folder.iterdir()}
    receive_upload(institution=institution, user=None, parts=parts)
    backwards = {path.name: staging.read_chunks(path) for path in sorted(folder.iterdir(), reverse=True)}
    with pytest.raises(AssetsError) as refused:
        receive_upload(institution=institution, user=None, parts=backwards)
    assert (refused.value.code, File.objects.get().name) == ("duplicate", "box.zip")


def test_a_duplicate_is_named_inside_the_institution_and_unknown_across(institution, other_institution, tmp_path):
    path = box_ply(tmp_path / "box.ply")
    first = upload(institution, path)
    with pytest.raises(AssetsError) as refused:
        upload(institution, path)
    assert (refused.value.code, refused.value.extra["asset"]) == ("duplicate", str(first.asset_id))
    assert upload(other_institution, path).state == "received"
    assert File.objects.count() == 2


def test_an_upload_past_the_bound_stops_while_it_arrives(institution, settings):
    settings.QILU = {**settings.QILU, "QILU_UPLOAD_MAX_BYTES": 100}
    taken = []

    def chunks():
        for _turn in range(50):
            taken.append(1)
            yield b"x" * 40

    with pytest.raises(AssetsError) as refused:
        receive_upload(institution=institution, user=None, parts={"big.ply": chunks()})
    assert (refused.value.code, refused.value.at, len(taken)) == ("upload.too-large", "byte 100", 3)
    assert nothing_stored()
    assert Upload.objects.get().refusal["code"] == "upload.too-large"


def test_an_upload_past_the_quota_is_refused(institution, settings, tmp_path):
    settings.QILU = {**settings.QILU, "QILU_QUOTA_BYTES": 10}
    with pytest.raises(AssetsError) as refused:
        upload(institution, box_ply(tmp_path / "box.ply"))
    assert refused.value.code == "quota.exceeded"
    assert nothing_stored()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("empty.ply", b""),
        ("cut.ply", b"ply\nformat ascii 1.0\n"),
        ("picture.ply", b"\x89PNG\r\n\x1a\n" + b"\0" * 50),
        ("a.exe", b"MZ" + b"\0" * 99),
    ],
)
def test_what_the_preflight_refuses_leaves_nothing(institution, name, content):
    with pytest.raises(DigitizeError) as refused:
        receive_upload(institution=institution, user=None, parts={name: iter([content])})
    assert all(refused.value.text("zh-hans"))
    assert nothing_stored()
    row = Upload.objects.get()
    assert (row.state, row.refusal["code"]) == ("refused", refused.value.code)
    assert not staging.folder(row.pk).exists()


def test_nothing_and_twice_the_same_name_are_refused(institution):
    for parts, code in (({}, "upload.empty"), ({"a/ b.ply": iter([b"1"]), "a/b.ply": iter([b"2"])}, "upload.name-twice")):
        with pytest.raises(AssetsError) as refused:
            receive_upload(institution=institution, user=None, parts=parts)
        assert refused.value.code == code
    assert nothing_stored()


@given(st.binary(max_size=5000), st.lists(st.integers(1, 700), max_size=20))
@hypothesis_settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_chunks_of_any_size_give_the_digest_of_the_whole(tmp_path, content, cuts):
    pieces, start = [], 0
    for cut in cuts:
        pieces.append(content[start : start + cut])
        start += cut
    target = tmp_path / "arrived"
    target.unlink(missing_ok=True)
    digest = staging.arrive(target, [*pieces, content[start:]], room=5000)
    assert (digest.cid, digest.size, target.read_bytes()) == (cid_of_bytes(content), len(content), content)


@given(st.text(max_size=300))
@hypothesis_settings(max_examples=300, deadline=None)
def test_any_name_becomes_harmless(name):
    clean = staging.clean_name(name)
    assert clean not in ("", ".", "..")
    assert "/" not in clean
    assert "\\" not in clean
    assert "\0" not in clean
    assert len(clean.encode()) <= 255
    assert staging.clean_name(clean) == clean


@given(st.text(max_size=100) | st.lists(st.sampled_from(["..", ".", "", "a", "~", "C:"]), max_size=6).map("/".join))
@hypothesis_settings(max_examples=200, deadline=None)
def test_any_name_with_folders_stays_below_its_own(name):
    clean = staging.clean_path(name)
    assert (Path("/staging") / clean).resolve().is_relative_to("/staging/")
    assert ".." not in clean.split("/")
    assert staging.clean_path(clean) == clean
