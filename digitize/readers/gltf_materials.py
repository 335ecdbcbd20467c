# SPDX-License-Identifier: Apache-2.0
"""Materials of a glTF document: the metallic-roughness core; extensions that change the look become doubts."""

from typing import Any

import numpy as np

from digitize.mesh import Floats, Material, Texture
from digitize.readers.gltf_data import Document

Doubts = list[tuple[str, dict[str, object]]]
_UNDERSTOOD = {"KHR_materials_unlit"}


def materials(source: Document, doubts: Doubts) -> tuple[tuple[Material, ...], tuple[Texture, ...]]:
    """Return all materials of the document, and the images that they use, each once."""
    order: dict[int, int] = {}
    found = tuple(_material(source, fact, order, doubts) for fact in source.items("materials"))
    return found, tuple(source.image(index) for index in order)


def _material(source: Document, fact: dict[str, Any], order: dict[int, int], doubts: Doubts) -> Material:
    """Translate one material; `order` collects the images in use."""
    core = fact.get("pbrMetallicRoughness", {})
    infos = {
        "base_colour": core.get("baseColorTexture"),
        "metallic_roughness": core.get("metallicRoughnessTexture"),
        "normal": fact.get("normalTexture"),
        "occlusion": fact.get("occlusionTexture"),
        "emissive": fact.get("emissiveTexture"),
    }
    left = sorted(set(fact.get("extensions", {})) - _UNDERSTOOD)
    doubts += [("gltf.left-out", {"names": name}) for name in left]
    emissive = tuple(float(part) for part in fact.get("emissiveFactor", (0.0, 0.0, 0.0)))
    base = tuple(float(part) for part in core.get("baseColorFactor", (1.0, 1.0, 1.0, 1.0)))
    return Material(
        name=str(fact.get("name", "")),
        base_colour=(base[0], base[1], base[2], base[3]),
        metallic=float(core.get("metallicFactor", 1.0)),
        roughness=float(core.get("roughnessFactor", 1.0)),
        emissive=(emissive[0], emissive[1], emissive[2]),
        normal_scale=float((fact.get("normalTexture") or {}).get("scale", 1.0)),
        double_sided=bool(fact.get("doubleSided", False)),
        alpha_mode=str(fact.get("alphaMode", "OPAQUE")),
        alpha_cutoff=float(fact.get("alphaCutoff", 0.5)),
        unlit="KHR_materials_unlit" in fact.get("extensions", {}),
        textures=_textures(source, infos, order, doubts),
    )


def _textures(source: Document, infos: dict[str, dict[str, Any] | None], order: dict[int, int], doubts: Doubts) -> dict[str, int]:
    """Find the images of a material's slots; a map that uses other uv than the base colour is left out with a doubt."""
    lead = next((info for info in infos.values() if info), None)
    slots = {}
    for slot, info in infos.items():
        if info is None or lead is None:
            continue
        if _placing(info) != _placing(lead):
            doubts.append(("gltf.left-out", {"names": f"{slot} map on another uv set"}))
            continue
        image = _image(source.json["textures"][info["index"]])
        if image is None:
            doubts.append(("gltf.left-out", {"names": f"{slot} map of an unknown image type"}))
            continue
        slots[slot] = order.setdefault(int(image), len(order))
    return slots


def _image(texture: dict[str, Any]) -> int | None:
    """Return a texture's own picture, else the WebP or KTX2 that stands for it."""
    extensions = texture.get("extensions", {})
    named = [texture, *(extensions.get(name, {}) for name in ("EXT_texture_webp", "KHR_texture_basisu"))]
    return next((int(one["source"]) for one in named if "source" in one), None)


def _placing(info: dict[str, Any]) -> tuple[int, str]:
    """Return which uv set a texture uses, and how it is transformed."""
    transform = info.get("extensions", {}).get("KHR_texture_transform", {})
    chosen = int(transform.get("texCoord", info.get("texCoord", 0)))
    return chosen, str({key: transform[key] for key in sorted(transform) if key != "texCoord"})


def uv_transform(source: Document, material: int | None) -> tuple[int, Floats]:
    """Return the uv set of a material's textures and the (3, 3) matrix of KHR_texture_transform."""
    fact = source.items("materials")[material] if material is not None else {}
    core = fact.get("pbrMetallicRoughness", {})
    slots = (
        core.get("baseColorTexture"),
        core.get("metallicRoughnessTexture"),
        fact.get("normalTexture"),
        fact.get("occlusionTexture"),
        fact.get("emissiveTexture"),
    )
    info: dict[str, Any] = next((slot for slot in slots if slot), {})
    transform = info.get("extensions", {}).get("KHR_texture_transform", {})
    (ox, oy), (sx, sy), angle = transform.get("offset", (0, 0)), transform.get("scale", (1, 1)), float(transform.get("rotation", 0))
    cosine, sine = np.cos(angle), np.sin(angle)
    matrix = np.array([[cosine * sx, sine * sy, ox], [-sine * sx, cosine * sy, oy], [0, 0, 1]], dtype=np.float64)
    return _placing(info)[0], matrix
