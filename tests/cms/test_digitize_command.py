# SPDX-License-Identifier: Apache-2.0
"""`manage.py digitize` as scripts call it: no database, one object, the exits."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.commands import ROOT

pytestmark = pytest.mark.slow
MOTION = """HIERARCHY
ROOT Hips
{
  OFFSET 0 0 0
  CHANNELS 6 Xposition Yposition Zposition Zrotation Xrotation Yrotation
  JOINT Knee
  {
    OFFSET 0 -10 0
    CHANNELS 3 Zrotation Xrotation Yrotation
    End Site
    {
      OFFSET 0 -10 0
    }
  }
}
MOTION
Frames: 3
Frame Time: 0.04
0 20 0 0 0 0 0 0 0
0 21 0 0 5 0 0 10 0
0 22 0 0 10 0 0 20 0
"""


def digitize(tmp_path: Path, *words: str | Path, status: int = 0) -> dict[str, Any]:
    environment = {
        name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "DJANGO_SETTINGS_MODULE", "QILU_SECRET_KEY")
    }
    done = subprocess.run(
        [sys.executable, str(ROOT / "manage.py"), "digitize", *map(str, words), "--json"],
        env={**environment, "QILU_DATA": str(tmp_path / "data"), "LC_ALL": "C.UTF-8"},
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=False,
    )
    assert done.returncode == status, done.stderr[-2000:] + done.stdout[-2000:]
    assert not (tmp_path / "data").exists()
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def test_a_motion_is_digitized_without_any_data_folder(tmp_path: Path) -> None:
    (tmp_path / "walk.bvh").write_text(MOTION)
    told = digitize(tmp_path, tmp_path / "walk.bvh", tmp_path / "out", "--unit", "cm")
    assert {one["role"] for one in told["renditions"]} == {"motion", "thumbnail", "report"}
    assert (told["facts"]["kind"], told["facts"]["joints"], told["facts"]["unit"]) == ("motion", 2, "cm")
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == sorted(one["path"] for one in told["renditions"])
    again = digitize(tmp_path, tmp_path / "walk.bvh", tmp_path / "out", status=2)
    assert again["code"] == "output.taken"


def test_exits_are_those_of_every_command(tmp_path: Path) -> None:
    (tmp_path / "cut.bvh").write_text(MOTION[:-40])
    assert set(digitize(tmp_path, tmp_path / "cut.bvh", tmp_path / "out", status=2)) >= {"code", "message", "hint", "retryable", "at"}
    assert digitize(tmp_path, tmp_path / "nothing.ply", tmp_path / "out", status=2)["code"] == "input.missing"
    assert digitize(tmp_path, tmp_path / "cut.bvh", tmp_path / "out", "--recipe", "no-such", status=2)["code"] == "recipe.unknown"
    assert digitize(tmp_path, tmp_path / "cut.bvh", tmp_path / "out", "--triangles", "x", status=64)["code"] == "usage"
    assert not (tmp_path / "out").exists()
