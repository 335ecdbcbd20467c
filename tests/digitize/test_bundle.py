# SPDX-License-Identifier: Apache-2.0
"""What a folder holds: one object, several files of one, and what lies beside them."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from PIL import Image

from digitize.errors import Refusal
from digitize.preflight import Intake, Limits, bundle, inspect, prepare
from tests.digitize.corpus.case import OBJ, jpeg, ply_ascii, png, wav


def lay(folder: Path, **files: bytes) -> Path:
    """Write files; ``__`` in a name stands for the dot."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in files.items():
        (folder / name.replace("__", ".")).write_bytes(data)
    return folder


def exposed(number: int = 0) -> bytes:
    """Write a photograph that says how it was exposed."""
    exif = Image.Exif()
    exif.get_ifd(0x8769)[0x829A] = 0.01
    stream = io.BytesIO()
    Image.new("RGB", (16, 12), (number, 80, 40)).save(stream, "JPEG", exif=exif)
    return stream.getvalue()


def refused(folder: Path, **asked: str) -> tuple[str, str | None]:
    with pytest.raises(Refusal) as caught:
        inspect(folder, **asked)  # type: ignore[arg-type]
    return caught.value.code, caught.value.at


def test_names_sort_as_people_number_them() -> None:
    names = ["page 10.png", "Page 2.png", "page 1.png", "封面.png", "page 02b.png"]
    assert sorted(names, key=bundle.natural) == ["page 1.png", "Page 2.png", "page 02b.png", "page 10.png", "封面.png"]


def test_several_pictures_are_the_pages_of_a_document(tmp_path: Path) -> None:
    intake = inspect(lay(tmp_path, p10__png=png(), p9__png=png(), p1__jpg=jpeg()))
    assert (intake.kind, intake.format, intake.main) == ("document", "jpeg", "p1.jpg")
    assert intake.members == ("p1.jpg", "p9.png", "p10.png")
    assert (intake.counts["files"], intake.counts["width"]) == (3, 8)
    assert list(intake.parts) == ["p1.jpg", "p9.png", "p10.png"]


@pytest.mark.parametrize(("photographs", "kind"), [(2, "photos"), (1, "document")])
def test_two_thirds_with_exposure_are_a_photo_set(tmp_path: Path, photographs: int, kind: str) -> None:
    for i in range(3):
        (tmp_path / f"{i}.jpg").write_bytes(exposed(i) if i < photographs else jpeg())
    assert inspect(tmp_path).kind == kind
    assert inspect(tmp_path, kind="document").kind == "document"
    assert inspect(tmp_path, kind="photos").kind == "photos"


def test_the_wanted_kind_decides_among_files(tmp_path: Path) -> None:
    lay(tmp_path, a__png=png(), b__png=png(), talk__wav=wav())
    assert refused(tmp_path)[0] == "folder.several-mains"
    assert inspect(tmp_path, kind="sound").main == "talk.wav"
    assert inspect(tmp_path, kind="document").members == ("a.png", "b.png")
    assert refused(tmp_path, kind="film") == ("folder.no-main", None)


def test_one_file_of_another_kind_than_wanted_is_refused(tmp_path: Path) -> None:
    lay(tmp_path, a__png=png(), b__ply=ply_ascii())
    assert inspect(tmp_path / "a.png", kind="document").kind == "document"
    assert refused(tmp_path / "a.png", kind="mesh") == ("input.wrong-kind", None)
    assert refused(tmp_path / "b.ply", kind="document") == ("input.wrong-kind", None)


def test_several_meshes_are_several_objects(tmp_path: Path) -> None:
    lay(tmp_path, a__ply=ply_ascii(), b__ply=ply_ascii())
    assert refused(tmp_path) == ("folder.several-mains", "b.ply")
    assert refused(tmp_path, kind="mesh") == ("folder.several-mains", "b.ply")


def test_a_doubt_of_many_files_is_told_once(tmp_path: Path) -> None:
    found = bundle._told([("a.png", bundle.Doubt("x", "byte 1")), ("b.png", bundle.Doubt("x"))])
    assert found.at == "a.png: byte 1 (+1)"


def test_the_intake_of_several_files_is_read_back(tmp_path: Path) -> None:
    lay(tmp_path / "in", a__png=png(), b__png=png())
    intake = prepare(tmp_path / "in", into=tmp_path / "out")
    assert Intake.load(tmp_path / "out") == intake
    assert [path.name for path in sorted((tmp_path / "out").iterdir())] == ["a.png", "b.png", "intake.json"]


def test_what_is_given_beside_lies_with_the_input(tmp_path: Path) -> None:
    lay(tmp_path / "in", a__obj=b"mtllib a.mtl\n" + OBJ)
    lay(tmp_path / "more", a__mtl=b"newmtl clay\nmap_Kd t.png\n", t__png=png())
    intake = prepare(tmp_path / "in" / "a.obj", into=tmp_path / "out", beside=[tmp_path / "more" / "a.mtl", tmp_path / "more" / "t.png"])
    assert intake.members == ("a.obj", "a.mtl", "t.png")
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_what_is_given_beside_and_not_used_is_refused(tmp_path: Path) -> None:
    lay(tmp_path / "in", a__png=png())
    lay(tmp_path / "more", a__txt=b"hello", a__png=png())
    for name, code in (("a.txt", "sidecar.unused"), ("a.png", "sidecar.name-taken")):
        with pytest.raises(Refusal) as caught:
            prepare(tmp_path / "in" / "a.png", into=tmp_path / "out", beside=[tmp_path / "more" / name])
        assert (caught.value.code, caught.value.at) == (code, name)
        assert not (tmp_path / "out").exists()


def test_a_zip_takes_what_is_given_beside(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("a.obj", b"mtllib a.mtl\n" + OBJ)
    lay(tmp_path, a__mtl=b"newmtl clay\n")
    intake = prepare(tmp_path / "a.zip", into=tmp_path / "out", beside=[tmp_path / "a.mtl"], limits=Limits())
    assert intake.members == ("a.obj", "a.mtl")


def test_a_link_is_what_it_stands_for(tmp_path: Path) -> None:
    folder = lay(tmp_path / "in", a__obj=b"mtllib a.mtl\n" + OBJ)
    more = lay(tmp_path / "more", clay__mtl=b"newmtl clay\n")
    (tmp_path / "latest.obj").symlink_to(folder / "a.obj")
    (tmp_path / "a.mtl").symlink_to(more / "clay.mtl")
    intake = prepare(tmp_path / "latest.obj", into=tmp_path / "out", beside=[tmp_path / "a.mtl"])
    assert intake.members == ("latest.obj", "a.mtl")
    assert (tmp_path / "out" / "a.mtl").read_bytes() == b"newmtl clay\n"
