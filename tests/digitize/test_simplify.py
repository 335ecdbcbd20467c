# SPDX-License-Identifier: Apache-2.0
"""Simplification: fewer triangles, the same surface, the same texture in the same place, nothing torn."""

from dataclasses import replace

import numpy as np
import pytest

from digitize import topology
from digitize.mesh import Material
from digitize.normals import smooth_normals
from digitize.simplify import simplify, simplify_free, split_materials
from tests.digitize.shapes import checker, grid, needs_spot, seamed, sphere, spot


def test_a_flat_square_keeps_its_outline_and_its_map() -> None:
    level = simplify(grid(64, texture=checker()), 100)
    mesh = level.mesh
    assert mesh.triangles <= 100
    assert topology.areas(mesh.positions, mesh.faces).sum() == pytest.approx(1.0, abs=1e-6)
    assert np.allclose(mesh.uv, np.stack([mesh.positions[:, 0], 1 - mesh.positions[:, 1]], axis=1), atol=1e-4)


def test_a_closed_surface_with_a_seam_stays_closed() -> None:
    mesh = smooth_normals(seamed(6))
    level = simplify(mesh, 2000)
    assert level.mesh.triangles <= 2000
    assert (topology.weld(level.mesh).ring.uses == 2).all()
    assert topology.volume(level.mesh.positions, level.mesh.faces) == pytest.approx(4 / 3 * np.pi, rel=0.01)


def test_the_shape_alone_passes_over_every_seam() -> None:
    level = simplify_free(smooth_normals(seamed(5)), 300)
    mesh = level.mesh
    assert mesh.triangles <= 300
    assert (mesh.uv, mesh.normals, mesh.colours, mesh.textures, len(mesh.materials)) == (None, None, None, (), 1)
    assert (topology.edges(mesh.faces).uses == 2).all()  # closed without welding
    assert topology.volume(mesh.positions, mesh.faces) == pytest.approx(4 / 3 * np.pi, rel=0.02)


def test_normals_stay_unit_and_outwards() -> None:
    mesh = simplify(smooth_normals(sphere(6)), 1500).mesh
    assert np.linalg.norm(mesh.normals, axis=1) == pytest.approx(1.0, abs=1e-5)
    outwards = mesh.positions / np.linalg.norm(mesh.positions, axis=1, keepdims=True)
    assert np.einsum("ij,ij->i", mesh.normals, outwards).min() > 0.95


def test_materials_keep_their_area_and_their_border() -> None:
    mesh = grid(64)
    left = mesh.positions[mesh.faces].mean(axis=1)[:, 0] < 0.5
    mesh = replace(mesh, materials=(Material(name="a"), Material(name="b")), material_of=left.astype(np.int32))
    level = simplify(mesh, 200).mesh
    areas = topology.areas(level.positions, level.faces)
    assert level.triangles <= 200
    assert [areas[level.material_of == n].sum() for n in (0, 1)] == pytest.approx([0.5, 0.5], abs=1e-5)
    assert (topology.weld(level).ring.uses <= 2).all()


def test_split_materials_gives_each_its_vertices() -> None:
    mesh = replace(grid(2), materials=(Material(), Material()), material_of=np.array([0, 1] * 4, dtype=np.int32))
    split = split_materials(mesh)
    assert np.array_equal(split.positions[split.faces], mesh.positions[mesh.faces])
    assert set(split.faces[::2].ravel()) & set(split.faces[1::2].ravel()) == set()


def test_vertex_colours_stay_where_they_were() -> None:
    mesh = grid(64)
    mesh = replace(
        mesh,
        uv=None,
        colours=np.rint(
            np.hstack([mesh.positions[:, :2], np.zeros((len(mesh.positions), 1)), np.ones((len(mesh.positions), 1))]) * 255
        ).astype(np.uint8),
    )
    level = simplify(mesh, 300).mesh
    assert np.abs(level.colours[:, :2] / 255 - level.positions[:, :2]).max() < 0.01


def test_far_coordinates_do_not_coarsen() -> None:
    far = np.array([4e6, 5e6, 100])
    level = simplify(replace(sphere(5), positions=sphere(5).positions + far), 800).mesh
    assert np.linalg.norm(level.positions - far, axis=1) == pytest.approx(1.0, abs=0.02)


def test_the_same_input_gives_the_same_mesh() -> None:
    one, two = (simplify(smooth_normals(seamed(5)), 500).mesh for _ in range(2))
    assert np.array_equal(one.positions, two.positions)
    assert np.array_equal(one.faces, two.faces)


def test_what_is_small_enough_is_left_alone() -> None:
    mesh = sphere(2)
    assert simplify(mesh, 128).mesh is mesh


def test_hard_edges_everywhere_do_not_stand_in_the_way() -> None:
    mesh = grid(40)
    loose = replace(
        mesh,
        positions=mesh.positions[mesh.faces.ravel()],
        uv=None,
        faces=np.arange(mesh.faces.size, dtype=np.int32).reshape(-1, 3),
        normals=np.random.default_rng(1).normal(size=(mesh.faces.size, 3)).astype(np.float32),
    )
    level = simplify(loose, 200)
    assert level.mesh.triangles <= 210
    assert topology.areas(level.mesh.positions, level.mesh.faces).sum() == pytest.approx(1.0, abs=1e-3)


@needs_spot
def test_the_real_scan_keeps_its_seams_closed() -> None:
    mesh = spot(90_000)
    level = simplify(mesh, 9_000).mesh
    assert level.triangles <= 9_000
    assert (topology.weld(level).ring.uses == 2).all()
