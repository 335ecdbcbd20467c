# SPDX-License-Identifier: Apache-2.0
"""OFF with all that its header may announce; counts as the pre-flight counts them."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digitize import preflight, readers
from tests.digitize.shapes import corners, cube


def read(folder: Path, text: str) -> readers.Reading:
    (folder / "a.off").write_text(text)
    reading = readers.read(folder, "a.off", "off")
    found = preflight.inspect(folder / "a.off")
    assert (found.kind, found.format) == ("mesh", "off")
    assert (reading.vertices, reading.mesh.triangles) == (found.counts["vertices"], found.counts["triangles"])
    return reading


def test_a_cube(tmp_path: Path) -> None:
    mesh = cube()
    rows = [" ".join(map(repr, p)) for p in mesh.positions.tolist()] + [f"3 {a} {b} {c}" for a, b, c in mesh.faces.tolist()]
    reading = read(tmp_path, "\n".join(["OFF", "8 12 18", *rows]))
    assert np.array_equal(corners(reading.mesh), corners(mesh))
    assert (reading.mesh.unit, reading.mesh.up, reading.doubts) == (None, None, ())


def test_polygons_are_fanned_and_lines_left_out(tmp_path: Path) -> None:
    text = "OFF 5 3 0\n0 0 0\n1 0 0\n1 1 0\n0 1 0\n-1 .5 0\n5 0 1 2 3 4\n2 0 1\n4 0 1 2 3\n"
    assert read(tmp_path, text).mesh.faces.tolist() == [[0, 1, 2], [0, 2, 3], [0, 3, 4], [0, 1, 2], [0, 2, 3]]


def test_everything_announced_is_read(tmp_path: Path) -> None:
    text = "STCNOFF\n3 1 0\n" + "".join(
        f"{x} {y} 0  0 0 2  {c}  {u} {v}\n"
        for x, y, c, u, v in ((0, 0, "255 0 0 255", 0, 0), (1, 0, "0 128 0 255", 1, 0), (0, 1, "0 0 7 9", 0, 1))
    )
    mesh = read(tmp_path, text + "3 0 1 2\n").mesh
    assert mesh.normals.tolist() == [[0, 0, 1]] * 3
    assert mesh.colours.tolist() == [[255, 0, 0, 255], [0, 128, 0, 255], [0, 0, 7, 9]]
    assert mesh.uv.tolist() == [[0, 1], [1, 1], [0, 0]]


@pytest.mark.parametrize(
    ("values", "colour"), [("0.5 0 1", [128, 0, 255, 255]), ("0.5 0 1 0.2", [128, 0, 255, 51]), ("200 0 1", [200, 0, 1, 255])]
)
def test_colours_in_both_ranges(tmp_path: Path, values: str, colour: list[int]) -> None:
    text = "COFF\n3 1 0\n" + "".join(f"{p} {values}\n" for p in ("0 0 0", "1 0 0", "0 1 0")) + "3 0 1 2\n"
    assert read(tmp_path, text).mesh.colours.tolist() == [colour] * 3


def test_colours_by_face_are_named(tmp_path: Path) -> None:
    reading = read(tmp_path, "OFF\n3 1 0\n0 0 0\n1 0 0\n0 1 0\n3 0 1 2 255 0 0\n")
    assert reading.doubts == (("off.face-colours-left-out", {}),)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.lists(st.integers(0, 9), min_size=3, max_size=7), min_size=1, max_size=12), st.sampled_from(["\n", "\r\n", " # x\n"]))
def test_any_polygons(tmp_path_factory: pytest.TempPathFactory, polygons: list[list[int]], end: str) -> None:
    rows = [(float(n), float(n * n % 7), float(n % 3)) for n in range(10)]
    lines = [f"{x} {y} {z}" for x, y, z in rows] + [" ".join(map(str, [len(p), *p])) for p in polygons]
    mesh = read(tmp_path_factory.mktemp("off"), end.join(["OFF", f"10 {len(polygons)} 0", *lines, ""])).mesh
    expected = [[rows[p[0]], rows[p[k]], rows[p[k + 1]]] for p in polygons for k in range(1, len(p) - 1)]
    assert np.array_equal(mesh.positions[mesh.faces], np.array(expected))
