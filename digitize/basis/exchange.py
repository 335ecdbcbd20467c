# SPDX-License-Identifier: Apache-2.0
"""A GLB of ours with its pictures exchanged for KTX2; everything else of it stays the same to the last byte.

Source: KHR_texture_basisu (Khronos registry).
"""

import json
import struct
from collections.abc import Mapping, Sequence
from typing import Any

from digitize.basis.header import MEDIA_TYPE
from digitize.encode.container import wrap
from digitize.mesh import Texture

BASISU, _WEBP = "KHR_texture_basisu", "EXT_texture_webp"


def unwrapped(data: bytes) -> tuple[dict[str, Any], bytes]:
    """Take a GLB of ours apart into its JSON and its binary chunk."""
    size = struct.unpack_from("<I", data, 12)[0]
    document: dict[str, Any] = json.loads(data[20 : 20 + size])
    return document, data[28 + size :]


def pictures(data: bytes) -> list[bytes]:
    """Return the pictures of a GLB of ours, in their order."""
    document, binary = unwrapped(data)
    views = [document["bufferViews"][image["bufferView"]] for image in document.get("images", [])]
    return [binary[view["byteOffset"] : view["byteOffset"] + view["byteLength"]] for view in views]


def exchanged(data: bytes, textures: Sequence[Texture]) -> bytes:
    """Put KTX2 textures in the places of a GLB's pictures, which are the last views of its binary chunk."""
    document, binary = unwrapped(data)
    first = min(image["bufferView"] for image in document["images"])
    views, kept = document["bufferViews"][:first], bytearray(binary[: document["bufferViews"][first]["byteOffset"]])
    for texture in textures:
        kept += b"\0" * (-len(kept) % 4)
        views.append({"buffer": 0, "byteOffset": len(kept), "byteLength": len(texture.data)})
        kept += texture.data
    document["bufferViews"], document["buffers"][0]["byteLength"] = views, len(kept)
    document["images"] = [{"bufferView": first + number, "mimeType": MEDIA_TYPE} for number in range(len(textures))]
    document["textures"] = [{"sampler": 0, "extensions": {BASISU: {"source": number}}} for number in range(len(textures))]
    return wrap({**document, **_extensions(document)}, bytes(kept))


def _extensions(document: Mapping[str, Any]) -> dict[str, list[str]]:
    """List what the file needs now: KTX2 in place of WebP."""
    names = ("extensionsUsed", "extensionsRequired")
    return {name: [*(one for one in document.get(name, []) if one != _WEBP), BASISU] for name in names}
