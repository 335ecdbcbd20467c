# SPDX-License-Identifier: Apache-2.0
"""Unpacking by itself: what comes out, under which names, within which budget."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digitize.archive import unpack
from digitize.errors import Refusal
from digitize.preflight import Limits, prepare
from tests.digitize.corpus.archives import pack, raw
from tests.digitize.corpus.case import OBJ, ply_ascii, png


def written(tmp_path: Path, data: bytes) -> Path:
    path = tmp_path / "in.zip"
    path.write_bytes(data)
    return path


def test_members_come_out_byte_for_byte(tmp_path: Path):
    members = {"a/b/c.bin": bytes(range(256)) * 300, "d.txt": b"", "e": b"x"}
    unpacked = unpack(written(tmp_path, pack(*members.items())), tmp_path / "out", Limits())
    assert unpacked.files == tuple(sorted(members))
    assert {name: (tmp_path / "out" / name).read_bytes() for name in members} == members


@pytest.mark.parametrize(("encoding", "doubts"), [("gbk", ["gbk"]), ("utf-8", [])])
def test_chinese_names_are_read_as_their_maker_wrote_them(tmp_path: Path, encoding: str, doubts: list[str]):
    unpacked = unpack(written(tmp_path, raw("蛋壳黑陶杯.ply".encode(encoding), b"x")), tmp_path / "out", Limits())
    assert unpacked.files == ("蛋壳黑陶杯.ply",)
    assert [doubt.params["encoding"] for doubt in unpacked.doubts] == doubts


def test_the_budget_is_of_all_members_together(tmp_path: Path):
    data = pack(*((f"{i}.bin", bytes(1000)) for i in range(5)))
    assert len(unpack(written(tmp_path, data), tmp_path / "fits", Limits(unpacked_bytes=5000)).files) == 5
    with pytest.raises(Refusal) as caught:
        unpack(written(tmp_path, data), tmp_path / "not", Limits(unpacked_bytes=4999))
    assert caught.value.code == "zip.too-large"
    assert not (tmp_path / "not").exists()


def test_a_refused_input_leaves_nothing(tmp_path: Path):
    data = pack(("a.obj", b"mtllib a.mtl\n" + OBJ), ("a.mtl", b"newmtl m\nmap_Kd gone.png\n"))
    with pytest.raises(Refusal):
        prepare(written(tmp_path, data), into=tmp_path / "laid")
    assert [path.name for path in tmp_path.iterdir()] == ["in.zip"]


def test_a_staged_file_is_laid_under_a_name_that_tells_its_format(tmp_path: Path):
    staged = tmp_path / "0b5c"
    staged.write_bytes(ply_ascii())
    intake = prepare(staged, into=tmp_path / "laid", name="陶杯.ply")
    assert (intake.main, intake.members) == ("original.ply", ("original.ply",))
    assert (tmp_path / "laid" / "original.ply").read_bytes() == ply_ascii()


def test_only_what_is_used_is_laid(tmp_path: Path):
    data = pack(("in/a.obj", b"mtllib a.mtl\n" + OBJ), ("in/a.mtl", b"newmtl m\nmap_Kd t.png\n"), ("in/t.png", png()), ("notes.txt", b"x"))
    intake = prepare(written(tmp_path, data), into=tmp_path / "laid")
    assert intake.members == ("in/a.obj", "in/a.mtl", "in/t.png")
    found = {path.relative_to(tmp_path / "laid").as_posix() for path in (tmp_path / "laid").rglob("*") if path.is_file()}
    assert found == {*intake.members, "intake.json"}


def test_a_folder_that_is_not_empty_is_not_written_into(tmp_path: Path):
    (tmp_path / "laid").mkdir()
    (tmp_path / "laid" / "kept").write_text("kept")
    with pytest.raises(FileExistsError):
        prepare(written(tmp_path, pack(("a.ply", ply_ascii()))), into=tmp_path / "laid")
    assert (tmp_path / "laid" / "kept").read_text() == "kept"


@settings(max_examples=60, deadline=None)
@given(names=st.lists(st.text(st.sampled_from("aA./\\é\u0301 \u4e2d:\n"), min_size=1, max_size=8), min_size=1, max_size=4))
def test_no_name_leads_outside(tmp_path_factory: pytest.TempPathFactory, names: list[str]):
    root = tmp_path_factory.mktemp("names")
    path = written(root, pack(*((name, b"x") for name in names)))
    try:
        unpack(path, root / "out", Limits())
    except Refusal as refusal:
        assert refusal.code.startswith("zip.")  # noqa: PT017 - either answer is right, the folder is what counts
    assert sorted(one.name for one in root.iterdir()) in (["in.zip"], ["in.zip", "out"])
