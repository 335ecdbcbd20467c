# SPDX-License-Identifier: Apache-2.0
"""The scans that an E57's XML describes: where their points lie, what a record holds, where the scanner stood."""

from __future__ import annotations

import math
from dataclasses import dataclass

from digitize.errors import Refusal
from digitize.preflight.cloud.e57.tree import Node
from digitize.preflight.model import LARGEST

CARTESIAN = ("cartesianX", "cartesianY", "cartesianZ")
SPHERICAL = ("sphericalRange", "sphericalAzimuth", "sphericalElevation")
_INT64 = 1 << 63
_FIELDS = 64
_SCANS = 10_000


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a record: its name, and the bits that each value takes in its stream (0 where all are equal)."""

    name: str
    bits: int


@dataclass(frozen=True, slots=True)
class Scan:
    """A scan: its place in the XML, physical offset of its points, how many, their fields, and its pose.

    `rotation` is a unit quaternion (w, x, y, z), `translation` in metres; both neutral where `posed` is false.
    """

    at: str
    name: str
    offset: int
    points: int
    fields: tuple[Field, ...]
    posed: bool
    rotation: tuple[float, float, float, float]
    translation: tuple[float, float, float]


def scans_of(tree: Node) -> list[Scan]:
    """List the scans.

    Raises
    ------
    Refusal
        ``e57.structure`` with the element; ``points.none`` where there is no scan.
    """
    data = tree.find("data3D")
    if data is None or not data.children:
        raise Refusal("points.none")
    if len(data.children) > _SCANS:
        raise _broken("data3D", f"{len(data.children)} scans")
    return [_scan(node, f"data3D/{number}") for number, node in enumerate(data.children)]


def _broken(at: str, problem: str) -> Refusal:
    return Refusal("e57.structure", at=at, problem=problem)


def _scan(node: Node, at: str) -> Scan:
    """Read one scan."""
    points = node.find("points")
    if points is None or points.attributes.get("type") != "CompressedVector":
        raise _broken(at, "it has no points")
    offset = _whole(points.attributes.get("fileOffset"), f"{at}/points", "fileOffset")
    count = _whole(points.attributes.get("recordCount"), f"{at}/points", "recordCount")
    codecs = points.find("codecs")
    if codecs is not None and codecs.children:
        raise _broken(f"{at}/points/codecs", "a codec besides the standard’s own bit packing")
    prototype = points.find("prototype")
    fields = tuple(_field(one, f"{at}/points/prototype/{one.name}") for one in prototype.children) if prototype else ()
    names = [one.name for one in fields]
    if len(set(names)) != len(names) or len(names) > _FIELDS:
        raise _broken(f"{at}/points/prototype", "a field stands there twice, or there are too many")
    if not set(CARTESIAN) <= set(names) and not set(SPHERICAL) <= set(names):
        raise _broken(f"{at}/points/prototype", "its records lack coordinates")
    posed, rotation, translation = _pose(node.find("pose"), f"{at}/pose")
    title = node.find("name")
    return Scan(at, title.text[:80] if title else "", offset, count, fields, posed, rotation, translation)


def _whole(text: str | None, at: str, name: str) -> int:
    """Read a whole number that is not negative."""
    if text is None or not text.isascii() or not text.isdigit() or len(text) > 18:
        raise _broken(at, f"{name} is “{(text or '')[:30]}”")
    return int(text)


def _field(node: Node, at: str) -> Field:
    """Read one field of the prototype."""
    kind = node.attributes.get("type")
    if kind == "Float":
        return Field(node.name, 32 if node.attributes.get("precision") == "single" else 64)
    if kind not in {"Integer", "ScaledInteger"}:
        raise _broken(at, f"a field of type “{(kind or '')[:30]}”")
    low, high = (_integer(node.attributes.get(edge), default, at) for edge, default in (("minimum", -_INT64), ("maximum", _INT64 - 1)))
    if low > high:
        raise _broken(at, "its minimum is above its maximum")
    if kind == "ScaledInteger" and not 0 < abs(_number(node.attributes.get("scale", "1"), at)) < LARGEST:
        raise _broken(at, "its scale is no usable number")
    return Field(node.name, (high - low).bit_length())


def _integer(text: str | None, default: int, at: str) -> int:
    """Read a whole number of 64 bits."""
    if text is None:
        return default
    if not text.isascii() or not text.removeprefix("-").isdigit() or len(text) > 20 or not -_INT64 <= int(text) < _INT64:
        raise _broken(at, f"“{text[:30]}” is no whole number of 64 bits")
    return int(text)


def _number(text: str, at: str) -> float:
    """Read a finite number; an empty text is 0, as the standard has it."""
    try:
        value = float(text.strip() or 0)
    except ValueError:
        raise _broken(at, f"“{text[:30]}” is no number") from None
    if not abs(value) <= LARGEST:
        raise _broken(at, f"“{text[:30]}” is no usable number")
    return value


def _pose(node: Node | None, at: str) -> tuple[bool, tuple[float, float, float, float], tuple[float, float, float]]:
    """Read where the scanner stood."""
    if node is None:
        return False, (1.0, 0.0, 0.0, 0.0), (0.0, 0.0, 0.0)
    w, x, y, z = _numbers(node.find("rotation"), "wxyz", f"{at}/rotation") or (1.0, 0.0, 0.0, 0.0)
    right, up, back = _numbers(node.find("translation"), "xyz", f"{at}/translation") or (0.0, 0.0, 0.0)
    length = math.sqrt(w * w + x * x + y * y + z * z)
    if not 0.99 < length < 1.01:
        raise _broken(f"{at}/rotation", f"a quaternion of length {length:g}")
    return True, (w / length, x / length, y / length, z / length), (right, up, back)


def _numbers(node: Node | None, names: str, at: str) -> list[float] | None:
    """Read numbered children."""
    if node is None:
        return None
    found = [node.find(name) for name in names]
    return [_number(one.text if one else "0", at) for one in found]
