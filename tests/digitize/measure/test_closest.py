# SPDX-License-Identifier: Apache-2.0
"""Closest points: Embree, the trees and plain arithmetic agree."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from digitize.measure.closest import EmbreeSurface, TreeSurface, triangle_weights
from digitize.measure.sample import at_weights, by_area
from digitize.topology import areas
from tests.digitize.shapes import cube, grid, sphere

COORDINATES = st.floats(-10, 10, allow_nan=False, width=32)


@settings(max_examples=200, deadline=None)
@given(hnp.arrays(np.float64, 3, elements=COORDINATES), hnp.arrays(np.float64, (3, 3), elements=COORDINATES))
def test_no_point_of_a_triangle_is_closer_than_the_closest(point: np.ndarray, corners: np.ndarray) -> None:
    weights = triangle_weights(point[None], corners[None])[0]
    assert weights.min() >= -1e-12
    assert weights.sum() == pytest.approx(1.0)
    found = np.linalg.norm(point - weights @ corners)
    u, v = (part.ravel() for part in np.meshgrid(np.linspace(0, 1, 21), np.linspace(0, 1, 21)))
    others = np.stack([1 - u - v, u, v], axis=1)[u + v <= 1] @ corners
    assert found <= np.linalg.norm(point - others, axis=1).min() + 1e-9


def test_embree_and_the_trees_agree() -> None:
    mesh = sphere(4)
    points = np.random.default_rng(3).normal(size=(1500, 3)) * 1.3
    one, two = EmbreeSurface(mesh.positions, mesh.faces).closest(points), TreeSurface(mesh.positions, mesh.faces).closest(points)
    assert two.distance == pytest.approx(one.distance, abs=2e-6)
    for found in (one, two):
        foot = at_weights(mesh.positions, mesh.faces, found.face, found.weights)
        assert np.linalg.norm(points - foot, axis=1) == pytest.approx(found.distance)


def test_the_trees_find_large_triangles_among_small_ones() -> None:
    fine, coarse = grid(60), cube(50.0)
    positions = np.vstack([fine.positions + np.array([10, 10, 60]), coarse.positions])
    faces = np.vstack([fine.faces, coarse.faces + len(fine.positions)])
    points = np.random.default_rng(5).uniform(-20, 80, size=(2000, 3))
    one, two = EmbreeSurface(positions, faces).closest(points), TreeSurface(positions, faces).closest(points)
    assert two.distance == pytest.approx(one.distance, abs=1e-4)


def test_far_from_the_origin_distances_keep_their_precision() -> None:
    mesh = grid(10)
    offset = np.array([5e6, 4e6, 3e6])
    found = EmbreeSurface(mesh.positions + offset, mesh.faces).closest(offset + np.array([[0.5, 0.5, 1e-4]]))
    assert found.distance == pytest.approx(1e-4, abs=3e-7)


def test_samples_lie_on_the_surface_in_proportion_to_area() -> None:
    mesh = cube()
    stretched = mesh.positions * [1, 1, 10]
    drawn = by_area(stretched, mesh.faces, 60_000, 1)
    assert np.bincount(drawn.face, minlength=12) / 60_000 == pytest.approx(areas(stretched, mesh.faces) / 42, abs=1e-4)
    assert drawn.points.mean(axis=0) == pytest.approx([0.5, 0.5, 5], abs=0.03)
    assert np.array_equal(drawn.points, by_area(stretched, mesh.faces, 60_000, 1).points)
    assert not np.array_equal(drawn.points, by_area(stretched, mesh.faces, 60_000, 2).points)
