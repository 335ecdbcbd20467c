# SPDX-License-Identifier: Apache-2.0
"""3MF: build items placed by their transforms; materials, colours and textures of triangles."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from digitize.errors import Refusal
from digitize.mesh import Bytes, Floats, Integers, Material, Mesh, Singles
from digitize.preflight.model import Limits
from digitize.preflight.threemf.model import IDENTITY, Group, Model, Thing, Use
from digitize.preflight.threemf.package import load
from digitize.readers import Reading
from digitize.readers.pictures import texture

Properties = NDArray[np.int64]


def read(root: Path, main: str) -> Reading:
    """Read `main` in `root`.

    Raises
    ------
    Refusal
        Where the pre-flight would refuse it.
    """
    model, pictures = load(root / main, Limits())
    slots = {key: number for number, key in enumerate(pictures)}
    palette = _Palette(model, slots)
    pieces = [_piece(thing, matrix, palette) for thing, matrix in _placed(model)]
    if not pieces:
        raise Refusal("mesh.unreadable", at="build", name=main)
    offsets = np.cumsum([0] + [len(piece.positions) for piece in pieces])
    has = {name: any(getattr(piece, name) is not None for piece in pieces) for name in ("uv", "colours")}
    mesh = Mesh(
        positions=np.concatenate([piece.positions for piece in pieces]),
        faces=np.concatenate([piece.faces + offset for piece, offset in zip(pieces, offsets[:-1], strict=True)]).astype(np.int32),
        material_of=np.concatenate([piece.material_of for piece in pieces]),
        materials=tuple(palette.materials),
        textures=tuple(texture(data, model.textures[key]) for key, data in pictures.items()),
        uv=np.concatenate([piece.filled_uv() for piece in pieces]) if has["uv"] else None,
        colours=np.concatenate([piece.filled_colours() for piece in pieces]) if has["colours"] else None,
        unit=model.unit,
        unit_evidence="stated by the 3MF's model element",
        up="z",
    )
    return Reading(mesh, sum(piece.records for piece in pieces))


@dataclass(frozen=True)
class _Piece:
    """One placed object: corners that differ in uv or colour are vertices of their own."""

    records: int
    positions: Floats
    faces: Integers
    material_of: Integers
    uv: Singles | None
    colours: Bytes | None

    def filled_uv(self) -> Singles:
        return np.zeros((len(self.positions), 2), dtype=np.float32) if self.uv is None else self.uv

    def filled_colours(self) -> Bytes:
        return np.full((len(self.positions), 4), 255, dtype=np.uint8) if self.colours is None else self.colours


class _Palette:
    """The materials met so far; number 0 is what has no property."""

    def __init__(self, model: Model, slots: dict[tuple[str, str], int]) -> None:
        self._model, self._slots = model, slots
        self.materials = [Material(name="surface")]
        self._known: dict[tuple[Any, ...], int] = {}

    def group(self, thing: Thing, number: int) -> Group:
        """Return the group that a triangle's properties name."""
        return self._model.groups[thing.key[0], thing.groups[number]]

    def of(self, thing: Thing, number: int, entry: int) -> int:
        """Return the number of the material that an entry of a group stands for."""
        group = self.group(thing, number)
        if group.kind not in {"base", "uv"}:
            return 0
        key = (thing.key[0], thing.groups[number], entry if group.kind == "base" else 0)
        if key not in self._known:
            self._known[key] = len(self.materials)
            self.materials.append(self._material(thing, group, entry))
        return self._known[key]

    def _material(self, thing: Thing, group: Group, entry: int) -> Material:
        if group.kind == "uv":
            return Material(name=group.texture, textures={"base_colour": self._slots[thing.key[0], group.texture]})
        srgb = np.array(group.values[entry]) / 255.0
        linear = np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)
        mode = "BLEND" if srgb[3] < 1 else "OPAQUE"
        colour = (float(linear[0]), float(linear[1]), float(linear[2]), float(srgb[3]))
        return Material(name=group.names[entry], base_colour=colour, alpha_mode=mode)


def _placed(model: Model) -> list[tuple[Thing, Floats]]:
    """Walk the build items; give every mesh with its (4, 3) matrix for row vectors."""
    found, stack = [], [(item, np.eye(4)) for item in reversed(model.items)]
    while stack:
        use, outer = stack.pop()
        thing, matrix = model.things[use.key], _matrix(use) @ outer
        if thing.corners:
            found.append((thing, matrix))
        stack.extend((part, matrix) for part in reversed(thing.parts))
    return found


def _matrix(use: Use) -> Floats:
    """Return a transform as (4, 4) for row vectors."""
    matrix = np.eye(4)
    matrix[:, :3] = np.array(use.transform or IDENTITY).reshape(4, 3)
    return matrix


def _piece(thing: Thing, matrix: Floats, palette: _Palette) -> _Piece:
    """Place one object; a mirroring transform turns its faces round."""
    points = np.array(thing.points).reshape(-1, 3) @ matrix[:3, :3] + matrix[3, :3]
    faces = np.array(thing.corners, dtype=np.int64).reshape(-1, 3)
    properties = np.array(thing.properties, dtype=np.int64).reshape(-1, 4)
    material_of = _materials(thing, properties, palette)
    values, kind = _corner_values(thing, properties, palette)
    if np.linalg.det(matrix[:3, :3]) < 0:
        faces, values = faces[:, ::-1], values[:, ::-1]
    if not kind:
        return _Piece(len(points), points, faces.astype(np.int32), material_of, None, None)
    rows = np.column_stack([faces.ravel(), values.reshape(-1, values.shape[2])])
    distinct, number = np.unique(rows, axis=0, return_inverse=True)
    at = distinct[:, 0].astype(np.intp)
    uv = distinct[:, 1:3].astype(np.float32) if "uv" in kind else None
    colours = distinct[:, 3:7].astype(np.uint8) if "colour" in kind else None
    if uv is not None:
        uv[:, 1] = 1 - uv[:, 1]
    return _Piece(len(points), points[at], number.reshape(-1, 3).astype(np.int32), material_of, uv, colours)


def _materials(thing: Thing, properties: Properties, palette: _Palette) -> Integers:
    """Return each triangle's material: that of its first corner."""
    pairs, number = np.unique(properties[:, :2], axis=0, return_inverse=True)
    of_pair = [0 if group < 0 else palette.of(thing, int(group), int(entry)) for group, entry in pairs]
    return np.array(of_pair, dtype=np.int32)[number.ravel()]


def _corner_values(thing: Thing, properties: Properties, palette: _Palette) -> tuple[NDArray[np.float64], set[str]]:
    """Return (m, 3, 6) uv and colour (r, g, b, a) of each corner, and which of both there are."""
    values = np.zeros((len(properties), 3, 6))
    values[:, :, 2:] = 255
    kinds = set()
    for number in range(len(thing.groups)):
        group, own = palette.group(thing, number), properties[:, 0] == number
        if group.kind in {"uv", "colour"} and own.any():
            kinds.add(group.kind)
            span = slice(0, 2) if group.kind == "uv" else slice(2, 6)
            values[own, :, span] = np.array(group.values)[properties[own, 1:]]
    return values, kinds
