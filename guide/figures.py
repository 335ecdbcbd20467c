# SPDX-License-Identifier: Apache-2.0
"""How measured numbers are said to people."""

from __future__ import annotations

import math
from typing import Any

_METRES: dict[str, float] = {"m": 1.0, "metre": 1.0, "meter": 1.0, "dm": 1e-1, "cm": 1e-2, "mm": 1e-3, "um": 1e-6, "µm": 1e-6}
SMALLEST = 1e-7  # metres; below it a distance is the rounding of single precision, not a shape
COUNTABLE = 1e-5
LOSSLESS = 100.0  # dB; above it a colour error is the rounding of the sampling
_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_SCALES: tuple[tuple[float, str], ...] = ((1.0, "m"), (1e-2, "cm"), (1e-3, "mm"))


def significant(value: float, digits: int = 2) -> str:
    """Write a number with so many significant digits, without an exponent.

    Parameters
    ----------
    value
        Any finite number.
    digits
        Significant digits, at least one.
    """
    if value == 0:
        return "0"
    rounded = float(f"{value:.{digits - 1}e}")
    exponent = math.floor(math.log10(abs(rounded)))
    return f"{rounded:,.{max(0, digits - 1 - exponent)}f}"


def bare(value: float, digits: int = 2) -> str:
    """Write a length that has no unit; far below what a reader can count zeros of, with its power of ten."""
    if value == 0 or abs(value) >= COUNTABLE:
        return significant(value, digits)
    front, _e, power = f"{value:.{digits - 1}e}".partition("e")
    return f"{front} × 10{str(int(power)).translate(_RAISED)}"


def length(value: float | None, unit: str | None, digits: int = 2) -> str:
    """Write a length in m, cm or mm, whichever reads best; one without a known unit keeps its bare number.

    Parameters
    ----------
    value
        Length in `unit`; None where it does not apply.
    unit
        Unit of the object, None where it declares none.
    """
    if value is None:
        return "–"
    metres = _METRES.get((unit or "").lower())
    if metres is None:
        return bare(value, digits)
    size = value * metres
    if 0 < abs(size) < SMALLEST:
        return "< 0.0001 mm"
    scale, name = next(((scale, name) for scale, name in _SCALES if abs(size) >= scale), _SCALES[-1])
    return f"{significant(size / scale, digits)} {name}"


def relative(value: float | None) -> str:
    """Write a share of the diagonal in units of 10⁻⁴, the unit of the field's comparisons."""
    if value is None:
        return "–"
    return "< 0.001 × 10⁻⁴" if 0 < value < 1e-7 else f"{significant(value * 1e4)} × 10⁻⁴"


def decibel(value: float | None) -> str:
    """Write a signal-to-noise ratio in dB."""
    if value is None:
        return "–"
    return f"> {LOSSLESS:.0f} dB" if value > LOSSLESS else f"{value:.1f} dB"


def whole(value: Any) -> str:
    """Write a count with separators; what is no number is a dash."""
    return f"{int(value):,}" if isinstance(value, int | float) and math.isfinite(value) else "–"


def size(value: Any) -> str:
    """Write a number of bytes as people read it: kB and MB of a thousand."""
    if not isinstance(value, int | float):
        return "–"
    for scale, name in ((1e9, "GB"), (1e6, "MB"), (1e3, "kB")):
        if value >= scale:
            amount = value / scale
            return f"{amount:,.0f} {name}" if amount >= 100 else f"{significant(amount)} {name}"
    return f"{int(value)} B"


def clock(seconds: float) -> str:
    """Write seconds as minutes and seconds."""
    return f"{int(seconds // 60)}:{int(seconds % 60):02d}"


def kilometres(metres: float) -> str:
    """Write a distance on the ground."""
    if metres < 1000:
        return f"{round(metres, -1):.0f} m"
    return f"{metres / 1000:.1f} km" if metres < 10_000 else f"{metres / 1000:.0f} km"


def haversine(first: tuple[float, float], second: tuple[float, float]) -> float:
    """Measure the great-circle distance of two positions.

    Parameters
    ----------
    first, second
        (latitude, longitude) in degrees, WGS-84.

    Returns
    -------
    float
        Metres on a sphere of the mean radius 6,371,008.8 m.
    """
    (lat_1, lon_1), (lat_2, lon_2) = ((math.radians(a), math.radians(b)) for a, b in (first, second))
    half = math.sin((lat_2 - lat_1) / 2) ** 2 + math.cos(lat_1) * math.cos(lat_2) * math.sin((lon_2 - lon_1) / 2) ** 2
    return 2 * 6_371_008.8 * math.asin(min(1.0, math.sqrt(half)))
