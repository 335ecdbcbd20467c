# SPDX-License-Identifier: Apache-2.0
"""Edge flips: made where they fit better, never where they would tear a seam, fold the surface or make an edge twice."""

from dataclasses import replace

import numpy as np
import pytest

from digitize import topology
from digitize.mesh import Mesh
from digitize.refine import fit, refine, target
from digitize.refine.flips import Seats, flip
from tests.digitize.shapes import grid, plain, seamed, sphere

ROOF = np.array([[0.0, 0, 0], [1, 0, 0.2], [1, 1, 0], [0, 1, 0.2]])  # a ridge from 1 to 3
VALLEY = np.array([[0, 1, 2], [0, 2, 3]], dtype=np.int32)  # whose faces meet in a valley from 0 to 2


def over_the_ridge() -> fit.Crowd:
    x, y = (part.ravel() for part in np.meshgrid(np.linspace(0.1, 0.9, 9), np.linspace(0.1, 0.9, 9)))
    points = np.stack([x, y, 0.2 * (1 - np.abs(x + y - 1))], axis=1)
    return fit.Crowd(points, np.where(y < x, 0, 1).astype(np.int32), np.ones(len(points)))


def flipped(mesh: Mesh, crowd: fit.Crowd) -> tuple[np.ndarray, fit.Crowd]:
    seats = Seats(mesh.faces.ravel(), mesh.material_of, mesh.uv)
    made, after = flip(mesh.positions, mesh.faces, seats, crowd)
    return mesh.faces.ravel()[made], after


def test_a_valley_becomes_the_ridge_that_the_points_show() -> None:
    mesh = plain(ROOF, VALLEY)
    faces, crowd = flipped(mesh, over_the_ridge())
    assert {frozenset(face) for face in faces.tolist()} == {frozenset({0, 1, 3}), frozenset({1, 2, 3})}
    assert np.array_equal(np.sign(topology.face_normals(ROOF, faces)[:, 2]), [1, 1])
    assert np.abs(fit.stand(ROOF, faces, crowd).height).max() < 1e-12


def test_what_fits_stays() -> None:
    ridge = np.array([[0, 1, 3], [1, 2, 3]], dtype=np.int32)
    crowd = over_the_ridge()
    on = replace(crowd, face=np.where(crowd.points[:, :2].sum(axis=1) < 1, 0, 1).astype(np.int32))
    faces, _ = flipped(plain(ROOF, ridge), on)
    assert np.array_equal(faces, ridge)


@pytest.mark.parametrize("what", ["seam", "material", "uv"])
def test_seams_materials_and_uv_that_would_fold_hold_an_edge(what: str) -> None:
    mesh = plain(ROOF, VALLEY)
    seats = {
        "seam": Seats(np.array([0, 1, 2, 4, 5, 3], dtype=np.int32), mesh.material_of, None),
        "material": Seats(VALLEY.ravel(), np.array([0, 1], dtype=np.int32), None),
        "uv": Seats(VALLEY.ravel(), mesh.material_of, np.array([[0, 0], [0.3, 0.2], [0.2, 0.2], [0.2, 0.3]], dtype=np.float32)),
    }
    made, _ = flip(mesh.positions, mesh.faces, seats[what], over_the_ridge())
    assert np.array_equal(made, np.arange(6).reshape(2, 3))


def test_an_edge_that_is_there_is_not_made_again() -> None:
    both = np.array([[0, 1, 2], [0, 2, 3], [1, 4, 3], [3, 4, 1]], dtype=np.int32)  # 1-3 is there already
    mesh = plain(np.vstack([ROOF, [[5.0, 5, 5]]]), both)
    faces, _ = flipped(mesh, over_the_ridge())
    assert np.array_equal(faces, both)


def test_a_thousand_flips_keep_a_surface_closed() -> None:
    fine, coarse = sphere(6), sphere(4)
    turned = replace(coarse, positions=coarse.positions + 0.02 * np.sin(20 * coarse.positions[:, ::-1]))
    done = refine(turned, target(fine))
    ring = topology.edges(done.mesh.faces)
    assert done.flips > 50
    assert (ring.uses == 2).all()
    assert (ring.balance == 0).all()


def test_no_flip_crosses_the_seam_of_a_map() -> None:
    coarse = seamed(4)
    done = refine(replace(coarse, positions=coarse.positions * 1.01), target(seamed(6))).mesh
    area = topology.areas(np.column_stack([done.uv, np.zeros(len(done.uv))]).astype(np.float64), done.faces).sum()
    before = topology.areas(np.column_stack([coarse.uv, np.zeros(len(coarse.uv))]).astype(np.float64), coarse.faces).sum()
    assert area == pytest.approx(before, rel=1e-6)
    assert (topology.weld(done).ring.uses == 2).all()


def test_a_flat_grid_is_left_alone() -> None:
    mesh = grid(6)
    done = refine(mesh, target(grid(30)))
    assert done.flips == 0
    assert np.allclose(done.mesh.positions, mesh.positions, atol=1e-12)
