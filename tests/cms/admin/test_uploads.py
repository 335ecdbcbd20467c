# SPDX-License-Identifier: Apache-2.0
"""Uploads through the form: bounded while they arrive, refused with words, and never another museum's."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from assets.models import Asset, File, Institution
from cms.admin.uploads import incoming, sweep
from digitize.preflight.formats import FORMATS
from digitize.recipe import KINDS
from pipelines.management.commands.ingest import taken
from pipelines.models import Run, Upload
from tests.cms.admin.conftest import PNG, client_of
from tests.digitize.corpus.case import wav

ADDRESS = "/admin/uploads/add/"
TRIANGLE = b"ply\nformat ascii 1.0\nelement vertex 3\nproperty float x\nproperty float y\nproperty float z\nelement face 1\nproperty list uchar int vertex_indices\nend_header\n0 0 0\n1 0 0\n0 1 0\n3 0 1 2\n"
OBJ = b"mtllib a.mtl\nusemtl m\nv 0 0 0\nv 1 0 0\nv 0 1 0\nf 1 2 3\n"
CLOUD = b"".join(b"%d %d 0\n" % (x, y) for x in range(6) for y in range(6))
MTL = b"newmtl m\nKd 1 1 1\n"


def send(client: Client, museum: Institution, files: dict[str, bytes], **more: str):
    uploads = [SimpleUploadedFile(name, body) for name, body in files.items()]
    return client.post(ADDRESS, {"institution": str(museum.pk), "title": "三角", "files": uploads, **more})


def left_behind() -> list[Path]:
    return list(incoming().iterdir()) if incoming().is_dir() else []


def test_a_scan_becomes_an_asset_with_a_run(museum, curator, data) -> None:
    response = send(client_of(curator), museum, {"a.ply": TRIANGLE})
    run = Run.objects.get()
    assert (response.status_code, response.headers["Location"]) == (302, f"/admin/runs/{run.pk}/")
    assert (run.file.asset.title, run.file.institution, run.file.received_by, run.publish) == ("三角", museum, curator, False)
    assert left_behind() == []


def test_several_files_make_one_original(museum, curator, data) -> None:
    send(client_of(curator), museum, {"a.obj": OBJ, "a.mtl": MTL})
    assert [(file.name, file.format) for file in File.objects.all()] == [("a.zip", "obj")]


def test_files_for_an_existing_asset(secret: Asset, museum, curator, data) -> None:
    send(client_of(curator), museum, {"a.ply": TRIANGLE}, asset=str(secret.pk))
    assert Run.objects.get(recipe="mesh").file.asset == secret


def test_a_broken_file_is_refused_with_its_place_and_the_form_is_kept(museum, curator, data) -> None:
    response = send(client_of(curator), museum, {"a.ply": TRIANGLE.replace(b"3 0 1 2", b"3 0 1 9")})
    text = response.content.decode()
    told = response.context_data["refusal"]
    assert (response.status_code, File.objects.count(), left_behind()) == (422, 0, [])
    assert told["message"] in text
    assert told["hint"] in text.replace("&#x27;", "'")
    assert told["at"] in text
    assert 'value="三角"' in text
    assert Upload.objects.get().state == "refused"


def test_a_duplicate_names_the_asset(museum, curator, data) -> None:
    client = client_of(curator)
    send(client, museum, {"a.ply": TRIANGLE})
    response = send(client, museum, {"b.ply": TRIANGLE})
    assert (response.status_code, response.context_data["refusal"]["code"]) == (422, "duplicate")


def test_the_same_file_elsewhere_reveals_nothing(museum, other_museum, curator, stranger, data) -> None:
    send(client_of(curator), museum, {"a.ply": TRIANGLE})
    assert send(client_of(stranger), other_museum, {"a.ply": TRIANGLE}).status_code == 302


@pytest.mark.parametrize("size", [1001, 5000])
def test_too_large_is_cut_while_it_arrives(museum, curator, data, settings, size: int) -> None:
    settings.QILU = {**settings.QILU, "QILU_UPLOAD_MAX_BYTES": 1000}
    response = send(client_of(curator), museum, {"a.ply": b"x" * size})
    assert (response.status_code, response.context_data["refusal"]["code"], left_behind()) == (422, "upload.too-large", [])


def test_the_bound_holds_for_all_files_together(museum, curator, data, settings) -> None:
    settings.QILU = {**settings.QILU, "QILU_UPLOAD_MAX_BYTES": 1000}
    response = send(client_of(curator), museum, {"a.obj": b"x" * 600, "a.mtl": b"x" * 600})
    assert response.context_data["refusal"]["code"] == "upload.too-large"


def test_no_file_and_a_name_twice(museum, curator, data) -> None:
    client = client_of(curator)
    none = client.post(ADDRESS, {"institution": str(museum.pk)})
    twice = client.post(ADDRESS, {"institution": str(museum.pk), "files": [io.BytesIO(OBJ), io.BytesIO(OBJ)]})
    assert (none.context_data["refusal"]["code"], twice.status_code) == ("upload.empty", 422)


@pytest.mark.usefixtures("data")
def test_another_museum_cannot_be_chosen(museum, other_museum, secret: Asset, stranger) -> None:
    wrong_museum = send(client_of(stranger), museum, {"a.ply": TRIANGLE})
    wrong_asset = send(client_of(stranger), other_museum, {"a.ply": TRIANGLE}, asset=str(secret.pk))
    assert (wrong_museum.status_code, wrong_asset.status_code, Upload.objects.filter(created_by=stranger).count()) == (422, 422, 0)
    assert secret.title not in wrong_asset.content.decode()


def test_the_publish_box_needs_the_right(museum, curator, colleague, data) -> None:
    send(client_of(curator), museum, {"a.ply": TRIANGLE}, publish="on")
    assert Run.objects.get().publish is False


def test_the_only_curator_may_ask_for_publication(museum, curator, data) -> None:
    send(client_of(curator), museum, {"a.ply": TRIANGLE}, publish="on")
    assert Run.objects.get().publish is True


def test_the_token_is_checked_although_the_files_come_first(museum, curator, data) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(curator)
    response = send(client, museum, {"a.ply": TRIANGLE})
    assert (response.status_code, Upload.objects.count(), left_behind()) == (403, 0, [])


def test_what_a_killed_process_left_is_swept(data) -> None:
    import os

    old, fresh = incoming() / "old", incoming() / "fresh"
    for folder in (old, fresh):
        folder.mkdir(parents=True)
    os.utime(old, (0, 0))
    sweep()
    assert left_behind() == [fresh]


def test_the_list_is_the_own_museums(secret: Asset, curator, stranger) -> None:
    shown = [len(client_of(user).get("/admin/uploads/").context_data["page"]) for user in (curator, stranger)]
    assert shown == [1, 0]


def test_the_form_names_every_format_and_takes_it(curator) -> None:
    page = client_of(curator).get(ADDRESS)
    told, endings = dict(page.context_data["taken"]), set(page.context_data["accept"].split(","))
    assert len(told) == len(KINDS)
    for form in FORMATS.values():
        assert set(form.extensions) <= endings
        assert any(form.extensions[0].removeprefix(".").upper() in formats.split(", ") for formats in told.values())
    assert {".mtl", ".vtt", ".srt", ".txt", ".zip"} <= endings
    assert f'accept="{page.context_data["accept"]}"' in page.content.decode()


def test_the_command_names_every_format() -> None:
    assert [form.name for form in FORMATS.values() if form.name.upper() not in taken()] == []


DISTANCE = {"start": "0 0 0", "end": "1, 0, 0", "length": "2.5", "length_unit": "cm"}


def test_unit_axis_and_a_known_distance_come_with_the_upload(museum, curator, data) -> None:
    send(client_of(curator), museum, {"a.ply": TRIANGLE}, up="z", **DISTANCE)
    bar = {"from": [0, 0, 0], "to": [1, 0, 0], "length": 2.5, "unit": "cm"}
    assert File.objects.get().declared == {"up": "z", "scale": bar}


def test_what_is_left_to_the_file_declares_nothing(museum, curator, data) -> None:
    send(client_of(curator), museum, {"a.ply": TRIANGLE}, unit="", up="", start="", end="", length="", length_unit="mm")
    assert File.objects.get().declared == {}


@pytest.mark.parametrize(
    ("typed", "fields"),
    [
        ({"unit": "cubit"}, ["unit"]),
        ({**DISTANCE, "start": "0 0"}, ["start"]),
        ({**DISTANCE, "start": "0 0 nan"}, ["start"]),
        ({**DISTANCE, "start": "1e999 0 0"}, ["start"]),
        ({**DISTANCE, "end": "0 0 0"}, ["start"]),
        ({**DISTANCE, "length": "-2"}, ["length"]),
        ({**DISTANCE, "length": "inf"}, ["length"]),
        ({"start": "1 2 3"}, ["end", "length"]),
        ({"length": "2"}, ["end", "start"]),
        ({"up": "w", "start": "x" * 200}, ["end", "length", "start", "up"]),
    ],
)
def test_what_cannot_be_declared_is_said_beside_its_field_and_nothing_is_lost(museum, curator, data, typed, fields) -> None:
    response = send(client_of(curator), museum, {"a.ply": TRIANGLE}, **typed)
    form = response.context_data["form"]
    assert (response.status_code, sorted(form.errors), File.objects.count()) == (422, fields, 0)
    assert {name: form[name].value() for name in typed} == typed
    assert '<details class="q-panel q-more" open>' in response.content.decode()


def test_a_unit_for_what_has_none_is_said_beside_the_unit(museum, curator, data) -> None:
    response = send(client_of(curator), museum, {"a.png": PNG}, unit="mm")
    assert (response.status_code, list(response.context_data["form"].errors), response.context_data["refusal"]) == (422, ["unit"], None)
    assert File.objects.count() == 0


SIDECARS = {
    "scale bars": ({"a.ply": TRIANGLE, "scale.json": b'{"from": [0,0,0], "to": [1,0,0], "length": 1, "unit": "m"}'}, "scale_bars", 1),
    "captions": (
        {"a.wav": wav(frames=8_000), "a.zh.vtt": b"WEBVTT\n\n00:00.000 --> 00:00.500\n\xe5\x94\xb1\n"},
        "captions",
        1,
    ),
    "several scans": ({"a.xyz": CLOUD, "b.xyz": CLOUD.replace(b"0 0 0", b"0 0 9")}, "files", 2),
    "pages with a text": ({"p1.png": PNG, "p2.png": PNG, "p1.txt": b"one"}, "files", 2),
}


@pytest.mark.parametrize("name", sorted(SIDECARS))
def test_what_belongs_to_a_file_goes_with_it_through_the_form(museum, curator, data, name: str) -> None:
    files, counted, number = SIDECARS[name]
    send(client_of(curator), museum, files)
    intake = json.loads((data / "runs" / str(Run.objects.get().pk) / "source" / "intake.json").read_bytes())
    assert (sorted(intake["members"]), intake["counts"][counted], intake["doubts"]) == (sorted(files), number, intake["doubts"])
    assert "input.files-unused" not in [doubt["code"] for doubt in intake["doubts"]]


def test_what_nothing_takes_is_named(museum, curator, data) -> None:
    send(client_of(curator), museum, {"a.ply": TRIANGLE, "notes.txt": b"mine"})
    intake = json.loads((data / "runs" / str(Run.objects.get().pk) / "source" / "intake.json").read_bytes())
    unused = next(doubt for doubt in intake["doubts"] if doubt["code"] == "input.files-unused")
    assert unused["params"] == {"count": 1, "names": "notes.txt"}
