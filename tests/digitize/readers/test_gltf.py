# SPDX-License-Identifier: Apache-2.0
"""glTF: nodes, modes, sparse and interleaved accessors, materials; counts as the pre-flight counts them."""

import base64
import json
import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from digitize import preflight, readers
from digitize.encode import glb
from tests.digitize.shapes import checker, corners, cube, seamed

TRIANGLE = np.array([[0, 0, 0], [1, 0, 0], [0, 1, 0]], dtype="<f4")


def document(data: bytes, views: list[dict[str, Any]], accessors: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
    uri = "data:application/octet-stream;base64," + base64.b64encode(data).decode()
    head = {"asset": {"version": "2.0"}, "buffers": [{"byteLength": len(data), "uri": uri}], "bufferViews": views, "accessors": accessors}
    return {**head, "scene": 0, "scenes": [{"nodes": [0]}], "nodes": [{"mesh": 0}], **more}


def simple(**more: Any) -> dict[str, Any]:
    accessor = {"bufferView": 0, "componentType": 5126, "count": 3, "type": "VEC3", "min": [0, 0, 0], "max": [1, 1, 0]}
    return document(
        TRIANGLE.tobytes(),
        [{"buffer": 0, "byteLength": 36}],
        [accessor],
        **{"meshes": [{"primitives": [{"attributes": {"POSITION": 0}}]}], **more},
    )


def read(folder: Path, content: dict[str, Any]) -> readers.Reading:
    (folder / "a.gltf").write_text(json.dumps(content))
    reading = readers.read(folder, "a.gltf", "gltf")
    counts = preflight.inspect(folder / "a.gltf", limits=preflight.Limits()).counts
    assert (reading.vertices, reading.mesh.triangles) == (counts["vertices"], counts["triangles"])
    return reading


def test_a_triangle_in_metres_with_y_up(tmp_path: Path) -> None:
    mesh = read(tmp_path, simple()).mesh
    assert mesh.positions[mesh.faces].tolist() == [TRIANGLE.tolist()]
    assert (mesh.unit, mesh.up) == ("m", "y")


def test_transforms_multiply_down_the_tree(tmp_path: Path) -> None:
    half = 0.5**0.5
    nodes = [{"children": [1], "translation": [10, 0, 0]}, {"mesh": 0, "rotation": [0, 0, half, half], "scale": [2, 2, 2]}]
    mesh = read(tmp_path, simple(nodes=nodes)).mesh
    assert np.allclose(mesh.positions[mesh.faces][0], [[10, 0, 0], [10, 2, 0], [8, 0, 0]])


def test_a_matrix_is_stored_by_columns(tmp_path: Path) -> None:
    mesh = read(tmp_path, simple(nodes=[{"mesh": 0, "matrix": [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 5, 6, 7, 1]}])).mesh
    assert mesh.positions.min(axis=0).tolist() == [5, 6, 7]


def test_a_mirroring_node_turns_its_faces_round(tmp_path: Path) -> None:
    mesh = read(tmp_path, simple(nodes=[{"mesh": 0, "scale": [-1, 1, 1]}])).mesh
    a, b, c = mesh.positions[mesh.faces[0]]
    assert np.cross(b - a, c - a).tolist() == [0, 0, 1]


def test_a_mesh_on_two_nodes_counts_twice(tmp_path: Path) -> None:
    content = simple(scenes=[{"nodes": [0, 1]}], nodes=[{"mesh": 0}, {"mesh": 0, "translation": [0, 0, 3]}])
    assert read(tmp_path, content).mesh.triangles == 2


def test_what_the_scene_does_not_show_is_not_read(tmp_path: Path) -> None:
    assert read(tmp_path, simple(nodes=[{"mesh": 0}, {"mesh": 0}])).mesh.triangles == 1


def test_primitives_that_share_their_vertices(tmp_path: Path) -> None:
    primitives = [{"attributes": {"POSITION": 0}, "material": 1}, {"attributes": {"POSITION": 0}, "material": 0}]
    content = simple(
        meshes=[{"primitives": primitives}], materials=[{"name": "a"}, {"name": "b", "pbrMetallicRoughness": {"roughnessFactor": 0.25}}]
    )
    mesh = read(tmp_path, content).mesh
    assert [mesh.materials[n].name for n in mesh.material_of] == ["b", "a"]
    assert mesh.materials[1].roughness == 0.25


@pytest.mark.parametrize(("mode", "faces"), [(5, [[0, 1, 2], [2, 1, 3]]), (6, [[0, 1, 2], [0, 2, 3]])])
def test_strips_and_fans(tmp_path: Path, mode: int, faces: list[list[int]]) -> None:
    points = np.array([[0, 0, 0], [1, 0, 0], [1, 1, 0], [0, 1, 0]], dtype="<f4")
    accessor = {"bufferView": 0, "componentType": 5126, "count": 4, "type": "VEC3", "min": [0, 0, 0], "max": [1, 1, 0]}
    content = document(
        points.tobytes(),
        [{"buffer": 0, "byteLength": 48}],
        [accessor],
        meshes=[{"primitives": [{"attributes": {"POSITION": 0}, "mode": mode}]}],
    )
    mesh = read(tmp_path, content).mesh
    assert mesh.positions[mesh.faces].tolist() == points[faces].tolist()


def test_interleaved_and_normalised_accessors(tmp_path: Path) -> None:
    rows = b"".join(struct.pack("<3fHH4B", *p, 65535, 0, 255, 0, 0, 255) for p in TRIANGLE)
    views = [{"buffer": 0, "byteLength": len(rows), "byteStride": 20}]
    accessors = [
        {"bufferView": 0, "componentType": 5126, "count": 3, "type": "VEC3", "min": [0, 0, 0], "max": [1, 1, 0]},
        {"bufferView": 0, "byteOffset": 12, "componentType": 5123, "normalized": True, "count": 3, "type": "VEC2"},
        {"bufferView": 0, "byteOffset": 16, "componentType": 5121, "normalized": True, "count": 3, "type": "VEC4"},
    ]
    content = document(rows, views, accessors, meshes=[{"primitives": [{"attributes": {"POSITION": 0, "TEXCOORD_0": 1, "COLOR_0": 2}}]}])
    mesh = read(tmp_path, content).mesh
    assert mesh.positions.tolist() == TRIANGLE.tolist()
    assert mesh.uv.tolist() == [[1, 0]] * 3
    assert mesh.colours.tolist() == [[255, 0, 0, 255]] * 3


def test_sparse_accessors(tmp_path: Path) -> None:
    data = TRIANGLE.tobytes() + struct.pack("<HH", 2, 0) + struct.pack("<3f", 0, 9, 0)
    views = [
        {"buffer": 0, "byteLength": 36},
        {"buffer": 0, "byteOffset": 36, "byteLength": 2},
        {"buffer": 0, "byteOffset": 40, "byteLength": 12},
    ]
    sparse = {"count": 1, "indices": {"bufferView": 1, "componentType": 5123}, "values": {"bufferView": 2}}
    accessor = {"bufferView": 0, "componentType": 5126, "count": 3, "type": "VEC3", "sparse": sparse, "min": [0, 0, 0], "max": [1, 9, 0]}
    content = document(data, views, [accessor], meshes=[{"primitives": [{"attributes": {"POSITION": 0}}]}])
    assert read(tmp_path, content).mesh.positions.tolist() == [[0, 0, 0], [1, 0, 0], [0, 9, 0]]


def test_what_is_not_carried_over_is_named_once(tmp_path: Path) -> None:
    materials = [{"extensions": {"KHR_materials_clearcoat": {}}}, {"extensions": {"KHR_materials_clearcoat": {}}}]
    primitives = [{"attributes": {"POSITION": 0}, "material": n} for n in (0, 1)]
    content = simple(materials=materials, extensionsUsed=["KHR_materials_clearcoat"], meshes=[{"primitives": primitives}])
    assert read(tmp_path, content).doubts == (("gltf.left-out", {"names": "KHR_materials_clearcoat"}),)


def test_a_texture_beside_the_document(tmp_path: Path) -> None:
    (tmp_path / "skin one.png").write_bytes(checker().data)
    content = simple(
        images=[{"uri": "skin%20one.png"}],
        textures=[{"source": 0}],
        materials=[{"pbrMetallicRoughness": {"baseColorTexture": {"index": 0}}, "normalTexture": {"index": 0, "scale": 0.5}}],
        meshes=[{"primitives": [{"attributes": {"POSITION": 0}, "material": 0}]}],
    )
    mesh = read(tmp_path, content).mesh
    assert mesh.textures[0].data == checker().data
    assert (mesh.materials[0].textures, mesh.materials[0].normal_scale) == ({"base_colour": 0, "normal": 0}, 0.5)


@pytest.mark.parametrize("draco", [None, glb.Draco(position=20, uv=20)])
def test_our_own_files_come_back(tmp_path: Path, draco: glb.Draco | None) -> None:
    for mesh in (seamed(3), cube()):
        glb.write(mesh, tmp_path / "a.glb", codec=draco)
        again = readers.read(tmp_path, "a.glb", "glb").mesh
        assert np.allclose(np.sort(corners(again), axis=None), np.sort(corners(mesh), axis=None), atol=2e-6)
        assert [t.data for t in again.textures] == [t.data for t in mesh.textures]
