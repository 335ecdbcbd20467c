# SPDX-License-Identifier: Apache-2.0
"""Broken and hostile glTF and GLB."""

from __future__ import annotations

import struct
from typing import Any

from tests.digitize.corpus.case import Case, bad, buffer, data_uri, glb, gltf, png, text

_NAN = float("nan")


def _bad(name: str, code: str, at: str | None, **changes: Any) -> Case:
    """Change a sound glTF's top-level members."""
    return bad(name, code, at, "a.gltf", text(gltf(**changes)))


def _accessors(**changes: Any) -> list[dict[str, Any]]:
    """Change the positions' accessor; None removes a member."""
    positions, indices = gltf()["accessors"]
    merged = {**positions, **changes}
    return [{name: value for name, value in merged.items() if value is not None}, indices]


def _buffers(data: bytes) -> list[dict[str, Any]]:
    return [{"byteLength": len(data), "uri": data_uri(data)}]


def _uri(uri: str) -> list[dict[str, Any]]:
    return [{"byteLength": 44, "uri": uri}]


def _chain(levels: int) -> list[dict[str, Any]]:
    """Make each level name the next one twice: two to the power of `levels` instances."""
    return [{"children": [i + 1, i + 1]} for i in range(levels)] + [{"mesh": 0}]


def _ktx2(*, side: int = 4, kind: int = 0, start: int = 148) -> bytes:
    """Write a KTX2 file with one block of UASTC."""
    head = b"\xabKTX 20\xbb\r\n\x1a\n" + struct.pack("<9I4I2Q", kind, 1, side, side, 0, 0, 1, 1, 0, 104, 44, 0, 0, 0, 0)
    descriptor = struct.pack("<3I8B", 44, 0, 40 << 16 | 2, 166, 1, 2, 0, 3, 3, 0, 0) + bytes(24)
    return head + struct.pack("<3Q", start, 16, 16) + descriptor + bytes(16)


def _pictures(data: bytes) -> list[dict[str, Any]]:
    return [{"uri": data_uri(data, "image/ktx2")}]


_BOMB = [{"componentType": 5126, "count": 300_000_000, "type": "VEC3"}, gltf()["accessors"][1]]
_SPARSE = {"count": 1, "indices": {"bufferView": 1, "componentType": 5123}, "values": {"bufferView": 0}}
_HUGE_PICTURE = [{"uri": data_uri(png(30_000, 30_000), "image/png")}]

GLTFS: tuple[Case, ...] = (
    bad("gltf-is-no-json", "gltf.json", "line 1", "a.gltf", b"{oops"),
    bad("gltf-cut", "gltf.json", "line 1", "a.gltf", text(gltf())[:-9]),
    bad("gltf-is-a-list", "input.not-the-format", None, "a.gltf", b"\x7fELF\0\0\0\0"),
    bad("gltf-200-levels", "gltf.depth", None, "a.gltf", b'{"extras":' + b"[" * 200 + b"]" * 200 + b"}"),
    bad("gltf-200000-levels", "gltf.depth", None, "a.gltf", b'{"extras":' + b'{"a":' * 200_000),
    bad("gltf-doubled-member", "gltf.json", None, "a.gltf", text(gltf())[:-1] + b',"asset":{"version":"2.0"}}'),
    bad("gltf-nan-in-json", "gltf.json", None, "a.gltf", text(gltf(extras=_NAN))),
    bad("gltf-number-of-many-digits", "gltf.json", None, "a.gltf", b'{"extras":' + b"9" * 5000 + b"}"),
    _bad("gltf-version-1", "gltf.version", "asset/version", asset={"version": "1.0"}),
    _bad("gltf-without-asset", "gltf.version", "asset/version", asset=None),
    _bad("gltf-ktx2-head-only", "image.broken", None, images=_pictures(_ktx2()[:80])),
    _bad("gltf-ktx2-of-another-kind", "image.broken", None, images=_pictures(_ktx2(kind=37))),
    _bad("gltf-ktx2-level-beyond", "image.broken", None, images=_pictures(_ktx2(start=1 << 40))),
    _bad("gltf-ktx2-30000", "image.too-many-pixels", None, images=_pictures(_ktx2(side=30_000))),
    _bad("gltf-unknown-extension", "gltf.extension", "extensionsRequired", extensionsRequired=["ACME_magic"]),
    _bad("gltf-absolute-uri", "member.outside", "buffers/0/uri", buffers=_uri("/etc/passwd")),
    _bad("gltf-file-uri", "gltf.uri", "buffers/0/uri", buffers=_uri("file:///etc/passwd")),
    _bad("gltf-web-uri", "gltf.uri", "buffers/0/uri", buffers=_uri("https://example.org/a.bin")),
    _bad("gltf-network-share", "gltf.uri", "buffers/0/uri", buffers=_uri("//server/share/a.bin")),
    _bad("gltf-outside-uri", "member.outside", "buffers/0/uri", buffers=_uri("../secret.bin")),
    _bad("gltf-outside-uri-escaped", "member.outside", "buffers/0/uri", buffers=_uri("%2e%2e%2fsecret.bin")),
    _bad("gltf-missing-buffer", "member.missing", "buffers/0/uri", buffers=_uri("gone.bin")),
    _bad("gltf-missing-picture", "member.missing", "images/0/uri", images=[{"uri": "gone.png"}]),
    _bad("gltf-buffer-short", "gltf.buffer-short", "buffers/0", buffers=[{"byteLength": 4000, "uri": data_uri(buffer())}]),
    _bad("gltf-data-uri-broken", "gltf.structure", "buffers/0/uri", buffers=_uri("data:application/octet-stream;base64,@@@@")),
    _bad(
        "gltf-view-beyond-buffer", "gltf.out-of-bounds", "bufferViews/0", bufferViews=[{"buffer": 0, "byteOffset": 2**40, "byteLength": 36}]
    ),
    _bad("gltf-accessor-beyond-view", "gltf.out-of-bounds", "accessors/0", accessors=_accessors(count=4)),
    _bad("gltf-accessor-negative", "gltf.structure", "accessors/0/byteOffset", accessors=_accessors(byteOffset=-4)),
    _bad("gltf-accessor-type-is-a-list", "gltf.structure", "accessors/0", accessors=_accessors(type=["VEC3"])),
    _bad("gltf-sparse-bomb", "gltf.too-many", "accessors/0", accessors=[{**_BOMB[0], "sparse": _SPARSE}, _BOMB[1]]),
    _bad("gltf-zero-bomb", "gltf.implicit", "accessors/0", accessors=[{**_BOMB[0], "count": 30_000_000}, _BOMB[1]]),
    _bad(
        "gltf-sparse-out-of-range",
        "gltf.structure",
        "accessors/0/sparse/indices",
        accessors=_accessors(sparse={**_SPARSE, "count": 3}),
        buffers=_buffers(buffer((2, 1, 0))),
    ),
    _bad("gltf-index-out-of-range", "mesh.index-out-of-range", "meshes/0/primitives/0, index 2", buffers=_buffers(buffer((0, 1, 7)))),
    _bad(
        "gltf-nan-position",
        "mesh.not-finite",
        "meshes/0/primitives/0, vertex 1",
        buffers=_buffers(buffer(points=((0, 0, 0), (_NAN, 0, 0), (0, 1, 0)))),
    ),
    _bad("gltf-node-cycle", "gltf.not-a-forest", "nodes/0", nodes=[{"children": [1]}, {"children": [0]}]),
    _bad("gltf-node-is-its-own-child", "gltf.not-a-forest", "nodes/0", nodes=[{"mesh": 0, "children": [0]}]),
    _bad("gltf-dag-bomb", "gltf.not-a-forest", "nodes/1", nodes=_chain(40)),
    _bad("gltf-mesh-missing", "gltf.index", "nodes/0/mesh", nodes=[{"mesh": 5}]),
    _bad("gltf-child-missing", "gltf.index", "nodes/0/children", nodes=[{"mesh": 0, "children": [9]}]),
    _bad("gltf-matrix-short", "gltf.structure", "nodes/0/matrix", nodes=[{"mesh": 0, "matrix": [1, 0, 0]}]),
    _bad("gltf-scene-empty", "mesh.no-faces", None, scenes=[{"nodes": []}]),
    _bad("gltf-points-only", "mesh.no-faces", None, meshes=[{"primitives": [{"attributes": {"POSITION": 0}, "mode": 0}]}]),
    _bad("gltf-attributes-missing", "gltf.structure", "meshes/0/primitives/0/attributes", meshes=[{"primitives": [{"attributes": {}}]}]),
    _bad("gltf-million-nodes", "gltf.too-many", "nodes", nodes=[{}] * 100_001),
    _bad("gltf-texture-missing-picture", "gltf.index", "textures/0/source", textures=[{"source": 3}]),
    _bad("gltf-picture-30000", "image.too-many-pixels", None, images=_HUGE_PICTURE),
    bad("glb-is-a-zip", "input.wrong-extension", None, "a.glb", b"PK\x03\x04" + bytes(64)),
    bad("glb-cut", "glb.length", "byte 8", "a.glb", glb(gltf())[:-20]),
    bad("glb-header-only", "glb.length", "byte 8", "a.glb", b"glTF\x02\0\0\0\x40\0\0\0"),
    bad("glb-chunk-too-long", "glb.chunk", "byte 12", "a.glb", glb(gltf(), chunk=0xFFFFFFF0)),
    bad("glb-version-1", "gltf.version", "byte 4", "a.glb", b"glTF\x01\0\0\0" + glb(gltf())[8:]),
    bad("glb-without-binary", "gltf.structure", "buffers/0", "a.glb", glb(gltf(buffers=[{"byteLength": 44}]))),
    bad("glb-json-200000-levels", "gltf.depth", None, "a.glb", glb(b'{"a":' * 200_000)),
)
