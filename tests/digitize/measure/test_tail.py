# SPDX-License-Identifier: Apache-2.0
"""The 99.9th percentile and its confidence: enough points where it is uncertain, no more than needed, none where nothing can be told."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from digitize.measure.closest import EmbreeSurface, TreeSurface
from digitize.measure.tail import MOST, stated, tail
from digitize.mesh import Floats
from tests.digitize.shapes import grid


def over(height: float) -> tuple[EmbreeSurface, Floats]:
    mesh = grid(2)
    points = np.random.default_rng(1).random((4096, 3)) * [1, 1, height]
    return EmbreeSurface(mesh.positions, mesh.faces), points


def uniform(count: int, seed: int) -> tuple[Floats, Floats]:
    points = np.random.default_rng(seed).random((count, 3))
    return points, np.tile([0.0, 0.0, 1.0], (count, 1))


@given(st.lists(st.floats(0, 1e6), min_size=2, max_size=3000))
def test_it_is_what_numpy_says(values: list[float]) -> None:
    distance = np.array(values)
    found = stated(distance)
    assert found.p999 == pytest.approx(np.quantile(distance, 0.999), rel=1e-9, abs=1e-9)
    assert found.points == len(values)
    assert 0 <= found.error <= distance.max()


def test_equal_distances_leave_no_doubt() -> None:
    assert stated(np.full(100, 0.25)).error == 0.0


def test_an_uncertain_one_is_settled_by_more_points() -> None:
    search, points = over(1.0)
    steep = points * [1, 1, 0.1]  # heights that a thousandth of the surface passes by far: these few points cannot tell where

    def draw(count: int, seed: int) -> tuple[Floats, Floats]:
        drawn, normals = uniform(count, seed)
        drawn[:, 2] = 0.001 / np.maximum(drawn[:, 2], 1e-4)
        return drawn, normals

    steep[:, 2] = 0.001 / np.maximum(points[:, 2], 1e-4)
    first = stated(steep[:, 2])
    found = tail(search.closest(steep).distance, search, draw, 2.0, 5)
    assert first.error > 0.5 * first.p999
    assert found.points > 100 * len(points)
    assert found.p999 == pytest.approx(1.0, rel=0.1)
    assert found.points <= MOST


def test_a_certain_one_needs_no_more() -> None:
    search, points = over(0.5)
    found = tail(search.closest(points).distance, search, uniform, 1.0, 5)
    assert found.points == len(points)


def test_without_rays_the_points_that_there_are_must_do() -> None:
    mesh = grid(2)
    points = np.random.default_rng(2).random((500, 3)) ** [1, 1, 9]
    search = TreeSurface(mesh.positions, mesh.faces)
    distance = search.closest(points).distance
    assert tail(distance, search, uniform, 1.0, 5) == stated(distance)
