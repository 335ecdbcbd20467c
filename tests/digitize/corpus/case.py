# SPDX-License-Identifier: Apache-2.0
"""What a case of the corpus is, and the smallest sound files that the cases are made of."""

from __future__ import annotations

import base64
import io
import json
import struct
import wave
import zlib
from dataclasses import dataclass
from typing import Any

Files = dict[str, bytes]


@dataclass(frozen=True, slots=True)
class Case:
    """Files of one input, the one that is given, and what must come of it.

    Attributes
    ----------
    code, at
        Of the refusal; a sound case has no code.
    main
        The file that is given; empty for the folder itself.
    counts, doubts
        What a sound case must be counted as, and the codes of its doubts.
    """

    name: str
    files: Files
    main: str
    code: str | None = None
    at: str | None = None
    counts: dict[str, int] | None = None
    doubts: tuple[str, ...] = ()


def bad(name: str, code: str, at: str | None, main: str, data: bytes, **beside: bytes) -> Case:
    """Make a hostile case; further files by name, with ``__`` for the dot."""
    return Case(name, {main: data, **{key.replace("__", "."): value for key, value in beside.items()}}, main, code, at)


TRIANGLE = ((0.0, 0.0, 0.0), (1.0, 0.0, 0.0), (0.0, 1.0, 0.0))


def ply_header(vertices: object = 3, faces: object = 1, encoding: str = "ascii", *, extra: str = "", kind: str = "float") -> bytes:
    """Write a header with x, y, z and one index list."""
    lines = ["ply", f"format {encoding} 1.0", f"element vertex {vertices}", *(f"property {kind} {axis}" for axis in "xyz")]
    if extra:
        lines.append(extra)
    return "\n".join([*lines, f"element face {faces}", "property list uchar int vertex_indices", "end_header", ""]).encode()


def ply_ascii(vertices: str = "0 0 0\n1 0 0\n0 1 0\n", faces: str = "3 0 1 2\n", **header: Any) -> bytes:
    """Write a triangle as text."""
    return ply_header(**header) + vertices.encode() + faces.encode()


def ply_binary(
    order: str = "<", indices: tuple[int, ...] = (0, 1, 2), points: tuple[tuple[float, ...], ...] = TRIANGLE, **header: Any
) -> bytes:
    """Write a triangle in binary."""
    encoding = {"<": "binary_little_endian", ">": "binary_big_endian"}[order]
    body = b"".join(struct.pack(order + "3f", *point) for point in points)
    return ply_header(encoding=encoding, **header) + body + struct.pack(f"{order}B{len(indices)}i", len(indices), *indices)


OBJ = b"v 0 0 0\nv 1 0 0\nv 0 1 0\nvt 0 0\nvt 1 0\nvt 0 1\nf 1/1 2/2 3/3\n"


def stl_binary(triangles: int = 1, head: bytes = b"", value: float = 1.0) -> bytes:
    """Write equal triangles."""
    record = struct.pack("<12fH", 0, 0, 1, 0, 0, 0, value, 0, 0, 0, 1, 0, 0)
    return head.ljust(80, b"\0") + struct.pack("<I", triangles) + record * triangles


STL_TEXT = b"solid cup\nfacet normal 0 0 1\n outer loop\n  vertex 0 0 0\n  vertex 1 0 0\n  vertex 0 1 0\n endloop\nendfacet\nendsolid cup\n"


def png(width: int = 2, height: int = 2, *, cut: int | None = None, flip: int | None = None) -> bytes:
    """Write a grey picture; only its header claims the size where that is large."""
    rows = b"".join(b"\0" + bytes(min(width, 64)) for _ in range(min(height, 64)))
    parts = (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)), (b"IDAT", zlib.compress(rows)), (b"IEND", b"")
    data = bytearray(b"\x89PNG\r\n\x1a\n")
    for kind, body in parts:
        data += struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
    if flip is not None:
        data[flip] ^= 0xFF
    return bytes(data[:cut])


def jpeg(width: int = 8, height: int = 8) -> bytes:
    """Write a small picture."""
    from PIL import Image

    buffer = io.BytesIO()
    Image.new("RGB", (width, height), (120, 80, 40)).save(buffer, "JPEG")
    return buffer.getvalue()


def wav(frames: int = 64, channels: int = 1, rate: int = 8000) -> bytes:
    """Write silence."""
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as sound:
        sound.setnchannels(channels)
        sound.setsampwidth(2)
        sound.setframerate(rate)
        sound.writeframes(bytes(2 * channels * frames))
    return buffer.getvalue()


def buffer(indices: tuple[int, ...] = (0, 1, 2), points: tuple[tuple[float, ...], ...] = TRIANGLE) -> bytes:
    """Write positions, then 16-bit indices."""
    return b"".join(struct.pack("<3f", *point) for point in points) + struct.pack(f"<{len(indices)}H", *indices) + b"\0\0"


def gltf(**changes: Any) -> dict[str, Any]:
    """Describe a triangle in a data URI; `changes` replace top-level members."""
    raw = buffer()
    base = {
        "asset": {"version": "2.0"},
        "scene": 0,
        "scenes": [{"nodes": [0]}],
        "nodes": [{"mesh": 0}],
        "meshes": [{"primitives": [{"attributes": {"POSITION": 0}, "indices": 1}]}],
        "accessors": [
            {"bufferView": 0, "componentType": 5126, "count": 3, "type": "VEC3", "min": [0, 0, 0], "max": [1, 1, 0]},
            {"bufferView": 1, "componentType": 5123, "count": 3, "type": "SCALAR"},
        ],
        "bufferViews": [{"buffer": 0, "byteOffset": 0, "byteLength": 36}, {"buffer": 0, "byteOffset": 36, "byteLength": 6}],
        "buffers": [{"byteLength": len(raw), "uri": data_uri(raw)}],
    }
    merged = {**base, **changes}
    return {name: value for name, value in merged.items() if value is not None}


def data_uri(data: bytes, kind: str = "application/octet-stream") -> str:
    """Write bytes as a data URI."""
    return f"data:{kind};base64,{base64.b64encode(data).decode()}"


def text(data: Any) -> bytes:
    """Write JSON."""
    return json.dumps(data).encode()


def glb(data: dict[str, Any] | bytes, binary: bytes | None = None, *, stated: int | None = None, chunk: int | None = None) -> bytes:
    """Write a GLB; the stated lengths may lie."""
    body = data if isinstance(data, bytes) else json.dumps(data).encode()
    body += b" " * (-len(body) % 4)
    chunks = struct.pack("<I4s", len(body) if chunk is None else chunk, b"JSON") + body
    if binary is not None:
        binary += b"\0" * (-len(binary) % 4)
        chunks += struct.pack("<I4s", len(binary), b"BIN\0") + binary
    return struct.pack("<4sII", b"glTF", 2, 12 + len(chunks) if stated is None else stated) + chunks
