# SPDX-License-Identifier: Apache-2.0
"""Lattices: every vertex on one, the surface where it was, as coarse as allowed."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from digitize.encode.lattice import Lattice, fit, snap
from digitize.errors import Refusal
from digitize.measure.closest import surface
from digitize.mesh import Mesh
from digitize.topology import identical_rows
from tests.digitize.shapes import cube, grid, plain, seamed, sphere


def distance(one: Mesh, other: Mesh, count: int = 20_000) -> float:
    """Root mean square distance of points spread evenly over a surface to another."""
    rng = np.random.default_rng(3)
    a, b, c = (one.positions[one.faces[:, k]] for k in range(3))
    area = np.linalg.norm(np.cross(b - a, c - a), axis=1)
    face = rng.choice(len(area), count, p=area / area.sum())
    u, v = np.sqrt(rng.random((count, 1))), rng.random((count, 1))
    points = (1 - u) * a[face] + u * (1 - v) * b[face] + u * v * c[face]
    return float(np.sqrt((surface(other.positions, other.faces).closest(points).distance ** 2).mean()))


def test_a_needle_is_refused_and_a_sliver_finds_a_lattice() -> None:
    needle, sliver = (plain(np.array([[0.0, 0, 0], [1.0, 0, 0], [0, width, 0]]), np.array([[0, 1, 2]], np.int32)) for width in (1e-9, 1e-3))
    with pytest.raises(Refusal) as caught:
        fit(needle, 1.0, least=6, most=16)
    assert (caught.value.code, caught.value.params) == ("mesh.too-thin", {"steps": 65_535})
    assert fit(sliver, 1.0, least=6, most=16).mesh.triangles == 1


@pytest.mark.parametrize("bits", [8, 11, 14])
def test_every_vertex_lies_on_the_lattice(bits: int) -> None:
    found = snap(sphere(4), bits)
    numbers = (found.mesh.positions - found.lattice.origin) / found.lattice.step
    assert np.abs(numbers - np.rint(numbers)).max() < 1e-6
    assert (numbers.min() > -0.5, numbers.max() < found.lattice.last + 0.5) == (True, True)
    assert (found.lattice.bits, found.lattice.last) == (bits, 2**bits - 1)


def test_the_stated_distance_is_the_measured_one() -> None:
    mesh = sphere(4)
    found = snap(mesh, 10)
    assert found.rms == pytest.approx(distance(found.mesh, mesh), rel=0.1)


def test_sliding_along_the_surface_beats_the_nearest_point_by_more_than_a_bit() -> None:
    mesh = sphere(5)
    lattice = Lattice.over(mesh, 10)
    nearest = replace(mesh, positions=lattice.origin + lattice.step * lattice.numbers(mesh.positions))
    assert distance(snap(mesh, 10).mesh, mesh) < 0.45 * distance(nearest, mesh)


def test_a_textured_surface_slides_less() -> None:
    bare, textured = (snap(mesh, 8).mesh for mesh in (replace(seamed(4), textures=()), seamed(4)))
    moved = [np.linalg.norm(mesh.positions - seamed(4).positions, axis=1).mean() for mesh in (bare, textured)]
    assert moved[1] < 0.8 * moved[0]


def test_seams_stay_closed() -> None:
    mesh = seamed(4)
    found = snap(mesh, 9)
    before, after = identical_rows(mesh.positions)[1], identical_rows(found.mesh.positions)[1]
    assert found.collapsed == 0
    assert np.array_equal(before, after)


def test_an_open_edge_stays_where_it_is() -> None:
    mesh = grid(37, height=0.3)
    found = snap(replace(mesh, uv=None), 9).mesh
    rim = (mesh.positions[:, :2] == 0).any(axis=1) | (mesh.positions[:, :2] == 1).any(axis=1)
    off = np.abs(found.positions[rim, :2]).min(axis=1), np.abs(found.positions[rim, :2] - 1).min(axis=1)
    assert np.minimum(*off).max() < 1e-9


def test_it_is_as_coarse_as_allowed() -> None:
    mesh = sphere(4)
    found = fit(mesh, 2e-4, least=6, most=16)
    assert found.rms <= 2e-4 < snap(mesh, found.lattice.bits - 1).rms
    assert [fit(mesh, allowed, least=9, most=13).lattice.bits for allowed in (1.0, 0.0)] == [9, 13]


def test_triangles_below_the_lattice_are_left_out_and_counted() -> None:
    mesh = cube()
    fine = plain(
        np.vstack([mesh.positions, [[32 / 63, 32 / 63, 0.0], [32.1 / 63, 32 / 63, 0.0], [32 / 63, 32.1 / 63, 0.0]]]),
        np.vstack([mesh.faces, [[8, 9, 10]]]),
    )
    found = snap(fine, 6)
    assert (found.collapsed, found.mesh.triangles, len(found.mesh.positions)) == (1, 12, 8)


def test_the_same_mesh_gives_the_same_lattice_and_places() -> None:
    one, two = snap(seamed(4), 11), snap(seamed(4), 11)
    assert one.mesh.positions.tobytes() == two.mesh.positions.tobytes()
    assert one.rms == two.rms


@settings(max_examples=40, deadline=None)
@given(
    points=arrays.arrays(np.float64, (12, 3), elements=st.floats(-1e6, 1e6)),
    faces=st.lists(st.tuples(*[st.integers(0, 11)] * 3), min_size=1, max_size=20),
    bits=st.integers(4, 16),
)
def test_nothing_moves_far_and_nothing_leaves(points: np.ndarray, faces: list[tuple[int, int, int]], bits: int) -> None:
    mesh = plain(points, np.array(faces))
    if np.ptp(mesh.positions[np.unique(mesh.faces)], axis=0).max() < 1e-3:
        return
    used = np.unique(mesh.faces)
    mesh = plain(points[used], np.searchsorted(used, mesh.faces))
    found = snap(mesh, bits)
    assert found.mesh.triangles + found.collapsed == mesh.triangles
    if found.collapsed == 0:
        moved = np.abs(found.mesh.positions - mesh.positions).max() / found.lattice.step
        assert moved <= 2.51
    numbers = found.lattice.numbers(found.mesh.positions)
    assert numbers.size == 0 or (numbers.min() >= 0 and numbers.max() <= found.lattice.last)
