# SPDX-License-Identifier: Apache-2.0
"""Compressed buffers, as far as they can be judged without unpacking: what they state of themselves against what the glTF states.

Source: EXT_meshopt_compression and KHR_meshopt_compression; KHR_draco_mesh_compression; Draco bitstream specification 2.2, "Header".
"""

from __future__ import annotations

from typing import Any

from digitize.errors import Refusal
from digitize.preflight.gltf.document import Document, Json, index, whole

MESHOPT = ("EXT_meshopt_compression", "KHR_meshopt_compression")
DRACO = "KHR_draco_mesh_compression"
# mode -> the upper half of a stream's first byte; its lower half is the version, 0 or 1
_FIRST = {"ATTRIBUTES": 0xA0, "TRIANGLES": 0xE0, "INDICES": 0xD0}
_STRIDES = {"OCTAHEDRAL": (4, 8), "QUATERNION": (8,), "EXPONENTIAL": tuple(range(4, 257, 4)), "COLOR": (4, 8)}
_METADATA = 0x8000
DRACO_HEAD = 64  # bytes of a Draco stream in which its counts stand


def extension(item: Json, names: tuple[str, ...], at: str) -> tuple[str, Json] | None:
    """Give the first of some extensions that an object has."""
    found = item.get("extensions", {})
    if not isinstance(found, dict):
        raise Refusal("gltf.structure", at=f"{at}/extensions", problem="it must be an object")
    for name in names:
        if name in found:
            if not isinstance(found[name], dict):
                raise Refusal("gltf.structure", at=f"{at}/extensions/{name}", problem="it must be an object")
            return name, found[name]
    return None


def is_fallback(buffer: Json, at: str) -> bool:
    """Say whether a buffer only stands for what compressed views unpack to."""
    found = extension(buffer, MESHOPT, at)
    return "uri" not in buffer and found is not None and found[1].get("fallback") is True


def check_stream(name: str, item: Json, view: Json, sizes: list[int], at: str) -> None:
    """Check what a compressed view says of its stream against the view itself."""
    at = f"{at}/extensions/{name}"
    size = sizes[index(item.get("buffer"), len(sizes), f"{at}/buffer")]
    offset, length = whole(item, "byteOffset", at, default=0), whole(item, "byteLength", at, least=1)
    if offset + length > size:
        raise Refusal("gltf.out-of-bounds", at=at, end=offset + length, size=size)
    stride, count = whole(item, "byteStride", at, least=1), whole(item, "count", at, least=1)
    mode, kind = item.get("mode"), item.get("filter", "NONE")
    if not isinstance(mode, str) or mode not in _FIRST or not isinstance(kind, str) or kind not in {"NONE", *_STRIDES}:
        raise Refusal("gltf.structure", at=at, problem="its mode or filter does not exist")
    fits = stride % 4 == 0 and stride <= 256 if mode == "ATTRIBUTES" else stride in (2, 4)
    fits = fits and (kind == "NONE" or (mode == "ATTRIBUTES" and stride in _STRIDES[kind]))
    if not fits or (mode == "TRIANGLES" and count % 3):
        raise Refusal("gltf.structure", at=at, problem="its stride, filter or count do not fit its mode")
    if stride * count != view.get("byteLength"):
        raise Refusal("gltf.compressed-count", at=at, got=stride * count, expected=str(view.get("byteLength"))[:20])


def check_first_byte(data: bytes, mode: str, name: str, at: str) -> None:
    """Check that a stream begins as its mode must."""
    if not data or data[0] & 0xF0 != _FIRST[mode] or data[0] & 0x0F > 1:
        raise Refusal("gltf.compressed-broken", at=at, extension=name, problem="its first byte is not that of such a stream")


def draco_accessors(document: Document) -> set[int]:
    """Give the accessors that a Draco stream fills: they need no bytes of their own."""
    found: set[int] = set()
    for mesh in document.items("meshes"):
        primitives = mesh.get("primitives")
        for item in primitives if isinstance(primitives, list) else ():
            if isinstance(item, dict) and isinstance(item.get("extensions"), dict) and DRACO in item["extensions"]:
                named = item.get("attributes")
                values: list[Any] = [*(named.values() if isinstance(named, dict) else ()), item.get("indices")]
                found.update(value for value in values if isinstance(value, int))
    return found


def check_draco(data: bytes, points: int, corners: int, at: str) -> None:
    """Compare the counts in a Draco stream's head with those of its accessors.

    Raises
    ------
    Refusal
        ``gltf.compressed-broken``, ``gltf.compressed-count``.
    """
    head = data[:11]
    if len(head) < 11 or head[:5] != b"DRACO" or head[7] != 1 or head[8] > 1 or (head[5], head[6]) > (2, 2):
        raise Refusal("gltf.compressed-broken", at=at, extension=DRACO, problem="it has no head of a Draco mesh of version 2.2 or before")
    if (head[5], head[6]) != (2, 2) or int.from_bytes(head[9:11], "little") & _METADATA:
        return  # older heads and words before the counts: the decoder's own counts are compared instead
    place = 11 if head[8] == 0 else 12
    one, place = _varint(data, place, at)
    two, place = _varint(data, place, at)
    faces, vertices = (one, two) if head[8] == 0 else (two, one)
    if 3 * faces != corners:
        raise Refusal("gltf.compressed-count", at=at, got=faces, expected=f"{corners / 3:g}")
    if vertices > points:
        raise Refusal("gltf.compressed-count", at=at, got=vertices, expected=points)


def _varint(data: bytes, place: int, at: str) -> tuple[int, int]:
    """Read a number of seven bits a byte, the lowest first."""
    value = 0
    for shift in range(0, 35, 7):
        if place >= len(data):
            break
        value |= (data[place] & 0x7F) << shift
        place += 1
        if not data[place - 1] & 0x80:
            return value, place
    raise Refusal("gltf.compressed-broken", at=at, extension=DRACO, problem="its counts cannot be read")
