# SPDX-License-Identifier: Apache-2.0
"""Rays meet what faces them within reach, and nothing else."""

import numpy as np
import pytest

from digitize.measure.closest import EmbreeSurface
from digitize.measure.sample import by_area
from tests.digitize.shapes import cube, grid, sphere

UP, DOWN = np.array([[0.0, 0.0, 1.0]]), np.array([[0.0, 0.0, -1.0]])


def test_a_ray_meets_the_face_below_its_point_at_its_weights() -> None:
    mesh = grid(7)
    drawn = by_area(mesh.positions, mesh.faces, 500, 3)
    found = EmbreeSurface(mesh.positions, mesh.faces).rays.meet(drawn.points + 0.01 * UP, np.tile(UP, (500, 1)), 0.02)
    assert found.any.all()
    assert found.weights == pytest.approx(drawn.weights, abs=1e-4)
    assert np.array_equal(found.face, drawn.face)


@pytest.mark.parametrize(("height", "normal", "met"), [(0.05, UP, True), (0.2, UP, False), (0.05, DOWN, False), (-0.05, UP, True)])
def test_what_is_out_of_reach_or_looks_the_other_way_is_not_met(height: float, normal: np.ndarray, met: bool) -> None:
    mesh = grid(3)
    rays = EmbreeSurface(mesh.positions, mesh.faces).rays
    found = rays.meet(np.array([[0.4, 0.3, height]]), normal, 0.1)
    assert found.any.tolist() == [met]
    assert met or found.face.tolist() == [0]


def test_the_side_of_a_thin_wall_that_looks_the_same_way_is_met() -> None:
    wall = cube()
    positions = wall.positions * [1, 1, 0.01]
    rays = EmbreeSurface(positions, wall.faces).rays
    points, normals = np.array([[0.3, 0.4, 0.004], [0.3, 0.4, 0.006]]), np.concatenate([UP, DOWN])
    found = rays.meet(points, normals, 0.02)
    assert found.any.all()
    assert positions[wall.faces[found.face]][:, 0, 2].tolist() == [0.01, 0.0]


def test_a_null_direction_meets_nothing() -> None:
    mesh = sphere(2)
    found = EmbreeSurface(mesh.positions, mesh.faces).rays.meet(mesh.positions[:4], np.zeros((4, 3)), 0.1)
    assert not found.any.any()
