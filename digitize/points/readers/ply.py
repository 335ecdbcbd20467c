# SPDX-License-Identifier: Apache-2.0
"""PLY without faces, or a PLY's vertices alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from digitize.mesh import Bytes, Floats, Singles
from digitize.points.cloud import Cloud
from digitize.points.readers import Reading
from digitize.points.readers.text import unit_normals
from digitize.readers import declared
from digitize.readers.ply_table import Column, read_table

_RGB = (("red", "green", "blue"), ("r", "g", "b"), ("diffuse_red", "diffuse_green", "diffuse_blue"))
_PLACE, _NORMAL = ("x", "y", "z"), ("nx", "ny", "nz")


def read(root: Path, name: str) -> Reading:
    """Read the vertices."""
    table, comments = read_table(root / name)
    vertex = table["vertex"]
    unit = declared.unit(comments)
    evidence = "declared in a comment of the file" if unit else "undeclared"
    rgb = next((names for names in _RGB if set(names) <= vertex.keys()), None)
    cloud = Cloud(stacked(vertex, _PLACE), _colours(vertex, rgb), _normals(vertex), None, unit, evidence, declared.up(comments))
    left = sorted(set(vertex) - {*_PLACE, *_NORMAL, *(rgb or ())})
    doubts = (("points.fields-left-out", {"names": ", ".join(left)}),) if left else ()
    return Reading(((name, cloud),), len(cloud), doubts)


def stacked(vertex: dict[str, Column], names: tuple[str, ...]) -> Floats:
    """Put columns side by side as float64."""
    return np.stack([vertex[name].values.astype(np.float64) for name in names], axis=1)


def _colours(vertex: dict[str, Column], names: tuple[str, ...] | None) -> Bytes | None:
    """Return the colours as bytes."""
    return None if names is None else np.stack([_byte(vertex[name].values) for name in names], axis=1)


def _byte(values: NDArray[Any]) -> Bytes:
    """Bring one channel to 0..255; floating ones run from 0 to 1."""
    if values.dtype.kind == "f":
        values = np.rint(np.clip(np.nan_to_num(values), 0.0, 1.0) * 255.0)
    elif values.dtype.itemsize == 2:
        values = np.rint(values / 257.0)
    return values.astype(np.uint8)


def _normals(vertex: dict[str, Column]) -> Singles | None:
    """Return unit normals where every vertex has one."""
    return unit_normals(stacked(vertex, _NORMAL)) if set(_NORMAL) <= vertex.keys() else None
