# SPDX-License-Identifier: Apache-2.0
"""The written file plays what was recorded, within the error that is stated."""

from __future__ import annotations

import hashlib
import json
import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from digitize.motion.bvh import read
from digitize.motion.convert import convert
from digitize.motion.keys import BLOCK, rotation_keys, translation_keys
from digitize.motion.pose import compose, local, places
from digitize.motion.readback import Player, compare
from digitize.motion.skeleton import Motion
from digitize.motion.stance import stance
from digitize.motion.turn import about, between, multiply, rotate, slerp
from digitize.preflight import Limits, prepare
from digitize.recipe import for_kind, parse
from digitize.runner import Result, StepLimits, run_recipe
from tests.digitize.encode.validator import needs_validator, reports
from tests.digitize.motion.figures import HIERARCHY, bvh, dance

TURN_Z = HIERARCHY.replace("Xposition Yposition Zposition Zrotation", "Zposition Yposition Xposition Zrotation")


def motion_of(tmp_path: Path, values: np.ndarray, hierarchy: str = HIERARCHY) -> Motion:
    path = tmp_path / "m.bvh"
    path.write_bytes(bvh(values, hierarchy=hierarchy))
    return read(path, Limits())[0]


def test_places_follow_from_the_angles_as_written_down_by_hand(tmp_path: Path):
    values = np.zeros((1, 19))
    values[0, :6] = [1, 2, 3, 90, 0, 0]  # the hips turn by 90 degrees about z
    values[0, 6:9] = [0, 0, 90]  # the spine about y, in the turned frame
    motion = motion_of(tmp_path, values)
    found = places(motion, slice(None), "replace")[0]
    assert found[0].tolist() == [1, 2, 3]
    assert found[1] == pytest.approx([1 - 20, 2, 3])  # spine: (0, 20, 0) turned to -x
    assert found[3] == pytest.approx([1 - 20 - 25, 2, 3 - 12])  # arm: (12, 25, 0) about y is (0, 25, -12), then about z (-25, 0, -12)


def test_channels_may_come_in_any_order(tmp_path: Path):
    values = np.zeros((1, 19))
    values[0, :3] = [3, 2, 1]
    found = places(motion_of(tmp_path, values, TURN_Z), slice(None), "replace")[0]
    assert found[0].tolist() == [1, 2, 3]


@pytest.mark.parametrize(("positions", "x"), [("replace", 5.0), ("add", -3.0)])
def test_positions_stand_for_the_offset_or_are_added_to_it(tmp_path: Path, positions: str, x: float):
    hierarchy = HIERARCHY.replace("OFFSET -8 -5 0\n    CHANNELS 3", "OFFSET -8 -5 0\n    CHANNELS 4 Xposition")
    values = np.zeros((1, 20))
    values[0, 16] = 5
    motion = motion_of(tmp_path, values, hierarchy)
    assert places(motion, slice(None), positions)[0][5].tolist() == [x, -5.0, 0.0]


def test_matrices_and_quaternions_agree(tmp_path: Path):
    motion = motion_of(tmp_path, dance(50))
    by_quaternion = compose([joint.parent for joint in motion.joints], local(motion, slice(None), "replace"))[1]
    assert np.abs(by_quaternion - places(motion, slice(None), "replace")).max() < 1e-11


def test_quaternions_are_those_of_scipy():
    from scipy.spatial.transform import Rotation

    random = np.random.default_rng(3)
    one, two = (Rotation.random(40, rng=random) for _ in range(2))
    a, b = one.as_quat(), two.as_quat()
    assert np.allclose((Rotation.from_quat(multiply(a, b)) * (one * two).inv()).magnitude(), 0, atol=1e-12)
    assert np.allclose(rotate(a, np.tile([1.0, 2, 3], (40, 1))), one.apply([1, 2, 3]))
    assert np.allclose(between(a, b), (one.inv() * two).magnitude(), atol=1e-7)
    half = slerp(a, b, np.full(40, 0.5))
    assert np.allclose(between(a, half), between(half, b), atol=1e-7)
    assert np.allclose(about(1, np.array([370.0])), Rotation.from_euler("y", 10, degrees=True).as_quat())


def test_keys_leave_out_only_what_lies_between():
    line = np.linspace(0, 1, 200)[:, None] * [1.0, 2, 3]
    assert translation_keys(line, 1e-9).tolist() == [0, 199]
    bent = line.copy()
    bent[80:] += np.array([0, 1.0, 0]) * np.arange(120)[:, None]
    assert translation_keys(bent, 1e-9).tolist() == [0, 79, 80, 199] or translation_keys(bent, 1e-9).tolist() == [0, 80, 199]
    assert translation_keys(np.zeros((BLOCK * 3, 3)), 0.0).tolist() == [0, BLOCK * 3 - 1]
    assert rotation_keys(np.tile([0, 0, 0, 1.0], (1, 1)), 0.1).tolist() == [0]
    noise = np.random.default_rng(1).normal(size=(1000, 3))
    assert translation_keys(noise, -1.0).tolist() == list(range(1000))


@pytest.mark.parametrize("error", [1.0, 0.05, 0.0])
def test_the_error_is_within_what_was_allowed_and_is_measured_on_the_file(tmp_path: Path, error: float):
    motion = motion_of(tmp_path, dance(240))
    written = convert(motion, tmp_path / "m.glb", error=error, positions="replace", scale=0.01, up="y")
    assert written.errors.maximum <= max(error, 1e-4)
    assert written.errors.mean <= written.errors.rms <= written.errors.p999 <= written.errors.maximum
    assert sum(written.errors.counts) == 240 * 10
    assert (written.keys < written.keys_full) == (error > 0)
    again = compare(motion, tmp_path / "m.glb", positions="replace", scale=0.01, up="y")
    assert again == written.errors


def test_a_file_that_plays_something_else_is_found_out(tmp_path: Path):
    motion = motion_of(tmp_path, dance(60))
    convert(motion, tmp_path / "m.glb", error=0.0, positions="replace", scale=1.0, up="y")
    values = dance(60)
    values[30, 6] += 10  # the spine, in one framethe head lies 45 above it
    changed = motion_of(tmp_path, values)
    other = compare(changed, tmp_path / "m.glb", positions="replace", scale=1.0, up="y")
    frame = slice(30, 31)
    apart = places(changed.with_tips(), frame, "replace") - places(motion.with_tips(), frame, "replace")
    assert other.maximum == pytest.approx(np.linalg.norm(apart, axis=2).max(), rel=1e-4)
    assert other.mean == pytest.approx(np.linalg.norm(apart, axis=2).sum() / 600, rel=1e-2)


@pytest.mark.parametrize("up", ["y", "z", "-x"])
def test_a_declared_up_axis_points_up_in_the_file(tmp_path: Path, up: str):
    motion = motion_of(tmp_path, dance(10))
    written = convert(motion, tmp_path / "m.glb", error=0.01, positions="replace", scale=1.0, up=up)
    assert written.errors.maximum < 0.01
    shown = Player(tmp_path / "m.glb", 10).places(np.array([0.0], dtype=np.float32))[0]
    recorded = places(motion, slice(0, 1), "replace")[0]
    axis, sign = "xyz".index(up[-1]), -1 if up[0] == "-" else 1
    assert np.abs(shown[:7, 1] - sign * recorded[:, axis]).max() < 0.01


def test_a_figure_that_lies_along_another_axis_is_said_to(tmp_path: Path):
    values = np.zeros((30, 19))
    assert stance(motion_of(tmp_path, values), None, "replace").up == "y"
    values[:, 4] = 90  # about x: what was up looks along z
    lying = stance(motion_of(tmp_path, values), None, "replace")
    assert (lying.up, lying.evidence) == ("z", "proposed: the figure is tallest along z")
    assert stance(motion_of(tmp_path, values), "-z", "replace").evidence == "declared"


def test_the_body_is_where_the_joints_are_at_rest(tmp_path: Path):
    motion = motion_of(tmp_path, dance(3))
    convert(motion, tmp_path / "m.glb", error=0.0, positions="replace", scale=0.01, up="y")
    document, binary = document_of(tmp_path / "m.glb")
    matrices = floats(document, binary, document["skins"][0]["inverseBindMatrices"]).reshape(-1, 4, 4)
    paths = motion.values[:, :3]  # the root's position in every frame; the body rests in the middle of its path
    middle = (paths.min(axis=0) + paths.max(axis=0)) / 2
    assert np.allclose(matrices[:, 3, :3], -(motion.rest() + middle) * 0.01, atol=1e-6)
    assert np.allclose(document["nodes"][1]["translation"], middle * 0.01, atol=1e-6)
    bones = floats(document, binary, document["meshes"][0]["primitives"][0]["attributes"]["POSITION"]).reshape(-1, 3)
    assert bones[:, 1].max() - middle[1] * 0.01 == pytest.approx(0.65, abs=1e-6)  # the head's end site: 20 + 30 + 15 cm
    assert bones[:, 1].min() - middle[1] * 0.01 == pytest.approx(-0.85, abs=0.02)  # the foot


def document_of(path: Path) -> tuple[dict[str, Any], bytes]:
    data = path.read_bytes()
    length = struct.unpack_from("<I", data, 12)[0]
    return json.loads(data[20 : 20 + length]), data[28 + length :]


def floats(document: dict[str, Any], binary: bytes, index: int) -> np.ndarray:
    view = document["bufferViews"][document["accessors"][index]["bufferView"]]
    return np.frombuffer(binary, "<f4", view["byteLength"] // 4, view["byteOffset"])


def run(tmp_path: Path, name: str, data: bytes, **declared: str) -> Result:
    folder = tmp_path / name
    folder.mkdir()
    (folder / "a.bvh").write_bytes(data)
    prepare(folder / "a.bvh", into=folder / "source", declared=declared)
    told = for_kind("motion").as_json()
    told["steps"][1]["params"]["side"] = 128
    recipe = parse(told)
    return run_recipe(recipe, source=folder / "source", work=folder / "run", limits=StepLimits(), on_event=lambda _: None)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Result, Result]:
    folder = tmp_path_factory.mktemp("motion")
    return run(folder, "one", bvh(dance(150)), unit="cm"), run(folder, "two", bvh(dance(150)), unit="cm")


def test_the_recipe_makes_everything_and_states_it(made: tuple[Result, Result]):
    result = made[0]
    assert [one.role for one in result.renditions] == ["motion", "thumbnail", "report"]
    facts = result.facts["motion"]
    stated = {name: facts[name] for name in ("kind", "format", "joints", "end_sites", "frames", "duration", "rate", "extent", "unit")}
    assert stated == {
        "kind": "motion",
        "format": "bvh",
        "joints": 7,
        "end_sites": 3,
        "frames": 150,
        "duration": pytest.approx(2.5, abs=1e-5),
        "rate": 60.0,
        "extent": 162.0,
        "unit": "cm",
    }
    assert result.doubts == ()
    error = result.renditions[0].error
    assert error is not None
    assert 0 < error["mean"] < error["max"] <= 0.162
    assert error["max"] == facts["measured"]["max_joint_error"]
    report = json.loads(result.report.read_bytes())
    assert report["renditions"][0]["error"] == error


def test_a_second_run_gives_the_same_bytes(made: tuple[Result, Result]):
    assert [one.sha256 for one in made[0].renditions] == [one.sha256 for one in made[1].renditions]
    assert hashlib.sha256(made[0].renditions[0].path.read_bytes()).hexdigest() == made[0].renditions[0].sha256


@needs_validator
def test_the_validator_finds_no_error(made: tuple[Result, Result], tmp_path: Path):
    hard = run(tmp_path, "hard", bvh(np.vstack([dance(1), dance(1, seed=4) * 1e6])), up="z")
    found = reports(made[0].renditions[0].path, hard.renditions[0].path)
    assert [(one["errors"], one["warnings"]) for one in found] == [(0, 0), (0, 0)]
    assert found[0]["info"]["animationCount"] == 1
    assert found[0]["info"]["hasSkins"]
    assert [doubt.code for doubt in hard.doubts] == ["unit.undeclared"] or "motion.error-missed" in [doubt.code for doubt in hard.doubts]


def test_without_a_unit_numbers_stay_and_it_is_said(tmp_path: Path):
    result = run(tmp_path, "plain", bvh(dance(5)))
    assert [doubt.code for doubt in result.doubts] == ["unit.undeclared"]
    document, _ = document_of(result.renditions[0].path)
    assert document["nodes"][2]["translation"] == [0.0, 20.0, 0.0]
    assert result.facts["motion"]["unit"] is None
