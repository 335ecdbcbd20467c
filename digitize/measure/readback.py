# SPDX-License-Identifier: Apache-2.0
"""A derivative read back from its file into the original's unit and frame."""

import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from digitize.encode.parts import Placement, placement, rotation_matrix
from digitize.mesh import Floats, Material, Mesh, Singles
from digitize.readers import gltf
from digitize.readers.pictures import texture


def read_back(path: Path, original: Mesh, place: Placement | None = None) -> Mesh:
    """Read a GLB or USDZ of ours; undo what its node and its unit, `place` of the original, did to the numbers."""
    mesh = _usdz(path) if path.suffix == ".usdz" else gltf.read(path.parent, path.name).mesh
    place = place or placement(original)
    positions = mesh.positions @ rotation_matrix(place.rotation) / place.scale
    return replace(mesh, positions=positions, unit=original.unit, up=original.up)


def read_print(path: Path, original: Mesh, offset: tuple[float, ...]) -> Mesh:
    """Read an STL of ours for printers, which was moved by `offset` (3,) where it lay far out; colour it has none."""
    from digitize.encode.solid import restored
    from digitize.readers import stl

    mesh = stl.read(path.parent, path.name).mesh
    return replace(mesh, positions=restored(mesh.positions, original, offset), unit=original.unit, up=original.up)


def _usdz(path: Path) -> Mesh:
    """Read our own USDZ through pxr."""
    from pxr import Usd, UsdGeom

    stage = Usd.Stage.Open(str(path))
    cache = UsdGeom.XformCache()
    prims = [prim for prim in stage.Traverse() if prim.IsA(UsdGeom.Mesh)]
    with zipfile.ZipFile(path) as package:
        names = sorted(name for name in package.namelist() if name.startswith("textures/"))
        textures = tuple(texture(package.read(name), name) for name in names)
    pieces = [_piece(prim, cache) for prim in prims]
    offsets = np.cumsum([0] + [len(piece["positions"]) for piece in pieces])
    faces = [piece["faces"] + offset for piece, offset in zip(pieces, offsets[:-1], strict=True)]
    with_uv = all(piece["uv"] is not None for piece in pieces)
    with_colours = all(piece["colours"] is not None for piece in pieces)
    return Mesh(
        positions=np.concatenate([piece["positions"] for piece in pieces]),
        faces=np.concatenate(faces).astype(np.int32),
        material_of=np.concatenate([np.full(len(piece["faces"]), n, dtype=np.int32) for n, piece in enumerate(pieces)]),
        materials=tuple(_material(stage, prim, names) for prim in prims),
        textures=textures,
        uv=np.concatenate([piece["uv"] for piece in pieces]) if with_uv else None,
        colours=np.concatenate([piece["colours"] for piece in pieces]) if with_colours else None,
    )


def _piece(prim: Any, cache: Any) -> dict[str, Any]:
    """Return one prim's arrays in the stage's frame."""
    from pxr import UsdGeom

    mesh, primvars = UsdGeom.Mesh(prim), UsdGeom.PrimvarsAPI(prim)
    matrix: Floats = np.array(cache.GetLocalToWorldTransform(prim))
    points = np.array(mesh.GetPointsAttr().Get(), dtype=np.float64)
    uv, colours = (primvars.GetPrimvar(name).Get() if primvars.HasPrimvar(name) else None for name in ("st", "displayColor"))
    return {
        "positions": points @ matrix[:3, :3] + matrix[3, :3],
        "faces": np.array(mesh.GetFaceVertexIndicesAttr().Get(), dtype=np.int32).reshape(-1, 3),
        "uv": None if uv is None else _flipped(np.array(uv, dtype=np.float32)),
        "colours": None if colours is None else _bytes(np.array(colours, dtype=np.float64)),
    }


def _flipped(st: Singles) -> Singles:
    """Turn texture coordinates with the origin at the bottom left into glTF's."""
    return np.stack([st[:, 0], np.float32(1) - st[:, 1]], axis=1)


def _bytes(linear: Floats) -> Any:
    """Turn linear display colours into sRGB bytes."""
    from digitize.measure.colour import to_srgb

    rgb = np.rint(to_srgb(linear)).astype(np.uint8)
    return np.hstack([rgb, np.full((len(rgb), 1), 255, dtype=np.uint8)])


def _material(stage: Any, prim: Any, names: list[str]) -> Material:
    """Read what the diffuse colour of a prim's material is driven by."""
    from pxr import UsdShade

    bound, _ = UsdShade.MaterialBindingAPI(prim).ComputeBoundMaterial()
    base = bound.GetPath()
    reader = UsdShade.Shader.Get(stage, base.AppendChild("BaseColour"))
    if reader:
        scale = reader.GetInput("scale")
        factor = tuple(float(part) for part in scale.Get()) if scale else (1.0, 1.0, 1.0, 1.0)
        number = names.index(reader.GetInput("file").Get().path)
        return Material(base_colour=(factor[0], factor[1], factor[2], factor[3]), textures={"base_colour": number})
    if UsdShade.Shader.Get(stage, base.AppendChild("VertexColour")):
        return Material()
    colour = UsdShade.Shader.Get(stage, base.AppendChild("Surface")).GetInput("diffuseColor").Get()
    return Material(base_colour=(float(colour[0]), float(colour[1]), float(colour[2]), 1.0))
