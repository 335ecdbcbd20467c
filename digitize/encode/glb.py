# SPDX-License-Identifier: Apache-2.0
"""A deterministic GLB writer: plain, with Draco, with meshoptimizer's compression.

Source: Khronos glTF 2.0 specification, §3 and §4; KHR_draco_mesh_compression, EXT_meshopt_compression.
"""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from digitize.encode.container import wrap
from digitize.encode.lattice import Lattice
from digitize.encode.meshopt import MESHOPT, QUANTISATION, TRANSFORM, Grids, Meshopt, Stream, streams
from digitize.encode.parts import Part, Placement, parts, placement
from digitize.mesh import Material, Mesh, Texture

DRACO, WEBP = "KHR_draco_mesh_compression", "EXT_texture_webp"
_COMPONENT = {"float32": 5126, "uint32": 5125, "uint16": 5123, "int8": 5120}
Json = dict[str, Any]
_ARRAY_BUFFER, _ELEMENT_ARRAY_BUFFER = 34962, 34963


@dataclass(frozen=True)
class Draco:
    """Draco's settings: bits of position, uv and normal, the effort, and by how many degrees a normal may be off to cost nothing."""

    position: int = 14
    uv: int = 12
    normal: int = 8
    level: int = 10
    slack: float = 2.5


@dataclass
class _Writer:
    """A document under construction."""

    views: list[dict[str, Any]] = field(default_factory=list)
    accessors: list[dict[str, Any]] = field(default_factory=list)
    binary: bytearray = field(default_factory=bytearray)
    unpacked: int = 0  # bytes that the compressed views would have; they stand in no file

    def view(self, data: bytes, target: int | None = None) -> int:
        """Append bytes, aligned to four."""
        self.binary += b"\0" * (-len(self.binary) % 4)
        fact = {"buffer": 0, "byteOffset": len(self.binary), "byteLength": len(data)}
        self.views.append(fact if target is None else {**fact, "target": target})
        self.binary += data
        return len(self.views) - 1

    def packed(self, stream: Stream) -> int:
        """Append a compressed array and describe it; return its accessor."""
        count, size = len(stream.array), len(stream.array) * stream.stride
        indices = stream.mode == "TRIANGLES"
        source = self.views[self.view(stream.data)]
        packed = {"buffer": 0, "byteOffset": source["byteOffset"], "byteLength": len(stream.data)}
        packed |= {"byteStride": stream.stride, "mode": stream.mode, "count": count}
        if stream.filter != "NONE":
            packed["filter"] = stream.filter
        fact = {"buffer": 1, "byteOffset": self.unpacked, "byteLength": size, "extensions": {MESHOPT: packed}}
        fact |= {"target": _ELEMENT_ARRAY_BUFFER} if indices else {"byteStride": stream.stride, "target": _ARRAY_BUFFER}
        self.views[-1] = fact
        self.unpacked += size + -size % 4
        number = self.accessor(stream.array, stream.kind, target=None, normalised=stream.normalised)
        self.accessors[number]["bufferView"] = len(self.views) - 1
        return number

    def accessor(self, array: NDArray[Any], kind: str, *, target: int | None, bounds: bool = False, normalised: bool = False) -> int:
        """Describe an array; without a target its data lie elsewhere (in a Draco stream)."""
        fact: dict[str, Any] = {
            "componentType": _COMPONENT[array.dtype.name],
            "count": len(array) if kind != "SCALAR" else array.size,
            "type": kind,
        }
        if target is not None:
            fact["bufferView"] = self.view(np.ascontiguousarray(array).tobytes(), target)
        if normalised:
            fact["normalized"] = True
        if bounds:
            fact["min"], fact["max"] = (_singles(edge) for edge in (array.min(axis=0), array.max(axis=0)))
        self.accessors.append(fact)
        return len(self.accessors) - 1


def _singles(values: NDArray[Any]) -> list[float]:
    """Return numbers as JSON numbers that parse back to the same bits; whole ones stay whole."""
    return [value.item() for value in values]


def write(mesh: Mesh, path: Path, *, codec: Draco | Meshopt | None = None, lattice: Lattice | None = None) -> dict[str, int]:
    """Write a mesh as GLB, in metres where its unit is known; return the triangles and vertices written.

    A codec writes positions on `lattice` (in the mesh's unit); without one it lays its own.

    Raises
    ------
    StepFailure
        `draco.lost`, where Draco returns other triangles than it was given; `meshopt.memory`.
    """
    writer, place = _Writer(), placement(mesh)
    own = parts(mesh, place)
    grids = None if codec is None else Grids.over(own, (lattice or Lattice.over(mesh, codec.position)).placed(place), codec.uv)
    primitives = [_primitive(writer, part, codec, grids) for part in own]
    for number, primitive in enumerate(primitives):
        primitive["material"] = number
    packed = grids if isinstance(codec, Meshopt) else None
    materials = [_material(part.material, packed) for part in own]
    document = _document(writer, primitives, mesh.textures, materials, node=grids.node(place) if grids else _node(place))
    path.write_bytes(wrap(document, bytes(writer.binary)))
    vertices = sum(writer.accessors[primitive["attributes"]["POSITION"]]["count"] for primitive in primitives)
    return {"triangles": sum(len(part.faces) for part in own), "vertices": vertices}


def _primitive(writer: _Writer, part: Part, codec: Draco | Meshopt | None, grids: Grids | None) -> dict[str, Any]:
    """Write one part in the form that was asked for."""
    if grids is not None and isinstance(codec, Draco):
        return _compressed(writer, part, codec, grids.position)
    if grids is not None and isinstance(codec, Meshopt):
        return _packed(writer, streams(part, grids, codec))
    return _plain(writer, part)


def _packed(writer: _Writer, found: dict[str, Stream]) -> dict[str, Any]:
    """Write one part's compressed arrays."""
    numbers = {name: writer.packed(stream) for name, stream in found.items()}
    position = found["POSITION"].array
    writer.accessors[numbers["POSITION"]] |= {"min": _singles(position.min(axis=0)), "max": _singles(position.max(axis=0))}
    return {"indices": numbers.pop("indices"), "attributes": numbers}


def _plain(writer: _Writer, part: Part) -> dict[str, Any]:
    """Write one part as plain arrays."""
    attributes = {"POSITION": writer.accessor(part.positions, "VEC3", target=_ARRAY_BUFFER, bounds=True)}
    if part.normals is not None:
        attributes["NORMAL"] = writer.accessor(part.normals, "VEC3", target=_ARRAY_BUFFER)
    if part.uv is not None:
        attributes["TEXCOORD_0"] = writer.accessor(part.uv, "VEC2", target=_ARRAY_BUFFER)
    if part.colours is not None:
        attributes["COLOR_0"] = writer.accessor(part.colours, "VEC4", target=_ARRAY_BUFFER, normalised=True)
    index = part.faces.astype(np.uint16 if len(part.positions) < 65535 else np.uint32).ravel()
    return {"attributes": attributes, "indices": writer.accessor(index, "SCALAR", target=_ELEMENT_ARRAY_BUFFER)}


def _compressed(writer: _Writer, part: Part, draco: Draco, lattice: Lattice) -> dict[str, Any]:
    """Write one part as a Draco stream; its accessors describe what a decoder gets out of it."""
    from digitize.encode import draco as codec

    data, ids = codec.encode(part, draco, lattice)
    decoded = codec.decode(data, ids)
    codec.check(decoded, part)
    attributes = {"POSITION": writer.accessor(decoded.positions, "VEC3", target=None, bounds=True)}
    if decoded.normals is not None:
        attributes["NORMAL"] = writer.accessor(decoded.normals, "VEC3", target=None)
    if decoded.uv is not None:
        attributes["TEXCOORD_0"] = writer.accessor(decoded.uv, "VEC2", target=None)
    if decoded.colours is not None:
        attributes["COLOR_0"] = writer.accessor(decoded.colours, "VEC4", target=None, normalised=True)
    index = decoded.faces.astype(np.uint16 if len(decoded.positions) < 65535 else np.uint32).ravel()
    extension = {"bufferView": writer.view(data), "attributes": ids}
    return {"attributes": attributes, "indices": writer.accessor(index, "SCALAR", target=None), "extensions": {DRACO: extension}}


def _document(
    writer: _Writer, primitives: list[dict[str, Any]], textures: tuple[Texture, ...], materials: list[dict[str, Any]], *, node: Json
) -> Json:
    """Put the JSON chunk together."""
    images = [{"bufferView": writer.view(texture.data), "mimeType": texture.media_type} for texture in textures]
    document: Json = {
        "asset": {"version": "2.0", "generator": "Qilu"},
        "scene": 0,
        "scenes": [{"nodes": [0]}],
        "nodes": [node],
        "meshes": [{"primitives": primitives}],
        "materials": materials,
        "accessors": writer.accessors,
        "bufferViews": writer.views,
        "buffers": [{"byteLength": len(writer.binary)}],
    }
    if writer.unpacked:
        document["buffers"].append({"byteLength": writer.unpacked, "extensions": {MESHOPT: {"fallback": True}}})
    if textures:
        document["images"], document["samplers"] = images, [{"magFilter": 9729, "minFilter": 9987, "wrapS": 10497, "wrapT": 10497}]
        document["textures"] = [_texture(number, texture) for number, texture in enumerate(textures)]
    webp = any(texture.media_type == "image/webp" for texture in textures)
    return {**document, **_extensions(writer, primitives, materials, webp=webp)}


def _texture(number: int, texture: Texture) -> Json:
    """Name a texture's picture; WebP by its extension, for the core knows PNG and JPEG only."""
    if texture.media_type == "image/webp":
        return {"sampler": 0, "extensions": {WEBP: {"source": number}}}
    return {"sampler": 0, "source": number}


def _extensions(writer: _Writer, primitives: list[Json], materials: list[Json], *, webp: bool) -> Json:
    """List the extensions in use, and those without which the file cannot be read."""
    required = [DRACO] if any("extensions" in primitive for primitive in primitives) else []
    if writer.unpacked:
        required += [MESHOPT, QUANTISATION]
        required += [TRANSFORM] if TRANSFORM in json.dumps(materials) else []
    required += [WEBP] if webp else []
    used = [*required, *(["KHR_materials_unlit"] if any("extensions" in material for material in materials) else [])]
    found = {"extensionsUsed": used, "extensionsRequired": required}
    return {name: names for name, names in found.items() if names}


def _node(place: Placement) -> dict[str, Any]:
    """Describe the only node; what is neutral is left out."""
    node: dict[str, Any] = {"mesh": 0}
    if place.rotation != (0.0, 0.0, 0.0, 1.0):
        node["rotation"] = list(place.rotation)
    if any(place.offset):
        node["translation"] = list(place.translation)
    return node


def _material(material: Material, grids: Grids | None = None) -> dict[str, Any]:
    """Describe a material; `grids` are those of its quantised uv."""
    info: dict[str, Json] = {slot: {"index": number} for slot, number in material.textures.items()}
    if grids is not None:
        info = {slot: grids.texture_info(fact) for slot, fact in info.items()}
    core: dict[str, Any] = {
        "baseColorFactor": list(material.base_colour),
        "metallicFactor": material.metallic,
        "roughnessFactor": material.roughness,
    }
    for slot, name in (("base_colour", "baseColorTexture"), ("metallic_roughness", "metallicRoughnessTexture")):
        if slot in info:
            core[name] = info[slot]
    fact: dict[str, Any] = {
        "name": material.name,
        "pbrMetallicRoughness": core,
        "doubleSided": material.double_sided,
        "alphaMode": material.alpha_mode,
    }
    if material.alpha_mode == "MASK":
        fact["alphaCutoff"] = material.alpha_cutoff
    if any(material.emissive):
        fact["emissiveFactor"] = list(material.emissive)
    if "normal" in info:
        fact["normalTexture"] = {**info["normal"], "scale": material.normal_scale}
    for slot in ("occlusion", "emissive"):
        if slot in info:
            fact[f"{slot}Texture"] = info[slot]
    return {**fact, "extensions": {"KHR_materials_unlit": {}}} if material.unlit else fact
