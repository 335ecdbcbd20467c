# SPDX-License-Identifier: Apache-2.0
"""USDZ: opens in pxr, real units, aligned, reproducible, the same surface and look as the GLB."""

import struct
import zipfile
from pathlib import Path

import numpy as np
import pytest

from digitize.encode import glb, usdz
from digitize.measure.readback import read_back
from tests.digitize.encode.test_glb import MESHES
from tests.digitize.shapes import checker


@pytest.mark.parametrize("name", MESHES)
def test_pxr_opens_it_with_units_axis_and_default_prim(tmp_path: Path, name: str) -> None:
    from pxr import Usd, UsdGeom

    usdz.write(MESHES[name], tmp_path / "a.usdz")
    stage = Usd.Stage.Open(str(tmp_path / "a.usdz"))
    assert (UsdGeom.GetStageMetersPerUnit(stage), UsdGeom.GetStageUpAxis(stage)) == (1.0, "Y")
    assert stage.GetDefaultPrim().GetPath() == "/Asset"
    meshes = [UsdGeom.Mesh(prim) for prim in stage.Traverse() if prim.IsA(UsdGeom.Mesh)]
    for mesh in meshes:
        points, indices = np.array(mesh.GetPointsAttr().Get()), np.array(mesh.GetFaceVertexIndicesAttr().Get())
        assert (indices.min(), indices.max()) == (0, len(points) - 1)
        assert np.allclose(np.array(mesh.GetExtentAttr().Get()), [points.min(axis=0), points.max(axis=0)])
    assert sum(len(mesh.GetFaceVertexCountsAttr().Get()) for mesh in meshes) == MESHES[name].triangles


@pytest.mark.parametrize("name", MESHES)
def test_it_is_the_same_surface_as_the_glb(tmp_path: Path, name: str) -> None:
    usdz.write(MESHES[name], tmp_path / "a.usdz")
    glb.write(MESHES[name], tmp_path / "a.glb")
    one, two = (read_back(tmp_path / f"a.{kind}", MESHES[name]) for kind in ("usdz", "glb"))
    assert np.array_equal(one.faces, two.faces)
    assert np.allclose(one.positions, two.positions, rtol=0, atol=1e-6 * MESHES[name].diagonal())
    assert (one.uv is None) == (two.uv is None or name == "rich")
    assert np.array_equal(one.material_of, two.material_of)


def test_equal_meshes_give_equal_bytes(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        usdz.write(MESHES["rich"], tmp_path / name / "x.usdz")
    assert (tmp_path / "a" / "x.usdz").read_bytes() == (tmp_path / "b" / "x.usdz").read_bytes()
    assert [path.name for path in (tmp_path / "a").iterdir()] == ["x.usdz"]


def test_members_are_stored_at_multiples_of_64(tmp_path: Path) -> None:
    usdz.write(MESHES["textured"], tmp_path / "a.usdz")
    data = (tmp_path / "a.usdz").read_bytes()
    with zipfile.ZipFile(tmp_path / "a.usdz") as package:
        assert package.testzip() is None
        assert [info.filename for info in package.infolist()] == ["model.usdc", "textures/texture-0.png"]
        assert package.read("textures/texture-0.png") == checker().data
        for info in package.infolist():
            name, extra = struct.unpack_from("<HH", data, info.header_offset + 26)
            assert (info.compress_type, (info.header_offset + 30 + name + extra) % 64) == (zipfile.ZIP_STORED, 0)


def test_the_material_is_driven_by_its_maps(tmp_path: Path) -> None:
    from pxr import Usd, UsdShade

    usdz.write(MESHES["rich"], tmp_path / "a.usdz")
    stage = Usd.Stage.Open(str(tmp_path / "a.usdz"))
    shader = UsdShade.Shader.Get(stage, "/Asset/Materials/Material0/Surface")
    driven = sorted(i.GetBaseName() for i in shader.GetInputs() if i.HasConnectedSource())
    assert driven == ["diffuseColor", "emissiveColor", "metallic", "normal", "occlusion", "roughness"]
