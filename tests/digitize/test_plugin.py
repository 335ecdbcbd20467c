# SPDX-License-Identifier: Apache-2.0
"""A step from outside: a module in a folder of its own, named by a recipe, run as confined as ours."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from digitize.errors import StepFailure
from digitize.recipe import parse
from digitize.runner import Result, StepLimits, run_recipe

DENSE = '''
"""Stands for an outside tool: files in, files and facts out."""
import copy
from pathlib import Path
from dense_tool_parts import SIZE


def run(*, inputs, out, params, progress):
    progress(0.5, "dense")
    assert copy.copy([1]) == [1]  # Python's own, whatever lies in the plug-in's folder
    data = (inputs["source"] / "a.txt").read_bytes() * params["times"]
    (out / "dense.ply").write_bytes(data)
    looked = []
    for place in params["places"]:
        try:
            looked.append(Path(place).read_text())
        except OSError as error:
            looked.append(type(error).__name__)
    rendition = {"role": "dense", "media_type": "model/ply", "path": "dense.ply"}
    return {"renditions": [rendition], "size": SIZE, "looked": looked, "doubts": [{"code": "dense.rough", "message": "Only a trial."}]}
'''


@pytest.fixture
def plugin(tmp_path: Path) -> Path:
    folder = tmp_path / "plugin"
    folder.mkdir()
    (folder / "dense_tool.py").write_text(DENSE)
    (folder / "dense_tool_parts.py").write_text("SIZE = 7\n")
    (folder / "copy.py").write_text("raise RuntimeError('stands in for a module of Python')\n")
    (tmp_path / "source").mkdir()
    (tmp_path / "source" / "a.txt").write_bytes(b"points ")
    (tmp_path / "secret.txt").write_text("secret")
    return folder


def go(tmp_path: Path, *, readable: tuple[Path, ...], **params: Any) -> Result:
    steps = [{"name": "dense", "run": "dense_tool", "needs": ["source"], "params": {"times": 3, "places": [], **params}}]
    recipe = parse({"name": "with-dense", "version": 1, "kind": "photos", "steps": steps})
    limits = StepLimits(readable=readable)
    return run_recipe(recipe, source=tmp_path / "source", work=tmp_path / "work", limits=limits, on_event=lambda _: None)


def test_a_step_outside_this_room_runs_where_its_folder_is_named(tmp_path: Path, plugin: Path):
    result = go(tmp_path, readable=(plugin,))
    assert result.renditions[0].path.read_bytes() == b"points points points "
    assert result.facts["dense"]["size"] == 7
    assert [(doubt.code, doubt.message) for doubt in result.doubts] == [("dense.rough", "Only a trial.")]


def test_it_reads_nothing_else(tmp_path: Path, plugin: Path):
    result = go(tmp_path, readable=(plugin,), places=[str(tmp_path / "secret.txt")])
    if "landlock" not in result.steps[0].isolation:
        pytest.skip("this kernel has no Landlock")
    assert result.facts["dense"]["looked"] == ["PermissionError"]


def test_without_its_folder_the_step_fails_with_its_name(tmp_path: Path, plugin: Path):
    del plugin
    with pytest.raises(StepFailure) as caught:
        go(tmp_path, readable=())
    assert caught.value.code == "step.failed"
    assert "dense_tool" in caught.value.message
