# SPDX-License-Identifier: Apache-2.0
"""The farthest vertex is found though few are asked."""

from dataclasses import replace

import numpy as np
import pytest

from digitize.measure.closest import EmbreeSurface, TreeSurface
from digitize.measure.extremes import Vertices, ask, vertex_normals
from tests.digitize.shapes import cube, grid, sphere


def test_few_are_asked_and_the_farthest_is_exact() -> None:
    one = sphere(6)
    two = replace(sphere(5), positions=sphere(5).positions * [1.0, 1.01, 0.98])
    search = EmbreeSurface(two.positions, two.faces)
    every = search.closest(one.positions).distance
    found = Vertices.of(one).farthest(search, float(np.quantile(every, 0.9)), one.diagonal())
    assert found.distance == pytest.approx(every.max(), rel=1e-6)
    assert 0 < found.asked < 0.2 * len(every)
    assert ask(search, found.vertices[:1], 0.0).distance == pytest.approx(every.max(), rel=1e-6)


@pytest.mark.parametrize("known", [0.0, 0.01, 0.29])
def test_a_lone_spike_that_no_sample_met_is_found(known: float) -> None:
    flat, spiky = grid(50), grid(50)
    positions = spiky.positions.copy()
    positions[51 * 25 + 25, 2] = 0.3
    found = Vertices.of(replace(spiky, positions=positions)).farthest(EmbreeSurface(flat.positions, flat.faces), known, flat.diagonal())
    assert found.distance == pytest.approx(0.3, rel=1e-6)


def test_nothing_farther_than_what_is_known_needs_no_answer() -> None:
    mesh = sphere(4)
    found = Vertices.of(mesh).farthest(EmbreeSurface(mesh.positions, mesh.faces), 0.0, mesh.diagonal())
    assert (found.distance, found.asked) == (0.0, 0)


def test_without_rays_every_vertex_is_asked() -> None:
    mesh = cube()
    found = Vertices.of(mesh).farthest(TreeSurface(mesh.positions + 0.5, mesh.faces), 0.0, mesh.diagonal())
    assert (found.asked, found.distance) == (8, pytest.approx(np.sqrt(0.75)))


def test_normals_are_the_meshs_own_or_made_and_zero_where_there_are_none() -> None:
    mesh = replace(sphere(3), normals=None)
    made = vertex_normals(mesh)
    assert np.einsum("kd,kd->k", made, mesh.positions).min() > 0.99
    assert vertex_normals(replace(mesh, normals=made.astype(np.float32))).dtype == np.float32
    empty = replace(mesh, faces=np.array([[0, 0, 0]], dtype=np.int32), material_of=np.zeros(1, dtype=np.int32))
    assert np.array_equal(vertex_normals(empty), np.zeros_like(made))
