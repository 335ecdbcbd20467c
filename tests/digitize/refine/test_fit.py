# SPDX-License-Identifier: Apache-2.0
"""The least squares: where points stand, how far vertices go, and that the system is really solved."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from digitize.refine import fit
from tests.digitize.shapes import grid

SQUARE = np.array([[0.0, 0, 0], [1, 0, 0], [1, 1, 0], [0, 1, 0]])
FACES = np.array([[0, 1, 2], [0, 2, 3]], dtype=np.int32)


def crowd(points: list[list[float]], face: list[int]) -> fit.Crowd:
    return fit.Crowd(np.array(points, dtype=np.float64), np.array(face, dtype=np.int32), np.ones(len(face)))


def test_a_point_over_a_face_knows_its_weights_and_height() -> None:
    footing = fit.stand(SQUARE, FACES, crowd([[0.5, 0.25, 0.3]], [0]))
    assert np.allclose(footing.weights, [[0.5, 0.25, 0.25]])
    assert np.allclose(footing.height, [0.3])


def test_a_foot_outside_is_drawn_in_to_the_border() -> None:
    footing = fit.stand(SQUARE, FACES, crowd([[0.0, 1.0, -0.2]], [0]))
    assert footing.weights.min() == 0.0
    assert footing.weights.sum() == pytest.approx(1.0)
    assert np.allclose(footing.height, [-0.2])


def test_a_face_without_area_does_no_harm() -> None:
    flat = fit.stand(np.array([[0.0, 0, 0], [1, 0, 0], [2, 0, 0]]), np.array([[0, 1, 2]], dtype=np.int32), crowd([[1, 1, 1]], [0]))
    assert flat.weights.tolist() == [[1.0, 0.0, 0.0]]
    assert flat.height.tolist() == [0.0]


def test_a_plane_rises_to_the_points_above_it() -> None:
    mesh = grid(8)
    face = np.tile(np.arange(mesh.triangles, dtype=np.int32), 9)
    weights = np.random.default_rng(1).dirichlet([1, 1, 1], len(face))
    points = np.einsum("kc,kcd->kd", weights, mesh.positions[mesh.faces[face]]) + np.array([0, 0, 0.01])
    above = fit.Crowd(points, face, np.ones(len(face)))
    moves = fit.moves(mesh.positions, mesh.faces, above, fit.stand(mesh.positions, mesh.faces, above))
    assert np.allclose(moves[:, :2], 0.0)
    assert np.median(moves[:, 2]) == pytest.approx(0.01, rel=0.05)
    assert moves[:, 2].max() < 0.0105


def test_nothing_to_fit_moves_nothing() -> None:
    on = crowd([[0.5, 0.25, 0.0]], [0])
    assert not fit.moves(SQUARE, FACES, on, fit.stand(SQUARE, FACES, on)).any()


@given(st.integers(2, 12), st.integers(0, 10_000))
def test_conjugate_gradients_solve_the_system(count: int, seed: int) -> None:
    random = np.random.default_rng(seed)
    half = random.normal(size=(count, count))
    matrix, wanted = half @ half.T + np.eye(count), random.normal(size=count)
    one, two = (part.astype(np.int32) for part in np.triu_indices(count, 1))
    springs = fit.Springs(matrix.diagonal(), one, two, matrix[one, two])
    assert np.allclose(springs @ wanted, matrix @ wanted)
    assert np.allclose(fit.solve(springs, wanted), np.linalg.solve(matrix, wanted), atol=1e-4)
