# SPDX-License-Identifier: Apache-2.0
"""The step that settles anchors: what was pointed at, what an earlier scan had, and where each lies on every level."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digitize import mesh as meshes
from digitize.anchors import Lost, in_file, place, recipe
from digitize.encode import glb
from digitize.measure.closest import surface
from digitize.mesh import METRES, Mesh
from digitize.messages import MESSAGES
from digitize.recipe import for_kind
from digitize.simplify import simplify
from digitize.steps import anchors as step
from digitize.topology import face_normals
from tests.digitize.test_anchors import lumpy, rescanned

BUMP, DENT = np.array([0.9, 0.3, 0.3]), np.array([-0.5, 0.8, 0.3])


@pytest.fixture(scope="module")
def body() -> Mesh:
    return replace(lumpy(4), unit="mm", up="z")


def far(mesh: Mesh, towards: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The middle and the normal of the triangle that lies furthest in a direction."""
    centres, normals = mesh.positions[mesh.faces].mean(axis=1), face_normals(mesh.positions, mesh.faces)
    at = int(np.argmax(centres @ towards))
    return centres[at], normals[at] / np.linalg.norm(normals[at])


def settle(tmp_path: Path, scan: Mesh, levels: dict[str, Mesh], earlier: dict[str, Mesh] | None = None, **wishes: Any) -> dict[str, Any]:
    """Run the step over a scan and its levels, written as files."""
    source, normalise, out = tmp_path / "source", tmp_path / "normalise", tmp_path / "out"
    for folder in (source / step.LEVELS, source / step.EARLIER, out):
        folder.mkdir(parents=True)
    meshes.save(scan, normalise)
    for role, level in levels.items():
        glb.write(level, source / step.LEVELS / f"{role}.glb")
    for name, mesh in (earlier or {}).items():
        glb.write(mesh, source / step.EARLIER / name)
    params = {**wishes, "levels": {role: f"{role}.glb" for role in levels}}
    facts = step.run(inputs={"source": source, "normalise": normalise}, out=out, params=params, progress=lambda *_: None)
    found: dict[str, Any] = json.loads(json.dumps(facts, allow_nan=False))["anchors"]
    return found


def pointed(mesh: Mesh, towards: np.ndarray, key: str = "a") -> dict[str, Any]:
    """Point at a level as a viewer does: in metres, upright."""
    position, normal = far(mesh, towards)
    motion = in_file(mesh)
    return {"key": key, "position": motion.moved(position[None])[0].tolist(), "normal": motion.turned(normal[None])[0].tolist()}


def test_a_click_on_a_level_is_anchored_on_the_scan_and_lies_on_every_level(body: Mesh, tmp_path: Path) -> None:
    levels = {"lod-0": simplify(body, 2500).mesh, "lod-1": simplify(body, 500).mesh}
    found = settle(tmp_path, body, levels, asked=[pointed(levels["lod-1"], BUMP)])["a"]
    anchor = found["anchor"]
    assert (found["state"], anchor["unit"], found["lost"]) == ("placed", "mm", None)
    assert np.array(anchor["weights"]) @ body.positions[body.faces[anchor["face"]]] == pytest.approx(np.array(anchor["position"]))
    assert np.linalg.norm(np.array(anchor["position"]) - far(levels["lod-1"], BUMP)[0]) < 0.01 * body.diagonal()
    for role, level in levels.items():
        there = found["levels"][role]
        upright = in_file(level).moved(level.positions)
        assert np.array(there["weights"]) @ upright[level.faces[there["face"]]] == pytest.approx(np.array(there["position"]), abs=1e-8)
        assert there["distance"] < 0.01 * body.diagonal() * METRES["mm"]


def test_what_is_known_already_keeps_its_triangle_and_takes_a_unit_declared_later(body: Mesh, tmp_path: Path) -> None:
    plain = replace(body, unit=None)
    placed = place(plain, *far(plain, BUMP))
    assert not isinstance(placed, Lost)
    elsewhere = replace(placed, face=(placed.face + 900) % body.triangles)
    wishes = [{"key": "kept", "anchor": placed.as_json()}, {"key": "strange", "anchor": elsewhere.as_json()}]
    found = settle(tmp_path, body, {"lod-0": body}, known=wishes)
    assert found["kept"]["anchor"] == {**placed.as_json(), "unit": "mm"}
    assert np.array(found["kept"]["levels"]["lod-0"]["position"]) == pytest.approx(
        in_file(body).moved(np.array([placed.position]))[0], abs=1e-6
    )
    assert (found["strange"]["state"], found["strange"]["lost"]["code"], found["strange"]["levels"]) == ("lost", "anchor.not-of-this", {})


def test_nothing_is_anchored_beside_the_surface(body: Mesh, tmp_path: Path) -> None:
    wish = {"key": "a", "position": [1.0, 1.0, 1.0], "normal": None}
    found = settle(tmp_path, body, {"lod-0": body}, asked=[wish])["a"]
    assert (found["state"], found["anchor"], found["lost"]["code"]) == ("lost", None, "anchor.no-surface")


def earlier_wish(scan: Mesh, level: Mesh, towards: np.ndarray, key: str, folder: Path) -> dict[str, Any]:
    """Settle an anchor on an earlier scan and wish it carried from its finest level."""
    found = settle(folder, scan, {"lod-0": level}, asked=[pointed(scan, towards)])["a"]
    there = found["levels"]["lod-0"]
    names = ("face", "weights", "position", "normal", "tangent", "radius")
    anchor = {**{name: there[name] for name in names}, "heights": found["anchor"]["heights"], "unit": scan.unit}
    return {"key": key, "anchor": anchor, "from": "before.glb", "unit": scan.unit}


@pytest.mark.parametrize(("before", "after"), [("mm", "cm"), ("mm", None), (None, None)])
def test_an_anchor_is_carried_to_a_scan_of_another_day_whatever_the_units(
    before: str | None, after: str | None, body: Mesh, tmp_path: Path
) -> None:
    scan = replace(body, unit=before)
    later, rotation, shift = rescanned(scan, 1)
    scale = METRES[before] / METRES[after] if before and after else 1.0
    later = replace(later, positions=later.positions * scale, unit=after, up=None)
    wish = earlier_wish(scan, scan, BUMP, "b", tmp_path / "before")
    found = settle(tmp_path / "after", later, {"lod-0": later}, {"before.glb": scan}, carried=[wish])["b"]
    wanted = scale * (rotation @ far(scan, BUMP)[0] + shift)
    assert found["state"] == "carried", found["lost"]
    assert np.array(found["anchor"]["position"]) == pytest.approx(wanted, abs=0.004 * later.diagonal())
    assert found["carried"]["unit"] == after
    assert found["carried"]["distance"] < 0.004 * later.diagonal()
    assert found["carried"]["registration"]["residual_per_10000_of_diagonal"] < 30
    assert "position" in found["levels"]["lod-0"]


def test_where_a_piece_broke_off_it_is_lost_with_its_reason_and_the_registration(body: Mesh, tmp_path: Path) -> None:
    whole, rotation, shift = rescanned(body, 4)
    broken = meshes.select(whole, (((whole.positions - shift) @ rotation @ BUMP)[whole.faces] < 0.95).all(axis=1))
    wishes = [earlier_wish(body, body, where, key, tmp_path / key) for key, where in (("bump", BUMP), ("dent", DENT))]
    found = settle(tmp_path / "after", broken, {"lod-0": broken}, {"before.glb": body}, carried=wishes)
    assert {key: one["state"] for key, one in found.items()} == {"bump": "lost", "dent": "carried"}
    assert found["bump"]["lost"]["code"] in MESSAGES
    assert found["bump"]["carried"]["registration"] == found["dent"]["carried"]["registration"]
    assert (found["bump"]["anchor"], found["bump"]["levels"]) == (None, {})


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2047), st.tuples(st.floats(0, 1), st.floats(0, 1)))
def test_every_point_of_the_surface_is_anchored_where_it_is(face: int, inside: tuple[float, float]) -> None:
    a, b = inside if sum(inside) <= 1 else (1 - inside[0], 1 - inside[1])
    point = np.array([1 - a - b, a, b]) @ BODY.positions[BODY.faces[face]]
    found = place(BODY, point, face_normals(BODY.positions, BODY.faces[[face]])[0], SEARCH)
    assert not isinstance(found, Lost)
    assert np.array(found.position) == pytest.approx(point, abs=1e-5)


BODY = lumpy(4)
SEARCH = surface(BODY.positions, BODY.faces)


def test_the_surface_is_made_by_the_very_steps_of_the_kinds_own_recipe() -> None:
    assert recipe.kinds() == {"mesh", "points"}
    for kind in recipe.kinds():
        made, own = recipe.recipe(kind, {"asked": []}), {step.name: step for step in for_kind(kind).steps}
        assert [one.name for one in made.steps[-2:]] == ["normalise", "anchors"]
        assert [own[one.name] for one in made.steps[:-1]] == list(made.steps[:-1])
