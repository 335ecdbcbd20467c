# SPDX-License-Identifier: Apache-2.0
"""Fins go, and nothing else."""

from dataclasses import replace

import numpy as np
import pytest

from digitize.mesh import Mesh
from digitize.refine import has_fins, without_fins
from tests.digitize.shapes import cube, grid, plain, sphere


def with_fin(mesh: Mesh, turned: int) -> Mesh:
    """Let a face and its back stand on the mesh's first edge; `turned` says at which corner the back begins."""
    a, b = mesh.faces[0, :2]
    tip = len(mesh.positions)
    back = np.roll([b, a, tip], turned)
    return replace(
        mesh,
        positions=np.vstack([mesh.positions, [[9.0, 9, 9]]]),
        faces=np.vstack([mesh.faces, [[a, b, tip]], [back]]).astype(np.int32),
        material_of=np.append(mesh.material_of, [0, 0]).astype(np.int32),
    )


@pytest.mark.parametrize("turned", [0, 1, 2])
def test_a_fin_is_found_and_dropped(turned: int) -> None:
    whole = sphere(3)
    mended = without_fins(with_fin(whole, turned))
    assert has_fins(with_fin(whole, turned))
    assert np.array_equal(mended.faces, whole.faces)
    assert np.array_equal(mended.positions, whole.positions)


@pytest.mark.parametrize("mesh", [cube(), grid(4), sphere(2)])
def test_what_has_no_fin_comes_back_itself(mesh: Mesh) -> None:
    assert not has_fins(mesh)
    assert without_fins(mesh) is mesh


def test_the_same_face_twice_is_no_fin() -> None:
    assert not has_fins(plain(cube().positions, np.vstack([cube().faces, cube().faces[:1]])))


def test_vertices_are_joined_by_place_before_faces_are_compared() -> None:
    sheet = np.array([[0.0, 0, 0], [1, 0, 0], [0, 1, 0]])
    assert has_fins(plain(np.vstack([sheet, sheet]), np.array([[0, 1, 2], [4, 3, 5]])))
