# SPDX-License-Identifier: Apache-2.0
"""Parts as quantised arrays in meshoptimizer's streams: small, and quicker to unpack on a device than Draco.

Source: KHR_mesh_quantization, KHR_texture_transform, EXT_meshopt_compression (Khronos registry).
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from digitize.encode.lattice import Lattice
from digitize.encode.parts import Part, Placement, rotation_matrix
from digitize.mesh import Floats
from digitize.meshopt import codec

MESHOPT, QUANTISATION, TRANSFORM = "EXT_meshopt_compression", "KHR_mesh_quantization", "KHR_texture_transform"


@dataclass(frozen=True)
class Meshopt:
    """Bits of position, uv (16 at most) and normal (8 at most)."""

    position: int = 14
    uv: int = 12
    normal: int = 8


@dataclass(frozen=True)
class Grids:
    """The lattices of a file: of the positions of all its parts, and of their uv where they have any.

    Attributes
    ----------
    uv_origin, uv_step : lowest uv (2,) and the step between two numbers.
    """

    position: Lattice
    uv_origin: Floats | None = None
    uv_step: float = 1.0

    @classmethod
    def over(cls, own: list[Part], position: Lattice, uv_bits: int) -> "Grids":
        """Lay the lattice of uv over the parts of a mesh."""
        uv = [part.uv for part in own if part.uv is not None]
        if not uv:
            return cls(position)
        low, high = (np.array([edge(array, axis=0) for array in uv]).astype(np.float64) for edge in (np.min, np.max))
        origin = low.min(axis=0)
        return cls(position, origin, float((high.max(axis=0) - origin).max()) / (2**uv_bits - 1) or 1.0)

    def node(self, place: Placement) -> dict[str, Any]:
        """Describe the node that turns lattice numbers into metres of the file's frame."""
        moved = rotation_matrix(place.rotation) @ self.position.origin + np.array(place.translation)
        node: dict[str, Any] = {"mesh": 0, "translation": [float(x) for x in moved], "scale": [self.position.step] * 3}
        return {**node, "rotation": list(place.rotation)} if place.rotation != (0.0, 0.0, 0.0, 1.0) else node

    def texture_info(self, info: dict[str, Any]) -> dict[str, Any]:
        """Let a reference to a texture turn lattice numbers into uv."""
        if self.uv_origin is None:
            return info
        transform = {"offset": [float(x) for x in self.uv_origin], "scale": [self.uv_step] * 2}
        return {**info, "extensions": {TRANSFORM: transform}}


@dataclass(frozen=True)
class Stream:
    """One compressed array: what its accessor and its view say of it, and its bytes.

    Attributes
    ----------
    array : (n, k) as the accessor describes it, without the columns that only fill up four bytes.
    stride : bytes of a row in the uncompressed view.
    """

    array: NDArray[Any]
    kind: str
    stride: int
    data: bytes
    mode: str = "ATTRIBUTES"
    filter: str = "NONE"
    normalised: bool = False


def streams(part: Part, grids: Grids, settings: Meshopt) -> dict[str, Stream]:
    """Compress one part: its attributes by their glTF names, and `indices`."""
    faces, remap = codec.order(part.faces, len(part.positions))
    back = np.argsort(remap)
    found = {"POSITION": _rows(grids.position.numbers(part.positions)[back].astype(np.uint16), "VEC3")}
    if part.normals is not None:
        packed = codec.octahedral(part.normals[back], settings.normal)
        found["NORMAL"] = Stream(packed[:, :3], "VEC3", 4, codec.attributes(packed), filter="OCTAHEDRAL", normalised=True)
    if part.uv is not None and grids.uv_origin is not None:
        numbers = np.rint((part.uv.astype(np.float64) - grids.uv_origin) / grids.uv_step).astype(np.uint16)
        found["TEXCOORD_0"] = _rows(numbers[back], "VEC2")
    if part.colours is not None:
        found["COLOR_0"] = _rows(part.colours[back], "VEC4", normalised=True)
    index = faces.astype(np.uint16 if len(back) < 65535 else np.uint32)
    found["indices"] = Stream(index.reshape(-1, 1), "SCALAR", index.itemsize, codec.triangles(faces, len(back)), "TRIANGLES")
    return found


def _rows(array: NDArray[np.uint16], kind: str, *, normalised: bool = False) -> Stream:
    """Compress rows of 16-bit numbers, filled up to a multiple of four bytes."""
    filled = np.pad(array, ((0, 0), (0, array.shape[1] % 2)))
    return Stream(array, kind, 2 * filled.shape[1], codec.attributes(filled), normalised=normalised)
