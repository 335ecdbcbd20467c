# SPDX-License-Identifier: Apache-2.0
"""What a path on the command line means, with what is given beside it; nothing of a folder is left out in silence."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from digitize.errors import Refusal
from pipelines.domain import receive_upload
from pipelines.errors import PipelinesError
from pipelines.models import Run
from pipelines.parts import chunks_of, given
from pipelines.source import folder
from tests.pipelines.shapes import box_obj, box_ply

BAR = {"from": [0, 0, 0], "to": [1, 0, 0], "length": 5, "unit": "cm"}


def scale_json(place: Path) -> Path:
    place.parent.mkdir(exist_ok=True)
    place.write_text(json.dumps(BAR))
    return place


def test_a_file_is_itself_and_an_obj_brings_what_it_names(tmp_path: Path) -> None:
    assert dict(given(box_ply(tmp_path / "a.ply")).parts) == {"a.ply": tmp_path / "a.ply"}
    assert sorted(given(box_obj(tmp_path / "box")).parts) == ["box.mtl", "box.obj", "box.png"]


def test_what_a_folder_holds_besides_is_named(tmp_path: Path) -> None:
    box_ply(tmp_path / "a.ply")
    (tmp_path / "notes.txt").write_text("mine")
    found = given(tmp_path)
    assert (list(found.parts), [doubt.params for doubt in found.doubts]) == (["a.ply"], [{"count": 1, "names": "notes.txt"}])


def test_what_an_obj_names_may_lie_elsewhere_where_it_is_given(tmp_path: Path) -> None:
    scan = box_obj(tmp_path / "box")
    picture = (tmp_path / "box" / "box.png").rename(tmp_path / "box.png")
    with pytest.raises(Refusal) as told:
        given(scan)
    found = given(scan, [picture, tmp_path / "box" / "box.mtl"])
    assert (told.value.code, list(found.parts), sorted(found.beside)) == ("member.missing", ["box.obj"], ["box.mtl", "box.png"])


def test_two_companions_of_one_name_and_a_missing_one_are_refused(tmp_path: Path) -> None:
    scan = box_ply(tmp_path / "a.ply")
    for beside, code in (
        ([scale_json(tmp_path / "x" / "scale.json"), scale_json(tmp_path / "y" / "scale.json")], "upload.name-twice"),
        ([tmp_path / "no"], "path.missing"),
    ):
        with pytest.raises(PipelinesError) as told:
            given(scan, beside)
        assert told.value.code == code


def receive(institution, path: Path, *beside: Path) -> dict[str, object]:
    found = given(path, beside)
    receive_upload(institution=institution, user=None, parts=chunks_of(found.parts), beside=chunks_of(found.beside))
    intake: dict[str, object] = json.loads((folder(Run.objects.get().pk) / "source" / "intake.json").read_bytes())
    return intake


@pytest.mark.django_db(transaction=True)
def test_a_companion_becomes_part_of_the_original(institution, tmp_path: Path) -> None:
    intake = receive(institution, box_ply(tmp_path / "a.ply"), scale_json(tmp_path / "x" / "scale.json"))
    assert (intake["members"], Run.objects.get().file.name) == (["a.ply", "scale.json"], "a.zip")


@pytest.mark.django_db(transaction=True)
def test_a_companion_that_nothing_takes_is_refused_and_nothing_stays(institution, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(Refusal) as told:
        receive(institution, box_ply(tmp_path / "a.ply"), tmp_path / "notes.txt")
    assert (told.value.code, told.value.at, Run.objects.count()) == ("sidecar.unused", "notes.txt", 0)


@pytest.mark.django_db(transaction=True)
def test_folders_of_an_input_stay(institution, tmp_path: Path) -> None:
    scan = box_obj(tmp_path / "box")
    (scan.parent / "maps").mkdir()
    (scan.parent / "box.png").rename(scan.parent / "maps" / "box.png")
    (scan.parent / "box.mtl").write_text("newmtl skin\nmap_Kd maps/box.png\n")
    assert receive(institution, scan.parent)["members"] == ["box.obj", "box.mtl", "maps/box.png"]
