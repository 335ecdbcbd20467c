# SPDX-License-Identifier: Apache-2.0
"""USDZ for Quick Look: real units, +Y up, one prim per material, textures in the package, every byte reproducible.

Source: "USDZ File Format Specification" (zip without compression, data aligned to 64 bytes, the default layer first);
"UsdPreviewSurface Specification" 2.6.
"""

import re
import struct
import zlib
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from digitize.encode.parts import Part, Placement, parts, placement
from digitize.mesh import Material, Mesh

# UsdPreviewSurface input, the texture reader's output, the input's type, whether the texture is sRGB
_INPUTS = {
    "base_colour": (("diffuseColor", "rgb", "Color3f", True),),
    "metallic_roughness": (("metallic", "b", "Float", False), ("roughness", "g", "Float", False)),
    "normal": (("normal", "rgb", "Normal3f", False),),
    "occlusion": (("occlusion", "r", "Float", False),),
    "emissive": (("emissiveColor", "rgb", "Color3f", True),),
}


def write(mesh: Mesh, path: Path) -> dict[str, int]:
    """Write a mesh as USDZ; `metersPerUnit` is 1 and positions are metres where the unit is known."""
    place = placement(mesh)
    names = [f"textures/texture-{n}.{'png' if texture.media_type == 'image/png' else 'jpg'}" for n, texture in enumerate(mesh.textures)]
    own = parts(mesh, place)
    with TemporaryDirectory(dir=path.parent, prefix=".usd-") as folder:
        layer = Path(folder) / "model.usdc"
        _stage(layer, own, names, place)
        data = layer.read_bytes()
    members = [("model.usdc", data), *((name, texture.data) for name, texture in zip(names, mesh.textures, strict=True))]
    path.write_bytes(_package(members))
    return {"triangles": sum(len(part.faces) for part in own), "vertices": sum(len(part.positions) for part in own)}


def _stage(layer: Path, own: list[Part], names: list[str], place: Placement) -> None:
    """Write the stage."""
    from pxr import Gf, Usd, UsdGeom

    stage = Usd.Stage.CreateNew(str(layer))
    UsdGeom.SetStageUpAxis(stage, UsdGeom.Tokens.y)
    UsdGeom.SetStageMetersPerUnit(stage, 1.0)
    root = UsdGeom.Xform.Define(stage, "/Asset")
    stage.SetDefaultPrim(root.GetPrim())
    Usd.ModelAPI(root.GetPrim()).SetKind("component")
    body = UsdGeom.Xform.Define(stage, "/Asset/Body")
    if any(place.offset):
        body.AddTranslateOp(UsdGeom.XformOp.PrecisionDouble).Set(Gf.Vec3d(*place.translation))
    if place.rotation != (0.0, 0.0, 0.0, 1.0):
        x, y, z, w = place.rotation
        body.AddOrientOp(UsdGeom.XformOp.PrecisionFloat).Set(Gf.Quatf(w, x, y, z))
    for number, part in enumerate(own):
        _bind(stage, _geometry(stage, part, number), part, number, names)
    stage.GetRootLayer().Save()


def _geometry(stage: Any, part: Part, number: int) -> Any:
    """Write one mesh."""
    from pxr import Sdf, UsdGeom, Vt

    mesh = UsdGeom.Mesh.Define(stage, f"/Asset/Body/Part{number}")
    mesh.CreatePointsAttr(Vt.Vec3fArray.FromNumpy(part.positions))
    mesh.CreateFaceVertexCountsAttr(Vt.IntArray.FromNumpy(np.full(len(part.faces), 3, dtype=np.int32)))
    mesh.CreateFaceVertexIndicesAttr(Vt.IntArray.FromNumpy(np.ascontiguousarray(part.faces).ravel()))
    mesh.CreateExtentAttr(Vt.Vec3fArray.FromNumpy(np.stack([part.positions.min(axis=0), part.positions.max(axis=0)])))
    mesh.CreateSubdivisionSchemeAttr(UsdGeom.Tokens.none)
    mesh.CreateDoubleSidedAttr(part.material.double_sided)
    primvars = UsdGeom.PrimvarsAPI(mesh)
    if part.normals is not None:
        mesh.CreateNormalsAttr(Vt.Vec3fArray.FromNumpy(part.normals))
        mesh.SetNormalsInterpolation(UsdGeom.Tokens.vertex)
    if part.uv is not None:
        st = np.stack([part.uv[:, 0], np.float32(1) - part.uv[:, 1]], axis=1)
        primvars.CreatePrimvar("st", Sdf.ValueTypeNames.TexCoord2fArray, UsdGeom.Tokens.vertex).Set(Vt.Vec2fArray.FromNumpy(st))
    if part.colours is not None:
        colours = (part.colours[:, :3] / np.float32(65535)).astype(np.float32)
        primvar = primvars.CreatePrimvar("displayColor", Sdf.ValueTypeNames.Color3fArray, UsdGeom.Tokens.vertex)
        primvar.Set(Vt.Vec3fArray.FromNumpy(colours))
    return mesh


def _bind(stage: Any, mesh: Any, part: Part, number: int, names: list[str]) -> None:
    """Write a part's material and bind it."""
    from pxr import Sdf, UsdShade

    base = f"/Asset/Materials/Material{number}"
    material = UsdShade.Material.Define(stage, base)
    shader = UsdShade.Shader.Define(stage, f"{base}/Surface")
    shader.CreateIdAttr("UsdPreviewSurface")
    _factors(shader, part.material, Sdf.ValueTypeNames)
    if part.uv is not None:
        reader = UsdShade.Shader.Define(stage, f"{base}/Uv")
        reader.CreateIdAttr("UsdPrimvarReader_float2")
        reader.CreateInput("varname", Sdf.ValueTypeNames.String).Set("st")
        uv = reader.CreateOutput("result", Sdf.ValueTypeNames.Float2)
        for slot, texture in sorted(part.material.textures.items()):
            _texture(stage, f"{base}/{re.sub('_', '', slot.title())}", shader, uv, slot=slot, name=names[texture], material=part.material)
    if part.colours is not None and "base_colour" not in part.material.textures:
        _vertex_colour(stage, base, shader)
    material.CreateSurfaceOutput().ConnectToSource(shader.CreateOutput("surface", Sdf.ValueTypeNames.Token))
    UsdShade.MaterialBindingAPI.Apply(mesh.GetPrim()).Bind(material)


def _factors(shader: Any, material: Material, types: Any) -> None:
    """Set the inputs that no texture drives."""
    shader.CreateInput("diffuseColor", types.Color3f).Set(material.base_colour[:3])
    shader.CreateInput("roughness", types.Float).Set(material.roughness)
    shader.CreateInput("metallic", types.Float).Set(material.metallic)
    if any(material.emissive):
        shader.CreateInput("emissiveColor", types.Color3f).Set(material.emissive)
    if material.alpha_mode != "OPAQUE":
        shader.CreateInput("opacity", types.Float).Set(material.base_colour[3])
    if material.alpha_mode == "MASK":
        shader.CreateInput("opacityThreshold", types.Float).Set(material.alpha_cutoff)


def _texture(stage: Any, path: str, shader: Any, uv: Any, *, slot: str, name: str, material: Material) -> None:
    """Write a texture reader and connect it to what it drives."""
    from pxr import Sdf, UsdShade

    types = Sdf.ValueTypeNames
    reader = UsdShade.Shader.Define(stage, path)
    reader.CreateIdAttr("UsdUVTexture")
    reader.CreateInput("file", types.Asset).Set(Sdf.AssetPath(name))
    reader.CreateInput("st", types.Float2).ConnectToSource(uv)
    reader.CreateInput("wrapS", types.Token).Set("repeat")
    reader.CreateInput("wrapT", types.Token).Set("repeat")
    reader.CreateInput("sourceColorSpace", types.Token).Set("sRGB" if _INPUTS[slot][0][3] else "raw")
    scale, bias = _scale(slot, material)
    if scale != (1.0, 1.0, 1.0, 1.0):
        reader.CreateInput("scale", types.Float4).Set(scale)
        reader.CreateInput("bias", types.Float4).Set(bias)
    for wanted, channel, kind, _ in _INPUTS[slot]:
        output = reader.CreateOutput(channel, types.Float3 if channel == "rgb" else types.Float)
        shader.CreateInput(wanted, getattr(types, kind)).ConnectToSource(output)
    if slot == "base_colour" and material.alpha_mode != "OPAQUE":
        shader.CreateInput("opacity", types.Float).ConnectToSource(reader.CreateOutput("a", types.Float))


def _scale(slot: str, material: Material) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Return what a texture's values are multiplied with, and what is added."""
    if slot == "normal":
        return (2.0, 2.0, 2.0, 1.0), (-1.0, -1.0, -1.0, 0.0)
    factors = {
        "base_colour": material.base_colour,
        "metallic_roughness": (1.0, material.roughness, material.metallic, 1.0),
        "emissive": (*material.emissive, 1.0),
    }
    return factors.get(slot, (1.0, 1.0, 1.0, 1.0)), (0.0, 0.0, 0.0, 0.0)


def _vertex_colour(stage: Any, base: str, shader: Any) -> None:
    """Let vertex colours drive the diffuse colour."""
    from pxr import Sdf, UsdShade

    reader = UsdShade.Shader.Define(stage, f"{base}/VertexColour")
    reader.CreateIdAttr("UsdPrimvarReader_float3")
    reader.CreateInput("varname", Sdf.ValueTypeNames.String).Set("displayColor")
    output = reader.CreateOutput("result", Sdf.ValueTypeNames.Float3)
    shader.CreateInput("diffuseColor", Sdf.ValueTypeNames.Color3f).ConnectToSource(output)


def _package(members: list[tuple[str, bytes]]) -> bytes:
    """Zip members uncompressed, each one's data at a multiple of 64 bytes, all times 1980-01-01 00:00."""
    body, directory = bytearray(), bytearray()
    for name, data in members:
        encoded = name.encode("ascii")
        padding = -(len(body) + 30 + len(encoded) + 4) % 64
        extra = struct.pack("<HH", 0x1986, padding) + bytes(padding)
        common = struct.pack("<HHHHHIIIHH", 20, 0, 0, 0, 0x21, zlib.crc32(data), len(data), len(data), len(encoded), len(extra))
        directory += struct.pack("<IH", 0x02014B50, 20) + common + struct.pack("<HHHII", 0, 0, 0, 0, len(body)) + encoded + extra
        body += struct.pack("<I", 0x04034B50) + common + encoded + extra + data
    end = struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, len(members), len(members), len(directory), len(body), 0)
    return bytes(body + directory + end)
