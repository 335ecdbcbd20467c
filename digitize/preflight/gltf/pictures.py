# SPDX-License-Identifier: Apache-2.0
"""Images, textures and materials: what they name is there, and no picture is larger than it may be."""

from __future__ import annotations

import io
import json
from typing import Any

from digitize.errors import Refusal
from digitize.preflight import image
from digitize.preflight.gltf.arrays import Arrays
from digitize.preflight.gltf.document import Document, Json, Span, index
from digitize.preflight.gltf.packed import extension
from digitize.preflight.model import Limits

_IN_MATERIAL = ("normalTexture", "occlusionTexture", "emissiveTexture")
_FORMS = ("png", "jpeg", "webp", "ktx2")
WEBP, BASISU = "EXT_texture_webp", "KHR_texture_basisu"
_IN_PBR = ("baseColorTexture", "metallicRoughnessTexture")


def check_pictures(document: Document, arrays: Arrays, limits: Limits) -> tuple[tuple[str, ...], int]:
    """Check every image, texture and material (§3.8, §3.9).

    Returns
    -------
    The picture files relative to the root, and how many images there are.
    """
    images = document.items("images")
    before = len(document.members)
    _images(document, arrays, images, limits)
    samplers = len(document.items("samplers"))
    textures = document.items("textures")
    sources = [_source(texture, f"textures/{number}", len(images)) for number, texture in enumerate(textures)]
    for number, texture in enumerate(textures):
        if "sampler" in texture:
            index(texture["sampler"], samplers, f"textures/{number}/sampler")
    shown = [bool(found) for found in sources]
    for number, material in enumerate(document.items("materials")):
        _material(material, f"materials/{number}", shown)
    return tuple(document.members[before:]), len(images)


def _images(document: Document, arrays: Arrays, images: list[Json], limits: Limits) -> None:
    """Check all images, each source once; those in views may ask for their buffers twice over, not a thousand times."""
    known = set[str]()
    left = 2 * arrays.size
    for number, item in enumerate(images):
        at, source = f"images/{number}", json.dumps([item.get("uri"), item.get("bufferView")])
        if source not in known:
            left -= arrays.view_size(item["bufferView"], at) if "bufferView" in item else 0
            if left < 0:
                raise Refusal("gltf.structure", at=at, problem="its pictures lie one over another")
            _image(document, arrays, item, at, limits)
            known.add(source)


def _source(texture: Json, at: str, images: int) -> list[int]:
    """Check the pictures that a texture names: its own, and those of extensions that replace it."""
    named = [(texture["source"], f"{at}/source")] if "source" in texture else []
    for name in (WEBP, BASISU):
        found = extension(texture, (name,), at)
        if found is not None and "source" in found[1]:
            named.append((found[1]["source"], f"{at}/extensions/{name}/source"))
    return [index(number, images, place) for number, place in named]


def _image(document: Document, arrays: Arrays, item: Json, at: str, limits: Limits) -> None:
    """Check one image by its header, wherever its bytes are."""
    if ("uri" in item) == ("bufferView" in item):
        raise Refusal("gltf.structure", at=at, problem="it needs either a URI or a buffer view")
    found = document.resource(item["uri"], f"{at}/uri", limits.json_bytes) if "uri" in item else arrays.view_bytes(item["bufferView"])
    if isinstance(found, Span):
        with found.path.open("rb") as file:
            image.scan(file, found.path.name, limits, forms=_FORMS)
    else:
        image.scan(io.BytesIO(found), at, limits, forms=_FORMS)


def _material(item: Json, at: str, readable: list[bool]) -> None:
    """Check that a material's textures are there and have a picture."""
    core = _object(item.get("pbrMetallicRoughness", {}), f"{at}/pbrMetallicRoughness")
    named = {name: core[name] for name in _IN_PBR if name in core} | {name: item[name] for name in _IN_MATERIAL if name in item}
    for name, info in named.items():
        number = index(_object(info, f"{at}/{name}").get("index"), len(readable), f"{at}/{name}/index")
        if not readable[number]:
            raise Refusal(
                "gltf.structure", at=f"textures/{number}", problem="it names no picture in a form that can be read (PNG, JPEG, WebP, KTX2)"
            )


def _object(value: Any, at: str) -> Json:
    if not isinstance(value, dict):
        raise Refusal("gltf.structure", at=at, problem="it must be an object")
    return value
