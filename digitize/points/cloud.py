# SPDX-License-Identifier: Apache-2.0
"""The canonical point cloud: what every reader yields and every step passes on."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from digitize.mesh import Bytes, Floats, Singles

_ARRAYS = ("positions", "colours", "normals", "station")


@dataclass(frozen=True)
class Cloud:
    """Points with everything that hangs on them.

    Attributes
    ----------
    positions : (n, 3) float64, in the unit of the source.
    colours : (n, 3) uint8 sRGB, or None.
    normals : (n, 3) float32 unit vectors that look away from the object, or None.
    station : (n, 3) float32, where the scanner stood that measured each point, or None where it is not known.
    unit, unit_evidence, up : as in `digitize.mesh.Mesh`.
    """

    positions: Floats
    colours: Bytes | None = None
    normals: Singles | None = None
    station: Singles | None = None
    unit: str | None = None
    unit_evidence: str = "undeclared"
    up: str | None = None

    def __len__(self) -> int:
        """Count the points."""
        return len(self.positions)

    def take(self, chosen: NDArray[Any] | slice) -> Cloud:
        """Keep the chosen points: indices or a mask."""
        parts: dict[str, Any] = {
            name: None if getattr(self, name) is None else np.ascontiguousarray(getattr(self, name)[chosen]) for name in _ARRAYS
        }
        return replace(self, **parts)

    def bounds(self) -> tuple[Floats, Floats]:
        """Return the lowest and highest corner, in the source's unit."""
        return self.positions.min(axis=0), self.positions.max(axis=0)

    def diagonal(self) -> float:
        """Return the length of the bounding box's diagonal, in the source's unit."""
        low, high = self.bounds()
        return float(np.linalg.norm(high - low))

    def moved(self, matrix: Floats) -> Cloud:
        """Return the cloud under a rigid (4, 4) transformation."""
        if np.array_equal(matrix, np.eye(4)):
            return self
        turn, shift = matrix[:3, :3], matrix[:3, 3]
        normals = None if self.normals is None else turned(self.normals, turn).astype(np.float32)
        station = None if self.station is None else (turned(self.station, turn) + shift).astype(np.float32)
        return replace(self, positions=turned(self.positions, turn) + shift, normals=normals, station=station)


def turned(vectors: NDArray[Any], turn: Floats) -> Floats:
    """Turn vectors (n, 3) by a (3, 3) matrix, in the same order of additions whatever the number of threads."""
    return np.stack([sum_of(vectors, row) for row in turn], axis=1)


def sum_of(vectors: NDArray[Any], row: Floats) -> Floats:
    """Return x·a + y·b + z·c of vectors (n, 3)."""
    return np.asarray(vectors[:, 0] * row[0] + vectors[:, 1] * row[1] + vectors[:, 2] * row[2], dtype=np.float64)


def joined(clouds: Sequence[Cloud]) -> Cloud:
    """Put clouds one after the other; a property that one lacks is dropped for all but colour, which becomes grey."""
    first = clouds[0]
    if len(clouds) == 1:
        return first
    parts: dict[str, Any] = {"positions": np.concatenate([one.positions for one in clouds])}
    for name in ("normals", "station"):
        parts[name] = np.concatenate([getattr(one, name) for one in clouds]) if all(getattr(c, name) is not None for c in clouds) else None
    if any(one.colours is not None for one in clouds):
        parts["colours"] = np.concatenate([np.full((len(c), 3), 160, dtype=np.uint8) if c.colours is None else c.colours for c in clouds])
    return replace(first, **parts)


def save(cloud: Cloud, folder: Path) -> None:
    """Write the cloud as `cloud.json` and one .npy per array; equal clouds give equal bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    arrays = [name for name in _ARRAYS if getattr(cloud, name) is not None]
    for name in arrays:
        np.save(folder / f"{name}.npy", getattr(cloud, name), allow_pickle=False)
    head = {"arrays": arrays, "unit": cloud.unit, "unit_evidence": cloud.unit_evidence, "up": cloud.up}
    (folder / "cloud.json").write_text(json.dumps(head, sort_keys=True, indent=1), encoding="utf-8")


def load(folder: Path) -> Cloud:
    """Read what `save` wrote."""
    head = json.loads((folder / "cloud.json").read_text(encoding="utf-8"))
    arrays = {name: np.load(folder / f"{name}.npy", allow_pickle=False) for name in head["arrays"]}
    return Cloud(**arrays, unit=head["unit"], unit_evidence=head["unit_evidence"], up=head["up"])
