# SPDX-License-Identifier: Apache-2.0
"""Processor time is counted to renditions, and none is lost."""

import time

import pytest

from digitize.steps.timing import Stopwatch


def burn(seconds: float) -> None:
    end = time.process_time() + seconds
    while time.process_time() < end:
        pass


def test_what_no_role_was_counted_is_shared_evenly() -> None:
    begun, watch = time.process_time(), Stopwatch()
    burn(0.04)
    for role in ("a", "b", "a"):
        with watch.of(role):
            burn(0.02)
    whole = watch.spread()
    assert list(whole) == ["a", "b"]
    assert sum(whole.values()) == pytest.approx(time.process_time() - begun, abs=0.01)
    assert whole["a"] - whole["b"] == pytest.approx(watch.seconds["a"] - watch.seconds["b"], abs=0.001)


def test_what_fails_is_counted_too() -> None:
    watch = Stopwatch()
    with pytest.raises(ZeroDivisionError), watch.of("a"):
        burn(0.01 / len("a")) or 1 / 0
    assert watch.seconds["a"] >= 0.01


def test_a_watch_that_saw_nothing_shares_nothing() -> None:
    assert Stopwatch().spread() == {}
