# SPDX-License-Identifier: Apache-2.0
"""Welding, edges, area and volume, against solids whose measures are known."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from digitize import topology
from tests.digitize.shapes import cube, grid, plain, seamed, sphere


@given(hnp.arrays(np.float32, st.tuples(st.integers(1, 40), st.just(3)), elements=st.sampled_from([0.0, -0.0, 1.0, 1e-30, -3.5])))
def test_identical_rows_are_found_and_rebuild_the_array(rows: np.ndarray) -> None:
    first, number = topology.identical_rows(rows)
    assert np.array_equal(rows[first][number], rows)
    assert len(first) == len({tuple((row + 0.0).tolist()) for row in rows})
    assert np.array_equal(first, np.sort(first))


def test_rows_that_share_a_key_are_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(topology, "_hashed", lambda rows: np.zeros(len(rows), dtype=np.uint64))
    rows = np.arange(30, dtype=np.float64).reshape(10, 3)[[3, 1, 3, 0, 9, 1]]
    first, number = topology.identical_rows(rows)
    assert first.tolist() == [0, 1, 3, 4]
    assert number.tolist() == [0, 1, 0, 2, 3, 1]


@given(st.integers(1, 30), st.data())
def test_pieces_are_numbered_by_their_first_nodes(count: int, data: st.DataObject) -> None:
    pair = st.tuples(st.integers(0, count - 1), st.integers(0, count - 1))
    ends = np.array(data.draw(st.lists(pair, max_size=40)), dtype=np.int32).reshape(-1, 2)
    found, wanted = topology.pieces(count, ends[:, 0], ends[:, 1]), list(range(count))
    for one, two in [*ends.tolist()] * count:  # a node takes the least number among its neighbours until nothing changes
        wanted[one] = wanted[two] = min(wanted[one], wanted[two])
    assert found.tolist() == np.unique(wanted, return_inverse=True)[1].tolist()


def test_a_cube_is_closed_and_has_its_volume() -> None:
    welded = topology.weld(cube(2.0))
    assert (welded.ring.uses == 2).all()
    assert (welded.ring.balance == 0).all()
    assert len(welded.ring.uses) == 18
    assert topology.volume(cube(2.0).positions, cube(2.0).faces) == pytest.approx(8.0)
    assert topology.areas(cube(2.0).positions, cube(2.0).faces).sum() == pytest.approx(24.0)


def test_an_inside_out_cube_has_negative_volume() -> None:
    mesh = cube()
    assert topology.volume(mesh.positions, mesh.faces[:, ::-1]) == pytest.approx(-1.0)


def test_a_seam_of_the_texture_does_not_open_the_surface() -> None:
    mesh = seamed(3)
    welded = topology.weld(mesh)
    assert len(welded.first) == len(sphere(3).positions) < len(mesh.positions)
    assert (welded.ring.uses == 2).all()


def test_a_flipped_face_unbalances_its_edges() -> None:
    mesh = cube()
    faces = mesh.faces.copy()
    faces[0] = faces[0][::-1]
    assert np.abs(topology.edges(faces).balance).tolist().count(2) == 3


def test_open_edges_of_a_square_are_its_border() -> None:
    assert (topology.weld(grid(5)).ring.uses == 1).sum() == 20


def test_components_are_counted_over_welded_vertices() -> None:
    one, two = cube(), cube()
    both = plain(np.vstack([one.positions, two.positions + 5]), np.vstack([one.faces, two.faces + 8]))
    welded = topology.weld(both)
    assert topology.components(welded.faces, len(welded.first)) == 2


@settings(max_examples=25)
@given(st.floats(0, 6.28), st.floats(0, 6.28), hnp.arrays(np.float64, 3, elements=st.floats(-100, 100)))
def test_area_and_volume_do_not_change_when_a_solid_is_moved(a: float, b: float, shift: np.ndarray) -> None:
    mesh = sphere(2)
    turn = np.array([[np.cos(a), -np.sin(a), 0], [np.sin(a), np.cos(a), 0], [0, 0, 1]]) @ np.array(
        [[1, 0, 0], [0, np.cos(b), -np.sin(b)], [0, np.sin(b), np.cos(b)]]
    )
    moved = replace(mesh, positions=mesh.positions @ turn.T + shift)
    assert topology.volume(moved.positions, moved.faces) == pytest.approx(topology.volume(mesh.positions, mesh.faces), rel=1e-9)
    assert topology.areas(moved.positions, moved.faces).sum() == pytest.approx(topology.areas(mesh.positions, mesh.faces).sum(), rel=1e-9)


@pytest.mark.parametrize("largest", [3, 2**30])
def test_distinct_pairs_are_numbered_as_numpy_numbers_them(largest: int) -> None:
    random = np.random.default_rng(2)
    one, two = (random.integers(0, largest, 500) // (largest // 3) * (largest // 3) for _ in range(2))
    first, number = topology.pairs(one, two)
    distinct, begin, inverse = np.unique(np.stack([one, two], axis=1), axis=0, return_index=True, return_inverse=True)
    assert np.array_equal(np.stack([one[first], two[first]], axis=1), distinct)
    assert np.array_equal(first, begin)
    assert np.array_equal(number, inverse.ravel())


def test_edges_are_the_same_however_they_are_sorted() -> None:
    mesh = sphere(3)
    small, large = topology.edges(mesh.faces), topology.edges(mesh.faces + np.int32(2**30))  # too large to be sorted with their places
    for name in ("of_corner", "order", "uses", "balance"):
        assert np.array_equal(getattr(small, name), getattr(large, name)), name
