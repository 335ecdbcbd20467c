# SPDX-License-Identifier: Apache-2.0
"""E57 through pye57: every scan in the file's common frame, invalid returns left out.

Source: ASTM E2807-11 (lengths are metres, angles radians, poses unit quaternions and translations).
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np

from digitize.errors import Refusal
from digitize.mesh import Bytes, Floats
from digitize.points.cloud import Cloud
from digitize.points.readers import Reading
from digitize.preflight.cloud.e57 import look
from digitize.preflight.cloud.e57.scans import CARTESIAN, SPHERICAL, Scan
from digitize.preflight.model import Limits

_COLOURS = ("colorRed", "colorGreen", "colorBlue")
_USED = frozenset({*CARTESIAN, *SPHERICAL, *_COLOURS, "cartesianInvalidState", "sphericalInvalidState"})


def read(root: Path, name: str) -> Reading:
    """Read all scans.

    Raises
    ------
    Refusal
        ``points.unreadable``, ``points.count-mismatch``.
    """
    pye57: Any = import_module("pye57")
    found, _ = look(root / name, Limits())
    scans, records, invalid = list[tuple[str, Cloud]](), 0, 0
    try:
        with pye57.E57(str(root / name)) as file:
            for number, scan in enumerate(found):
                if scan.points:
                    cloud, dropped = _scan(file, number, scan)
                    records, invalid = records + len(cloud) + dropped, invalid + dropped
                    scans.append((f"{name}#{number + 1}" if len(found) > 1 else name, cloud))
    except (RuntimeError, ValueError, OSError, pye57.libe57.E57Exception) as error:
        raise Refusal("points.unreadable", name=name, problem=str(error)[:120]) from error
    left = sorted({field.name for scan in found for field in scan.fields} - _USED)
    doubts = ([("points.fields-left-out", {"names": ", ".join(left)})] if left else []) + (
        [("points.invalid-left-out", {"count": invalid})] if invalid else []
    )
    return Reading(tuple(scans), records, tuple(doubts), framed=True, facts={"poses": sum(scan.posed for scan in found)})


def _scan(file: Any, number: int, scan: Scan) -> tuple[Cloud, int]:
    """Read one scan into the common frame; return how many invalid records were dropped."""
    data = file.read_scan_raw(number)
    lengths = {len(values) for values in data.values()}
    if lengths != {scan.points}:
        raise Refusal("points.count-mismatch", at=scan.at, expected=scan.points, read=max(lengths, default=0))
    local, valid = _places(data)
    colours = _colour(file, number, data)
    turn, shift = _rotation(scan.rotation), np.array(scan.translation)
    own = Cloud(local[valid], None if colours is None else colours[valid], None, None, "m", "stated by the format (E57 is in metres)", None)
    if scan.posed:
        own = Cloud(own.positions, own.colours, None, np.zeros((len(own), 3), dtype=np.float32), own.unit, own.unit_evidence, None)
        matrix = np.eye(4)
        matrix[:3, :3], matrix[:3, 3] = turn, shift
        own = own.moved(matrix)
    return own, int((~valid).sum())


def _places(data: dict[str, Any]) -> tuple[Floats, Any]:
    """Return local coordinates (n, 3) and which of them were measured."""
    if set(CARTESIAN) <= data.keys():
        local = np.stack([np.asarray(data[one], dtype=np.float64) for one in CARTESIAN], axis=1)
        state = data.get("cartesianInvalidState")
    else:
        reach, azimuth, elevation = (np.asarray(data[one], dtype=np.float64) for one in SPHERICAL)
        flat = reach * np.cos(elevation)
        local = np.stack([flat * np.cos(azimuth), flat * np.sin(azimuth), reach * np.sin(elevation)], axis=1)
        state = data.get("sphericalInvalidState")
    valid = np.isfinite(local).all(axis=1)
    return local, valid if state is None else valid & (np.asarray(state) == 0)


def _colour(file: Any, number: int, data: dict[str, Any]) -> Bytes | None:
    """Return colours as bytes, by the limits that the scan states."""
    if not set(_COLOURS) <= data.keys():
        return None
    values = np.stack([np.asarray(data[one], dtype=np.float64) for one in _COLOURS], axis=1)
    node = file.get_header(number).node
    full = 255.0
    if node.isDefined("colorLimits"):
        full = float(node["colorLimits"]["colorRedMaximum"].value()) or 255.0
    elif values.max(initial=0) > 255:
        full = 65535.0
    return np.rint(np.clip(values / full, 0, 1) * 255).astype(np.uint8)


def _rotation(quaternion: tuple[float, float, float, float]) -> Floats:
    """Return the (3, 3) matrix of a unit quaternion (w, x, y, z)."""
    from digitize.encode.parts import rotation_matrix

    w, x, y, z = quaternion
    return rotation_matrix((x, y, z, w))
