# SPDX-License-Identifier: Apache-2.0
"""What is known of printed markers that lie beside an object: which they are, how large, how far apart.

Given as ``markers.json`` with the photographs, or declared as ``markers``::

    {"dictionary": "4X4_50", "unit": "mm", "side": 40, "distances": [{"from": 3, "to": 7, "length": 250}]}

`side` is the edge of a marker's black square, `distances` lie between middles of markers, named by their numbers. One of the two is
needed. Both are in `unit`. The dictionary's name is the one that programs which print markers give it, with or without ``DICT_`` before it.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from digitize.errors import Refusal
from digitize.mesh import METRES

FILE = "markers.json"
MOST_DISTANCES, MOST_BYTES = 1000, 1 << 20
_SHORTEST, _LONGEST = 1e-6, 1e6  # in the stated unit
_MEMBERS = {"dictionary", "unit", "side", "distances"}
DICTIONARIES: Mapping[str, int] = {
    **{f"{bits}X{bits}_{count}": count for bits in (4, 5, 6, 7) for count in (50, 100, 250, 1000)},
    "ARUCO_ORIGINAL": 1024, "ARUCO_MIP_36h12": 250,
    "APRILTAG_16h5": 30, "APRILTAG_25h9": 35, "APRILTAG_36h10": 2320, "APRILTAG_36h11": 587,
}  # fmt: skip
"""Name of a dictionary -> how many markers it has, numbered from 0."""


@dataclass(frozen=True, slots=True)
class Distance:
    """What lies between the middles of two markers, in metres and as it was stated."""

    one: int
    two: int
    metres: float
    stated: str


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of the markers; `side` in metres, None where it is not known."""

    dictionary: str
    side: float | None
    side_stated: str
    distances: tuple[Distance, ...]


def found(declared: Mapping[str, Any], folder: Path, members: list[str]) -> Known | None:
    """Read what was declared of markers, else the file beside the photographs; None where there is neither.

    Raises
    ------
    Refusal
        ``markers.invalid``.
    """
    said: Any = declared.get("markers")
    if said is None:
        named = next((name for name in members if name.rpartition("/")[2].lower() == FILE), None)
        return read(folder / named) if named else None
    return _parsed(said, "markers") if isinstance(said, str | bytes) else parse(said)


def read(path: Path) -> Known:
    """Read a `markers.json`.

    Raises
    ------
    Refusal
        ``markers.invalid``.
    """
    if path.stat().st_size > MOST_BYTES:
        raise Refusal("markers.invalid", at=FILE, problem=f"it is larger than {MOST_BYTES} bytes")
    return _parsed(path.read_bytes(), FILE)


def _parsed(text: str | bytes, at: str) -> Known:
    """Parse JSON, then what it says."""
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Refusal("markers.invalid", at=at, problem=str(error)[:200]) from error
    return parse(data)


def parse(data: object) -> Known:
    """Validate what is said of markers.

    Raises
    ------
    Refusal
        ``markers.invalid``, naming the member.
    """
    if not isinstance(data, Mapping) or set(data) - _MEMBERS:
        raise invalid(FILE, f"its members are {', '.join(sorted(_MEMBERS))}")
    name, count = _dictionary(data.get("dictionary"))
    unit = data.get("unit")
    if not isinstance(unit, str) or unit not in METRES:
        raise invalid("unit", f"it must be one of {', '.join(METRES)}")
    side, listed = data.get("side"), data.get("distances", [])
    if side is not None and not _length(side):
        raise invalid("side", "it must be a number above 0")
    if not isinstance(listed, list) or len(listed) > MOST_DISTANCES:
        raise invalid("distances", f"it must list at most {MOST_DISTANCES} distances")
    if side is None and not listed:
        raise invalid(FILE, "it needs side, distances or both")
    distances = tuple(_distance(item, f"distances/{number}", unit, count) for number, item in enumerate(listed))
    if len({frozenset((one.one, one.two)) for one in distances}) < len(distances):
        raise invalid("distances", "two of them lie between the same markers")
    return Known(name, None if side is None else side * METRES[unit], "" if side is None else f"{side:g} {unit}", distances)


def _dictionary(said: object) -> tuple[str, int]:
    """Find a dictionary by its name, whatever its letters' case."""
    wanted = said.upper().removeprefix("DICT_") if isinstance(said, str) else None
    for name, count in DICTIONARIES.items():
        if name.upper() == wanted:
            return name, count
    raise invalid("dictionary", f"it must be one of {', '.join(DICTIONARIES)}")


def _distance(item: object, at: str, unit: str, count: int) -> Distance:
    """Validate one distance."""
    if not isinstance(item, Mapping) or set(item) != {"from", "to", "length"}:
        raise invalid(at, "its members are from, to and length")
    for end in ("from", "to"):
        if type(item[end]) is not int or not 0 <= item[end] < count:
            raise invalid(f"{at}/{end}", f"it must be a marker’s number from 0 to {count - 1}")
    if item["from"] == item["to"]:
        raise invalid(at, "it lies between a marker and itself")
    if not _length(item["length"]):
        raise invalid(f"{at}/length", "it must be a number above 0")
    return Distance(item["from"], item["to"], item["length"] * METRES[unit], f"{item['length']:g} {unit}")


def _length(value: object) -> bool:
    """Tell whether a JSON value is a length that can be reckoned with."""
    return isinstance(value, int | float) and not isinstance(value, bool) and _SHORTEST <= value <= _LONGEST


def invalid(at: str, problem: str) -> Refusal:
    """Refuse what is said of markers, naming the member and the cause."""
    return Refusal("markers.invalid", at=at, problem=problem)
