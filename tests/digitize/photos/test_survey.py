# SPDX-License-Identifier: Apache-2.0
"""Photographs with printed markers: cameras, scale and coverage held against the scene that they were taken of."""

from __future__ import annotations

import fcntl
import importlib
import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from digitize.errors import Refusal
from digitize.photos import detect, pinhole, sparse
from digitize.preflight import prepare
from digitize.recipe import for_kind
from digitize.runner import Result, StepLimits, run_recipe
from tests.digitize.photos import scene

if not (sparse.available() and detect.available()):
    pytest.skip("the extra photos is not installed: manage.py extras photos", allow_module_level=True)


@pytest.fixture(scope="session")
def place(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Path:
    """Give a folder with the photographs, the same for all workers of this test run."""
    shared = tmp_path_factory.getbasetemp()
    folder = (shared.parent if hasattr(request.config, "workerinput") else shared) / "survey"
    folder.mkdir(exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def survey(place: Path) -> Result:
    """Run the recipe once: a worker that comes second finds its steps done."""
    with (place / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (place / "source").exists():
            (place / "in").mkdir()
            for name, data in scene.photographs().items():
                (place / "in" / name).write_bytes(data)
            (place / "in" / "markers.json").write_bytes(scene.known())
            prepare(place / "in", into=place / "source")
        return run_recipe(for_kind("photos"), source=place / "source", work=place / "run", limits=StepLimits(), on_event=lambda _: None)


def cameras(result: Result) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(next(one.path for one in result.renditions if one.role == "cameras").read_text())
    return told


def similar(found: np.ndarray, true: np.ndarray) -> tuple[float, np.ndarray]:
    """Fit points (n, 3) to the true ones by turning, shifting and scaling; return the factor, and what is left (n,)."""
    a, b = found - found.mean(axis=0), true - true.mean(axis=0)
    left, values, right = np.linalg.svd(a.T @ b)
    sign = np.diag([1, 1, np.sign(np.linalg.det(left @ right))])
    factor = float((values * np.diag(sign)).sum() / (a**2).sum())
    return factor, np.linalg.norm(factor * a @ left @ sign @ right - b, axis=1)


def test_the_cameras_stand_where_they_stood_in_metres(survey: Result):
    facts, told = survey.facts["sparse"], cameras(survey)
    assert (facts["registered"], facts["of"], facts["unit"], told["unit"]) == (8, 8, "m", "m")
    assert facts["reprojection_error_px"] < 1
    found = np.array([camera["centre"] for camera in told["cameras"]])
    true = scene.METRES * np.array([scene.stand(number).eye for number in range(scene.COUNT)])
    factor, off = similar(found, true)
    assert factor == pytest.approx(1, abs=0.01)
    assert off.max() < 0.005 * scene.METRES * scene.DISTANCE


def test_the_markers_lie_where_they_lay(survey: Result):
    told = survey.facts["sparse"]["scale_markers"]
    found = {one["id"]: np.array(one["corners"]) for one in told["markers"]}
    assert set(found) == set(scene.PLACES)
    # Between two markers whose distance was not said.
    apart = np.linalg.norm(found[19].mean(axis=0) - found[11].mean(axis=0))
    assert 1000 * apart == pytest.approx(scene.apart(11, 19), rel=0.01)
    assert [one["at"] for one in told["lengths"][:2]] == ["distances/0", "distances/1"]
    assert all(one["measured"] == pytest.approx(one["known"], rel=0.01) for one in told["lengths"])
    assert survey.facts["sparse"]["scale"]["residual_relative"] < 0.01
    report = json.loads(survey.report.read_bytes())
    assert report["facts"]["unit"] == "m"
    assert report["facts"]["unit_evidence"].startswith("6 known lengths of printed markers, within ")


def test_markers_are_reported_by_photograph(survey: Result):
    facts = survey.facts["markers"]
    shown = {one["id"]: one["photographs"] for one in facts["markers"]}
    assert set(shown) == set(scene.PLACES)
    camera, half = scene.stand(5), scene.SIDE / 2
    x, z = scene.PLACES[3]
    across, down, _ = camera.project(
        np.array([[x + dx, -0.618, z + dz] for dx, dz in ((-half, -half), (half, -half), (half, half), (-half, half))])
    )
    true = (np.stack([across, down], axis=1) + 1) / 2 * scene.PIXELS
    seen = next(photo for photo in facts["photographs"] if photo["name"] == "IMG_0006.jpg")
    found = next(np.array(marker["corners"]) for marker in seen["markers"] if marker["id"] == 3)
    assert np.abs(found - true).max() < 1.0


def test_what_was_not_photographed_is_said(survey: Result):
    told = survey.facts["sparse"]["coverage"]
    assert [(view["name"], view["azimuth"]) for view in told["views"]] == [
        (f"IMG_{number + 1:04d}.jpg", pytest.approx(scene.STEP * number, abs=1)) for number in range(scene.COUNT)
    ]
    assert told["elevation"] == {
        "least": pytest.approx(np.degrees(scene.HEIGHT), abs=1),
        "most": pytest.approx(np.degrees(scene.HEIGHT), abs=1),
    }
    (gap,) = told["gaps"]
    assert (gap["after"], gap["before"], gap["more"]) == ("IMG_0008.jpg", "IMG_0001.jpg", 15)
    assert gap["degrees"] == pytest.approx(360 - 7 * scene.STEP, abs=1)
    verdict = survey.facts["verdict"]["verdict"]
    assert (verdict["state"], verdict["failing"]) == ("usable", [])
    assert [reason["code"] for reason in verdict["lacking"]] == ["photos.small", "photos.one-side", "photos.one-height"]
    assert "15" in verdict["lacking"][1]["mend"]["zh-hans"]


def test_the_plan_shows_the_gap_in_red(survey: Result):
    plan = np.asarray(Image.open(next(one.path for one in survey.renditions if one.role == "camera-plan")).convert("RGB")).astype(int)
    assert plan.shape == (720, 720, 3)
    middle, radius = 360, 290  # within the rim, beyond the views

    def reddish(azimuth: float) -> bool:
        turn = np.radians(azimuth)
        red, _, blue = plan[round(middle + radius * np.cos(turn)), round(middle + radius * np.sin(turn))]
        return bool(red - blue > 15)

    assert [reddish(azimuth) for azimuth in (10, 60, 116, 140, 200, 300, 350)] == [False, False, False, True, True, True, True]


def test_a_cloud_in_metres_says_so_in_its_file(survey: Result):
    data = next(one.path for one in survey.renditions if one.role == "points").read_bytes()
    document = json.loads(data[20 : 20 + int.from_bytes(data[12:16], "little")])
    (accessor,) = [one for one in document["accessors"] if "min" in one]
    assert 0.1 < np.ptp([accessor["min"], accessor["max"]], axis=0).max() < 1.0  # a table of .32 m


def again(place: Path, out: Path, **replaced: bytes) -> dict[str, Any]:
    """Run the step `sparse` once more over the finished steps before it, with another `markers.json`."""
    source = out / "source"
    shutil.copytree(place / "source", source)
    for name, data in replaced.items():
        (source / f"{name}.json").write_bytes(data)
    (out / "out").mkdir()
    folders = {path.name.partition("-")[2]: path / "out" for path in (place / "run").iterdir() if (path / "out").is_dir()}
    params = next(step.params for step in for_kind("photos").steps if step.name == "sparse")
    inputs = {"source": source, "photos": folders["photos"], "markers": folders["markers"]}
    facts: dict[str, Any] = importlib.import_module("digitize.steps.sparse").run(
        inputs=inputs, out=out / "out", params=params, progress=lambda _f, _m: None
    )
    return facts


def test_the_same_photographs_give_the_same_bytes(survey: Result, place: Path, tmp_path: Path):
    again(place, tmp_path)
    made = {one.path.name: one.path.read_bytes() for one in survey.renditions if one.role in ("points", "cameras", "camera-plan")}
    assert {name: (tmp_path / "out" / name).read_bytes() for name in made} == made


@pytest.fixture
def measured(survey: Result) -> Any:
    """Measure what the survey found once more, by another `markers.json`."""
    from digitize.photos import markers, metres

    def measure(**changes: object) -> metres.Measured:
        seen, facts = survey.facts["markers"]["photographs"], cameras(survey)["cameras"]
        return metres.measured(markers.parse(json.loads(scene.known(**changes))), seen, facts)

    return measure


def test_lengths_that_differ_by_a_tenth_are_refused(measured: Any):
    wrong = [{"from": 3, "to": 7, "length": scene.apart(3, 7)}, {"from": 11, "to": 7, "length": 1.3 * scene.apart(11, 7)}]
    with pytest.raises(Refusal) as caught:
        measured(distances=wrong)
    assert (caught.value.code, caught.value.at) == ("scale.contradicted", "distances/1")


def test_what_markers_do_not_tell_is_doubted(measured: Any):
    uneven = measured(
        distances=[{"from": 3, "to": 7, "length": 1.03 * scene.apart(3, 7)}, {"from": 11, "to": 7, "length": scene.apart(11, 7)}]
    )
    assert [doubt.code for doubt in uneven.doubts] == ["scale.uneven"]
    single = measured(side=None, distances=[{"from": 3, "to": 19, "length": scene.apart(3, 19)}, {"from": 3, "to": 40, "length": 9}])
    assert [doubt.code for doubt in single.doubts] == ["markers.lost", "scale.one-bar"]
    assert single.doubts[0].params["names"] == "40"
    assert single.scale.factor == pytest.approx(1, abs=0.01)
    none = measured(side=None, distances=[{"from": 40, "to": 41, "length": 9}])
    assert (none.scale, [doubt.code for doubt in none.doubts]) == (None, ["markers.lost"])


def test_a_marker_that_was_moved_is_left_out(survey: Result):
    from digitize.photos.triangulate import place as triangulated

    by_name = {camera["name"]: pinhole.of(camera) for camera in cameras(survey)["cameras"]}
    views = [
        (by_name[photo["name"]], np.array(marker["corners"]))
        for photo in survey.facts["markers"]["photographs"]
        for marker in photo["markers"]
        if marker["id"] == 3
    ]
    assert len(views) >= 5
    sound = triangulated(views)
    moved = triangulated([(camera, corners + 25 * (number == 1)) for number, (camera, corners) in enumerate(views)])
    assert sound is not None
    assert moved is not None
    assert len(moved.views) == len(sound.views) - 1
    assert np.abs(moved.corners - sound.corners).max() < 0.002 * scene.METRES
    assert triangulated([(camera, corners + 40 * number) for number, (camera, corners) in enumerate(views)]) is None
