# SPDX-License-Identifier: Apache-2.0
"""Splats of three formats become the same records; what is lost is stated and true; the picture shows them."""

from __future__ import annotations

import gzip
import struct
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from digitize.errors import Refusal
from digitize.preflight import prepare
from digitize.preflight.cloud.splat import RECORD
from digitize.recipe import for_kind
from digitize.runner import Result, StepLimits, run_recipe
from digitize.splats import picture
from digitize.splats.model import SH_ZERO, Splats
from digitize.splats.read import read
from tests.digitize.corpus.clouds import splat

COUNT = 2000
RANDOM = np.random.default_rng(4)
POSITIONS = RANDOM.uniform(-1, 1, (COUNT, 3))
COLOURS = RANDOM.uniform(0.1, 0.9, (COUNT, 3))
SCALES = np.exp(RANDOM.uniform(-4.5, -3.5, (COUNT, 3)))
TURNS = RANDOM.normal(size=(COUNT, 4))
TURNS /= np.linalg.norm(TURNS, axis=1, keepdims=True)
OPACITY = RANDOM.uniform(0.3, 0.95, COUNT)
REST = RANDOM.normal(size=(COUNT, 9)) * 0.1


def write_ply(path: Path, opacity: np.ndarray = OPACITY) -> Path:
    """Write what trainers write, with harmonics of the first degree."""
    names = [*"xyz", *(f"f_dc_{i}" for i in range(3)), *(f"f_rest_{i}" for i in range(9)), "opacity", *(f"scale_{i}" for i in range(3))]
    names += [f"rot_{i}" for i in range(4)]
    logit = np.log(opacity / (1 - opacity))[:, None]
    table = np.hstack([POSITIONS, (COLOURS - 0.5) / SH_ZERO, REST, logit, np.log(SCALES), 3 * TURNS]).astype("<f4")
    head = f"ply\nformat binary_little_endian 1.0\nelement vertex {COUNT}\n" + "".join(f"property float {name}\n" for name in names)
    path.write_bytes(head.encode() + b"end_header\n" + table.tobytes())
    return path


def run(path: Path, work: Path, **declared: str) -> Result:
    prepare(path, into=work / "source", declared=declared)
    recipe = for_kind("splats")
    (first, *others) = recipe.steps
    quick = replace(recipe, steps=(replace(first, params={**first.params, "side": 192}), *others))
    return run_recipe(quick, source=work / "source", work=work / "run", limits=StepLimits(), on_event=lambda _: None)


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Result]:
    folder = tmp_path_factory.mktemp("trained")
    return folder, run(write_ply(folder / "a.ply"), folder)


def test_a_trainer_s_ply_becomes_records_the_weightiest_first(trained: tuple[Path, Result]):
    _, result = trained
    assert [one.role for one in result.renditions] == ["splats", "points", "thumbnail", "report"]
    rows = np.fromfile(result.renditions[0].path, RECORD)
    weight = SCALES.prod(axis=1) * OPACITY
    order = np.argmin(np.abs(POSITIONS[None, :, :] - rows["position"][:, None, :]).max(axis=2), axis=1)
    assert np.array_equal(np.sort(order), np.arange(COUNT))
    assert np.diff(weight[order]).max() < 1e-9
    assert np.abs(rows["position"] - POSITIONS[order]).max() < 1e-6
    assert np.abs(rows["scale"] / SCALES[order] - 1).max() < 1e-5
    assert np.abs(rows["colour"] / 255 - np.column_stack([COLOURS, OPACITY])[order]).max() < 0.5 / 255 + 1e-6
    assert np.abs((rows["rotation"] - 128.0) / 128 - TURNS[order]).max() < 1 / 128 + 1e-6


def test_what_is_lost_is_stated(trained: tuple[Path, Result]):
    _, result = trained
    facts = result.facts["splats"]
    assert (facts["kind"], facts["points"], facts["kept"], facts["degree"], facts["unit"]) == ("splats", COUNT, COUNT, 1, None)
    lost = facts["lost"]
    assert lost["colour"]["max"] <= 0.5001
    # The mean square of random harmonics over random directions must be what is stated.
    towards = RANDOM.normal(size=(400, 3))
    towards /= np.linalg.norm(towards, axis=1, keepdims=True)
    basis = 0.4886025119029199 * np.stack([-towards[:, 1], towards[:, 2], -towards[:, 0]])
    change = np.einsum("ncb,bd->ncd", REST.reshape(COUNT, 3, 3), basis)
    truth = 255 * np.sqrt(np.average((change**2).mean(axis=(1, 2)), weights=OPACITY))
    assert lost["directions"]["rms"] == pytest.approx(truth, rel=0.05)
    assert [doubt.code for doubt in result.doubts] == ["splats.directions-dropped", "unit.undeclared"]


def test_a_second_run_gives_the_same_bytes(trained: tuple[Path, Result], tmp_path: Path):
    folder, first = trained
    second = run(folder / "a.ply", tmp_path)
    assert [one.sha256 for one in second.renditions] == [one.sha256 for one in first.renditions]


def test_our_records_come_back_as_they_are(trained: tuple[Path, Result], tmp_path: Path):
    _, first = trained
    (tmp_path / "again.splat").write_bytes(first.renditions[0].path.read_bytes())
    second = run(tmp_path / "again.splat", tmp_path, unit="m", up="z")
    before, after = (np.fromfile(one.renditions[0].path, RECORD) for one in (first, second))
    assert np.array_equal(np.sort(before["position"][:, 0]), np.sort(after["position"][:, 0]))
    assert (second.facts["splats"]["unit"], second.facts["splats"]["up"]) == ("m", "z")
    assert second.facts["splats"]["lost"]["colour"]["max"] == 0.0


def test_splats_nobody_sees_are_left_out_and_counted(tmp_path: Path):
    opacity = OPACITY.copy()
    opacity[:500] = 1e-5
    result = run(write_ply(tmp_path / "a.ply", opacity), tmp_path)
    assert (result.facts["splats"]["points"], result.facts["splats"]["kept"]) == (COUNT, COUNT - 500)
    assert "splats.left-out" in {doubt.code for doubt in result.doubts}


def test_nothing_to_see_is_refused(tmp_path: Path):
    (tmp_path / "a.splat").write_bytes(splat(alpha=0))
    with pytest.raises(Refusal) as caught:
        run(tmp_path / "a.splat", tmp_path)
    assert caught.value.code == "splats.all-invisible"


def smallest_three(turn: np.ndarray) -> bytes:
    """Pack one quaternion (x, y, z, w) as SPZ 3 does."""
    largest = int(np.argmax(np.abs(turn)))
    turn = turn * np.sign(turn[largest])
    packed = largest
    for place in range(4):
        if place != largest:
            packed = packed << 10 | (turn[place] < 0) << 9 | round(abs(turn[place]) * 2**0.5 * 511)
    return struct.pack("<I", packed)


@pytest.mark.parametrize("version", [2, 3])
def test_spz_unpacks_to_the_splats_that_were_packed(tmp_path: Path, version: int):
    count, unit = 50, TURNS[:50] * np.sign(TURNS[:50, :1])
    places = np.rint(POSITIONS[:count] * 4096).astype("<i4").view(np.uint8).reshape(count, 3, 4)[:, :, :3].tobytes()
    alpha = np.rint(OPACITY[:count] * 255).astype(np.uint8).tobytes()
    colour = np.rint((((COLOURS[:count] - 0.5) / SH_ZERO) * 0.15 + 0.5) * 255).astype(np.uint8).tobytes()
    scale = np.rint((np.log(SCALES[:count]) + 10) * 16).astype(np.uint8).tobytes()
    if version == 2:
        turns = np.rint((unit[:, 1:] + 1) * 127.5).astype(np.uint8).tobytes()
    else:
        turns = b"".join(smallest_three(row[[1, 2, 3, 0]]) for row in unit)
    head = b"NGSP" + struct.pack("<IIBBBB", version, count, 0, 12, 0, 0)
    (tmp_path / "a.spz").write_bytes(gzip.compress(head + places + alpha + colour + scale + turns))
    assert prepare(tmp_path / "a.spz", into=tmp_path / "s").kind == "splats"
    found = read(tmp_path, "a.spz", "spz")
    assert np.abs(found.positions - POSITIONS[:count]).max() <= 0.5 / 4096
    assert np.abs(found.opacity - OPACITY[:count]).max() <= 0.5 / 255 + 1e-6
    assert np.abs(found.colours - COLOURS[:count]).max() < 0.01
    assert np.abs(np.log(found.scales / SCALES[:count])).max() <= 0.5 / 16 + 1e-5
    assert np.abs(np.abs((found.rotations * unit).sum(axis=1)) - 1).max() < (4e-4 if version == 3 else 2e-2)
    assert found.up == "y"


def seen(places: list[np.ndarray], colours: list[list[float]], opacity: float) -> np.ndarray:
    """Picture splats at some places among faint ones that only frame them; return the middle of the picture."""
    frame = [np.array([x, y, z]) for x in (-1.0, 1) for y in (-1.0, 1) for z in (-1.0, 1)] * 4
    count = len(places) + len(frame)
    splats = Splats(
        np.array([*places, *frame]),
        np.full((count, 3), 0.2, dtype=np.float32),
        np.tile(np.float32([1, 0, 0, 0]), (count, 1)),
        np.array([*colours, *([[0.0, 0, 0]] * len(frame))], dtype=np.float32),
        np.array([opacity] * len(places) + [1e-4] * len(frame), dtype=np.float32),
        np.zeros(count, dtype=np.float32),
        0,
        up="y",
    )
    pixels = picture.picture(splats, 65)
    return pixels[np.unravel_index(int(np.argmax(pixels[..., 3])), pixels.shape[:2])]


def test_what_is_nearer_hides_what_is_behind():
    # The camera looks from the front right, a little from above.
    turn, lift = np.radians(32), picture.ROUND
    back = 0.6 * np.array([np.sin(turn) * np.cos(lift), np.sin(lift), np.cos(turn) * np.cos(lift)])
    red_before, green_before = (seen([sign * back, -sign * back], [[1, 0, 0], [0, 1, 0]], 0.98) for sign in (1, -1))
    for found, own, other in ((red_before, 0, 1), (green_before, 1, 0)):
        assert found[own] > 240
        assert found[other] < 20
        assert found[3] > 240


def test_a_half_clear_splat_covers_half():
    middle = seen([np.zeros(3)], [[0, 0, 1]], 0.5)
    assert middle.tolist() == [0, 0, 255, pytest.approx(127, abs=3)]


def test_the_thumbnail_is_a_picture(trained: tuple[Path, Result]):
    _, result = trained
    pixels = np.asarray(Image.open(result.renditions[2].path).convert("RGBA"))
    assert pixels.shape == (192, 192, 4)
    assert 0.05 < (pixels[..., 3] > 40).mean() < 0.95
