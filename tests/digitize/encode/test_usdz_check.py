# SPDX-License-Identifier: Apache-2.0
"""Our checks of a USDZ find what is wrong with one."""

import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from digitize.encode import usdz
from digitize.encode.usdz_check import check
from digitize.errors import StepFailure
from tests.digitize.encode.test_glb import MESHES


@pytest.mark.parametrize("name", MESHES)
def test_what_we_write_is_sound(tmp_path: Path, name: str) -> None:
    mesh = MESHES[name]
    usdz.write(mesh, tmp_path / "a.usdz")
    found = check(tmp_path / "a.usdz", triangles=mesh.triangles, metric=mesh.unit is not None)
    assert (found["triangles"], found["meters_per_unit"], found["up"], found["textures"]) == (mesh.triangles, 1.0, "Y", len(mesh.textures))
    assert found["metric"] is (name in {"rich", "far"})


def refused(path: Path, triangles: int) -> str:
    with pytest.raises(StepFailure) as caught:
        check(path, triangles=triangles, metric=True)
    assert caught.value.code == "usdz.unsound"
    return str(caught.value.params["problem"])


def test_another_number_of_triangles(tmp_path: Path) -> None:
    usdz.write(MESHES["plain"], tmp_path / "a.usdz")
    assert refused(tmp_path / "a.usdz", 13) == "12 triangles instead of 13"


def repacked(path: Path, change: Callable[[dict[str, bytes]], dict[str, bytes]], method: int = zipfile.ZIP_STORED) -> None:
    """Pack the members again by other means."""
    with zipfile.ZipFile(path) as package:
        members = {name: package.read(name) for name in package.namelist()}
    with zipfile.ZipFile(path, "w", method) as package:
        for name, data in change(members).items():
            package.writestr(name, data)


def test_compressed_or_unaligned_members(tmp_path: Path) -> None:
    for method in (zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED):
        usdz.write(MESHES["textured"], tmp_path / "a.usdz")
        repacked(tmp_path / "a.usdz", lambda members: members, method)
        assert "compressed or not at a multiple of 64" in refused(tmp_path / "a.usdz", 128)


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (lambda m: {**m, "textures/texture-9.png": m["textures/texture-0.png"]}, "the textures named are not those inside"),
        (lambda m: {name: data for name, data in m.items() if name == "model.usdc"}, "the textures named are not those inside"),
        (lambda m: {**m, "textures/texture-0.png": b"RIFF" + bytes(60)}, "textures/texture-0.png is neither PNG nor JPEG"),
        (lambda m: dict(reversed(m.items())), "its first member is no layer, or a name stands twice"),
    ],
)
def test_members_that_do_not_fit(tmp_path: Path, change: Any, problem: str) -> None:
    usdz.write(MESHES["textured"], tmp_path / "a.usdz")
    with zipfile.ZipFile(tmp_path / "a.usdz") as package:
        members = {name: package.read(name) for name in package.namelist()}
    (tmp_path / "a.usdz").write_bytes(usdz._package(list(change(members).items())))
    assert refused(tmp_path / "a.usdz", 128) == problem


def edited(path: Path, edit: Callable[[Any], None]) -> None:
    """Change the layer through pxr and pack it again."""
    from pxr import Usd

    with zipfile.ZipFile(path) as package:
        members = {name: package.read(name) for name in package.namelist()}
    layer = path.parent / "model.usdc"
    layer.write_bytes(members["model.usdc"])
    stage = Usd.Stage.Open(str(layer))
    edit(stage)
    stage.GetRootLayer().Save()
    path.write_bytes(usdz._package([("model.usdc", layer.read_bytes()), *list(members.items())[1:]]))


def set_units(stage: Any) -> None:
    stage.SetMetadata("metersPerUnit", 0.01)


def turn(stage: Any) -> None:
    stage.SetMetadata("upAxis", "Z")


def shift_index(stage: Any) -> None:
    attribute = stage.GetPrimAtPath("/Asset/Body/Part0").GetAttribute("faceVertexIndices")
    values = np.array(attribute.Get())
    values[5] = 10_000
    attribute.Set(values)


def drop_uv(stage: Any) -> None:
    attribute = stage.GetPrimAtPath("/Asset/Body/Part0").GetAttribute("primvars:st")
    attribute.Set(attribute.Get()[:-1])


def shrink(stage: Any) -> None:
    attribute = stage.GetPrimAtPath("/Asset/Body/Part0").GetAttribute("extent")
    attribute.Set(np.array(attribute.Get()) * 0.5)


@pytest.mark.parametrize(
    ("edit", "problem"),
    [
        (set_units, "metersPerUnit is not 1"),
        (turn, "its up axis is not Y"),
        (shift_index, "names a point that is not there"),
        (drop_uv, " st for "),
        (shrink, "leaves its extent"),
    ],
)
def test_a_layer_that_lies(tmp_path: Path, edit: Callable[[Any], None], problem: str) -> None:
    usdz.write(MESHES["textured"], tmp_path / "a.usdz")
    edited(tmp_path / "a.usdz", edit)
    assert problem in refused(tmp_path / "a.usdz", 128)
