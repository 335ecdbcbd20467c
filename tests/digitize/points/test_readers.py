# SPDX-License-Identifier: Apache-2.0
"""Every format gives the same points, and says what of it is left out."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from digitize.errors import Refusal
from digitize.points.readers import read
from digitize.preflight import prepare
from digitize.preflight.cloud import crs
from tests.digitize.corpus.case import ply_ascii
from tests.digitize.corpus.clouds import las
from tests.digitize.points import scans

POSITIONS, COLOURS, _ = scans.whole(500)


@pytest.fixture
def ply(tmp_path: Path) -> Path:
    rows = np.zeros(500, dtype=[("p", "<f8", 3), ("c", "u1", 3), ("quality", "<f4")])
    rows["p"], rows["c"] = POSITIONS, COLOURS
    names = "".join(f"property double {axis}\n" for axis in "xyz") + "".join(f"property uchar {c}\n" for c in ("red", "green", "blue"))
    head = f"ply\nformat binary_little_endian 1.0\ncomment unit: mm\nelement vertex 500\n{names}property float quality\nend_header\n"
    (tmp_path / "a.ply").write_bytes(head.encode() + rows.tobytes())
    return tmp_path / "a.ply"


@pytest.mark.parametrize(("name", "version", "form"), [("a.las", "1.2", 2), ("a.laz", "1.2", 3), ("a.las", "1.4", 7), ("a.laz", "1.4", 8)])
def test_las_and_laz_give_points_and_colours(tmp_path: Path, name: str, version: str, form: int):
    path = scans.write_las(tmp_path / name, POSITIONS, COLOURS, version, form)
    assert prepare(path, into=tmp_path / "s").counts["points"] == 500
    reading = read(tmp_path, name, "las")
    ((_, cloud),) = reading.scans
    assert np.abs(cloud.positions - POSITIONS).max() <= 0.5e-5 + 1e-12
    assert np.array_equal(cloud.colours, COLOURS)
    assert (reading.records, cloud.unit, [code for code, _ in reading.doubts]) == (500, None, ["points.fields-left-out"])


def test_e57_brings_scans_into_its_common_frame(tmp_path: Path):
    rotation, shift = scans.turn((1, 2, 3), 0.7), np.array([5.0, -2.0, 1.0])
    local = (POSITIONS - shift) @ rotation
    path = scans.write_e57(tmp_path / "a.e57", [(local, COLOURS, rotation, shift), (local, COLOURS, rotation, shift + 1)])
    assert dict(prepare(path, into=tmp_path / "s").counts) == {"points": 1000, "scans": 2, "poses": 2}
    reading = read(tmp_path, "a.e57", "e57")
    (_, one), (_, two) = reading.scans
    assert np.abs(one.positions - POSITIONS).max() < 1e-6
    assert np.abs(two.positions - POSITIONS - 1).max() < 1e-6
    assert np.array_equal(one.colours, COLOURS)
    assert one.station is not None
    assert np.allclose(one.station, shift)
    assert (one.unit, reading.framed) == ("m", True)


def test_text_gives_what_it_holds(tmp_path: Path):
    scans.write_xyz(tmp_path / "a.xyz", POSITIONS, COLOURS)
    ((_, cloud),) = read(tmp_path, "a.xyz", "xyz").scans
    assert np.abs(cloud.positions - POSITIONS).max() <= 0.5e-6
    assert np.array_equal(cloud.colours, COLOURS)


@pytest.mark.parametrize(
    ("text", "colour", "normal"),
    [
        ("1 2 3 0 0 1\n4 5 6 0 1 0\n", None, [0, 0, 1]),
        ("1 2 3 0.7 10 20 30\n", [10, 20, 30], None),
        ("1 2 3 10 20 30 0 0.6 0.8\n1 2 3 10 20 30 0.6 0 0.8\n", [10, 20, 30], [0, 0.6, 0.8]),
        ("x y z nx ny nz r g b\n1 2 3 0 0 1 0.5 0.25 1\n", [128, 64, 255], [0, 0, 1]),
        ("1\n1 2 3 77 10 20 30\n", [10, 20, 30], None),
        ("1 2 3 77 10 20 30\n", None, None),
        ("1;2;3;10;20;30\n", [10, 20, 30], None),
    ],
)
def test_columns_are_told_by_name_or_by_the_only_reading_that_fits(tmp_path: Path, text: str, colour: list[int], normal: list[float]):
    (tmp_path / "a.xyz").write_text(text)
    ((_, cloud),) = read(tmp_path, "a.xyz", "xyz").scans
    assert (None if cloud.colours is None else cloud.colours[0].tolist()) == colour
    assert (None if cloud.normals is None else cloud.normals[0].tolist()) == (None if normal is None else pytest.approx(normal))
    assert cloud.positions[0].tolist() == [1, 2, 3]


def test_each_block_of_a_pts_is_a_scan(tmp_path: Path):
    (tmp_path / "a.pts").write_text("2\n0 0 0\n1 0 0\n1\n0 1 0\n")
    reading = read(tmp_path, "a.pts", "xyz")
    assert [(name, len(cloud)) for name, cloud in reading.scans] == [("a.pts#1", 2), ("a.pts#2", 1)]


def test_a_ply_without_faces_is_a_cloud_with_its_unit(ply: Path, tmp_path: Path):
    assert prepare(ply, into=tmp_path / "s").kind == "points"
    reading = read(tmp_path, "a.ply", "ply")
    ((_, cloud),) = reading.scans
    assert np.array_equal(cloud.positions, POSITIONS)
    assert np.array_equal(cloud.colours, COLOURS)
    assert (cloud.unit, reading.doubts) == ("mm", (("points.fields-left-out", {"names": "quality"}),))


def test_a_damaged_laz_is_refused_or_doubted_after_unpacking(tmp_path: Path):
    path = scans.write_las(tmp_path / "a.laz", POSITIONS, COLOURS)
    data = bytearray(path.read_bytes())
    for place in range(600, 900, 7):
        data[place] ^= 0x5A
    path.write_bytes(data)
    try:
        codes = [code for code, _ in read(tmp_path, "a.laz", "las").doubts]
    except Refusal as refusal:
        codes = [refusal.code]
    assert {"points.unreadable", "las.bounds"} & set(codes)


def geo(*keys: tuple[int, int]) -> bytes:
    """GeoTIFF's directory of keys with values."""
    words = [1, 1, 0, len(keys), *(word for key, value in keys for word in (key, 0, 1, value))]
    return np.array(words, dtype="<u2").tobytes()


@pytest.mark.parametrize(
    ("number", "data", "unit", "doubts"),
    [
        (34735, geo((1024, 1), (3076, 9001)), "m", []),
        (34735, geo((1024, 1), (3076, 9002)), "ft", []),
        (34735, geo((1024, 1), (3076, 9003)), None, ["las.unit-open"]),
        (34735, geo((1024, 1), (3076, 9001), (4099, 9002)), None, ["las.unit-open"]),
        (34735, geo((1024, 1), (3072, 32650)), "m", []),
        (34735, geo((1024, 1), (3072, 2229)), None, ["las.unit-open"]),
        (34735, geo((1024, 2), (2048, 4326)), None, ["las.angles"]),
        (34735, b"\1\0\1", None, []),
        (2112, b'PROJCS["a",GEOGCS["b",UNIT["degree",0.0174]],UNIT["metre",1]]\0', "m", []),
        (2112, b'GEOGCS["b",UNIT["degree",0.0174]]', None, ["las.angles"]),
        (2112, b"\xff\xfe nonsense", None, ["las.unit-open"]),
    ],
)
def test_a_unit_is_taken_only_where_the_las_states_it(tmp_path: Path, number: int, data: bytes, unit: str | None, doubts: list[str]):
    (tmp_path / "a.las").write_bytes(las(variables=((b"LASF_Projection", number, data),)))
    intake = prepare(tmp_path / "a.las", into=tmp_path / "s")
    assert [doubt.code for doubt in intake.doubts] == doubts
    ((_, cloud),) = read(tmp_path, "a.las", "las").scans
    assert cloud.unit == unit
    assert ("stated by the LAS" in cloud.unit_evidence) == (unit is not None)


def test_no_records_state_nothing():
    assert crs.of([]) == crs.Reference()


def test_a_scan_given_beside_another_is_one_input_with_it(ply: Path, tmp_path: Path):
    first = scans.write_xyz(tmp_path / "s1.xyz", POSITIONS, COLOURS)
    laz = scans.write_las(tmp_path / "s2.laz", POSITIONS, COLOURS)
    intake = prepare(first, into=tmp_path / "source", beside=[laz, ply])
    assert (intake.kind, intake.members) == ("points", ("s1.xyz", "a.ply", "s2.laz"))
    assert {name: counts["points"] for name, counts in intake.parts.items()} == {"s1.xyz": 500, "a.ply": 500, "s2.laz": 500}
    assert (intake.counts["points"], intake.counts["files"]) == (1500, 3)


def test_what_is_no_scan_is_not_taken_along(tmp_path: Path):
    first = scans.write_xyz(tmp_path / "s1.xyz", POSITIONS)
    (tmp_path / "mesh.ply").write_bytes(ply_ascii())
    with pytest.raises(Refusal) as caught:
        prepare(first, into=tmp_path / "source", beside=[tmp_path / "mesh.ply"])
    assert caught.value.code == "sidecar.unused"
