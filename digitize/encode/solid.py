# SPDX-License-Identifier: Apache-2.0
"""Files for printers: STL and 3MF in millimetres, +Z up; only of closed, evenly turned, two-sided surfaces, which are never mended here.

Source: 3MF Core Specification 1.3; ECMA-376 part 2 (Open Packaging Conventions).
"""

import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from digitize.encode.parts import FAR
from digitize.mesh import METRES, Floats, Integers, Mesh
from digitize.topology import edges, identical_rows, volume

_CORE = "http://schemas.microsoft.com/3dmanufacturing/core/2015/02"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_MODEL = "application/vnd.ms-package.3dmanufacturing-3dmodel+xml"
_TYPES = (
    f'<?xml version="1.0" encoding="UTF-8"?>\n<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Default Extension="model" ContentType="{_MODEL}"/></Types>\n'
)
_RELATIONSHIPS = (
    f'<?xml version="1.0" encoding="UTF-8"?>\n<Relationships xmlns="{_PACKAGE}/relationships">'
    '<Relationship Target="/3D/3dmodel.model" Id="model" Type="http://schemas.microsoft.com/3dmanufacturing/2013/01/3dmodel"/></Relationships>\n'
)
_RECORD = np.dtype([("normal", "<f4", 3), ("corners", "<f4", (3, 3)), ("attribute", "<u2")])
_UPRIGHT = {
    "x": [[0, 0, -1], [0, 1, 0], [1, 0, 0]], "-x": [[0, 0, 1], [0, 1, 0], [-1, 0, 0]],
    "y": [[1, 0, 0], [0, 0, -1], [0, 1, 0]], "-y": [[1, 0, 0], [0, 0, 1], [0, -1, 0]],
    "z": [[1, 0, 0], [0, 1, 0], [0, 0, 1]], "-z": [[1, 0, 0], [0, -1, 0], [0, 0, -1]],
}  # fmt: skip


@dataclass(frozen=True)
class Solid:
    """Welded triangles as a printer takes them.

    Attributes
    ----------
    points : (n, 3) float64 in mm, +Z up where the source declares its up axis; in the source's own numbers where no unit is known.
    offset : (3,) what was taken off the points because they lay too far from the origin for single precision.
    """

    points: Floats
    faces: Integers
    millimetres: bool
    offset: tuple[float, float, float]


def solid(mesh: Mesh) -> Solid:
    """Weld a mesh, turn it upright where its up axis is declared, and scale it where its unit is."""
    first, number = identical_rows(mesh.positions)
    points = mesh.positions[first] * (METRES[mesh.unit] * 1000 if mesh.unit else 1.0)
    points = points @ np.array(_UPRIGHT[mesh.up or "z"], dtype=np.float64).T
    low, high = points.min(axis=0), points.max(axis=0)
    centre = (low + high) / 2
    far = float(np.linalg.norm(centre)) > FAR * float(np.linalg.norm(high - low))
    x, y, z = (float(part) for part in np.round(centre)) if far else (0.0, 0.0, 0.0)
    return Solid(points - np.array((x, y, z)), number[mesh.faces], bool(mesh.unit), (x, y, z))


def restored(points: Floats, mesh: Mesh, offset: tuple[float, ...]) -> Floats:
    """Bring points (n, 3) of a written file back into the numbers and the frame of the mesh that it was made of."""
    scale = METRES[mesh.unit] * 1000 if mesh.unit else 1.0
    return (points + np.array(offset)) @ np.array(_UPRIGHT[mesh.up or "z"], dtype=np.float64) / scale


def faults(given: Solid) -> list[tuple[str, Mapping[str, Any]]]:
    """Name what keeps a solid from being printed, with its numbers; an empty list where nothing does."""
    found, ring = list[tuple[str, Mapping[str, Any]]](), edges(given.faces)
    if int((ring.uses == 1).sum()):
        found.append(("print.not-watertight", {"edges": int((ring.uses == 1).sum())}))
    if int((ring.uses > 2).sum()):
        found.append(("print.not-manifold", {"edges": int((ring.uses > 2).sum())}))
    if int(((ring.uses == 2) & (ring.balance != 0)).sum()):
        found.append(("print.uneven", {"edges": int(((ring.uses == 2) & (ring.balance != 0)).sum())}))
    if not found and volume(given.points, given.faces) <= 0:
        found.append(("print.inside-out", {}))
    if not found and (status := _manifold(given)) != "NoError":
        found.append(("print.refused", {"status": status}))
    return found


def _manifold(given: Solid) -> str:
    """Return what manifold3d says of the surface."""
    manifold3d: Any = import_module("manifold3d")
    mesh = manifold3d.Mesh64(np.ascontiguousarray(given.points), np.ascontiguousarray(given.faces, dtype=np.uint64))
    return str(manifold3d.Manifold(mesh).status().name)


def write_stl(given: Solid, path: Path) -> None:
    """Write a binary STL; its head says the unit, for the format itself has none."""
    corners = given.points[given.faces]
    normals = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    table = np.zeros(len(corners), dtype=_RECORD)
    table["normal"] = normals / np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-300)
    table["corners"] = corners
    head = b"Qilu, binary STL, unit: " + (b"mm" if given.millimetres else b"undeclared")
    path.write_bytes(head.ljust(80) + len(table).to_bytes(4, "little") + table.tobytes())


def write_3mf(given: Solid, path: Path) -> None:
    """Write a 3MF; every byte is the same each time."""
    points = _rows('<vertex x="%.9g" y="%.9g" z="%.9g"/>\n', given.points)
    triangles = _rows('<triangle v1="%d" v2="%d" v3="%d"/>\n', given.faces)
    model = (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<model unit="millimeter" xml:lang="zh-Hans" xmlns="{_CORE}">'
        f'<metadata name="Application">Qilu</metadata><resources><object id="1" type="model"><mesh>\n<vertices>\n{points}</vertices>\n'
        f'<triangles>\n{triangles}</triangles>\n</mesh></object></resources><build><item objectid="1"/></build></model>\n'
    )
    with zipfile.ZipFile(path, "w") as package:
        for name, text in (("[Content_Types].xml", _TYPES), ("_rels/.rels", _RELATIONSHIPS), ("3D/3dmodel.model", model)):
            info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            info.create_system, info.external_attr = 3, 0o644 << 16
            package.writestr(info, text, zipfile.ZIP_DEFLATED, 6)


def _rows(form: str, table: NDArray[Any]) -> str:
    """Write each row of a table in a form."""
    return (form * len(table)) % tuple(table.ravel().tolist())


def reread_stl(path: Path) -> Floats:
    """Read the corners (m, 3, 3) of a binary STL back."""
    return np.frombuffer(path.read_bytes(), dtype=_RECORD, offset=84)["corners"].astype(np.float64)


def reread_3mf(path: Path) -> Floats:
    """Read the corners (m, 3, 3) of a 3MF of ours back."""
    with zipfile.ZipFile(path) as package:
        text = package.read("3D/3dmodel.model")
    numbers = []
    for name, words in (("vertices", (b'<vertex x="', b'" y="', b'" z="')), ("triangles", (b'<triangle v1="', b'" v2="', b'" v3="'))):
        body = text[text.index(f"<{name}>".encode()) + len(name) + 2 : text.index(f"</{name}>".encode())]
        for word in (*words, b'"/>'):
            body = body.replace(word, b" ")
        numbers.append(np.fromstring(body.decode("ascii"), dtype=np.float64, sep=" ").reshape(-1, 3))
    corners: Floats = numbers[0][numbers[1].astype(np.int64)]
    return corners
