# SPDX-License-Identifier: Apache-2.0
"""Points stand on the face below them, by rays as by closest points, also where rays miss."""

import numpy as np

from digitize.measure.closest import EmbreeSurface, TreeSurface
from digitize.measure.sample import by_area
from digitize.refine.near import stood_on
from digitize.topology import face_normals
from tests.digitize.shapes import cube, sphere


def test_points_above_their_faces_stand_on_them() -> None:
    mesh = sphere(4)
    drawn = by_area(mesh.positions, mesh.faces, 3000, 5)
    own = face_normals(mesh.positions, mesh.faces)[drawn.face]
    points = drawn.points + 0.01 * own / np.linalg.norm(own, axis=1)[:, None]
    for search in (EmbreeSurface(mesh.positions, mesh.faces), TreeSurface(mesh.positions, mesh.faces)):
        assert np.mean(stood_on(search, points, own) == drawn.face) > 0.99


def test_what_rays_miss_stands_on_the_closest_face() -> None:
    mesh = cube()
    search = EmbreeSurface(mesh.positions, mesh.faces)
    points = np.array([[0.5, 0.4, 1.0]] * 63 + [[0.5, 0.4, 1.8], [0.5, 0.4, 1.0]])
    normals = np.array([[0.0, 0.0, 1.0]] * 64 + [[0.0, 0.0, -1.0]])
    assert np.array_equal(stood_on(search, points, normals), search.closest(points).face)
