# SPDX-License-Identifier: Apache-2.0
"""Simplification beside gltfpack: error, time, and memory at ten million triangles; both outputs measured by the same means."""

from __future__ import annotations

import json
import shutil
import struct
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
from django.conf import settings
from numpy.typing import NDArray

from tests.bench.children import Used, measure
from tests.bench.distance import Ground
from tests.bench.rough import rough
from tests.bench.rows import Row

TRIANGLES, SHARE, LARGE = 1_000_000, 0.1, 10_000_000
GLTFPACK = settings.BASE_DIR / "node_modules" / "gltfpack" / "cli.js"
PEER = "gltfpack 1.3 -si .1 -sv"
MIB = 2**20
_TYPES = {5123: "<u2", 5125: "<u4", 5126: "<f4"}


def rows(*, large: bool = True) -> list[Row]:
    """Measure a million triangles to a hundred thousand, and the memory that ten millions need."""
    with tempfile.TemporaryDirectory(prefix="qilu-bench-") as name:
        found = _million(Path(name))
        return [*found, _memory(Path(name))] if large else found


def _million(folder: Path) -> list[Row]:
    """Put error and time beside gltfpack's; its positions stay unquantised, so that only simplification is compared."""
    points, faces = rough(TRIANGLES)
    ground, millions = Ground(points, faces), len(faces) / 1e6
    node = shutil.which("node")
    peer, count = None, int(SHARE * len(faces))
    if node is not None and GLTFPACK.is_file():
        write_glb(points, faces, folder / "in.glb")
        words: list[str | Path] = [node, GLTFPACK, "-i", folder / "in.glb", "-o", folder / "out.glb", "-si", str(SHARE), "-sv", "-noq"]
        peer = measure(words, environment={}, folder=folder), ground.distance(*(theirs := read_glb(folder / "out.glb")))
        count = len(theirs[1])
    said, used = _ours(folder, points, faces, count)
    own = ground.distance(np.load(folder / "out-points.npy"), np.load(folder / "out-faces.npy"))
    work, name = f"{len(faces):,} -> {said['triangles']:,} triangles", PEER if peer else "gltfpack is not installed"
    seconds = round(peer[0].cpu_seconds / millions, 2) if peer else None
    return [
        Row(f"{work}: mean error", round(own.mean, 4), peer and round(peer[1].mean, 4), name, "1e-4 of the diagonal"),
        Row(f"{work}: Hausdorff", round(own.hausdorff, 3), peer and round(peer[1].hausdorff, 3), name, "1e-4 of the diagonal"),
        Row(f"{work}: simplify and refine", round(said["cpu_seconds"] / millions, 2), seconds, f"{name}, files too", "CPU s a million"),
        Row(f"{work}: process", round(used.peak_bytes / MIB), peer and round(peer[0].peak_bytes / MIB), name, "MiB"),
    ]


def _memory(folder: Path) -> Row:
    """Take ten million triangles to a hundred thousand."""
    points, faces = rough(LARGE)
    _said, used = _ours(folder, points, faces, 100_000)
    return Row(f"{len(faces):,} -> 100,000 triangles: process", round(used.peak_bytes / MIB), None, "", "MiB")


def _ours(folder: Path, points: NDArray[Any], faces: NDArray[Any], triangles: int) -> tuple[dict[str, Any], Used]:
    """Simplify in a process of its own."""
    np.save(folder / "points.npy", points)
    np.save(folder / "faces.npy", faces.astype(np.int32))
    used = measure([sys.executable, "-m", "tests.bench.geometry_child", folder, str(triangles)], environment={}, folder=folder)
    return json.loads(used.out), used


def write_glb(points: NDArray[Any], faces: NDArray[Any], path: Path) -> None:
    """Write positions and triangles as the plainest GLB."""
    place, index = points.astype("<f4"), faces.astype("<u4")
    views = [
        {"buffer": 0, "byteOffset": 0, "byteLength": place.nbytes},
        {"buffer": 0, "byteOffset": place.nbytes, "byteLength": index.nbytes},
    ]
    bounds = {"min": place.min(axis=0).tolist(), "max": place.max(axis=0).tolist()}
    document = {
        "asset": {"version": "2.0"},
        "buffers": [{"byteLength": place.nbytes + index.nbytes}],
        "bufferViews": views,
        "accessors": [
            {"bufferView": 0, "componentType": 5126, "count": len(place), "type": "VEC3", **bounds},
            {"bufferView": 1, "componentType": 5125, "count": index.size, "type": "SCALAR"},
        ],
        "meshes": [{"primitives": [{"attributes": {"POSITION": 0}, "indices": 1}]}],
        "nodes": [{"mesh": 0}],
        "scenes": [{"nodes": [0]}],
    }
    head = json.dumps(document).encode()
    head += b" " * (-len(head) % 4)
    body = place.tobytes() + index.tobytes()
    with path.open("wb") as file:
        file.write(struct.pack("<4sII", b"glTF", 2, 28 + len(head) + len(body)))
        file.write(struct.pack("<I4s", len(head), b"JSON") + head + struct.pack("<I4s", len(body), b"BIN\0") + body)


def read_glb(path: Path) -> tuple[NDArray[Any], NDArray[Any]]:
    """Read the points and faces of a GLB with one primitive of whole floats."""
    data = path.read_bytes()
    size = struct.unpack_from("<I", data, 12)[0]
    document, body = json.loads(data[20 : 20 + size]), data[28 + size :]
    primitive = document["meshes"][0]["primitives"][0]
    node = next(node for node in document["nodes"] if "mesh" in node)
    points = _array(document, body, primitive["attributes"]["POSITION"], 3).astype(np.float64)
    points = points * node.get("scale", [1.0, 1.0, 1.0]) + np.array(node.get("translation", [0.0, 0.0, 0.0]))
    return points, _array(document, body, primitive["indices"], 1).reshape(-1, 3).astype(np.int64)


def _array(document: dict[str, Any], body: bytes, number: int, width: int) -> NDArray[Any]:
    """Read an accessor, with its stride."""
    accessor = document["accessors"][number]
    view, kind = document["bufferViews"][accessor["bufferView"]], np.dtype(_TYPES[accessor["componentType"]])
    start, step = view.get("byteOffset", 0) + accessor.get("byteOffset", 0), view.get("byteStride", kind.itemsize * width)
    shape = (accessor["count"], width)
    return np.ndarray(shape, dtype=kind, buffer=body, offset=start, strides=(step, kind.itemsize)).copy()
