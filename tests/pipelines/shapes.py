# SPDX-License-Identifier: Apache-2.0
"""Small inputs written by hand: a textured box as OBJ, a plain one as PLY."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

CORNERS = [(x, y, z) for x in (0.0, 1.0) for y in (0.0, 2.0) for z in (0.0, 3.0)]
SIDES = [(0, 1, 3, 2), (4, 6, 7, 5), (0, 4, 5, 1), (2, 3, 7, 6), (0, 2, 6, 4), (1, 5, 7, 3)]


def png(width: int = 16, height: int = 16) -> bytes:
    """Give a small PNG with a gradient."""
    rows = b"".join(b"\0" + bytes(value for x in range(width) for value in (x * 15, y * 15, 90)) for y in range(height))

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def box_obj(folder: Path) -> Path:
    """Write a textured box: OBJ, MTL and PNG."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = ["mtllib box.mtl", "usemtl skin", *(f"v {x} {y} {z}" for x, y, z in CORNERS), "vt 0 0", "vt 1 0", "vt 1 1", "vt 0 1"]
    lines += ["f " + " ".join(f"{corner + 1}/{uv}" for corner, uv in zip(side, (1, 2, 3, 4), strict=True)) for side in SIDES]
    (folder / "box.obj").write_text("\n".join(lines) + "\n")
    (folder / "box.mtl").write_text("newmtl skin\nmap_Kd box.png\n")
    (folder / "box.png").write_bytes(png())
    return folder / "box.obj"


def box_ply(path: Path, scale: float = 1.0) -> Path:
    """Write a plain box."""
    head = f"ply\nformat ascii 1.0\nelement vertex {len(CORNERS)}\nproperty float x\nproperty float y\nproperty float z\n"
    head += f"element face {len(SIDES)}\nproperty list uchar int vertex_indices\nend_header\n"
    points = "".join(f"{x * scale} {y * scale} {z * scale}\n" for x, y, z in CORNERS)
    path.write_text(head + points + "".join("4 " + " ".join(map(str, side)) + "\n" for side in SIDES))
    return path
