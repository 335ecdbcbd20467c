# SPDX-License-Identifier: Apache-2.0
"""Images, textures and materials: what they name is there, and no picture is larger than it may be."""

from __future__ import annotations

from typing import Any

from digitize.errors import Refusal
from digitize.preflight import image
from digitize.preflight.gltf.arrays import Arrays
from digitize.preflight.gltf.document import Document, Json, Span, index
from digitize.preflight.model import Limits

_IN_MATERIAL = ("normalTexture", "occlusionTexture", "emissiveTexture")
_IN_PBR = ("baseColorTexture", "metallicRoughnessTexture")


def check_pictures(document: Document, arrays: Arrays, limits: Limits) -> tuple[tuple[str, ...], int]:
    """Check every image, texture and material (§3.8, §3.9).

    Returns
    -------
    The picture files relative to the root, and how many images there are.
    """
    images = document.items("images")
    before = len(document.members)
    for number, item in enumerate(images):
        _image(document, arrays, item, f"images/{number}", limits)
    samplers = len(document.items("samplers"))
    textures = document.items("textures")
    for number, texture in enumerate(textures):
        if "source" in texture:
            index(texture["source"], len(images), f"textures/{number}/source")
        if "sampler" in texture:
            index(texture["sampler"], samplers, f"textures/{number}/sampler")
    for number, material in enumerate(document.items("materials")):
        _material(material, f"materials/{number}", len(textures), textures)
    return tuple(document.members[before:]), len(images)


def _image(document: Document, arrays: Arrays, item: Json, at: str, limits: Limits) -> None:
    """Check one image by its header, wherever its bytes are."""
    if ("uri" in item) == ("bufferView" in item):
        raise Refusal("gltf.structure", at=at, problem="it needs either a URI or a buffer view")
    found: bytes | Span
    if "uri" in item:
        found = document.resource(item["uri"], f"{at}/uri", limits.json_bytes)
    else:
        found = arrays.view_bytes(index(item["bufferView"], len(document.items("bufferViews")), f"{at}/bufferView"))
    if isinstance(found, Span):
        with found.path.open("rb") as file:
            image.scan(file, found.path.name, limits)
    else:
        image.scan_bytes(found, at, limits)


def _material(item: Json, at: str, count: int, textures: list[Json]) -> None:
    """Check that a material's textures are there and have a picture."""
    core = _object(item.get("pbrMetallicRoughness", {}), f"{at}/pbrMetallicRoughness")
    named = {name: core[name] for name in _IN_PBR if name in core} | {name: item[name] for name in _IN_MATERIAL if name in item}
    for name, info in named.items():
        number = index(_object(info, f"{at}/{name}").get("index"), count, f"{at}/{name}/index")
        if "source" not in textures[number]:
            raise Refusal("gltf.structure", at=f"textures/{number}", problem="it names no picture in a form that can be read (PNG or JPEG)")


def _object(value: Any, at: str) -> Json:
    if not isinstance(value, dict):
        raise Refusal("gltf.structure", at=at, problem="it must be an object")
    return value
