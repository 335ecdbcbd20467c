# SPDX-License-Identifier: Apache-2.0
"""What is known of printed markers, and the geometry that finds them; without the extra."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digitize.errors import Refusal
from digitize.photos import detect, markers, pinhole, triangulate
from digitize.photos.coverage import coverage, gaps
from digitize.photos.detect import once
from digitize.preflight import prepare
from tests.digitize.corpus.photosets import exposed

KNOWN: dict[str, Any] = {"dictionary": "DICT_4x4_50", "unit": "mm", "side": 40, "distances": [{"from": 3, "to": 7, "length": 250}]}


def camera(azimuth: float, elevation: float = 20.0, name: str = "", k: float = 0.05) -> dict[str, Any]:
    """Stand two units from the origin, degrees around it and above it, and look at it."""
    turn, rise = np.radians(azimuth), np.radians(elevation)
    away = np.array([np.sin(turn) * np.cos(rise), np.sin(rise), np.cos(turn) * np.cos(rise)])
    right = np.array([np.cos(turn), 0.0, -np.sin(turn)])
    rotation = np.stack([right, -np.cross(away, right), -away])
    return {
        "name": name or f"{azimuth:g}", "centre": (2 * away).tolist(), "rotation": quaternion(rotation),
        "width": 800, "height": 600, "params": [900.0, 400.0, 300.0, k],
    }  # fmt: skip


def quaternion(matrix: np.ndarray) -> list[float]:
    """Give a rotation as x, y, z, w: the eigenvector of its symmetric form (Bar-Itzhack 2000)."""
    m = matrix
    form = np.array(
        [
            [m[0, 0] - m[1, 1] - m[2, 2], m[1, 0] + m[0, 1], m[2, 0] + m[0, 2], m[2, 1] - m[1, 2]],
            [m[1, 0] + m[0, 1], m[1, 1] - m[0, 0] - m[2, 2], m[2, 1] + m[1, 2], m[0, 2] - m[2, 0]],
            [m[2, 0] + m[0, 2], m[2, 1] + m[1, 2], m[2, 2] - m[0, 0] - m[1, 1], m[1, 0] - m[0, 1]],
            [m[2, 1] - m[1, 2], m[0, 2] - m[2, 0], m[1, 0] - m[0, 1], m[0, 0] + m[1, 1] + m[2, 2]],
        ]
    )
    return np.linalg.eigh(form)[1][:, -1].tolist()


def test_a_sidecar_is_taken_with_the_photographs(tmp_path: Path):
    (tmp_path / "in").mkdir()
    for number in range(3):
        (tmp_path / "in" / f"p{number}.jpg").write_bytes(exposed())
    (tmp_path / "in" / "markers.json").write_text(json.dumps(KNOWN))
    intake = prepare(tmp_path / "in", into=tmp_path / "source")
    assert (intake.kind, intake.members[-1], intake.counts["marker_distances"]) == ("photos", "markers.json", 1)
    known = markers.found({}, tmp_path / "source", [*intake.members])
    assert known == markers.Known("4X4_50", 0.04, "40 mm", (markers.Distance(3, 7, 0.25, "250 mm"),))
    assert markers.found({"markers": {**KNOWN, "unit": "cm"}}, tmp_path / "source", [*intake.members]).side == 0.4
    assert markers.found({"markers": json.dumps(KNOWN)}, tmp_path / "source", []) == known
    assert markers.found({}, tmp_path / "source", ["p0.jpg"]) is None


@pytest.mark.parametrize("said", [None, 7, [], {}, "{", {**KNOWN, "unit": 3}, {"markers": KNOWN}])
def test_what_is_declared_wrongly_is_refused(tmp_path: Path, said: object):
    with pytest.raises(Refusal) as caught:
        markers.parse(said) if said is None else markers.found({"markers": said}, tmp_path, [])
    assert caught.value.code == "markers.invalid"


@settings(max_examples=60, deadline=None)
@given(st.recursive(st.none() | st.booleans() | st.floats() | st.integers() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from([*KNOWN, "from", "to", "length"]), inner), max_leaves=8))  # fmt: skip
def test_anything_is_read_or_refused(value: Any):
    for data in (value, {**KNOWN, "distances": value}, {**KNOWN, "distances": [value]}, {**KNOWN, "side": value, "dictionary": value}):
        try:
            markers.parse(data)
        except Refusal as refusal:
            assert refusal.code == "markers.invalid"  # noqa: PT017 - either end is sound


@pytest.mark.skipif(not detect.available(), reason="the extra photos is not installed: manage.py extras photos")
@pytest.mark.parametrize("name", markers.DICTIONARIES)
def test_dictionaries_are_as_large_as_the_library_has_them(name: str):
    import cv2

    whole = cv2.aruco.getPredefinedDictionary(getattr(cv2.aruco, f"DICT_{name}"))
    assert len(whole.bytesList) == markers.DICTIONARIES[name]


def square(x: float, y: float, half: float) -> np.ndarray:
    return np.array([[x - half, y - half], [x + half, y - half], [x + half, y + half], [x - half, y + half]])


def test_an_outline_within_another_is_one_marker_and_one_elsewhere_is_a_second():
    outer, inner, far = square(50, 50, 20), square(51, 50, 17), square(200, 50, 20)
    seen = once([5, 5, 9, 9], [inner, outer, outer, far])
    assert (list(seen.corners), seen.twice) == ([5], (9,))
    assert np.array_equal(seen.corners[5], outer)
    assert once([], []) == detect.Seen({}, ())


@settings(max_examples=40, deadline=None)
@given(azimuth=st.floats(-180, 180), elevation=st.floats(-60, 80), place=st.tuples(*[st.floats(-0.5, 0.5)] * 3), k=st.floats(-0.05, 0.1))
def test_a_ray_leads_back_to_its_point(azimuth: float, elevation: float, place: tuple[float, float, float], k: float):
    view, point = pinhole.of(camera(azimuth, elevation, k=k)), np.array([place])
    assert np.allclose(view.rotation @ view.rotation.T, np.eye(3), atol=1e-9)
    ray = view.rays(view.project(point))
    assert np.abs(np.cross(ray[0], (point[0] - view.centre) / np.linalg.norm(point[0] - view.centre))).max() < 1e-6
    assert np.isnan(view.project(2 * view.centre[None])).all()


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 1000), count=st.integers(3, 6))
def test_a_marker_is_placed_where_it_lies_whatever_one_view_claims(seed: int, count: int):
    random = np.random.default_rng(seed)
    corners = np.column_stack([square(*random.uniform(-0.3, 0.3, 2), 0.1), np.full(4, random.uniform(-0.2, 0.2))])
    views = [pinhole.of(camera(30 * number, 25, str(number))) for number in range(count + 1)]
    seen = [(view, view.project(corners)) for view in views]
    seen[1] = (views[1], seen[1][1] + 60)
    found = triangulate.place(seen)
    assert found is not None
    assert np.abs(found.corners - corners).max() < 1e-6
    assert "1" not in found.views
    assert triangulate.side(found)[0] == pytest.approx(0.2, abs=1e-6)
    assert triangulate.place(seen[:2]) is None


def test_the_standard_error_is_that_of_repeated_measurements():
    random = np.random.default_rng(3)
    one, two = (np.column_stack([square(x, 0, 0.08), np.zeros(4)]) for x in (-0.4, 0.4))
    views = [pinhole.of(camera(15 * number, 25, str(number))) for number in range(5)]
    found = [
        [triangulate.place([(view, view.project(c) + random.normal(0, 0.3, (4, 2))) for view in views]) for c in (one, two)]
        for _ in range(40)
    ]
    lengths = [triangulate.between(*pair) for pair in found if None not in pair]
    assert len(lengths) == 40
    assert float(np.std([length for length, _ in lengths])) == pytest.approx(float(np.mean([error for _, error in lengths])), rel=0.3)


def test_gaps_are_named_by_the_photographs_at_their_ends():
    found = gaps(["a", "b", "c", "d"], np.array([0.0, 20.0, 95.0, 340.0]), 30)
    assert [(gap.after, gap.before, round(gap.degrees), gap.more) for gap in found] == [("c", "d", 245, 16), ("b", "c", 75, 4)]
    assert gaps(["a"], np.array([40.0]), 30)[0].degrees == 360
    assert gaps([str(n) for n in range(12)], np.arange(0, 360, 30.0), 30) == ()


@settings(max_examples=30, deadline=None)
@given(turn=st.floats(0, 360), lean=st.floats(-80, 80))
def test_coverage_is_the_same_however_the_reconstruction_lies(turn: float, lean: float):
    cameras = [camera(azimuth, 30 + 10 * (azimuth > 100), f"{azimuth}") for azimuth in range(0, 200, 20)]
    a, b = np.radians(turn), np.radians(lean)
    rotation = np.array([[np.cos(a), -np.sin(a), 0], [np.sin(a), np.cos(a), 0], [0, 0, 1]]) @ np.array(
        [[1, 0, 0], [0, np.cos(b), -np.sin(b)], [0, np.sin(b), np.cos(b)]]
    )
    moved = []
    for one in cameras:
        view = pinhole.of(one)
        moved.append({**one, "centre": (7 * rotation @ view.centre).tolist(), "rotation": quaternion(view.rotation @ rotation.T)})
    ball = np.random.default_rng(1).normal(size=(300, 3))
    found = coverage(moved, 7 * ball @ rotation.T, 30)
    assert np.allclose((found.azimuth - np.arange(0, 200, 20) + 180) % 360, 180, atol=1e-3)
    assert np.allclose(found.elevation, [30] * 6 + [40] * 4, atol=1e-3)
    assert [(gap.after, gap.before, round(gap.degrees)) for gap in found.gaps] == [("180", "0", 180)]
    assert (found.flat, coverage(moved, 7 * (ball * (1, 1, 0.02)) @ rotation.T, 30).flat) == (False, True)
    assert sum(map(sum, found.as_json()["cells"]["counts"])) == 10
