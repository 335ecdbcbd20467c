# SPDX-License-Identifier: Apache-2.0
"""Evidence of scale: known distances between points of the object, as a scale bar or a pair of markers gives them.

Declared as ``scale``, or given beside the input as ``scale.json``: one bar, ``{"from": [x, y, z], "to": [x, y, z], "length": 0.1,
"unit": "m"}``, or several, ``{"bars": [...]}``. The points are in the file's own numbers.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from digitize.errors import Doubt, Refusal
from digitize.mesh import METRES, Floats
from digitize.preflight.model import LARGEST

FILE = "scale.json"
MOST_BARS, MOST_BYTES = 1000, 1 << 20
DOUBTED, REFUSED = 0.01, 0.1  # disagreement of bars, relative to their length
_MOST_FACTOR = 1e12  # metres per unit
_BEYOND = 0.1  # of the diagonal: how far outside the object a point may lie


@dataclass(frozen=True)
class Bar:
    """A known distance: two points (3,) in the file's numbers, and what lies between them in metres."""

    start: Floats
    end: Floats
    metres: float
    stated: str


@dataclass(frozen=True)
class Scale:
    """What the bars say.

    Attributes
    ----------
    factor : metres per unit of the file.
    bars : how many there were.
    residual : the largest distance between a bar's length and what the factor makes of it, m; None for a single bar,
        which nothing checks.
    residual_relative : the same, relative to the bar's length.
    evidence : in a few words.
    """

    factor: float
    bars: int
    residual: float | None
    residual_relative: float | None
    evidence: str

    def as_json(self) -> dict[str, Any]:
        """Give the scale as a fact."""
        return {
            "metres_per_unit": self.factor,
            "bars": self.bars,
            "residual": self.residual,
            "residual_relative": self.residual_relative,
        }

    def doubts(self) -> list[Doubt]:
        """Say what is not certain of it."""
        if self.residual_relative is None:
            return [Doubt("scale.one-bar", None, {"evidence": self.evidence})]
        if self.residual_relative > DOUBTED:
            return [Doubt("scale.uneven", None, {"percent": f"{100 * self.residual_relative:.2g}"})]
        return []


def found(declared: Mapping[str, Any], folder: Path, members: list[str]) -> tuple[Bar, ...]:
    """Read the bars that were declared with the input, else those of the file beside it; none where there are neither.

    Raises
    ------
    Refusal
        `scale.invalid`.
    """
    said: Any = declared.get("scale")
    if said is None:
        named = next((name for name in members if name.rpartition("/")[2].lower() == FILE), None)
        return read(folder / named) if named else ()
    try:
        return parse(json.loads(said) if isinstance(said, str) else said)
    except (ValueError, RecursionError) as error:
        raise Refusal("scale.invalid", at="scale", problem=str(error)[:200]) from error


def read(path: Path) -> tuple[Bar, ...]:
    """Read a `scale.json`.

    Raises
    ------
    Refusal
        `scale.invalid`.
    """
    if path.stat().st_size > MOST_BYTES:
        raise Refusal("scale.invalid", at=FILE, problem=f"it is larger than {MOST_BYTES} bytes")
    try:
        return parse(json.loads(path.read_bytes()))
    except (ValueError, RecursionError) as error:
        raise Refusal("scale.invalid", at=FILE, problem=str(error)[:200]) from error


def parse(data: object) -> tuple[Bar, ...]:
    """Validate bars.

    Raises
    ------
    Refusal
        `scale.invalid`, naming the member.
    """
    listed = data["bars"] if isinstance(data, Mapping) and set(data) == {"bars"} else [data]
    if not isinstance(listed, list) or not 0 < len(listed) <= MOST_BARS:
        raise Refusal("scale.invalid", at="bars", problem=f"it must list 1 to {MOST_BARS} bars")
    return tuple(_bar(item, f"bars/{number}") for number, item in enumerate(listed))


def _bar(item: object, at: str) -> Bar:
    """Validate one bar."""
    if not isinstance(item, Mapping) or set(item) - {"name"} != {"from", "to", "length", "unit"}:
        raise Refusal("scale.invalid", at=at, problem="its members are from, to, length and unit")
    start, end = (_point(item[name], f"{at}/{name}") for name in ("from", "to"))
    length, unit = item["length"], item["unit"]
    if not _number(length) or not length > 0:
        raise Refusal("scale.invalid", at=f"{at}/length", problem="it must be a number above 0")
    if not isinstance(unit, str) or unit not in METRES:
        raise Refusal("scale.invalid", at=f"{at}/unit", problem=f"it must be one of {', '.join(METRES)}")
    if not np.linalg.norm(end - start) > 0:
        raise Refusal("scale.invalid", at=at, problem="its points are the same")
    return Bar(start, end, length * METRES[unit], f"{length:g} {unit}")


def _point(value: object, at: str) -> Floats:
    """Validate one point."""
    if not isinstance(value, list | tuple) or len(value) != 3 or not all(_number(part) for part in value):
        raise Refusal("scale.invalid", at=at, problem="it must be three finite numbers")
    return np.array(value, dtype=np.float64)


def _number(value: object) -> bool:
    """Tell whether a JSON value is a number that can be reckoned with."""
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < LARGEST


def undeclared(length: float) -> Doubt:
    """Doubt the unit of a length that nothing declares, with its metres in the plausible ones; none of them is applied."""
    return Doubt("unit.undeclared", None, {unit: f"{length * METRES[unit]:.3g}" for unit in ("mm", "cm", "m")})


def fit(bars: tuple[Bar, ...], low: Floats, high: Floats) -> Scale:
    """Find the metres per unit that fit all bars best (least squares); `low` and `high` (3,) bound the object.

    Raises
    ------
    Refusal
        `scale.outside` where a point lies far from the object, `scale.contradicted` where the bars differ by more than a tenth.
    """
    margin = _BEYOND * float(np.linalg.norm(high - low))
    for number, bar in enumerate(bars):
        for name, point in (("from", bar.start), ("to", bar.end)):
            if ((point < low - margin) | (point > high + margin)).any():
                raise Refusal("scale.outside", at=f"bars/{number}/{name}", point=", ".join(f"{x:g}" for x in point))
    apart = np.array([float(np.linalg.norm(bar.end - bar.start)) for bar in bars])
    metres = np.array([bar.metres for bar in bars])
    # Relative residuals count, so that a long bar does not outvote all short ones.
    lengths = Lengths(apart, metres, np.ones(len(bars)), tuple(bar.stated for bar in bars), tuple(f"bars/{n}" for n in range(len(bars))))
    return fitted(lengths, "scale bar", "scale bars")


@dataclass(frozen=True)
class Lengths:
    """Known lengths: as measured in the file's unit (n,), in metres (n,), how much each counts (n,), as stated, and where."""

    apart: Floats
    metres: Floats
    weights: Floats
    stated: tuple[str, ...]
    at: tuple[str, ...]


def fitted(lengths: Lengths, one: str, many: str) -> Scale:
    """Find the metres per unit that fit all lengths best (least squares of weighted relative residuals).

    Parameters
    ----------
    one, many : what a length is, and what several are, for the evidence.

    Raises
    ------
    Refusal
        `scale.invalid`, `scale.contradicted` where the lengths differ by more than a tenth.
    """
    apart, metres, weights = lengths.apart, lengths.metres, lengths.weights
    factor = float(np.sum(weights * apart / metres) / np.sum(weights * (apart / metres) ** 2))
    if not 1.0 / _MOST_FACTOR < factor < _MOST_FACTOR:
        raise Refusal("scale.invalid", at=lengths.at[0], problem=f"one unit of the file would be {factor:.3g} m")
    off = np.abs(apart * factor - metres)
    worst = int(np.argmax(off / metres))
    if off[worst] > REFUSED * metres[worst]:
        raise Refusal("scale.contradicted", at=lengths.at[worst], bar=lengths.stated[worst], fitted=f"{apart[worst] * factor:.4g} m")
    single = len(apart) == 1
    words = f"{one} of {lengths.stated[0]}" if single else f"{len(apart)} {many}, within {1e3 * off.max():.2g} mm"
    return Scale(factor, len(apart), None if single else float(off.max()), None if single else float((off / metres).max()), words)
