# SPDX-License-Identifier: Apache-2.0
"""PLY in every dialect that scanners write gives one and the same mesh."""

import struct
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digitize import readers
from digitize.errors import Refusal
from digitize.preflight import inspect
from digitize.preflight.ply.header import SPLAT
from tests.digitize.shapes import checker, corners, cube, png

CODES = {"float": "f", "double": "d", "uchar": "B", "int": "i", "ushort": "H"}


def ply(
    form: str,
    vertex: list[tuple[str, str]],
    rows: list[tuple],
    faces: list[dict],
    face: list[tuple[str, ...]],
    comments: tuple[str, ...] = (),
) -> bytes:
    head = ["ply", f"format {form} 1.0", *(f"comment {c}" for c in comments), f"element vertex {len(rows)}"]
    head += [f"property {kind} {name}" for kind, name in vertex] + [f"element face {len(faces)}"]
    head += [f"property list {p[0]} {p[1]} {p[2]}" if len(p) == 3 else f"property {p[0]} {p[1]}" for p in face] + ["end_header\n"]
    order = "<" if "little" in form else ">"
    body = b""
    for row in rows:
        body += _line(row) if form == "ascii" else struct.pack(order + "".join(CODES[k] for k, _ in vertex), *row)
    for values in faces:
        numbers: list = []
        packed = b""
        for part in face:
            value = values[part[-1]]
            listed = list(value) if len(part) == 3 else [value]
            numbers += ([len(listed)] if len(part) == 3 else []) + listed
            packed += struct.pack(order + CODES[part[0]], len(listed)) if len(part) == 3 else b""
            packed += struct.pack(order + CODES[part[-2]] * len(listed), *listed)
        body += _line(numbers) if form == "ascii" else packed
    return "\n".join(head).encode() + body


def _line(numbers) -> bytes:
    return (" ".join(repr(n) for n in numbers) + "\n").encode()


XYZ = [("double", "x"), ("double", "y"), ("double", "z")]
INDICES = [("uchar", "int", "vertex_indices")]
FORMS = ("ascii", "binary_little_endian", "binary_big_endian")


def read(folder: Path, data: bytes) -> readers.Reading:
    (folder / "a.ply").write_bytes(data)
    return readers.read(folder, "a.ply", "ply")


@pytest.mark.parametrize("form", FORMS)
def test_triangles_in_each_encoding(tmp_path: Path, form: str) -> None:
    mesh = cube()
    data = ply(form, XYZ, [tuple(p) for p in mesh.positions.tolist()], [{"vertex_indices": f} for f in mesh.faces.tolist()], INDICES)
    reading = read(tmp_path, data)
    assert reading.vertices == 8
    assert np.array_equal(corners(reading.mesh), corners(mesh))


@pytest.mark.parametrize("form", FORMS)
def test_polygons_are_fanned(tmp_path: Path, form: str) -> None:
    rows = [(0, 0, 0), (1, 0, 0), (1, 1, 0), (0, 1, 0), (-1, 0.5, 0)]
    faces = [
        {"vertex_indices": [0, 1, 2]},
        {"vertex_indices": [0, 1, 2, 3]},
        {"vertex_indices": [0, 1, 2, 3, 4]},
        {"vertex_indices": [0, 1]},
    ]
    reading = read(tmp_path, ply(form, XYZ, [tuple(map(float, r)) for r in rows], faces, INDICES))
    assert reading.mesh.faces.tolist() == [[0, 1, 2], [0, 1, 2], [0, 2, 3], [0, 1, 2], [0, 2, 3], [0, 3, 4]]
    assert reading.doubts == (("ply.lines-left-out", {"count": 1}),)


@pytest.mark.parametrize("form", FORMS)
def test_strips_turn_every_second_triangle_and_begin_anew_at_minus_one(tmp_path: Path, form: str) -> None:
    rows = [(float(n), float(n % 2), 0.0) for n in range(6)]
    strips = [{"vertex_indices": [0, 1, 2, 3, -1, 3, 4, 5]}, {"vertex_indices": [5, 4, 3, 2]}]
    data = ply(form, XYZ, rows, strips, [("int", "int", "vertex_indices")]).replace(b"element face", b"element tristrips")
    reading = read(tmp_path, data)
    assert reading.mesh.faces.tolist() == [[0, 1, 2], [2, 1, 3], [3, 4, 5], [5, 4, 3], [3, 4, 2]]
    found = inspect(tmp_path / "a.ply")
    assert (found.kind, found.counts["triangles"], found.counts["vertices"]) == ("mesh", 5, 6)


def test_strips_beside_faces_are_one_surface(tmp_path: Path) -> None:
    rows = [(0.0, 0.0, 0.0), (1.0, 0.0, 0.0), (1.0, 1.0, 0.0), (0.0, 1.0, 0.0)]
    face = [("uchar", "int", "vertex_indices"), ("uchar", "float", "texcoord")]
    data = ply("ascii", XYZ, rows, [{"vertex_indices": [0, 1, 2], "texcoord": [0.0, 0.0, 1.0, 0.0, 1.0, 1.0]}], face)
    data = data.replace(b"end_header", b"element tristrips 1\nproperty list int int vertex_indices\nend_header") + b"3 0 2 3\n"
    mesh = read(tmp_path, data).mesh
    assert mesh.positions[mesh.faces].tolist() == [[[0, 0, 0], [1, 0, 0], [1, 1, 0]], [[0, 0, 0], [1, 1, 0], [0, 1, 0]]]
    assert mesh.uv[mesh.faces].tolist() == [[[0, 1], [1, 1], [1, 0]], [[0, 0], [0, 0], [0, 0]]]
    assert inspect(tmp_path / "a.ply").counts["triangles"] == 2


@pytest.mark.parametrize(
    ("more", "kind"), [([], "points"), ([("uchar", "red")], "points"), ([("float", n) for n in sorted(SPLAT)], "splats")]
)
def test_without_faces_it_is_points_or_splats(tmp_path: Path, more: list[tuple[str, str]], kind: str) -> None:
    rows = [(1.0, 2.0, 3.0, *[7] * len(more))] * 5
    (tmp_path / "a.ply").write_bytes(ply("binary_little_endian", [*XYZ, *more], rows, [], INDICES))
    found = inspect(tmp_path / "a.ply")
    assert (found.kind, found.counts["points"]) == (kind, 5)


@pytest.mark.parametrize("form", FORMS)
def test_colours_normals_and_uv_by_vertex(tmp_path: Path, form: str) -> None:
    vertex = [
        *XYZ,
        ("float", "nx"),
        ("float", "ny"),
        ("float", "nz"),
        ("uchar", "red"),
        ("uchar", "green"),
        ("uchar", "blue"),
        ("float", "s"),
        ("float", "t"),
    ]
    rows = [
        (0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 10, 20, 30, 0.25, 0.75),
        (1.0, 0.0, 0.0, 0.0, 0.0, 1.0, 40, 50, 60, 1.0, 0.0),
        (0.0, 1.0, 0.0, 0.0, 0.0, 1.0, 7, 8, 9, 0.0, 1.0),
    ]
    mesh = read(tmp_path, ply(form, vertex, rows, [{"vertex_indices": [0, 1, 2]}], INDICES)).mesh
    assert mesh.colours.tolist() == [[10, 20, 30, 255], [40, 50, 60, 255], [7, 8, 9, 255]]
    assert mesh.uv.tolist() == [[0.25, 0.25], [1.0, 1.0], [0.0, 0.0]]
    assert mesh.normals.tolist() == [[0, 0, 1]] * 3


@pytest.mark.parametrize("form", FORMS)
def test_uv_by_corner_with_textures(tmp_path: Path, form: str) -> None:
    for name in ("one.png", "two.png"):
        (tmp_path / name).write_bytes(checker().data)
    rows = [(0.0, 0.0, 0.0), (1.0, 0.0, 0.0), (1.0, 1.0, 0.0), (0.0, 1.0, 0.0)]
    faces = [
        {"vertex_indices": [0, 1, 2], "texcoord": [0.0, 0.0, 1.0, 0.0, 1.0, 1.0], "texnumber": 1},
        {"vertex_indices": [0, 2, 3], "texcoord": [0.5, 0.5, 1.0, 1.0, 0.0, 1.0], "texnumber": 0},
    ]
    face = [("uchar", "int", "vertex_indices"), ("uchar", "float", "texcoord"), ("int", "texnumber")]
    mesh = read(tmp_path, ply(form, XYZ, rows, faces, face, ("TextureFile one.png", "TextureFile two.png"))).mesh
    assert mesh.uv[mesh.faces].tolist() == [[[0, 1], [1, 1], [1, 0]], [[0.5, 0.5], [1, 0], [0, 0]]]
    assert mesh.material_of.tolist() == [1, 0]
    assert [texture.name for texture in mesh.textures] == ["one.png", "two.png"]


def test_floating_colours_run_to_one(tmp_path: Path) -> None:
    vertex = [*XYZ, ("float", "red"), ("float", "green"), ("float", "blue"), ("float", "alpha")]
    rows = [(0.0, 0.0, 0.0, 0.0, 0.5, 1.0, 0.2)] * 3
    assert read(tmp_path, ply("ascii", vertex, rows, [{"vertex_indices": [0, 1, 2]}], INDICES)).mesh.colours[0].tolist() == [
        0,
        128,
        255,
        51,
    ]


@pytest.mark.parametrize(
    ("comment", "unit", "up"),
    [("unit: mm", "mm", None), ("units metres", "m", None), ("UNIT=cm Z-up", "cm", "z"), ("up y", None, "y"), ("made at noon", None, None)],
)
def test_what_a_comment_declares(tmp_path: Path, comment: str, unit: str | None, up: str | None) -> None:
    rows = [(0.0, 0.0, 0.0), (1.0, 0.0, 0.0), (0.0, 1.0, 0.0)]
    mesh = read(tmp_path, ply("ascii", XYZ, rows, [{"vertex_indices": [0, 1, 2]}], INDICES, (comment,))).mesh
    assert (mesh.unit, mesh.up) == (unit, up)


def test_a_texture_that_is_not_there_is_refused(tmp_path: Path) -> None:
    rows = [(0.0, 0.0, 0.0), (1.0, 0.0, 0.0), (0.0, 1.0, 0.0)]
    with pytest.raises(Refusal) as caught:
        read(tmp_path, ply("ascii", XYZ, rows, [{"vertex_indices": [0, 1, 2]}], INDICES, ("TextureFile gone.png",)))
    assert (caught.value.code, caught.value.at) == ("texture.not-found", "gone.png")


@pytest.mark.parametrize("form", FORMS)
def test_a_body_that_ends_early_is_refused(tmp_path: Path, form: str) -> None:
    mesh = cube()
    data = ply(form, XYZ, [tuple(p) for p in mesh.positions.tolist()], [{"vertex_indices": f} for f in mesh.faces.tolist()], INDICES)
    with pytest.raises(Refusal) as caught:
        read(tmp_path, data[:-30])
    assert caught.value.code == "mesh.unreadable"


def test_face_colours_and_other_elements_are_named(tmp_path: Path) -> None:
    face = [("uchar", "int", "vertex_indices"), ("uchar", "red"), ("uchar", "green"), ("uchar", "blue")]
    rows = [(0.0, 0.0, 0.0), (1.0, 0.0, 0.0), (0.0, 1.0, 0.0)]
    reading = read(tmp_path, ply("ascii", XYZ, rows, [{"vertex_indices": [0, 1, 2], "red": 1, "green": 2, "blue": 3}], face))
    assert reading.doubts == (("ply.face-colours-left-out", {}),)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.lists(st.integers(0, 9), min_size=3, max_size=7), min_size=1, max_size=12), st.sampled_from(FORMS))
def test_any_polygons_read_the_same_in_any_encoding(tmp_path_factory: pytest.TempPathFactory, polygons: list[list[int]], form: str) -> None:
    rows = [(float(n), float(n * n % 7), float(n % 3)) for n in range(10)]
    folder = tmp_path_factory.mktemp("ply")
    reading = read(folder, ply(form, XYZ, rows, [{"vertex_indices": p} for p in polygons], INDICES))
    expected = [[rows[p[0]], rows[p[k]], rows[p[k + 1]]] for p in polygons for k in range(1, len(p) - 1)]
    assert np.array_equal(reading.mesh.positions[reading.mesh.faces], np.array(expected))


@pytest.mark.parametrize(
    ("red", "colour", "codes"),
    [(0.5, 128, []), (200.0, 200, ["mesh.colours-supposed"]), (3000.0, None, ["mesh.colours-left-out"])],
)
def test_fractional_colours_beyond_one_are_doubted(tmp_path: Path, red: float, colour: int | None, codes: list[str]) -> None:
    vertex = [*XYZ, ("float", "red"), ("float", "green"), ("float", "blue")]
    reading = read(tmp_path, ply("ascii", vertex, [(0.0, 0.0, 0.0, red, 0.0, 1.0)] * 3, [{"vertex_indices": [0, 1, 2]}], INDICES))
    assert [code for code, _ in reading.doubts] == codes
    assert (None if reading.mesh.colours is None else reading.mesh.colours[0, 0]) == colour


def test_normals_without_direction_are_left_out_and_counted(tmp_path: Path) -> None:
    vertex = [*XYZ, ("float", "nx"), ("float", "ny"), ("float", "nz")]
    rows = [(0.0, 0.0, 0.0, 0.0, 0.0, 1.0), (1.0, 0.0, 0.0, 0.0, 0.0, 0.0), (0.0, 1.0, 0.0, 0.0, 0.0, 1.0)]
    reading = read(tmp_path, ply("ascii", vertex, rows, [{"vertex_indices": [0, 1, 2]}], INDICES))
    assert (reading.mesh.normals, reading.doubts) == (None, (("mesh.normals-left-out", {"count": 1}),))


def test_a_texture_of_sixteen_bits_is_kept_and_named(tmp_path: Path) -> None:
    pixels = (np.arange(64, dtype=np.uint16) * 1000).reshape(8, 8)
    (tmp_path / "deep.png").write_bytes(png(pixels))
    rows = [(0.0, 0.0, 0.0), (1.0, 0.0, 0.0), (0.0, 1.0, 0.0)]
    reading = read(tmp_path, ply("ascii", XYZ, rows, [{"vertex_indices": [0, 1, 2]}], INDICES, ("TextureFile deep.png",)))
    assert reading.doubts == (("texture.sixteen-bits", {"name": "deep.png"}),)
    assert reading.mesh.textures[0].data == png(pixels)
