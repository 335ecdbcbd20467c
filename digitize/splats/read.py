# SPDX-License-Identifier: Apache-2.0
"""Read splats: a trainer's PLY, plain records, Niantic's SPZ.

Source: the reference implementation's PLY (logarithms of scales, logits of opacities, w first); SPZ versions 2 and 3, which state
that Y points up and X right.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from digitize.errors import Refusal
from digitize.mesh import Floats, Singles
from digitize.points.readers.ply import stacked
from digitize.preflight.cloud.splat import RECORD, Head, inflated, read_head
from digitize.preflight.model import Limits
from digitize.readers import declared
from digitize.readers.ply_table import Column, read_table
from digitize.splats.model import SH_ZERO, Splats, unit_quaternions

_REST = {0: 0, 9: 1, 24: 2, 45: 3}


def read(root: Path, name: str, form: str) -> Splats:
    """Read the file `name` in folder `root`.

    Raises
    ------
    Refusal
        ``points.unreadable`` where a property is missing.
    """
    readers = {"ply": _ply, "splat": _splat, "spz": _spz}
    return readers[form](root / name)


def _ply(path: Path) -> Splats:
    """Read a trainer's PLY."""
    table, comments = read_table(path)
    vertex = table["vertex"]
    wanted = [f"f_dc_{i}" for i in range(3)] + [f"scale_{i}" for i in range(3)] + [f"rot_{i}" for i in range(4)] + ["opacity"]
    if missing := [name for name in wanted if name not in vertex]:
        raise Refusal("points.unreadable", at="header", name=path.name, problem=f"the property {missing[0]} is missing")
    with np.errstate(over="ignore", invalid="ignore"):
        scales = np.exp(stacked(vertex, ("scale_0", "scale_1", "scale_2"))).astype(np.float32)
        opacity = (1 / (1 + np.exp(-vertex["opacity"].values.astype(np.float64)))).astype(np.float32)
    degree, directions = _rest(vertex)
    unit = declared.unit(comments)
    return Splats(
        stacked(vertex, ("x", "y", "z")),
        scales,
        unit_quaternions(stacked(vertex, ("rot_0", "rot_1", "rot_2", "rot_3"))),
        _shown(stacked(vertex, ("f_dc_0", "f_dc_1", "f_dc_2"))),
        opacity,
        directions,
        degree,
        unit,
        "declared in a comment of the file" if unit else "undeclared",
        declared.up(comments),
    )


def _shown(constant: Floats) -> Singles:
    """Turn constant coefficients into colours."""
    return (0.5 + SH_ZERO * constant).astype(np.float32)


def _rest(vertex: dict[str, Column]) -> tuple[int, Singles]:
    """Return the harmonics' degree, and by how much they change each splat's colour over all directions.

    The harmonics are orthonormal: the mean square over the sphere is the coefficients' sum of squares over 4π.
    """
    names = sorted((name for name in vertex if name.startswith("f_rest_")), key=lambda name: int(name[7:]) if name[7:].isdigit() else -1)
    square = np.zeros(len(vertex["x"].values))
    for name in names:
        square += np.nan_to_num(vertex[name].values.astype(np.float64)) ** 2
    return _REST.get(len(names), 0), np.sqrt(square / (3 * 4 * np.pi)).astype(np.float32)


def _splat(path: Path) -> Splats:
    """Read plain records."""
    rows = np.fromfile(path, RECORD)
    colours = rows["colour"].astype(np.float32) / np.float32(255)
    turns = unit_quaternions((rows["rotation"].astype(np.float64) - 128) / 128)
    none = np.zeros(len(rows), dtype=np.float32)
    return Splats(rows["position"].astype(np.float64), rows["scale"].copy(), turns, colours[:, :3].copy(), colours[:, 3].copy(), none, 0)


def _spz(path: Path) -> Splats:
    """Unpack an SPZ."""
    data = b"".join(inflated(path, 16))
    head = read_head(data, Limits())
    data = b"".join(inflated(path, 16 + head.body))
    parts, at = dict[str, NDArray[np.uint8]](), 16
    for name, size in head.parts.items():
        parts[name] = np.frombuffer(data, np.uint8, head.points * size, at).reshape(head.points, size)
        at += head.points * size
    rest = (parts["sh"].astype(np.float64) - 128) / 128
    return Splats(
        _fixed(parts["position"]) / 2.0**head.fraction,
        np.exp(parts["scale"].astype(np.float64) / 16 - 10).astype(np.float32),
        _turns(parts["rotation"], head),
        _shown((parts["colour"] / 255.0 - 0.5) / 0.15),
        (parts["alpha"][:, 0] / 255.0).astype(np.float32),
        np.sqrt((rest**2).sum(axis=1) / (3 * 4 * np.pi)).astype(np.float32),
        head.degree,
        up="y",
    )


def _fixed(raw: NDArray[np.uint8]) -> Floats:
    """Read signed whole numbers of 24 bits: (n, 9) bytes to (n, 3)."""
    wide = np.zeros((len(raw), 3, 4), dtype=np.uint8)
    wide[:, :, 1:] = raw.reshape(-1, 3, 3)
    return (wide.view("<i4")[:, :, 0] >> 8).astype(np.float64)


def _turns(raw: NDArray[np.uint8], head: Head) -> Singles:
    """Read quaternions: three bytes (x, y, z) in version 2; in version 3 the smallest three, ten bits each, and which one is missing."""
    if head.version == 2:
        x, y, z = (raw.astype(np.float64) / 127.5 - 1).T
        return unit_quaternions(np.stack([np.sqrt(np.maximum(1 - x * x - y * y - z * z, 0)), x, y, z], axis=1))
    packed = np.ascontiguousarray(raw).view("<u4")[:, 0]
    largest, values = packed >> 30, np.zeros((len(raw), 4))
    for place in range(3, -1, -1):
        own = largest != place
        size = (packed & 511) / 511 * np.sqrt(0.5) * np.where(packed >> 9 & 1, -1.0, 1.0)
        values[own, place] = size[own]
        packed = np.where(own, packed >> 10, packed)
    values[np.arange(len(raw)), largest] = np.sqrt(np.maximum(1 - (values**2).sum(axis=1), 0))
    return unit_quaternions(values[:, [3, 0, 1, 2]])
