# SPDX-License-Identifier: Apache-2.0
"""One file of many: the same members, the same bytes."""

import zipfile
from pathlib import Path

import pytest

from digitize import bundle


def fill(folder: Path, names: list[str]) -> Path:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(name)
    return folder


def test_the_order_of_making_does_not_matter(tmp_path: Path) -> None:
    names = ["b.txt", "a/2.txt", "a/10.txt", "页.txt"]
    counts = [bundle.write(fill(tmp_path / str(i), order), tmp_path / f"{i}.zip") for i, order in enumerate((names, names[::-1]))]
    assert counts == [4, 4]
    assert (tmp_path / "0.zip").read_bytes() == (tmp_path / "1.zip").read_bytes()
    with zipfile.ZipFile(tmp_path / "0.zip") as archive:
        assert archive.namelist() == ["a/10.txt", "a/2.txt", "b.txt", "页.txt"]
        assert {(i.compress_type, i.date_time, i.external_attr >> 16) for i in archive.infolist()} == {(0, (1980, 1, 1, 0, 0, 0), 0o100644)}
        assert archive.read("页.txt").decode() == "页.txt"


def test_another_zip_is_put_in_order(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        for name in ("x/2", "x/1", "x/log"):
            archive.writestr(name, name)
    assert bundle.sort(tmp_path / "a.zip", tmp_path / "b.zip", lambda name: None if name.endswith("log") else name[2:]) == 2
    with zipfile.ZipFile(tmp_path / "b.zip") as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == {"1": b"x/1", "2": b"x/2"}


def test_a_name_twice_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="does not come after"):
        bundle.write_members(tmp_path / "a.zip", [("a", bytes), ("a", bytes)])
