# SPDX-License-Identifier: Apache-2.0
"""Draco streams through DracoPy, and what a decoder makes of them."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from digitize.encode.lattice import Lattice
from digitize.encode.parts import Part
from digitize.encode.shading import foretold
from digitize.errors import StepFailure
from digitize.mesh import Integers, Material

if TYPE_CHECKING:
    from digitize.encode.glb import Draco

_COLOUR = 7  # our own attribute id; Draco numbers position, uv and normal itself
_KINDS = {0: "POSITION", 1: "NORMAL", 3: "TEXCOORD_0"}


def encode(part: Part, settings: "Draco", lattice: Lattice) -> tuple[bytes, dict[str, int]]:
    """Compress one part, its positions as lattice numbers; return the stream and its attribute ids under their glTF names.

    Numbers rather than metres, for Draco keeps the lattice that it is given as text of six decimals.
    """
    import DracoPy

    numbers, normals = lattice.numbers(part.positions), None
    if part.normals is not None:
        normals = foretold(numbers, part.faces, part.normals, settings.normal, settings.slack)
    data: bytes = DracoPy.encode(
        numbers.astype(np.float32),
        part.faces.astype(np.uint32),
        quantization_bits=lattice.bits,
        quantization_range=lattice.last,
        quantization_origin=[0, 0, 0],
        compression_level=settings.level,
        tex_coord=None if part.uv is None else part.uv.astype(np.float64),  # DracoPy takes doubles and stores singles
        normals=None if normals is None else normals.astype(np.float64),
        tex_coord_quantization_bits=settings.uv if part.uv is not None else None,
        normal_quantization_bits=settings.normal if part.normals is not None else None,
        generic_attributes=None if part.colours is None else {_COLOUR: part.colours},
    )
    return data, _ids(DracoPy.decode(data))


def _ids(decoded: Any) -> dict[str, int]:
    """Return each attribute's id under its glTF name."""
    found = {}
    for attribute in decoded.attributes:
        name = "COLOR_0" if attribute["unique_id"] == _COLOUR else _KINDS[int(attribute["attribute_type"])]
        found[name] = int(attribute["unique_id"])
    return {name: found[name] for name in ("POSITION", "NORMAL", "TEXCOORD_0", "COLOR_0") if name in found}


def unpack(data: bytes, ids: dict[str, int]) -> tuple[Integers, dict[str, NDArray[Any]]]:
    """Decompress any stream: its faces (m, 3) and its attributes by their glTF names.

    Raises
    ------
    ValueError
        Where it is none, or lacks an attribute.
    """
    import DracoPy

    try:
        decoded = DracoPy.decode(data)
        arrays = {name: _array(decoded, number) for name, number in ids.items()}
        faces = np.asarray(decoded.faces).reshape(-1, 3).astype(np.int32)
    except (DracoPy.FileTypeException, DracoPy.EncodingFailedException, AttributeError, StopIteration, TypeError) as error:
        raise ValueError(str(error)[:80] or type(error).__name__) from error
    return faces, arrays


def decode(data: bytes, ids: dict[str, int]) -> Part:
    """Decompress a stream of ours."""
    faces, arrays = unpack(data, ids)
    normals = arrays.get("NORMAL")
    if normals is not None:
        normals = (normals / np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-12)).astype(np.float32)
    return Part(
        Material(), 0, arrays["POSITION"].astype(np.float32), faces, normals,
        arrays.get("TEXCOORD_0"), arrays["COLOR_0"].astype(np.uint16) if "COLOR_0" in arrays else None,
    )  # fmt: skip


def _array(decoded: Any, number: int) -> NDArray[Any]:
    """Return an attribute's values by its id."""
    return np.asarray(next(each["data"] for each in decoded.attributes if each["unique_id"] == number))


def check(decoded: Part, given: Part) -> None:
    """Make sure that no triangle and no attribute was lost.

    Raises
    ------
    StepFailure
        `draco.lost`.
    """
    missing = [name for name in ("normals", "uv", "colours") if getattr(given, name) is not None and getattr(decoded, name) is None]
    if missing or len(decoded.faces) != len(given.faces):
        raise StepFailure("draco.lost", given=len(given.faces), got=len(decoded.faces), missing=", ".join(missing) or "-")


def with_material(part: Part, material: Material, number: int) -> Part:
    """Return a decoded part under the material that it belongs to."""
    return replace(part, material=material, number=number)
