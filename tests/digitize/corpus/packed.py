# SPDX-License-Identifier: Apache-2.0
"""Broken and hostile compression in glTF."""

from __future__ import annotations

import copy
from typing import Any

from tests.digitize.corpus.case import Case, bad, buffer, data_uri, gltf, text

MESHOPT, DRACO = "EXT_meshopt_compression", "KHR_draco_mesh_compression"
# A Draco mesh's head: version 2.2, sequential, no flags, then one face and three points.
_HEAD = b"DRACO\x02\x02\x01\x00\x00\x00"
_STREAM = b"\xa0" + bytes(40)


def meshopt(**changes: Any) -> dict[str, Any]:
    """Describe a triangle whose positions lie in a compressed view; `changes` are those of the extension."""
    raw = buffer() + _STREAM
    document = copy.deepcopy(gltf())
    document["buffers"] = [
        {"byteLength": len(raw), "uri": data_uri(raw)},
        {"byteLength": 36, "extensions": {MESHOPT: {"fallback": True}}},
    ]
    packed = {"buffer": 0, "byteOffset": 44, "byteLength": 41, "byteStride": 12, "mode": "ATTRIBUTES", "count": 3, **changes}
    document["bufferViews"][0] = {"buffer": 1, "byteLength": 36, "extensions": {MESHOPT: packed}}
    document["extensionsUsed"] = document["extensionsRequired"] = [MESHOPT]
    return document


def draco(stream: bytes, **changes: Any) -> dict[str, Any]:
    """Describe a triangle in a Draco stream; `changes` are those of the extension."""
    document = copy.deepcopy(gltf())
    document["buffers"] = [{"byteLength": len(stream), "uri": data_uri(stream)}]
    document["bufferViews"] = [{"buffer": 0, "byteLength": len(stream)}]
    for accessor in document["accessors"]:
        del accessor["bufferView"]
    packed = {"bufferView": 0, "attributes": {"POSITION": 0}, **changes}
    document["meshes"][0]["primitives"][0]["extensions"] = {DRACO: packed}
    document["extensionsUsed"] = document["extensionsRequired"] = [DRACO]
    return document


def _meshopt(name: str, code: str, at: str, **changes: Any) -> Case:
    return bad(f"gltf-meshopt-{name}", code, at, "a.gltf", text(meshopt(**changes)))


def _draco(name: str, code: str, at: str, stream: bytes, **changes: Any) -> Case:
    return bad(f"gltf-draco-{name}", code, at, "a.gltf", text(draco(stream, **changes)))


def _changed(document: dict[str, Any], **changes: Any) -> bytes:
    return text({**document, **changes})


_VIEW, _PRIMITIVE = f"bufferViews/0/extensions/{MESHOPT}", f"meshes/0/primitives/0/extensions/{DRACO}"
_BOMB = meshopt(count=50_000_000)
_BOMB["bufferViews"][0]["byteLength"] = _BOMB["buffers"][1]["byteLength"] = 600_000_000
_BOMB["accessors"][0]["count"] = 50_000_000
_MANY = [{"componentType": 5126, "count": 40_000_000, "type": "VEC3"}, {"componentType": 5123, "count": 3, "type": "SCALAR"}]

PACKED: tuple[Case, ...] = (
    _meshopt("outside", "gltf.out-of-bounds", _VIEW, byteOffset=80),
    _meshopt("from-nowhere", "gltf.structure", "bufferViews/0", buffer=1, byteOffset=0, byteLength=36),
    _meshopt("mode", "gltf.structure", _VIEW, mode="SPLINES"),
    _meshopt("filter", "gltf.structure", _VIEW, filter="BLUR"),
    _meshopt("filter-does-not-fit", "gltf.structure", _VIEW, filter="OCTAHEDRAL"),
    _meshopt("stride", "gltf.structure", _VIEW, byteStride=13),
    _meshopt("count", "gltf.compressed-count", _VIEW, count=4),
    _meshopt("negative-count", "gltf.structure", f"{_VIEW}/count", count=-3),
    _meshopt("first-byte", "gltf.compressed-broken", "bufferViews/0", byteOffset=45, byteLength=40),
    _meshopt("is-a-list", "gltf.structure", _VIEW, mode=["ATTRIBUTES"]),
    bad("gltf-meshopt-bomb", "gltf.too-many", "accessors/0", "a.gltf", text({**_BOMB, "accessors": [{**_BOMB["accessors"][0], "count": 500_000_000}]})),
    bad(
        "gltf-fallback-read-plainly", "gltf.structure", "bufferViews/0", "a.gltf",
        _changed(meshopt(), bufferViews=[{"buffer": 1, "byteLength": 36}, *gltf()["bufferViews"][1:]]),
    ),
    bad(
        "gltf-meshopt-picture", "gltf.structure", "bufferViews/0", "a.gltf",
        _changed(meshopt(), images=[{"bufferView": 0, "mimeType": "image/png"}]),
    ),
    _draco("no-stream", "gltf.compressed-broken", _PRIMITIVE, b"DRAGON" + bytes(20)),
    _draco("cut-in-head", "gltf.compressed-broken", _PRIMITIVE, _HEAD[:8]),
    _draco("cut-before-counts", "gltf.compressed-broken", _PRIMITIVE, _HEAD),
    _draco("endless-count", "gltf.compressed-broken", _PRIMITIVE, _HEAD + b"\xff" * 9),
    _draco("future-version", "gltf.compressed-broken", _PRIMITIVE, b"DRACO\x03\x00" + _HEAD[7:] + b"\x01\x03"),
    _draco("point-cloud", "gltf.compressed-broken", _PRIMITIVE, b"DRACO\x02\x02\x00" + _HEAD[8:] + b"\x01\x03"),
    _draco("more-faces", "gltf.compressed-count", _PRIMITIVE, _HEAD + b"\x02\x03"),
    _draco("four-billion-faces", "gltf.compressed-count", _PRIMITIVE, _HEAD + b"\xff\xff\xff\xff\x0f\x03"),
    _draco("more-points", "gltf.compressed-count", _PRIMITIVE, _HEAD + b"\x01\x04"),
    _draco("attribute-not-there", "gltf.structure", f"{_PRIMITIVE}/attributes", _HEAD + b"\x01\x03", attributes={"POSITION": 0, "NORMAL": 1}),
    _draco("attribute-negative", "gltf.structure", f"{_PRIMITIVE}/attributes", _HEAD + b"\x01\x03", attributes={"POSITION": -1}),
    _draco("view-missing", "gltf.index", f"{_PRIMITIVE}/bufferView", _HEAD + b"\x01\x03", bufferView=7),
    bad("gltf-draco-forty-million", "gltf.compressed-count", _PRIMITIVE, "a.gltf", _changed(draco(_HEAD + b"\x02\x03"), accessors=_MANY)),
)  # fmt: skip

PACKED_SOUND: tuple[Case, ...] = (
    Case("gltf-meshopt", {"a.gltf": text(meshopt())}, "a.gltf", counts={"vertices": 3, "triangles": 1}),
    Case("gltf-draco", {"a.gltf": text(draco(_HEAD + b"\x01\x03" + bytes(20)))}, "a.gltf", counts={"vertices": 3, "triangles": 1}),
)
