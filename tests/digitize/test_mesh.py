# SPDX-License-Identifier: Apache-2.0
"""The canonical mesh: what is saved comes back, and nothing unused is kept."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from digitize import mesh as meshes
from digitize.mesh import Material
from tests.digitize.shapes import cube, grid, plain, seamed


def full():
    mesh = seamed(2)
    return replace(
        mesh,
        materials=(Material(name="铜", textures={"base_colour": 0}, metallic=0.5, alpha_mode="MASK", emissive=(0.1, 0.2, 0.3)),),
        normals=mesh.positions.astype(np.float32),
        colours=np.full((len(mesh.positions), 4), 7, dtype=np.uint8),
        unit="mm",
        unit_evidence="declared",
        up="z",
    )


def test_a_saved_mesh_comes_back_whole(tmp_path: Path) -> None:
    mesh = full()
    meshes.save(mesh, tmp_path)
    again = meshes.load(tmp_path)
    for name in ("positions", "faces", "material_of", "normals", "uv", "colours"):
        assert np.array_equal(getattr(again, name), getattr(mesh, name)), name
    assert (again.materials, again.textures, again.unit, again.unit_evidence, again.up) == (
        mesh.materials,
        mesh.textures,
        "mm",
        "declared",
        "z",
    )


def test_equal_meshes_give_equal_bytes(tmp_path: Path) -> None:
    for name in ("a", "b"):
        meshes.save(full(), tmp_path / name)
    names = sorted(path.name for path in (tmp_path / "a").iterdir())
    assert names == sorted(path.name for path in (tmp_path / "b").iterdir())
    assert [(tmp_path / "a" / name).read_bytes() for name in names] == [(tmp_path / "b" / name).read_bytes() for name in names]


def test_compact_drops_unused_vertices_and_keeps_the_surface() -> None:
    mesh = cube()
    padded = replace(mesh, positions=np.vstack([[[9, 9, 9]], mesh.positions]), faces=mesh.faces + 1)
    assert np.array_equal(meshes.compact(padded).positions, mesh.positions)
    assert np.array_equal(meshes.compact(padded).faces, mesh.faces)


def test_bounds_ignore_vertices_without_faces() -> None:
    mesh = plain([[0, 0, 0], [1, 0, 0], [0, 2, 0], [50, 50, 50]], [[0, 1, 2]])
    assert mesh.bounds()[1].tolist() == [1, 2, 0]
    assert mesh.diagonal() == pytest.approx(5**0.5)


def test_select_keeps_the_chosen_faces() -> None:
    mesh = grid(4)
    half = meshes.select(mesh, np.arange(mesh.triangles) < 16)
    assert half.triangles == 16
    assert np.array_equal(half.positions[half.faces], mesh.positions[mesh.faces[:16]])
