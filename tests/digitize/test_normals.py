# SPDX-License-Identifier: Apache-2.0
"""Computed normals: smooth where the surface is, split where it folds."""

import numpy as np

from digitize.normals import smooth_normals
from digitize.topology import weld
from tests.digitize.shapes import cube, grid, seamed, sphere


def test_a_cube_gets_a_normal_for_each_side_of_its_edges() -> None:
    mesh = smooth_normals(cube())
    assert len(mesh.positions) == 24
    flat = np.cross(*(mesh.positions[mesh.faces[:, k]] - mesh.positions[mesh.faces[:, 0]] for k in (1, 2)))
    flat /= np.linalg.norm(flat, axis=1, keepdims=True)
    assert np.allclose(mesh.normals[mesh.faces], flat[:, None], atol=1e-6)


def test_splitting_opens_no_hole() -> None:
    welded = weld(smooth_normals(cube()))
    assert len(welded.first) == 8
    assert (welded.ring.uses == 2).all()


def test_a_sphere_is_not_split_and_its_normals_point_outwards() -> None:
    mesh = smooth_normals(sphere(4))
    assert len(mesh.positions) == len(sphere(4).positions)
    assert np.einsum("ij,ij->i", mesh.normals, mesh.positions).min() > 0.999


def test_both_sides_of_a_texture_seam_share_their_normal() -> None:
    mesh = smooth_normals(seamed(3))
    welded = weld(mesh)
    number = np.zeros(len(mesh.positions), dtype=int)
    number[mesh.faces.ravel()] = welded.faces.ravel()
    assert np.allclose(mesh.normals, mesh.normals[welded.first][number])


def test_a_wide_crease_angle_keeps_the_cube_whole() -> None:
    assert len(smooth_normals(cube(), crease=120).positions) == 8


def test_the_border_of_an_open_surface_is_smooth() -> None:
    assert np.allclose(smooth_normals(grid(3)).normals, [0, 0, 1])
