# SPDX-License-Identifier: Apache-2.0
"""OBJ as its many writers write it."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digitize import readers
from digitize.errors import Refusal
from digitize.readers import obj_text
from tests.digitize.shapes import SPOT, checker, corners, cube, needs_spot, seamed, write_obj

SQUARE = "v 0 0 0\nv 1 0 0\nv 1 1 0\nv 0 1 0\nvt 0 0\nvt 1 0\nvt 1 1\nvt 0 1\nvn 0 0 1\n"


def read(folder: Path, text: str | bytes) -> readers.Reading:
    (folder / "a.obj").write_bytes(text.encode() if isinstance(text, str) else text)
    return readers.read(folder, "a.obj", "obj")


@pytest.mark.parametrize(
    "face",
    [
        "f 1 2 3 4",
        "f 1/1 2/2 3/3 4/4",
        "f 1//1 2//1 3//1 4//1",
        "f 1/1/1 2/2/1 3/3/1 4/4/1",
        "f -4 -3 -2 -1",
        "f -4/-4/-1 -3/-3/-1 -2/-2/-1 -1/-1/-1",
        "f 1/1/1 2 3//1 4/4",
        "  f  1\t2 3 4  ",
        "f 1 2 \\\n 3 4",
        "f 1 2 3 4 # a square",
    ],
)
def test_every_form_of_a_corner(tmp_path: Path, face: str) -> None:
    mesh = read(tmp_path, SQUARE + face + "\n").mesh
    assert mesh.positions[mesh.faces].tolist() == [[[0, 0, 0], [1, 0, 0], [1, 1, 0]], [[0, 0, 0], [1, 1, 0], [0, 1, 0]]]


def test_uv_start_at_the_bottom_in_the_file_and_at_the_top_in_the_mesh(tmp_path: Path) -> None:
    mesh = read(tmp_path, SQUARE + "f 1/1 2/2 3/3\n").mesh
    assert mesh.uv[mesh.faces].tolist() == [[[0, 1], [1, 1], [1, 0]]]


def test_line_ends_of_windows_and_of_old_macs(tmp_path: Path) -> None:
    text = SQUARE + "f 1 2 3\n"
    for end in ("\r\n", "\r"):
        assert read(tmp_path, text.replace("\n", end)).mesh.faces.tolist() == [[0, 1, 2]]


def test_a_last_line_without_an_end(tmp_path: Path) -> None:
    assert read(tmp_path, SQUARE + "f 1 2 3").mesh.triangles == 1


def test_colours_behind_the_coordinates(tmp_path: Path) -> None:
    mesh = read(tmp_path, "v 0 0 0 1 0 0.5\nv 1 0 0 0 1 0\nv 0 1 0 0 0 1\nf 1 2 3\n").mesh
    assert mesh.colours.tolist() == [[255, 0, 128, 255], [0, 255, 0, 255], [0, 0, 255, 255]]


def test_some_corners_without_uv_are_a_doubt(tmp_path: Path) -> None:
    reading = read(tmp_path, SQUARE + "f 1/1 2/2 3/3\nf 1 3 4\n")
    assert reading.doubts == (("obj.uv-partly-missing", {}),)
    assert reading.mesh.triangles == 2


def test_lines_and_points_are_a_doubt(tmp_path: Path) -> None:
    assert read(tmp_path, SQUARE + "l 1 2\np 3\nf 1 2 3\nf 1 2\n").doubts == (("obj.lines-left-out", {"count": 3}),)


@pytest.mark.parametrize("text", [SQUARE + "f 1 2 9\n", SQUARE + "f 1 2 x\n", "v 0 0\nv a b c\nf 1 1 1\n", SQUARE, SQUARE + "f -9 1 2\n"])
def test_what_cannot_be_read_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(Refusal) as caught:
        read(tmp_path, text)
    assert caught.value.code == "mesh.unreadable"


def test_several_materials_with_their_textures(tmp_path: Path) -> None:
    (tmp_path / "maps").mkdir()
    (tmp_path / "maps" / "my skin.png").write_bytes(checker().data)
    (tmp_path / "a.mtl").write_text(
        "newmtl skin\nKd 1 1 1\nmap_Kd -s 1 1 1 maps\\my skin.png\nnewmtl glass\nKd 0 1 0\nd 0.25\nPm 0.5\nPr 0.125\n"
    )
    mesh = read(tmp_path, "mtllib a.mtl\n" + SQUARE + "usemtl glass\nf 1/1 2/2 3/3\nusemtl skin\nf 1/1 3/3 4/4\n").mesh
    glass, skin = mesh.materials
    assert mesh.material_of.tolist() == [0, 1]
    assert (skin.name, skin.textures, skin.base_colour) == ("skin", {"base_colour": 0}, (1.0, 1.0, 1.0, 1.0))
    assert (glass.name, glass.base_colour, glass.alpha_mode, glass.metallic, glass.roughness) == (
        "glass",
        (0.0, 1.0, 0.0, 0.25),
        "BLEND",
        0.5,
        0.125,
    )
    assert mesh.textures[0].data == checker().data


def test_a_texture_that_a_library_names_and_nobody_has_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.mtl").write_text("newmtl skin\nmap_Kd gone.png\n")
    with pytest.raises(Refusal) as caught:
        read(tmp_path, "mtllib a.mtl\n" + SQUARE + "usemtl skin\nf 1/1 2/2 3/3\n")
    assert caught.value.code == "texture.not-found"


def test_a_texture_outside_the_folder_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "secret.png").write_bytes(checker().data)
    inner = tmp_path / "in"
    inner.mkdir()
    (inner / "a.mtl").write_text("newmtl skin\nmap_Kd ../secret.png\n")
    with pytest.raises(Refusal):
        read(inner, "mtllib a.mtl\n" + SQUARE + "usemtl skin\nf 1/1 2/2 3/3\n")


def test_maps_that_gltf_has_no_place_for_are_doubts(tmp_path: Path) -> None:
    (tmp_path / "b.png").write_bytes(checker().data)
    (tmp_path / "a.mtl").write_text("newmtl skin\nKd 0.5 0.5 0.5\nmap_Kd b.png\nbump b.png\n")
    reading = read(tmp_path, "mtllib a.mtl\n" + SQUARE + "usemtl skin\nf 1/1 2/2 3/3\n")
    assert [code for code, _ in reading.doubts] == ["obj.map-left-out", "obj.kd-left-out"]


def test_one_picture_beside_the_mesh_is_taken_for_its_texture(tmp_path: Path) -> None:
    (tmp_path / "skin.png").write_bytes(checker().data)
    reading = read(tmp_path, SQUARE + "f 1/1 2/2 3/3\n")
    assert reading.mesh.materials[0].textures == {"base_colour": 0}
    assert reading.doubts == (("obj.texture-supposed", {"name": "skin.png", "mesh": "a.obj"}),)


def test_of_two_pictures_none_is_taken(tmp_path: Path) -> None:
    for name in ("one.png", "two.png"):
        (tmp_path / name).write_bytes(checker().data)
    reading = read(tmp_path, SQUARE + "f 1/1 2/2 3/3\n")
    assert (reading.mesh.textures, reading.doubts) == ((), ())


def test_a_missing_library_is_a_doubt(tmp_path: Path) -> None:
    reading = read(tmp_path, "mtllib gone.mtl\n" + SQUARE + "usemtl skin\nf 1/1 2/2 3/3\n")
    assert [code for code, _ in reading.doubts] == ["obj.library-missing", "obj.material-unknown"]


def test_a_written_mesh_comes_back(tmp_path: Path) -> None:
    mesh = seamed(2)
    reading = readers.read(tmp_path, write_obj(mesh, tmp_path).name, "obj")
    assert np.array_equal(corners(reading.mesh), corners(mesh))
    assert (reading.vertices, len(reading.mesh.positions)) == (len(mesh.positions), len(mesh.positions))


@settings(max_examples=30, deadline=None)
@given(st.integers(20, 400), st.booleans())
def test_pieces_of_any_length_read_the_same(tmp_path_factory: pytest.TempPathFactory, piece: int, interleaved: bool) -> None:
    folder = tmp_path_factory.mktemp("obj")
    mesh = cube()
    lines = [f"v {x} {y} {z}\nvn {x} {y} 1" if interleaved else f"v {x} {y} {z}" for x, y, z in mesh.positions.tolist()]
    lines += [f"usemtl m{n % 3}\nf {a - 8} {b - 8} \\\n{c - 8}" for n, (a, b, c) in enumerate(mesh.faces.tolist())]
    whole = read(folder, "\n".join(lines))
    before = obj_text.PIECE
    obj_text.PIECE = piece
    try:
        cut = read(folder, "\n".join(lines))
    finally:
        obj_text.PIECE = before
    assert np.array_equal(cut.mesh.positions, whole.mesh.positions)
    assert np.array_equal(cut.mesh.faces, whole.mesh.faces)
    assert cut.mesh.material_of.tolist() == [n % 3 for n in range(12)]


@needs_spot
def test_the_real_scan_with_quads_is_the_one_with_triangles() -> None:
    quads = readers.read(SPOT, "spot_quadrangulated.obj", "obj")
    triangles = readers.read(SPOT, "spot_triangulated.obj", "obj")
    assert (quads.vertices, quads.mesh.triangles) == (triangles.vertices, triangles.mesh.triangles) == (2930, 5856)
    assert np.array_equal(np.unique(quads.mesh.positions, axis=0), np.unique(triangles.mesh.positions, axis=0))
    assert quads.mesh.textures[0].name == "spot_texture.png"
