# SPDX-License-Identifier: Apache-2.0
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guide import figures


@pytest.mark.parametrize(
    ("value", "unit", "written"),
    [
        (0.0000812, "m", "0.081 mm"),
        (0.226, "m", "23 cm"),
        (226.0, "mm", "23 cm"),
        (1.25, "m", "1.2 m"),
        (0.0, "m", "0 mm"),
        (1.4e-9, "m", "< 0.0001 mm"),
        (0.5, None, "0.50"),
        (0.5, "furlong", "0.50"),
        (None, "m", "–"),
        (12.0, "CM", "12 cm"),
    ],
)
def test_length(value: float | None, unit: str | None, written: str) -> None:
    assert figures.length(value, unit) == written


@pytest.mark.parametrize(("value", "written"), [(12345.6, "12,000"), (0.0123, "0.012"), (9.99, "10"), (1.0, "1.0"), (-0.056, "-0.056")])
def test_significant(value: float, written: str) -> None:
    assert figures.significant(value) == written


@given(st.floats(min_value=1e-9, max_value=1e9), st.integers(min_value=1, max_value=6))
def test_significant_is_close(value: float, digits: int) -> None:
    said = float(figures.significant(value, digits).replace(",", ""))
    assert math.isclose(said, value, rel_tol=0.51 * 10 ** (1 - digits))


def test_other_figures() -> None:
    assert figures.relative(2.7e-4) == "2.7 × 10⁻⁴"
    assert figures.relative(5.5e-9) == "< 0.001 × 10⁻⁴"
    assert figures.relative(None) == "–"
    assert figures.decibel(41.52) == "41.5 dB"
    assert figures.decibel(150.2) == "> 100 dB"
    assert figures.decibel(None) == "–"
    assert figures.whole(1234567) == "1,234,567"
    assert figures.whole(None) == "–"
    assert figures.size(999) == "999 B"
    assert figures.size(270_123) == "270 kB"
    assert figures.size(3_712_060) == "3.7 MB"
    assert figures.kilometres(844) == "840 m"
    assert figures.kilometres(5_431) == "5.4 km"
    assert figures.kilometres(123_456) == "123 km"


def test_haversine_of_known_distances() -> None:
    assert figures.haversine((36.0, 117.0), (36.0, 117.0)) == 0
    assert round(figures.haversine((0.0, 0.0), (0.0, 180.0))) == round(math.pi * 6_371_008.8)
    assert round(figures.haversine((0.0, 0.0), (1.0, 0.0))) == 111_195


places = st.tuples(st.floats(min_value=-90, max_value=90), st.floats(min_value=-180, max_value=180))


@given(places, places)
def test_haversine_is_symmetric(first: tuple[float, float], second: tuple[float, float]) -> None:
    assert math.isclose(figures.haversine(first, second), figures.haversine(second, first), abs_tol=1e-6)
