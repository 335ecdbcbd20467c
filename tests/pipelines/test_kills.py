# SPDX-License-Identifier: Apache-2.0
"""Killed with -9 at every stage of every recipe, in receiving, in storing, in cataloguing and in sealing: the work ends as if nothing had happened."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from digitize.recipe import KINDS, for_kind
from tests.commands import Instance
from tests.databases import server
from tests.digitize.corpus.clouds import splat
from tests.digitize.corpus.documents import letters
from tests.digitize.motion.figures import bvh, dance
from tests.digitize.photos.shots import jpeg, shot
from tests.digitize.points.scans import whole, write_xyz
from tests.digitize.recordings import FFMPEG, made, tone
from tests.pipelines.shapes import box_obj, png

pytestmark = pytest.mark.slow
CAPTIONS = "WEBVTT\n\n00:00.000 --> 00:00.400\n唱\n"


def photographs(folder: Path) -> None:
    for number, degrees in enumerate((0, 20, 40)):
        (folder / f"{number}.jpg").write_bytes(jpeg(shot(degrees)))


def sound(folder: Path) -> None:
    tone(folder / "a.wav", seconds=0.5, rate=8000, channels=1)
    (folder / "a.zh.vtt").write_text(CAPTIONS)


def film(folder: Path) -> None:
    made(folder / "a.mkv", "-f", "lavfi", "-i", "testsrc2=s=64x48:r=10:d=0.5", "-c:v", "ffv1")
    (folder / "a.zh.vtt").write_text(CAPTIONS)


INPUTS: dict[str, Callable[[Path], object]] = {
    "mesh": box_obj,
    "points": lambda folder: write_xyz(folder / "a.xyz", whole(600, outliers=0)[0]),
    "splats": lambda folder: (folder / "a.splat").write_bytes(splat(40)),
    "photos": photographs,
    "image": lambda folder: (folder / "a.png").write_bytes(png()),
    "document": lambda folder: (folder / "a.pdf").write_bytes(letters("first", "second")),
    "sound": sound,
    "film": film,
    "motion": lambda folder: (folder / "a.bvh").write_bytes(bvh(dance(4))),
}


def test_there_is_an_input_of_every_kind() -> None:
    assert set(INPUTS) == set(KINDS)


@pytest.mark.parametrize("kind", sorted(INPUTS))
def test_killed_at_every_stage_it_ends_as_if_nothing_had_happened(instance: Instance, tmp_path: Path, kind: str) -> None:
    if kind == "film" and FFMPEG is None:
        pytest.skip("there is no ffmpeg on this machine")
    if server() and kind != "mesh":
        pytest.skip("what the database has to do with it, the mesh shows")
    folder = tmp_path / "in"
    folder.mkdir()
    INPUTS[kind](folder)
    done = instance.run("shell", "-v0", "-c", f"from tests.pipelines.killing import main; main({kind!r}, {str(folder)!r})")
    assert done.returncode == 0, done.stderr[-3000:]
    told = json.loads(done.stdout)
    roles, kills = told.pop("roles"), told.pop("kills")
    sealed = kind == "mesh"
    assert told == {
        "kind": kind,
        "same": True,
        "runs": 1,
        "left": [],
        "uploads": ["received", "refused"],
        "versions": int(sealed),
        "entries": sorted(["ingest.receive", "process.run", *(["version.publish"] if sealed else [])]),
    }
    assert "report" in roles
    assert kills > 2 * len(for_kind(kind).steps) + 8
    assert instance.json("verify")["findings"] == []
