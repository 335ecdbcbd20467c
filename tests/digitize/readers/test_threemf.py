# SPDX-License-Identifier: Apache-2.0
"""3MF: units, transforms, components, other parts, materials, colours, textures; counts as the pre-flight counts them."""

from pathlib import Path

import numpy as np
import pytest

from digitize import preflight, readers
from tests.digitize.corpus.exchange import MESH, OBJECT, doubling, model, package
from tests.digitize.shapes import checker

TRIANGLE = [[0, 0, 0], [1, 0, 0], [0, 1, 0]]


def read(folder: Path, data: bytes) -> readers.Reading:
    (folder / "a.3mf").write_bytes(data)
    reading = readers.read(folder, "a.3mf", "3mf")
    found = preflight.inspect(folder / "a.3mf")
    assert (found.kind, found.format) == ("mesh", "3mf")
    assert (reading.vertices, reading.mesh.triangles) == (found.counts["vertices"], found.counts["triangles"])
    return reading


def two(properties: str, triangles: str, resources: str = "") -> bytes:
    """A square of two triangles with properties."""
    points = "".join(f'<vertex x="{x}" y="{y}" z="0"/>' for x, y in ((0, 0), (1, 0), (1, 1), (0, 1)))
    shape = f'<object id="1" {properties}><mesh><vertices>{points}</vertices><triangles>{triangles}</triangles></mesh></object>'
    return package(("3D/Textures/t.png", checker().data), resources=resources + shape)


@pytest.mark.parametrize(("word", "unit"), [("", "mm"), ('unit="inch"', "in"), ('unit="micron"', "um"), ('unit="meter"', "m")])
def test_its_unit_is_declared(tmp_path: Path, word: str, unit: str) -> None:
    mesh = read(tmp_path, package(head=word)).mesh
    assert (mesh.unit, mesh.up, mesh.unit_evidence) == (unit, "z", "stated by the 3MF's model element")
    assert mesh.positions[mesh.faces].tolist() == [TRIANGLE]


def test_transforms_multiply_from_the_inside_out(tmp_path: Path) -> None:
    part = '<object id="2"><components><component objectid="1" transform="2 0 0 0 2 0 0 0 2 0 0 0"/></components></object>'
    build = '<item objectid="2" transform="0 1 0 -1 0 0 0 0 1 10 0 0"/>'
    mesh = read(tmp_path, package(resources=OBJECT + part, build=build)).mesh
    assert mesh.positions[mesh.faces][0].tolist() == [[10, 0, 0], [10, 2, 0], [8, 0, 0]]


def test_a_mirroring_transform_turns_faces_round(tmp_path: Path) -> None:
    mesh = read(tmp_path, package(build='<item objectid="1" transform="-1 0 0 0 1 0 0 0 1 0 0 0"/>')).mesh
    a, b, c = mesh.positions[mesh.faces[0]]
    assert np.cross(b - a, c - a).tolist() == [0, 0, 1]


def test_components_of_components(tmp_path: Path) -> None:
    assert read(tmp_path, package(resources=doubling(4), build='<item objectid="5"/>')).mesh.triangles == 16


def test_objects_in_other_parts(tmp_path: Path) -> None:
    other = ("3D/b.model", model(build="").encode())
    mesh = read(tmp_path, package(other, build='<item objectid="1"/><item objectid="1" p:path="/3D/b.model"/>')).mesh
    assert mesh.triangles == 2


def test_base_materials_by_triangle(tmp_path: Path) -> None:
    group = '<basematerials id="5"><base name="ash" displaycolor="#FFFFFF"/><base name="ink" displaycolor="#00000080"/></basematerials>'
    mesh = read(
        tmp_path, two('pid="5" pindex="0"', '<triangle v1="0" v2="1" v3="2"/><triangle v1="0" v2="2" v3="3" pid="5" p1="1"/>', group)
    ).mesh
    assert [mesh.materials[n].name for n in mesh.material_of] == ["ash", "ink"]
    assert [mesh.materials[n].base_colour[3] for n in mesh.material_of] == [1.0, 128 / 255]
    assert len(mesh.positions) == 4


def test_colours_by_corner(tmp_path: Path) -> None:
    group = '<m:colorgroup id="5"><m:color color="#FF0000"/><m:color color="#0000FF80"/></m:colorgroup>'
    triangles = '<triangle v1="0" v2="1" v3="2" pid="5" p1="0" p2="1" p3="0"/><triangle v1="0" v2="2" v3="3"/>'
    mesh = read(tmp_path, two("", triangles, group)).mesh
    red, blue, white = [255, 0, 0, 255], [0, 0, 255, 128], [255] * 4
    assert mesh.colours[mesh.faces].tolist() == [[red, blue, red], [white] * 3]


def test_textures_by_corner(tmp_path: Path) -> None:
    group = (
        '<m:texture2d id="7" path="/3D/Textures/t.png" contenttype="image/png"/><m:texture2dgroup id="5" texid="7">'
        + "".join(f'<m:tex2coord u="{u}" v="{v}"/>' for u, v in ((0, 0), (1, 0), (1, 1), (0, 1)))
        + "</m:texture2dgroup>"
    )
    triangles = '<triangle v1="0" v2="1" v3="2" p1="0" p2="1" p3="2"/><triangle v1="0" v2="2" v3="3" p1="0" p2="2" p3="3"/>'
    mesh = read(tmp_path, two('pid="5" pindex="0"', triangles, group)).mesh
    assert mesh.uv[mesh.faces].tolist() == [[[0, 1], [1, 1], [1, 0]], [[0, 1], [1, 0], [0, 0]]]
    assert [mesh.materials[n].textures for n in mesh.material_of] == [{"base_colour": 0}] * 2
    assert mesh.textures[0].data == checker().data


def test_two_objects_of_different_looks_are_one_mesh(tmp_path: Path) -> None:
    group = '<m:colorgroup id="5"><m:color color="#FF0000"/></m:colorgroup>'
    resources = group + OBJECT + f'<object id="2" pid="5" pindex="0">{MESH}</object>'
    mesh = read(tmp_path, package(resources=resources, build='<item objectid="1"/><item objectid="2"/>')).mesh
    assert mesh.colours[mesh.faces].tolist() == [[[255] * 4] * 3, [[255, 0, 0, 255]] * 3]
