# SPDX-License-Identifier: Apache-2.0
"""A mesh cut into what a file format takes: one set of single-precision arrays per material, and where they stand."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from digitize.mesh import METRES, Floats, Integers, Material, Mesh, Singles, select

FAR = 64.0  # diagonals from the origin; beyond, single precision would cost more than 1e-5 of the diagonal
_HALF = 0.7071067811865476
_TURNS = {
    "y": (0.0, 0.0, 0.0, 1.0), "-y": (1.0, 0.0, 0.0, 0.0),
    "z": (-_HALF, 0.0, 0.0, _HALF), "-z": (_HALF, 0.0, 0.0, _HALF),
    "x": (0.0, 0.0, _HALF, _HALF), "-x": (0.0, 0.0, -_HALF, _HALF),
}  # fmt: skip


@dataclass(frozen=True)
class Placement:
    """How a mesh stands in its file.

    Attributes
    ----------
    scale : metres per unit of the source; 1 where no unit is known.
    offset : (3,) in the source's unit, subtracted from the positions and given to the node instead.
    rotation : quaternion (x, y, z, w) of the node that turns the declared up axis to +Y.
    """

    scale: float
    offset: tuple[float, float, float]
    rotation: tuple[float, float, float, float]

    @property
    def translation(self) -> tuple[float, float, float]:
        """Return where the node stands, in metres of the file's frame."""
        x, y, z = (float(part) for part in rotation_matrix(self.rotation) @ (np.array(self.offset) * self.scale))
        return x, y, z


def placement(mesh: Mesh) -> Placement:
    """Decide how a mesh is placed; only what is declared is applied."""
    low, high = mesh.bounds()
    centre = (low + high) / 2
    far = float(np.linalg.norm(centre)) > FAR * float(np.linalg.norm(high - low))
    x, y, z = (float(part) for part in np.round(centre)) if far else (0.0, 0.0, 0.0)
    return Placement(METRES[mesh.unit] if mesh.unit else 1.0, (x, y, z), _TURNS[mesh.up or "y"])


def rotation_matrix(quaternion: tuple[float, float, float, float]) -> Floats:
    """Return the (3, 3) matrix of a unit quaternion (x, y, z, w)."""
    x, y, z, w = quaternion
    return np.array([
        [1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)],
        [2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)],
        [2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)],
    ])  # fmt: skip


@dataclass(frozen=True)
class Part:
    """The arrays of one material.

    Attributes
    ----------
    positions : (n, 3) float32 in metres of the node's frame (in the source's numbers where no unit is known).
    faces : (m, 3) int32.
    normals, uv : (n, 3) and (n, 2) float32, or None.
    colours : (n, 4) uint16, linear with alpha, full scale 65535, or None.
    """

    material: Material
    number: int
    positions: Singles
    faces: Integers
    normals: Singles | None
    uv: Singles | None
    colours: NDArray[np.uint16] | None


def parts(mesh: Mesh, place: Placement) -> list[Part]:
    """Cut a mesh by material, in the materials' order; a material without faces is left out."""
    found = []
    for number, material in enumerate(mesh.materials):
        own = mesh.material_of == number
        if not own.any():
            continue
        piece = mesh if own.all() else select(mesh, own)
        positions = ((piece.positions - np.array(place.offset)) * place.scale).astype(np.float32)
        uv = piece.uv if material.textures else None
        found.append(Part(material, number, positions, piece.faces, piece.normals, uv, _linear(piece)))
    return found


def _linear(mesh: Mesh) -> NDArray[np.uint16] | None:
    """Return vertex colours as glTF wants them: linear."""
    if mesh.colours is None:
        return None
    srgb = np.arange(256) / 255.0
    table = np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)
    rgb = np.rint(table * 65535.0).astype(np.uint16)[mesh.colours[:, :3]]
    return np.hstack([rgb, mesh.colours[:, 3:].astype(np.uint16) * np.uint16(257)])
