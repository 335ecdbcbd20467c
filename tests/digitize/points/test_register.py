# SPDX-License-Identifier: Apache-2.0
"""Scans from three stations come into one frame, and the stated residual is the noise that was put in."""

from __future__ import annotations

import numpy as np
import pytest

from digitize.errors import Refusal
from digitize.points.cloud import Cloud
from digitize.points.register import Settings, register
from tests.digitize.points import scans

SETTINGS = Settings(points=8_000, overlap=0.15, residual=0.5)


def seen(number: int) -> np.ndarray:
    """One station's points without its outliers."""
    return scans.station(number)[0][scans.station(number)[0].shape[0] // 100 :]


@pytest.fixture(scope="module")
def stations() -> list[np.ndarray]:
    return [seen(number) for number in range(3)]


def test_unplaced_scans_find_each_other(stations: list[np.ndarray]):
    motions = [
        (np.eye(3), np.zeros(3)),
        (scans.turn((1, 2, 2), 0.9), np.array([3.0, -1, 2])),
        (scans.turn((1, 2, 3), 1.8), np.array([6.0, -2, 4])),
    ]
    given = [(f"s{i}", Cloud(points @ turn.T + shift)) for i, (points, (turn, shift)) in enumerate(zip(stations, motions, strict=True))]
    placed = register(given, False, SETTINGS)
    for fact, (turn, shift), cloud, truth in zip(placed.facts, motions, placed.scans, stations, strict=True):
        matrix = np.array(fact["matrix"])
        assert np.abs(matrix[:3, :3] - turn.T).max() < 2e-3
        assert np.abs(matrix[:3, 3] + turn.T @ shift).max() < 1e-2
        assert np.abs(cloud.positions - truth).max() < 3e-3
    assert [fact["method"] for fact in placed.facts[1:]] == ["shape features, iterative closest points"] * 2
    assert placed.facts[0]["method"] == "reference"
    for fact in placed.facts[1:]:
        assert 0.3 < fact["overlap"] <= 1
        # Noise of two scans, and what the curvature adds between thinned points.
        assert scans.NOISE < fact["residual"] < 6 * scans.NOISE
    assert placed.doubts == ()


def test_the_same_scans_are_placed_the_same_each_time(stations: list[np.ndarray]):
    given = [("one", Cloud(stations[0])), ("two", Cloud(stations[1] @ scans.turn((0, 0, 1), 0.5).T))]
    first, second = (register(given, False, SETTINGS) for _ in range(2))
    assert first.facts == second.facts
    assert np.array_equal(first.scans[1].positions, second.scans[1].positions)


def test_a_slightly_wrong_pose_is_mended(stations: list[np.ndarray]):
    shift = np.array([0.01, -0.006, 0.008])
    placed = register([("one", Cloud(stations[0])), ("two", Cloud(stations[1] + shift))], True, SETTINGS)
    assert np.abs(placed.scans[1].positions - stations[1]).max() < 2e-3
    assert placed.facts[1]["method"] == "the file’s frame, iterative closest points"


def test_a_right_pose_is_left_alone(stations: list[np.ndarray]):
    placed = register([("one", Cloud(stations[0])), ("two", Cloud(stations[1]))], True, SETTINGS)
    assert np.array_equal(placed.scans[1].positions, stations[1])


def test_scans_of_two_objects_are_refused_by_name(stations: list[np.ndarray]):
    random = np.random.default_rng(1)
    other = random.uniform(-1, 1, (8000, 3)) * [3, 2, 0.02]
    with pytest.raises(Refusal) as caught:
        register([("egg", Cloud(stations[0])), ("floor", Cloud(other))], False, SETTINGS)
    assert (caught.value.code, caught.value.at) == ("points.not-registered", "floor")


def test_a_posed_scan_that_meets_nothing_keeps_its_place_and_is_doubted(stations: list[np.ndarray]):
    far = stations[0] + [50.0, 0, 0]
    placed = register([("one", Cloud(stations[0])), ("far", Cloud(far))], True, SETTINGS)
    assert np.array_equal(placed.scans[1].positions, far)
    assert [(doubt.code, doubt.at) for doubt in placed.doubts] == [("points.frame-unchecked", "far")]
