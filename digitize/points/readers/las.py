# SPDX-License-Identifier: Apache-2.0
"""LAS and LAZ through laspy, in pieces."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np

from digitize.errors import Refusal
from digitize.mesh import Bytes
from digitize.points.cloud import Cloud
from digitize.points.readers import Reading
from digitize.preflight.cloud import crs
from digitize.preflight.cloud.las import COLOURED, fills, read_head
from digitize.preflight.model import Limits

_PIECE = 1 << 19
_PLAIN = frozenset({"X", "Y", "Z", "red", "green", "blue"})


def read(root: Path, name: str) -> Reading:
    """Read all points.

    Raises
    ------
    Refusal
        ``points.unreadable`` where the packed points do not unpack.
    """
    laspy: Any = import_module("laspy")
    path = root / name
    with path.open("rb") as file:
        head = read_head(file, path.stat().st_size, Limits())
    reference = crs.of(head.records)
    positions = np.empty((head.points, 3))
    colours = np.empty((head.points, 3), dtype=np.uint16) if head.form in COLOURED else None
    try:
        with laspy.open(path, laz_backend=laspy.LazBackend.Lazrs) as reader:
            at, names = _fill(reader, positions, colours), list(reader.header.point_format.dimension_names)
    except BaseException as error:  # lazrs panics beside Exception
        if isinstance(error, KeyboardInterrupt | SystemExit | MemoryError):
            raise
        raise Refusal("points.unreadable", name=name, problem=str(error)[:120]) from error
    if at != head.points:
        raise Refusal("points.count-mismatch", at=f"record {at}", expected=head.points, read=at)
    cloud = Cloud(positions, _bytes(colours), None, None, reference.unit, reference.evidence, None)
    doubts: list[tuple[str, dict[str, object]]] = []
    if left := [one for one in names if one not in _PLAIN]:
        doubts.append(("points.fields-left-out", {"names": ", ".join(left)}))
    if head.compressed and not fills(head, *cloud.bounds()):  # of a plain LAS the pre-flight has said so
        doubts.append(("las.bounds", {}))
    facts: dict[str, object] = {"crs": f"EPSG:{reference.code}" if reference.code else None, "compressed": head.compressed}
    return Reading(((name, cloud),), at, tuple(doubts), framed=bool(reference.code), facts=facts)


def _fill(reader: Any, positions: Any, colours: Any) -> int:
    """Read piece by piece into the arrays; return how many points came."""
    at = 0
    for piece in reader.chunk_iterator(_PIECE):
        rows = slice(at, at + len(piece))
        positions[rows] = np.stack([piece.x, piece.y, piece.z], axis=1)
        if colours is not None:
            colours[rows] = np.stack([piece.red, piece.green, piece.blue], axis=1)
        at += len(piece)
    return at


def _bytes(colours: Any) -> Bytes | None:
    """Bring 16-bit colours to bytes; many programs store bytes in the 16 bits, which no value above 255 shows."""
    if colours is None or not len(colours) or not colours.any():
        return None
    most = int(colours.max())
    return np.asarray(colours if most <= 255 else np.rint(colours / 257.0)).astype(np.uint8)
