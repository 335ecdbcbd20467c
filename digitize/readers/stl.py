# SPDX-License-Identifier: Apache-2.0
"""STL, binary and ASCII; the format has neither units, nor uv, nor shared vertices, so equal corners are joined."""

import re
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from digitize.errors import Refusal
from digitize.mesh import Material, Mesh
from digitize.readers import Reading
from digitize.topology import identical_rows

_RECORD = np.dtype([("normal", "<f4", 3), ("corners", "<f4", (3, 3)), ("attribute", "<u2")])


def read(root: Path, main: str) -> Reading:
    """Read `main` in `root`.

    Raises
    ------
    Refusal
        `mesh.unreadable` where neither form fits the file's length or text.
    """
    data = (root / main).read_bytes()
    count = int.from_bytes(data[80:84], "little") if len(data) >= 84 else -1
    soup = _binary(data, count) if len(data) == 84 + 50 * count else _ascii(data, main)
    first, number = identical_rows(soup)
    faces = number.reshape(-1, 3)
    mesh = Mesh(soup[first].astype(np.float64), faces, np.zeros(len(faces), dtype=np.int32), (Material(name="surface"),))
    return Reading(mesh, vertices=len(soup))


def _binary(data: bytes, count: int) -> NDArray[np.float32]:
    """Return the (3m, 3) corners of a binary file."""
    records = np.frombuffer(data, dtype=_RECORD, count=count, offset=84)
    return np.ascontiguousarray(records["corners"].reshape(-1, 3))


def _ascii(data: bytes, name: str) -> NDArray[np.float32]:
    """Return the (3m, 3) corners of an ASCII file."""
    numbers = re.findall(rb"(?im)^[ \t]*vertex[ \t]+(\S+)[ \t]+(\S+)[ \t]+(\S+)", data)
    try:
        corners = np.array(numbers, dtype="S32").astype(np.float32).reshape(-1, 3)
    except ValueError as error:
        raise Refusal("mesh.unreadable", at=name, name=name) from error
    facets = len(re.findall(rb"(?im)^[ \t]*facet\b", data))
    if len(corners) == 0 or len(corners) != 3 * facets:
        raise Refusal("mesh.unreadable", at=name, name=name)
    return corners
