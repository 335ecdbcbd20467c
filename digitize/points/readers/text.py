# SPDX-License-Identifier: Apache-2.0
"""Text clouds, by the pre-flight's own scanner: what it counted is what is read."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from digitize.mesh import Bytes, Singles
from digitize.points.cloud import Cloud
from digitize.points.readers import Reading
from digitize.preflight.cloud.columns import Layout, Tally
from digitize.preflight.cloud.rows import Rows
from digitize.preflight.cloud.text import layout_of
from digitize.preflight.model import Limits
from digitize.readers import declared


def read(root: Path, name: str) -> Reading:
    """Read a text cloud; each block of a PTS is a scan."""
    rows = Rows(root / name, Limits())
    parts = [table for _, table in rows.tables()]
    table = np.concatenate(parts)
    tally = Tally(rows.width)
    for part in parts:
        tally.add(part)
    layout = layout_of(rows, tally)
    unit = declared.unit(rows.comments)
    whole = Cloud(
        np.ascontiguousarray(table[:, :3]),
        _colours(table, layout),
        _normals(table, layout),
        None,
        unit,
        "declared in a comment of the file" if unit else "undeclared",
        declared.up(rows.comments),
    )
    return Reading(_scans(whole, rows.blocks, name), len(table), framed=len(rows.blocks) > 1)


def _scans(whole: Cloud, blocks: list[int], name: str) -> tuple[tuple[str, Cloud], ...]:
    """Cut a cloud where its file counts anew."""
    if len(blocks) < 2:
        return ((name, whole),)
    numbers = np.repeat(np.arange(len(blocks)), blocks)
    return tuple((f"{name}#{i + 1}", whole.take(numbers == i)) for i, size in enumerate(blocks) if size)


def _colours(table: NDArray[np.float64], layout: Layout) -> Bytes | None:
    """Return the colours as bytes."""
    if layout.colour is None:
        return None
    return np.rint(np.clip(table[:, layout.colour : layout.colour + 3] / layout.full, 0, 1) * 255).astype(np.uint8)


def _normals(table: NDArray[np.float64], layout: Layout) -> Singles | None:
    """Return the normals at length one; None where one has no direction."""
    return None if layout.normal is None else unit_normals(table[:, layout.normal : layout.normal + 3])


def unit_normals(vectors: NDArray[np.float64]) -> Singles | None:
    """Scale vectors (n, 3) to length one; None where one has no direction."""
    length = np.linalg.norm(vectors, axis=1, keepdims=True)
    if not bool((np.isfinite(length) & (length > 0.5)).all()):
        return None
    return (vectors / length).astype(np.float32)
