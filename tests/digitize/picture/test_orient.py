# SPDX-License-Identifier: Apache-2.0
"""Which way up: declared first, else where the object rests."""

from dataclasses import replace

import numpy as np
import pytest

from digitize.mesh import Mesh
from digitize.picture.camera import framing
from digitize.picture.orient import AXES, ROUND, stance, turned, view
from tests.digitize.shapes import cube, plain, sphere


def cone(axis: int, sign: int = 1) -> Mesh:
    angle = np.linspace(0, 2 * np.pi, 33)[:-1]
    ring = np.stack([np.cos(angle), np.sin(angle), np.zeros(32)], axis=1)
    points = np.vstack([ring, [[0, 0, 3]], [[0, 0, 0]]])
    faces = [[n, (n + 1) % 32, 32] for n in range(32)] + [[(n + 1) % 32, n, 33] for n in range(32)]
    return plain(np.roll(points, axis - 2, axis=1) * [1 if k != axis else sign for k in range(3)], faces)


@pytest.mark.parametrize(("axis", "sign", "up"), [(0, 1, "x"), (1, 1, "y"), (2, 1, "z"), (2, -1, "-z"), (1, -1, "-y")])
def test_a_cone_stands_on_its_base(axis: int, sign: int, up: str) -> None:
    assert stance(cone(axis, sign)).up == up


def test_what_is_declared_is_not_questioned() -> None:
    found = stance(replace(cone(2), up="x"))
    assert (found.up, found.evidence, found.rest) == ("x", "declared", None)


def test_what_rests_equally_is_taken_to_be_y_up() -> None:
    assert stance(cube()).up == "y"


@pytest.mark.parametrize("up", AXES)
def test_turning_brings_up_to_y_without_mirroring(up: str) -> None:
    matrix = turned(np.eye(3), up).T
    assert (matrix @ AXES[up]).tolist() == [0, 1, 0]
    assert np.linalg.det(matrix) == pytest.approx(1.0)


def test_what_looked_along_minus_y_looks_at_the_viewer() -> None:
    assert turned(np.array([[0.0, -1.0, 0.0]]), "z").tolist() == [[0, 0, 1]]


def test_flat_things_are_seen_from_their_flat_side() -> None:
    slab = cube()
    assert view(slab, "y")[1] == ROUND
    upright, lying = (replace(slab, positions=slab.positions * size) for size in ([4, 2, 0.2], [4, 0.2, 4]))
    assert view(upright, "y")[1] == pytest.approx(np.radians(10))
    assert view(lying, "y")[1] == pytest.approx(np.radians(52))


@pytest.mark.parametrize("shape", [[1, 1, 1], [0.1, 3, 0.1], [5, 0.2, 1]])
def test_the_camera_fills_the_picture(shape: list[float]) -> None:
    points = sphere(4).positions * shape
    camera = framing(points, 0.5, 0.3)
    across, down, depth = camera.project(points)
    reach = [across.min(), across.max(), down.min(), down.max()]
    assert max(np.abs(reach)) == pytest.approx(0.86, abs=0.02)
    assert across.min() == pytest.approx(-across.max(), abs=0.02)
    assert depth.min() > 0


def test_a_proposal_says_how_sure_it_is_and_is_not_confirmed() -> None:
    flat = cube()
    slab = replace(flat, positions=flat.positions * [1, 1, 0.1])
    found = stance(slab)
    assert (found.up, found.confirmed, set(found.scores)) == (max(found.scores, key=lambda axis: found.scores[axis]), False, set(AXES))
    ranked = sorted(found.scores.values(), reverse=True)
    assert found.confidence == pytest.approx((ranked[0] - ranked[1]) / ranked[0], abs=1e-3)
    assert 0 <= found.confidence < 0.5  # every side of a box is flat
    declared = stance(replace(slab, up="x"))
    assert declared.as_json() == {"up": "x", "evidence": "declared", "rest": None, "confidence": 1.0, "confirmed": True, "scores": {}}
