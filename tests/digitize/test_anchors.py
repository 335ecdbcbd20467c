# SPDX-License-Identifier: Apache-2.0
"""Anchors survive another level and a later scan, and say so where they do not."""

import json
from dataclasses import replace

import numpy as np
import pytest

from digitize.anchors import Anchor, Carried, Lost, anchor, carry, register
from digitize.measure.closest import surface
from digitize.measure.sample import by_area
from digitize.mesh import Mesh, select
from digitize.messages import MESSAGES
from digitize.simplify import simplify
from tests.digitize.shapes import cube, plain, sphere


def lumpy(level: int = 5) -> Mesh:
    """A closed body that looks like itself from nowhere else."""
    mesh = sphere(level)
    x, y, z = mesh.positions.T
    bumps = [(0.35, (0.9, 0.3, 0.3), 6), (0.25, (-0.5, 0.8, 0.3), 9), (-0.2, (0.1, -0.7, 0.7), 7), (0.3, (-0.3, -0.4, -0.87), 12)]
    radius = 1 + 0.15 * x + 0.1 * y * z
    for height, towards, width in bumps:
        away = 1 - mesh.positions @ (np.array(towards) / np.linalg.norm(towards))
        radius = radius + height * np.exp(-width * away)
    return replace(mesh, positions=mesh.positions * radius[:, None] * [1.0, 0.8, 1.3], normals=None, uv=None)


def turn(seed: int) -> np.ndarray:
    q, r = np.linalg.qr(np.random.default_rng(seed).normal(size=(3, 3)))
    q = q * np.sign(np.diag(r))
    return q if np.linalg.det(q) > 0 else -q


def rescanned(mesh: Mesh, seed: int, noise: float = 0.0) -> tuple[Mesh, np.ndarray, np.ndarray]:
    """The same body from another day: other triangles, turned, moved, a little noise."""
    random, rotation, shift = np.random.default_rng(seed), turn(seed), np.array([3.0, -2.0, 5.0])
    other = simplify(mesh, mesh.triangles // 2).mesh
    positions = other.positions @ rotation.T + shift + random.normal(scale=noise, size=other.positions.shape)
    return replace(other, positions=positions), rotation, shift


def anchors(mesh: Mesh, count: int = 12) -> list[Anchor]:
    drawn = by_area(mesh.positions, mesh.faces, count, 3)
    search = surface(mesh.positions, mesh.faces)
    return [anchor(mesh, int(f), tuple(w.tolist()), search=search) for f, w in zip(drawn.face, drawn.weights, strict=True)]


@pytest.fixture(scope="module")
def body() -> Mesh:
    return lumpy()


def test_an_anchor_survives_its_json(body: Mesh) -> None:
    made = anchors(body, 1)[0]
    assert Anchor.from_json(json.loads(json.dumps(made.as_json()))) == made


def test_an_anchor_needs_a_place(body: Mesh) -> None:
    for face, weights in ((-1, (1.0, 0.0, 0.0)), (body.triangles, (1.0, 0.0, 0.0)), (0, (0.5, 0.0, 0.0)), (0, (2.0, -1.0, 0.0))):
        with pytest.raises(ValueError, match="no such place"):
            anchor(body, face, weights)


def test_anchors_survive_every_level(body: Mesh) -> None:
    for triangles in (4000, 1000):
        level = simplify(body, triangles).mesh
        for one in anchors(body):
            found = carry(one, body, level)
            assert isinstance(found, Carried), found
            assert found.distance < 0.2 * one.radius
            at = np.array(found.anchor.weights) @ level.positions[level.faces[found.anchor.face]]
            assert at == pytest.approx(np.array(found.anchor.position))


def test_what_was_carried_can_be_carried_on(body: Mesh) -> None:
    levels = [simplify(body, triangles).mesh for triangles in (4000, 2000)]
    for one in anchors(body):
        first = carry(one, body, levels[0])
        assert isinstance(first, Carried)
        assert isinstance(carry(first.anchor, levels[0], levels[1]), Carried)


@pytest.mark.parametrize("seed", [1, 2])
def test_a_later_scan_is_registered_however_it_was_turned(body: Mesh, seed: int) -> None:
    later, rotation, shift = rescanned(body, seed, noise=0.002)
    found = register(body, later)
    assert found.rotation == pytest.approx(rotation, abs=2e-3)
    assert found.translation == pytest.approx(shift, abs=5e-3)
    assert (found.ambiguous, found.overlap > 0.95) == (False, True)
    assert found.residual_e4 < 10
    for one in anchors(body):
        kept = carry(one, body, later, registration=found)
        assert isinstance(kept, Carried), kept
        wanted = rotation @ np.array(one.position) + shift
        assert np.array(kept.anchor.position) == pytest.approx(wanted, abs=0.2 * one.radius)


def test_units_are_brought_together(body: Mesh) -> None:
    later = replace(body, positions=body.positions / 10, unit="cm")
    found = register(replace(body, unit="mm"), later)
    assert (found.scale, found.translation) == (pytest.approx(0.1), pytest.approx(np.zeros(3), abs=1e-6))


def test_where_a_piece_broke_off_the_anchor_is_lost_and_elsewhere_kept(body: Mesh) -> None:
    whole, rotation, shift = rescanned(body, 4)
    side = (whole.positions - shift) @ rotation @ np.array([0.9, 0.3, 0.3])
    broken = select(whole, (side[whole.faces] < 1.0).all(axis=1))
    found = register(body, broken)
    assert found.rotation == pytest.approx(rotation, abs=5e-3)
    for one in anchors(body, 40):
        height = float(np.array(one.position) @ np.array([0.9, 0.3, 0.3]))
        kept = carry(one, body, broken, registration=found)
        if height > 1.0 + one.radius:
            assert isinstance(kept, Lost)
            assert kept.code in {"anchor.gone", "anchor.changed", "anchor.turned"}
        elif height < 1.0 - 2 * one.radius:
            assert isinstance(kept, Carried), kept


def test_a_place_that_was_worked_on_is_lost(body: Mesh) -> None:
    one = anchors(body, 1)[0]
    away = np.linalg.norm(body.positions - one.position, axis=1)
    push = np.exp(-((away / (0.5 * one.radius)) ** 2))[:, None] * 0.6 * one.radius * np.array(one.normal)
    worked = replace(body, positions=body.positions + push)
    lost = carry(one, body, worked)
    assert isinstance(lost, Lost)
    assert lost.code in {"anchor.gone", "anchor.changed", "anchor.turned"}
    far = next(other for other in anchors(body) if np.linalg.norm(np.subtract(other.position, one.position)) > 3 * one.radius)
    assert isinstance(carry(far, body, worked), Carried)


def test_the_other_side_of_a_thin_wall_is_not_taken_for_this_one() -> None:
    mesh = cube()
    thin = replace(mesh, positions=mesh.positions * [1, 1, 0.02])
    top = next(n for n, face in enumerate(thin.faces) if (thin.positions[face][:, 2] == 0.02).all())
    one = anchor(thin, top, (0.4, 0.3, 0.3), radius=0.2)
    lowered = replace(thin, positions=thin.positions - [0, 0, 0.018])  # the top now lies nearer to where the bottom was
    found = carry(one, thin, lowered)
    assert isinstance(found, Carried)
    assert found.anchor.position[2] == pytest.approx(0.002)


def test_what_is_round_is_ambiguous() -> None:
    ball = replace(sphere(5), uv=None)
    found = register(ball, replace(ball, positions=ball.positions @ turn(5).T))
    assert found.ambiguous
    lost = carry(anchors(ball, 1)[0], ball, ball, registration=found)
    assert lost == Lost("anchor.ambiguous", {})


def test_another_object_does_not_fit(body: Mesh) -> None:
    box = cube(2.0)
    found = register(body, replace(box, positions=box.positions * [1, 3, 0.3]))
    lost = carry(anchors(body, 1)[0], body, box, registration=found)
    assert isinstance(lost, Lost)
    assert lost.code == "anchor.not-registered"
    assert "ten-thousandths" in lost.as_json()["message"]


def test_an_anchor_of_another_model_is_told_apart(body: Mesh) -> None:
    one = anchors(body, 1)[0]
    assert carry(one, replace(body, positions=body.positions + 1), body) == Lost("anchor.not-of-this", {})
    tiny = plain([[0, 0, 0], [1, 0, 0], [0, 1, 0]], [[0, 1, 2]])
    assert carry(replace(one, face=10), tiny, body) == Lost("anchor.not-of-this", {})


def test_registration_is_the_same_each_time(body: Mesh) -> None:
    later = rescanned(body, 6, noise=0.002)[0]
    assert register(body, later).as_json() == register(body, later).as_json()


def test_every_loss_has_words() -> None:
    names = ("not-of-this", "not-registered", "ambiguous", "gone", "turned", "changed")
    assert [name for name in names if f"anchor.{name}" not in MESSAGES] == []
