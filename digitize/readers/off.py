# SPDX-License-Identifier: Apache-2.0
"""OFF: polygons, and of its vertices what the header announces; no units."""

from collections.abc import Iterable, Iterator
from itertools import chain, islice
from pathlib import Path

import numpy as np

from digitize.errors import Refusal
from digitize.mesh import Bytes, Floats, Material, Mesh, Singles
from digitize.preflight.off import KEYWORD
from digitize.readers import Reading
from digitize.readers.corners import fan

Words = list[bytes]


def read(root: Path, main: str) -> Reading:
    """Read `main` in `root`.

    Raises
    ------
    Refusal
        `mesh.unreadable` where the text is no OFF.
    """
    with (root / main).open("rb") as file:
        rows = _rows(file)
        try:
            uv, colours, normals, vertices, faces = _head(rows)
            table = np.array([[float(word) for word in row] for row in islice(rows, vertices)])
            shown = list(islice(rows, faces))
            polygons = [row[: int(row[0]) + 1] for row in shown]
            sizes = np.array([int(row[0]) for row in polygons], dtype=np.int64)
            flat = np.array(list(map(int, chain.from_iterable(row[1:] for row in polygons))), dtype=np.int64)
        except (ValueError, StopIteration, IndexError) as error:
            raise Refusal("mesh.unreadable", at="body", name=main) from error
    if len(table) != vertices or len(polygons) != faces or len(flat) != sizes.sum():
        raise Refusal("mesh.unreadable", at="body", name=main)
    solid = sizes >= 3
    corners = fan(sizes[solid])[0]
    triangles = flat[np.repeat(solid, sizes)][corners].astype(np.int32)
    at = 3 + 3 * normals
    width = table.shape[1] - at - 2 * uv if colours else 0
    mesh = Mesh(
        table[:, :3].copy(),
        triangles,
        np.zeros(len(triangles), dtype=np.int32),
        (Material(name="surface"),),
        normals=_unit(table[:, 3:6]) if normals else None,
        uv=_flipped(table[:, at + min(width, 4) : at + min(width, 4) + 2]) if uv else None,
        colours=_colours(table[:, at : at + min(width, 4)]) if colours else None,
    )
    coloured = any(len(row) > int(row[0]) + 1 for row in shown)
    return Reading(mesh, vertices, (("off.face-colours-left-out", {}),) if coloured else ())


def _rows(lines: Iterable[bytes]) -> Iterator[Words]:
    """Give the words of each line that has any, without comments."""
    for line in lines:
        if words := line.removeprefix(b"\xef\xbb\xbf").split(b"#")[0].split():
            yield words


def _head(rows: Iterator[Words]) -> tuple[bool, bool, bool, int, int]:
    """Read the keyword and the counts: uv, colours and normals announced, vertices and faces."""
    words = next(rows)
    found = KEYWORD.match(words[0])
    if found is None:
        raise ValueError(words[0])
    counts = words[1:] or next(rows)
    uv, colours, normals, *_ = (part is not None for part in found.groups())
    return uv, colours, normals, int(counts[0]), int(counts[1])


def _unit(normals: Floats) -> Singles | None:
    """Scale normals to length one; None where one has no direction."""
    length = np.linalg.norm(normals, axis=1, keepdims=True)
    return (normals / length).astype(np.float32) if bool((length > 1e-9).all()) else None


def _flipped(uv: Floats) -> Singles:
    """Turn uv with the origin at the bottom left into glTF's with the origin at the top left."""
    return np.stack([uv[:, 0], 1 - uv[:, 1]], axis=1).astype(np.float32)


def _colours(values: Floats) -> Bytes:
    """Bring colours to bytes: Geomview's run from 0 to 1, others' whole numbers from 0 to 255."""
    scale = 1.0 if bool((values > 1).any()) else 255.0
    found = np.rint(np.clip(values * scale, 0, 255)).astype(np.uint8)
    return found if found.shape[1] == 4 else np.hstack([found, np.full((len(found), 1), 255, dtype=np.uint8)])
