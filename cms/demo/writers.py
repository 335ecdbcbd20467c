# SPDX-License-Identifier: Apache-2.0
"""Write a mesh as binary PLY, as a zip of OBJ, MTL and PNG, or as GLB; equal input gives equal bytes."""

from __future__ import annotations

import json
import struct
import zipfile
from pathlib import Path
from typing import Any

import numpy as np

from cms.demo.mesh import Floats, Ints, Mesh, normals, weld

NOTICE = "Synthetic example made by Qilu's demo generator; not a scan of a real object."

_EPOCH = (1980, 1, 1, 0, 0, 0)
_BATCH = 50_000


def write_ply(path: Path, mesh: Mesh, *, up: str) -> Path:
    """Write binary little-endian PLY in mm with colours per vertex; unit and up axis stand in its comments.

    Raises
    ------
    ValueError
        Where the mesh has no colours.
    """
    if mesh.colours is None:
        raise ValueError("a PLY of the demo carries its colours at its vertices")
    head = (
        f"ply\nformat binary_little_endian 1.0\ncomment {NOTICE}\ncomment unit: mm\ncomment up: {up}\n"
        f"element vertex {len(mesh.points)}\nproperty float x\nproperty float y\nproperty float z\n"
        "property uchar red\nproperty uchar green\nproperty uchar blue\n"
        f"element face {len(mesh.faces)}\nproperty list uchar int vertex_indices\nend_header\n"
    )
    vertices = np.zeros(len(mesh.points), dtype=[("at", "<f4", 3), ("rgb", "u1", 3)])
    vertices["at"], vertices["rgb"] = mesh.points, mesh.colours
    faces = np.zeros(len(mesh.faces), dtype=[("n", "u1"), ("corner", "<i4", 3)])
    faces["n"], faces["corner"] = 3, mesh.faces
    path.write_bytes(head.encode("ascii") + vertices.tobytes() + faces.tobytes())
    return path


def write_obj_zip(path: Path, mesh: Mesh, texture_png: bytes, *, name: str) -> Path:
    """Write a zip of NAME.obj, NAME.mtl and NAME.png, in mm, +Y up; corners share positions across texture seams."""
    material = f"# {NOTICE}\nnewmtl {name}\nKa 1 1 1\nKd 1 1 1\nKs 0.08 0.08 0.08\nNs 40\nillum 2\nmap_Kd {name}.png\n"
    with zipfile.ZipFile(path, "w") as archive:
        _add(archive, f"{name}.obj", _obj_text(mesh, name).encode("ascii"), zipfile.ZIP_DEFLATED)
        _add(archive, f"{name}.mtl", material.encode("ascii"), zipfile.ZIP_DEFLATED)
        _add(archive, f"{name}.png", texture_png, zipfile.ZIP_STORED)
    return path


def _add(archive: zipfile.ZipFile, name: str, data: bytes, method: int) -> None:
    info = zipfile.ZipInfo(name, _EPOCH)
    info.external_attr = 0o644 << 16
    archive.writestr(info, data, compress_type=method, compresslevel=3 if method == zipfile.ZIP_DEFLATED else None)


def _obj_text(mesh: Mesh, name: str) -> str:
    places = weld(mesh.points)
    first = np.unique(places, return_index=True)[1]
    parts = [f"# {NOTICE}\n# unit: mm\n# up: +Y\nmtllib {name}.mtl\no {name}\n"]
    parts += _rows("v %.3f %.3f %.3f\n", mesh.points[first])
    parts += _rows("vt %.5f %.5f\n", mesh.uv)
    parts.append(f"usemtl {name}\ns 1\n")
    corners = np.stack([places[mesh.faces] + 1, mesh.faces + 1], axis=-1).reshape(-1, 6)
    parts += _rows("f %d/%d %d/%d %d/%d\n", corners)
    return "".join(parts)


def _rows(template: str, table: Floats | Ints) -> list[str]:
    batches = (table[k : k + _BATCH] for k in range(0, len(table), _BATCH))
    return [template * len(rows) % tuple(rows.ravel().tolist()) for rows in batches]


def write_glb(path: Path, mesh: Mesh, texture_jpeg: bytes, *, name: str, roughness: float) -> Path:
    """Write binary glTF 2.0 in metres with normals, texture coordinates and one embedded JPEG; points come in mm, +Y up."""
    uv = np.stack([mesh.uv[:, 0], 1.0 - mesh.uv[:, 1]], axis=1)
    blocks = [
        np.asarray(mesh.points / 1000.0, "<f4"),
        np.asarray(normals(mesh), "<f4"),
        np.asarray(uv, "<f4"),
        np.asarray(mesh.faces.reshape(-1, 1), "<u4"),
    ]
    payload = [*(block.tobytes() for block in blocks), texture_jpeg]
    views, at = [], 0
    for data, target in zip(payload, (34962, 34962, 34962, 34963, None), strict=True):
        views.append({"buffer": 0, "byteOffset": at, "byteLength": len(data)} | ({"target": target} if target else {}))
        at += len(data) + -len(data) % 4
    document = _gltf(name, roughness) | {"accessors": _accessors(blocks), "bufferViews": views, "buffers": [{"byteLength": at}]}
    path.write_bytes(_chunks(document, b"".join(data + b"\0" * (-len(data) % 4) for data in payload)))
    return path


def _accessors(blocks: list[Any]) -> list[dict[str, Any]]:
    kinds = ((5126, "VEC3"), (5126, "VEC3"), (5126, "VEC2"), (5125, "SCALAR"))
    accessors = [
        {"bufferView": k, "componentType": component, "count": len(block), "type": kind}
        for k, (block, (component, kind)) in enumerate(zip(blocks, kinds, strict=True))
    ]
    accessors[0] |= {"min": blocks[0].min(axis=0).tolist(), "max": blocks[0].max(axis=0).tolist()}
    return accessors


def _gltf(name: str, roughness: float) -> dict[str, Any]:
    primitive = {"attributes": {"POSITION": 0, "NORMAL": 1, "TEXCOORD_0": 2}, "indices": 3, "material": 0}
    surface = {"baseColorTexture": {"index": 0}, "metallicFactor": 0.0, "roughnessFactor": roughness}
    return {
        "asset": {"version": "2.0", "generator": "Qilu demo", "copyright": NOTICE},
        "scene": 0,
        "scenes": [{"nodes": [0]}],
        "nodes": [{"mesh": 0, "name": name}],
        "meshes": [{"name": name, "primitives": [primitive]}],
        "materials": [{"name": name, "pbrMetallicRoughness": surface}],
        "textures": [{"source": 0, "sampler": 0}],
        "samplers": [{"magFilter": 9729, "minFilter": 9987, "wrapS": 33071, "wrapT": 33071}],
        "images": [{"bufferView": 4, "mimeType": "image/jpeg", "name": name}],
    }


def _chunks(document: dict[str, Any], binary: bytes) -> bytes:
    text = json.dumps(document, separators=(",", ":"), sort_keys=True).encode("ascii")
    text += b" " * (-len(text) % 4)
    total = 12 + 8 + len(text) + 8 + len(binary)
    head = struct.pack("<4sII", b"glTF", 2, total)
    return head + struct.pack("<I4s", len(text), b"JSON") + text + struct.pack("<I4s", len(binary), b"BIN\0") + binary
