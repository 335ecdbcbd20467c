# SPDX-License-Identifier: Apache-2.0
"""Points as GLB: one primitive of mode POINTS with colours.

Source: Khronos glTF 2.0 specification, §3.7.2.1 and §4.
"""

from __future__ import annotations

import json
import struct
from pathlib import Path
from typing import Any

import numpy as np

from digitize.encode.container import wrap
from digitize.encode.parts import _TURNS as TURNS
from digitize.encode.parts import FAR, rotation_matrix
from digitize.measure.colour import to_linear, to_srgb
from digitize.mesh import METRES, Bytes, Floats
from digitize.points.cloud import Cloud

_LINEAR = np.rint(to_linear(np.arange(256.0)) * 65535).astype(np.uint16)


def write(cloud: Cloud, path: Path) -> int:
    """Write a cloud, in metres where its unit is known, turned to +Y up where that is declared; return the points written."""
    scale = METRES[cloud.unit] if cloud.unit else 1.0
    offset = _offset(cloud)
    places = ((cloud.positions - offset) * scale).astype("<f4")
    turn = TURNS[cloud.up or "y"]
    node: dict[str, Any] = {"mesh": 0}
    if turn != (0.0, 0.0, 0.0, 1.0):
        node["rotation"] = list(turn)
    if offset.any():
        node["translation"] = [float(part) for part in rotation_matrix(turn) @ (offset * scale)]
    bounds = {"min": [float(part) for part in places.min(axis=0)], "max": [float(part) for part in places.max(axis=0)]}
    arrays = [(places.tobytes(), {"componentType": 5126, "count": len(places), "type": "VEC3", **bounds}, "POSITION")]
    if cloud.colours is not None:
        colours = np.full((len(places), 4), 65535, dtype="<u2")
        colours[:, :3] = _LINEAR[cloud.colours]
        arrays.append((colours.tobytes(), {"componentType": 5123, "normalized": True, "count": len(places), "type": "VEC4"}, "COLOR_0"))
    path.write_bytes(wrap(_document(arrays, node), b"".join(data for data, _, _ in arrays)))
    return len(places)


def _offset(cloud: Cloud) -> Floats:
    """Return what is given to the node instead of to single-precision points that lie far out."""
    low, high = cloud.bounds()
    centre = (low + high) / 2
    far = float(np.linalg.norm(centre)) > FAR * float(np.linalg.norm(high - low))
    return np.round(centre) if far else np.zeros(3)


def _document(arrays: list[tuple[bytes, dict[str, Any], str]], node: dict[str, Any]) -> dict[str, Any]:
    """Put the JSON chunk together."""
    starts = np.cumsum([0, *(len(data) for data, _, _ in arrays)]).tolist()
    return {
        "asset": {"version": "2.0", "generator": "Qilu"},
        "scene": 0,
        "scenes": [{"nodes": [0]}],
        "nodes": [node],
        "meshes": [{"primitives": [{"mode": 0, "material": 0, "attributes": {name: i for i, (_, _, name) in enumerate(arrays)}}]}],
        "materials": [{"name": "points", "extensions": {"KHR_materials_unlit": {}}, "pbrMetallicRoughness": {"metallicFactor": 0}}],
        "extensionsUsed": ["KHR_materials_unlit"],
        "accessors": [{"bufferView": i, **fact} for i, (_, fact, _) in enumerate(arrays)],
        "bufferViews": [
            {"buffer": 0, "byteOffset": starts[i], "byteLength": len(data), "target": 34962} for i, (data, _, _) in enumerate(arrays)
        ],
        "buffers": [{"byteLength": starts[-1]}],
    }


def read_back(path: Path, unit: str | None) -> tuple[Floats, Bytes | None]:
    """Read a GLB of ours: positions in the source's unit and frame, and colours."""
    data = path.read_bytes()
    length = struct.unpack_from("<I", data, 12)[0]
    document, binary = json.loads(data[20 : 20 + length]), memoryview(data)[28 + length :]
    node, views = document["nodes"][0], document["bufferViews"]
    count = document["accessors"][0]["count"]
    places = np.frombuffer(binary, "<f4", 3 * count, views[0]["byteOffset"]).reshape(-1, 3).astype(np.float64)
    turn = rotation_matrix(tuple(node.get("rotation", (0.0, 0.0, 0.0, 1.0))))
    offset = turn.T @ np.array(node.get("translation", (0.0, 0.0, 0.0)))
    positions = (places + offset) / (METRES[unit] if unit else 1.0)
    if len(views) < 2:
        return positions, None
    linear = np.frombuffer(binary, "<u2", 4 * count, views[1]["byteOffset"]).reshape(-1, 4)[:, :3] / 65535.0
    return positions, np.rint(to_srgb(linear)).astype(np.uint8)
