# SPDX-License-Identifier: Apache-2.0
"""GLB: valid, reproducible, in metres, with everything that the mesh has."""

import io
import json
import struct
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from digitize.encode import glb, textures
from digitize.encode.meshopt import Meshopt
from digitize.measure.readback import read_back
from digitize.mesh import Material, Mesh
from digitize.normals import smooth_normals
from tests.digitize.encode.validator import needs_validator, reports
from tests.digitize.shapes import checker, cube, seamed, sphere


def head(path: Path) -> dict:
    data = path.read_bytes()
    return json.loads(data[20 : 20 + struct.unpack_from("<I", data, 12)[0]])


def rich() -> Mesh:
    """Two materials with all maps, vertex colours, normals, a unit and an up axis."""
    mesh = smooth_normals(seamed(3))
    slots = dict.fromkeys(("base_colour", "metallic_roughness", "normal", "occlusion", "emissive"), 0)
    return replace(
        mesh,
        materials=(
            Material(name="甲", textures=slots, emissive=(0.1, 0.1, 0.1)),
            Material(name="b", alpha_mode="MASK", double_sided=False),
        ),
        material_of=(np.arange(mesh.triangles) % 2).astype(np.int32),
        colours=(np.abs(mesh.positions) * 255).astype(np.uint8)[:, [0, 1, 2, 2]],
        unit="mm",
        up="z",
    )


MESHES = {
    "plain": cube(),
    "textured": smooth_normals(seamed(2)),
    "coloured": replace(smooth_normals(sphere(2)), colours=np.full((66, 4), 99, dtype=np.uint8)),
    "rich": rich(),
    "far": replace(smooth_normals(cube()), positions=smooth_normals(cube()).positions + np.array([5e6, -3e6, 1e5]), unit="m"),
    "many": smooth_normals(sphere(7)),
}


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("glb")
    for name, mesh in MESHES.items():
        glb.write(mesh, folder / f"{name}.glb")
        glb.write(mesh, folder / f"{name}-draco.glb", codec=glb.Draco())
        glb.write(mesh, folder / f"{name}-meshopt.glb", codec=Meshopt())
    return folder


@needs_validator
def test_khronos_finds_no_error_and_no_warning(written: Path) -> None:
    paths = sorted(written.iterdir())
    found = reports(*paths)
    assert [Path(r["path"]).name for r in found] == [p.name for p in paths]
    expected = "MESH_PRIMITIVE_GENERATED_TANGENT_SPACE"  # a normal map without tangents: viewers make them, as glTF allows
    issues = {Path(r["path"]).name: [m["code"] for m in r["messages"] if m["severity"] < 2 and m["code"] != expected] for r in found}
    assert {name: codes for name, codes in issues.items() if codes} == {}


@pytest.mark.parametrize("name", MESHES)
@pytest.mark.parametrize(("form", "codec"), [("", None), ("-draco", glb.Draco()), ("-meshopt", Meshopt())])
def test_equal_meshes_give_equal_bytes(written: Path, tmp_path: Path, name: str, form: str, codec: glb.Draco | Meshopt | None) -> None:
    glb.write(MESHES[name], tmp_path / "again.glb", codec=codec)
    assert (tmp_path / "again.glb").read_bytes() == (written / f"{name}{form}.glb").read_bytes()


def test_millimetres_become_metres(tmp_path: Path) -> None:
    glb.write(replace(cube(250.0), unit="mm"), tmp_path / "a.glb")
    assert head(tmp_path / "a.glb")["accessors"][0]["max"] == [0.25, 0.25, 0.25]


def test_numbers_without_a_unit_stay(tmp_path: Path) -> None:
    glb.write(cube(250.0), tmp_path / "a.glb")
    assert head(tmp_path / "a.glb")["accessors"][0]["max"] == [250.0, 250.0, 250.0]


def test_a_declared_up_axis_turns_the_node_not_the_numbers(tmp_path: Path) -> None:
    mesh = replace(cube(), positions=cube().positions * [1, 2, 3], up="z")
    glb.write(mesh, tmp_path / "a.glb")
    content = head(tmp_path / "a.glb")
    assert content["accessors"][0]["max"] == [1.0, 2.0, 3.0]
    assert content["nodes"][0]["rotation"] == pytest.approx([-(0.5**0.5), 0, 0, 0.5**0.5])
    from digitize import readers

    standing = readers.read(tmp_path, "a.glb", "glb").mesh
    assert np.ptp(standing.positions, axis=0) == pytest.approx([1, 3, 2])


@pytest.mark.parametrize("up", ["x", "-x", "y", "-y", "z", "-z"])
def test_every_up_axis_ends_up_and_comes_back(tmp_path: Path, up: str) -> None:
    mesh = replace(cube(), up=up, unit="cm")
    glb.write(mesh, tmp_path / "a.glb")
    axis = np.eye(3)["xyz".index(up[-1])] * (-1 if up.startswith("-") else 1)
    from digitize import readers

    standing = readers.read(tmp_path, "a.glb", "glb").mesh
    matched = np.linalg.lstsq(mesh.positions - 0.5, standing.positions / 0.01 - standing.positions.mean(axis=0) / 0.01, rcond=None)[0]
    assert axis @ matched == pytest.approx([0, 1, 0], abs=1e-6)
    assert np.linalg.det(matched) == pytest.approx(1.0, abs=1e-6)
    assert np.allclose(read_back(tmp_path / "a.glb", mesh).positions, mesh.positions, atol=1e-6)


def test_far_from_the_origin_nothing_is_lost(written: Path) -> None:
    assert np.abs(read_back(written / "far.glb", MESHES["far"]).positions - MESHES["far"].positions).max() < 1e-6


def test_everything_comes_back_in_two_materials(written: Path) -> None:
    again = read_back(written / "rich.glb", MESHES["rich"])
    one, two = again.materials
    assert (one.name, sorted(one.textures), two.alpha_mode, two.double_sided) == ("甲", sorted(rich().materials[0].textures), "MASK", False)
    assert np.array_equal(np.bincount(again.material_of), np.bincount(rich().material_of))
    assert np.allclose(np.sort(again.positions, axis=0)[[0, -1]], np.sort(rich().positions, axis=0)[[0, -1]])
    assert set(map(tuple, again.colours)) == set(map(tuple, rich().colours))


def test_draco_stays_within_its_bits(written: Path) -> None:
    mesh = MESHES["textured"]
    again = read_back(written / "textured-draco.glb", mesh)
    step = 2.0 / (2**14 - 1)
    nearest = np.abs(again.positions[:, None] - mesh.positions[None]).max(axis=2).min(axis=1)
    assert 0 < nearest.max() <= step / 2 * 1.01
    assert again.triangles == mesh.triangles


def test_draco_is_smaller(written: Path) -> None:
    assert (written / "many-draco.glb").stat().st_size < (written / "many.glb").stat().st_size / 10


def test_large_textures_are_fitted_and_small_ones_kept() -> None:
    mesh = replace(seamed(1), textures=(checker(256), checker(32, 4)))
    mesh = replace(mesh, materials=(Material(textures={"base_colour": 0, "normal": 1}),))
    large, small = textures.fit(mesh, 64, 90).textures
    assert (large.width, large.height, large.media_type) == (64, 64, "image/jpeg")
    assert np.array_equal(textures.pixels(small), textures.pixels(mesh.textures[1]))
    assert small.media_type == "image/png"


def test_transparency_survives_only_where_it_is_looked_at() -> None:
    rgba = np.zeros((32, 32, 4), dtype=np.uint8)
    from tests.digitize.shapes import png

    texture = replace(checker(32), data=png(rgba))
    mesh = replace(seamed(1), textures=(texture,))
    seen = replace(mesh, materials=(Material(alpha_mode="BLEND", textures={"base_colour": 0}),))
    assert [textures.fit(m, 16, 90).textures[0].media_type for m in (mesh, seen)] == ["image/jpeg", "image/png"]


def test_colour_chunks_are_dropped_and_pixels_kept() -> None:
    texture = checker()
    chunk = struct.pack(">I4sII", 4, b"gAMA", 22222, 0)
    marked = replace(texture, data=texture.data[:33] + chunk + texture.data[33:])
    assert textures.without_profile(marked).data == texture.data


def test_noise_that_is_larger_than_its_pixels_is_encoded() -> None:
    noise = np.random.default_rng(1).integers(0, 256, (1024, 1024, 3), dtype=np.uint8)
    data = textures.jpeg(Image.fromarray(noise), 95)
    assert len(data) > 1024 * 1024
    with Image.open(io.BytesIO(data)) as picture:
        assert np.abs(np.asarray(picture).astype(int) - noise).mean() < 12
