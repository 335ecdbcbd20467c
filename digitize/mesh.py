# SPDX-License-Identifier: Apache-2.0
"""The canonical mesh: what every reader yields, every step passes on and every encoder takes."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Singles = NDArray[np.float32]
Integers = NDArray[np.int32]
Bytes = NDArray[np.uint8]

SLOTS = ("base_colour", "metallic_roughness", "normal", "occlusion", "emissive")
COLOUR_SLOTS = frozenset({"base_colour", "emissive"})
METRES = {"um": 1e-6, "mm": 1e-3, "cm": 1e-2, "dm": 1e-1, "m": 1.0, "km": 1e3, "in": 0.0254, "ft": 0.3048}


@dataclass(frozen=True)
class Texture:
    """One image as it lies in its file: encoded bytes, media type, size in pixels."""

    name: str
    media_type: str
    width: int
    height: int
    data: bytes = field(repr=False)


@dataclass(frozen=True)
class Material:
    """A metallic-roughness surface as glTF 2.0 §3.9 defines it; `textures` maps a slot of `SLOTS` to a texture's index.

    `base_colour` (RGBA) and `emissive` (RGB) are linear factors.
    """

    name: str = ""
    base_colour: tuple[float, float, float, float] = (1.0, 1.0, 1.0, 1.0)
    metallic: float = 0.0
    roughness: float = 0.85
    emissive: tuple[float, float, float] = (0.0, 0.0, 0.0)
    normal_scale: float = 1.0
    double_sided: bool = True
    alpha_mode: str = "OPAQUE"
    alpha_cutoff: float = 0.5
    unlit: bool = False
    textures: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Mesh:
    """Triangles with everything that hangs on their corners.

    Attributes
    ----------
    positions : (n, 3) float64, in the unit of the source.
    faces : (m, 3) int32, counter-clockwise seen from outside.
    normals : (n, 3) float32 unit vectors, or None.
    uv : (n, 2) float32, origin at the image's top left as in glTF, or None.
    colours : (n, 4) uint8 sRGB with straight alpha, or None.
    material_of : (m,) int32 index into `materials`.
    unit : a key of `METRES`, or None where nothing declares it.
    unit_evidence : where the unit comes from, in a few words.
    up : "x", "y", "z" (with "-" before it where it points down), or None where nothing declares it.
    """

    positions: Floats
    faces: Integers
    material_of: Integers
    materials: tuple[Material, ...]
    textures: tuple[Texture, ...] = ()
    normals: Singles | None = None
    uv: Singles | None = None
    colours: Bytes | None = None
    unit: str | None = None
    unit_evidence: str = "undeclared"
    up: str | None = None

    @property
    def triangles(self) -> int:
        """Count the triangles."""
        return len(self.faces)

    def bounds(self) -> tuple[Floats, Floats]:
        """Return the lowest and highest corner of the vertices that faces use, in the source's unit."""
        used = np.zeros(len(self.positions), dtype=bool)
        used[self.faces.ravel()] = True
        points = self.positions if used.all() or not used.any() else self.positions[used]
        return np.array([axis.min() for axis in points.T]), np.array([axis.max() for axis in points.T])

    def diagonal(self) -> float:
        """Return the length of the bounding box's diagonal, in the source's unit."""
        low, high = self.bounds()
        return float(np.linalg.norm(high - low))


def take(mesh: Mesh, vertices: NDArray[Any], faces: Integers, material_of: Integers) -> Mesh:
    """Keep `vertices` (indices into the old ones) and the given faces (indices into the new ones)."""
    return replace(
        mesh,
        positions=np.ascontiguousarray(mesh.positions[vertices]),
        faces=np.ascontiguousarray(faces, dtype=np.int32),
        material_of=np.ascontiguousarray(material_of, dtype=np.int32),
        normals=None if mesh.normals is None else np.ascontiguousarray(mesh.normals[vertices]),
        uv=None if mesh.uv is None else np.ascontiguousarray(mesh.uv[vertices]),
        colours=None if mesh.colours is None else np.ascontiguousarray(mesh.colours[vertices]),
    )


def compact(mesh: Mesh) -> Mesh:
    """Drop the vertices that no face uses; the others keep their order."""
    used = np.zeros(len(mesh.positions), dtype=bool)
    used[mesh.faces.ravel()] = True
    if used.all():
        return mesh
    number = np.cumsum(used, dtype=np.int32) - 1
    return take(mesh, np.flatnonzero(used), number[mesh.faces].astype(np.int32), mesh.material_of)


def select(mesh: Mesh, keep: NDArray[np.bool_]) -> Mesh:
    """Keep the faces where `keep` (m,) is true, and the vertices that they use."""
    return compact(replace(mesh, faces=mesh.faces[keep], material_of=mesh.material_of[keep]))


_ARRAYS = ("positions", "faces", "material_of", "normals", "uv", "colours")


def save(mesh: Mesh, folder: Path) -> None:
    """Write the mesh as `mesh.json`, one .npy per array and the textures; equal meshes give equal bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in _ARRAYS:
        array = getattr(mesh, name)
        if array is not None:
            np.save(folder / f"{name}.npy", array, allow_pickle=False)
    for number, texture in enumerate(mesh.textures):
        (folder / f"texture-{number}.bin").write_bytes(texture.data)
    (folder / "mesh.json").write_text(json.dumps(_head(mesh), sort_keys=True, indent=1), encoding="utf-8")


def _head(mesh: Mesh) -> dict[str, Any]:
    """Describe all of a mesh that is no array."""
    textures = [{"name": t.name, "media_type": t.media_type, "width": t.width, "height": t.height} for t in mesh.textures]
    return {
        "arrays": [name for name in _ARRAYS if getattr(mesh, name) is not None],
        "materials": [asdict(material) for material in mesh.materials],
        "textures": textures,
        "unit": mesh.unit,
        "unit_evidence": mesh.unit_evidence,
        "up": mesh.up,
    }


def load(folder: Path) -> Mesh:
    """Read what `save` wrote."""
    head = json.loads((folder / "mesh.json").read_text(encoding="utf-8"))
    arrays = {name: np.load(folder / f"{name}.npy", allow_pickle=False) for name in head["arrays"]}
    textures = tuple(Texture(**fact, data=(folder / f"texture-{number}.bin").read_bytes()) for number, fact in enumerate(head["textures"]))
    materials = tuple(_material(fact) for fact in head["materials"])
    return Mesh(**arrays, materials=materials, textures=textures, unit=head["unit"], unit_evidence=head["unit_evidence"], up=head["up"])


def _material(fact: dict[str, Any]) -> Material:
    """Build a material from its JSON form."""
    base, emissive = tuple(fact.pop("base_colour")), tuple(fact.pop("emissive"))
    return Material(base_colour=base, emissive=emissive, **fact)
