# SPDX-License-Identifier: Apache-2.0
"""The whole way of an input into a folder: whole or not at all, resumed, the same each time."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from digitize.basis import encoder
from digitize.errors import DigitizeError, Refusal
from digitize.make import OutputError, Wish, make
from digitize.recipe import RecipeError, canonical, load, one_level
from digitize.runner import Event
from tests.digitize.shapes import seamed, write_obj

QUICK = {"thumbnail": {"side": 64}, "measure": {"samples": 4000}}


@pytest.fixture
def quick(tmp_path: Path) -> Path:
    """Write the mesh recipe with a small picture and few samples into a file."""
    full = load("mesh")
    steps = tuple(replace(step, params={**step.params, **QUICK.get(step.name, {})}) for step in full.steps)
    path = tmp_path / "quick.json"
    path.write_bytes(canonical(replace(full, name="quick", steps=steps).as_json()))
    return path


@pytest.fixture
def scan(tmp_path: Path) -> Path:
    return write_obj(seamed(5), tmp_path / "in").parent


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def without_times(data: bytes) -> dict[str, object]:
    told: dict[str, object] = json.loads(data)
    assert told.pop("timings")
    return told


def test_two_calls_give_the_same_bytes_apart_from_times(scan: Path, quick: Path, tmp_path: Path) -> None:
    made = [make(Wish(scan, recipe=quick), tmp_path / name) for name in ("one", "two")]
    one, two = (files(tmp_path / name) for name in ("one", "two"))
    assert without_times(one.pop("report.json")) == without_times(two.pop("report.json"))
    assert one == two
    told = made[0].as_json(tmp_path / "one")
    assert sorted([*one, "report.json"]) == sorted(item["path"] for item in told["renditions"])
    assert all((tmp_path / "one" / item["path"]).stat().st_size == item["bytes"] for item in told["renditions"])
    assert all(item["cpu_seconds"] >= 0 for item in told["renditions"])
    assert (told["facts"]["kind"], told["facts"]["triangles"]) == ("mesh", seamed(5).triangles)
    assert not list(tmp_path.glob(".*digitizing"))


def test_one_level_of_so_many_triangles(scan: Path, quick: Path, tmp_path: Path) -> None:
    told = make(Wish(scan, recipe=quick, triangles=40, declared={"unit": "cm"}), tmp_path / "out").as_json(tmp_path / "out")
    levels = {item["role"]: item["triangles"] for item in told["renditions"] if item["role"].startswith("lod")}
    assert set(levels) == {"lod-0", "lod-0-compressed", "lod-0-meshopt", *(["lod-0-ktx2"] if encoder.found() else [])}
    assert all(38 <= triangles <= 42 for triangles in levels.values())
    assert (told["facts"]["unit"], told["facts"]["unit_evidence"]) == ("cm", "declared with the upload")
    assert told["renditions"][0]["error"]["unit"] == "cm"


def test_the_report_says_how_to_make_the_same_again(scan: Path, quick: Path, tmp_path: Path) -> None:
    made = make(Wish(scan, recipe=quick, triangles=40, declared={"unit": "cm", "up": "z"}), tmp_path / "out")
    told = json.loads((tmp_path / "out" / "report.json").read_bytes())
    words = told["command"]["words"]
    assert words[words.index("--recipe") + 1 :] == ["recipe.json", "--unit", "cm", "--declared", "declared.json"]
    (tmp_path / "recipe.json").write_text(json.dumps({name: value for name, value in told["recipe"].items() if name != "digest"}))
    again = make(Wish(scan, recipe=tmp_path / "recipe.json", declared=told["source"]["declared"]), tmp_path / "again")
    ours, theirs = files(tmp_path / "out"), files(tmp_path / "again")
    assert without_times(ours.pop("report.json")) == without_times(theirs.pop("report.json"))
    assert (ours, again.recipe.digest) == (theirs, made.recipe.digest)


def test_a_recipe_without_levels_makes_none() -> None:
    with pytest.raises(RecipeError) as caught:
        one_level(load("motion"), 100)
    assert caught.value.code == "recipe.no-levels"


@pytest.mark.parametrize("taken", ["file", "folder", "link"])
def test_what_lies_in_the_way_stays(taken: str, scan: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    if taken == "file":
        out.write_bytes(b"mine")
    elif taken == "folder":
        out.mkdir()
        (out / "mine").write_bytes(b"mine")
    else:
        out.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(OutputError) as caught:
        make(Wish(scan), out)
    assert caught.value.code == "output.taken"
    assert os.path.lexists(out)
    assert taken == "link" or (out if out.is_file() else out / "mine").read_bytes() == b"mine"


def test_an_empty_folder_is_used(scan: Path, quick: Path, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    assert make(Wish(scan, recipe=quick, triangles=40), tmp_path / "out").renditions[0].path.parent == tmp_path / "out"


def test_a_refusal_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "cut.ply").write_bytes(b"ply\nformat ascii 1.0\nelement vertex 8\n")
    before = sorted(tmp_path.iterdir())
    with pytest.raises(Refusal):
        make(Wish(tmp_path / "cut.ply"), tmp_path / "out")
    assert sorted(tmp_path.iterdir()) == before


def test_an_unknown_recipe_is_named(scan: Path, tmp_path: Path) -> None:
    with pytest.raises(DigitizeError) as caught:
        make(Wish(scan, recipe="no-such"), tmp_path / "out")
    assert caught.value.code == "recipe.unknown"


KILLED = """
import os, signal, sys
from pathlib import Path
from digitize.make import Wish, make
def listen(event):
    if (event.step, event.state) == (sys.argv[4], "started"):
        os.kill(os.getpid(), signal.SIGKILL)
make(Wish(Path(sys.argv[1]), recipe=sys.argv[2]), Path(sys.argv[3]), listen=listen)
"""


def test_killed_it_goes_on_and_ends_like_an_unbroken_call(scan: Path, quick: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    for step in ("levels", "thumbnail"):
        words = [sys.executable, "-c", KILLED, str(scan), str(quick), str(out), step]
        assert subprocess.run(words, check=False, env={**os.environ, "PYTHONPATH": str(Path.cwd())}).returncode == -9
        assert not out.exists()
    seen: list[Event] = []
    make(Wish(scan, recipe=quick), out, listen=seen.append)
    assert [event.step for event in seen if event.state == "reused"][:1] == ["normalise"]
    make(Wish(scan, recipe=quick), tmp_path / "unbroken")
    ours, theirs = files(out), files(tmp_path / "unbroken")
    assert without_times(ours.pop("report.json")) == without_times(theirs.pop("report.json"))
    assert ours == theirs
