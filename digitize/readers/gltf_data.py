# SPDX-License-Identifier: Apache-2.0
"""The containers of glTF 2.0: GLB chunks, buffers, accessors, images.

Source: Khronos glTF 2.0 specification, §3.6 (buffers, accessors), §3.8 (images), §4 (GLB).
"""

import base64
import json
import struct
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import numpy as np
from numpy.typing import NDArray

from digitize.errors import Refusal
from digitize.mesh import Texture
from digitize.readers.pictures import find, texture

MESHOPT = ("EXT_meshopt_compression", "KHR_meshopt_compression")
_COMPONENTS = {5120: "i1", 5121: "u1", 5122: "i2", 5123: "u2", 5125: "u4", 5126: "f4"}
_WIDTHS = {"SCALAR": 1, "VEC2": 2, "VEC3": 3, "VEC4": 4, "MAT2": 4, "MAT3": 9, "MAT4": 16}
_NORMALISED = {"i1": 127.0, "u1": 255.0, "i2": 32767.0, "u2": 65535.0}


@dataclass
class Document:
    """A glTF document with its buffers at hand."""

    root: Path
    name: str
    json: dict[str, Any]
    buffers: list[bytes]
    unpacked: dict[int, bytes] = field(default_factory=dict)

    def items(self, kind: str) -> list[dict[str, Any]]:
        """Return a top-level list, empty where absent."""
        found: list[dict[str, Any]] = self.json.get(kind, [])
        return found

    def view(self, index: int) -> memoryview:
        """Return the bytes of a buffer view, decompressed where they are compressed."""
        view = self.json["bufferViews"][index]
        packed = next((view["extensions"][name] for name in MESHOPT if name in view.get("extensions", {})), None)
        if packed is not None:
            if index not in self.unpacked:
                self.unpacked[index] = _decompressed(self.buffers[packed["buffer"]], packed, f"bufferViews/{index}")
            return memoryview(self.unpacked[index])
        start = int(view.get("byteOffset", 0))
        return memoryview(self.buffers[view["buffer"]])[start : start + int(view["byteLength"])]

    def accessor(self, index: int) -> NDArray[Any]:
        """Return an accessor's elements as (count, width), normalised integers as float32."""
        fact = self.json["accessors"][index]
        kind, width, count = _COMPONENTS[fact["componentType"]], _WIDTHS[fact["type"]], int(fact["count"])
        rows = np.zeros((count, width), dtype=f"<{kind}")
        if "bufferView" in fact:
            stride = self.json["bufferViews"][fact["bufferView"]].get("byteStride")
            rows = _rows(self.view(fact["bufferView"]), int(fact.get("byteOffset", 0)), kind, (count, width), stride)
        if "sparse" in fact:
            rows = self._sparse(rows.copy(), fact["sparse"], kind)
        return self.normalised(index, rows)

    def normalised(self, index: int, rows: NDArray[Any]) -> NDArray[Any]:
        """Return an accessor's rows, as single-precision numbers where it says that whole ones stand for -1 to 1 or 0 to 1."""
        fact = self.json["accessors"][index]
        kind = _COMPONENTS[fact["componentType"]]
        if fact.get("normalized") and kind in _NORMALISED:
            return np.maximum(rows.astype(np.float32) / np.float32(_NORMALISED[kind]), np.float32(-1.0))
        return rows

    def _sparse(self, rows: NDArray[Any], fact: dict[str, Any], kind: str) -> NDArray[Any]:
        """Overwrite the elements that a sparse accessor lists."""
        count, where, what = int(fact["count"]), fact["indices"], fact["values"]
        at = _rows(self.view(where["bufferView"]), int(where.get("byteOffset", 0)), _COMPONENTS[where["componentType"]], (count, 1), None)
        values = _rows(self.view(what["bufferView"]), int(what.get("byteOffset", 0)), kind, (count, rows.shape[1]), None)
        rows[at[:, 0].astype(np.int64)] = values
        return rows

    def image(self, index: int) -> Texture:
        """Return an image: from a buffer view, a data URI or a file beside the document."""
        fact = self.json["images"][index]
        name = str(fact.get("name") or fact.get("uri", "")[:80] or f"image-{index}")
        if "bufferView" in fact:
            return texture(bytes(self.view(fact["bufferView"])), name)
        return texture(_fetch(self.root, Path(self.name).parent, str(fact["uri"])), name)


def _decompressed(buffer: bytes, fact: dict[str, Any], at: str) -> bytes:
    """Decode the stream of a compressed view."""
    from digitize.meshopt import codec

    start = int(fact.get("byteOffset", 0))
    data = buffer[start : start + int(fact["byteLength"])]
    how = {"count": int(fact["count"]), "stride": int(fact["byteStride"]), "mode": fact["mode"], "kind": fact.get("filter", "NONE")}
    return codec.decode(data, **how, at=at)


def _rows(view: memoryview, offset: int, kind: str, shape: tuple[int, int], stride: int | None) -> NDArray[Any]:
    """Return elements of a view, which may lie further apart than they are long."""
    count, width = shape
    size = np.dtype(kind).itemsize * width
    if count == 0:
        return np.zeros(shape, dtype=f"<{kind}")
    if stride is None or stride == size:
        return np.frombuffer(view, dtype=f"<{kind}", count=count * width, offset=offset).reshape(shape)
    if offset + stride * (count - 1) + size > len(view):
        raise ValueError("accessor")
    spread = np.ndarray((count, width), dtype=f"<{kind}", buffer=view, offset=offset, strides=(stride, np.dtype(kind).itemsize))
    return np.ascontiguousarray(spread)


def _fetch(root: Path, beside: Path, uri: str) -> bytes:
    """Return the bytes of a data URI or of a file inside `root`."""
    if uri.startswith("data:"):
        head, _, body = uri.partition(",")
        return base64.b64decode(body) if head.endswith(";base64") else unquote(body).encode("latin-1")
    path = find(root, (beside / unquote(uri)).as_posix())
    if path is None:
        raise Refusal("texture.not-found", at=uri[:80], name=unquote(uri)[:80])
    return path.read_bytes()


def document(root: Path, main: str) -> Document:
    """Open a .glb or .gltf file.

    Raises
    ------
    Refusal
        `mesh.unreadable`.
    """
    data = (root / main).read_bytes()
    try:
        text, binary = _chunks(data) if data[:4] == b"glTF" else (data, None)
        content = json.loads(text)
        buffers = []
        for number, buffer in enumerate(content.get("buffers", [])):
            own = number == 0 and "uri" not in buffer and binary is not None
            if not own and "uri" not in buffer and set(MESHOPT) & set(buffer.get("extensions", {})):
                buffers.append(b"")  # stands for what the compressed views unpack to
                continue
            buffers.append(binary if own and binary is not None else _fetch(root, Path(main).parent, buffer["uri"]))
    except (ValueError, KeyError, struct.error, RecursionError) as error:
        raise Refusal("mesh.unreadable", at="container", name=main) from error
    return Document(root, main, content, buffers)


def _chunks(data: bytes) -> tuple[bytes, bytes | None]:
    """Split a GLB into its JSON and binary chunk."""
    length = struct.unpack_from("<I", data, 12)[0]
    text, rest = data[20 : 20 + length], 20 + length
    if rest + 8 > len(data):
        return text, None
    size = struct.unpack_from("<I", data, rest)[0]
    return text, data[rest + 8 : rest + 8 + size]
