# SPDX-License-Identifier: Apache-2.0
"""A textured scan of more than a million triangles: a real one subdivided where it lies beside the checkout, else one of our generator."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from django.conf import settings
from numpy.typing import NDArray

SPOT = settings.BASE_DIR.parent / "shared" / "data" / "scans" / "spot"
ROUNDS = 4
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Scan:
    """An OBJ with texture on disk: its folder's main file, its triangles, and what to call it."""

    path: Path
    triangles: int
    name: str


def large_scan(folder: Path, rounds: int = ROUNDS) -> Scan:
    """Write the scan into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    if SPOT.is_dir():
        return _spot(folder, rounds)
    from cms.demo import originals

    return Scan(originals.make("relief", folder), 0, "the demo's relief")


def _spot(folder: Path, rounds: int) -> Scan:
    """Subdivide spot: each round makes four triangles of one, positions and texture coordinates alike."""
    points, uv, corners, texture = read_obj(SPOT / "spot_triangulated.obj")
    for _round in range(rounds):
        points, corners = subdivide(points, corners)
        uv, texture = subdivide(uv, texture)
    shutil.copy(SPOT / "spot_texture.png", folder / "spot_texture.png")
    (folder / "spot.mtl").write_text("newmtl spot\nKd 1 1 1\nmap_Kd spot_texture.png\n")
    write_obj(folder / "spot.obj", points, uv, corners, texture)
    return Scan(folder / "spot.obj", len(corners), "spot, subdivided")


def read_obj(path: Path) -> tuple[Floats, Floats, Ints, Ints]:
    """Read a triangulated OBJ: points (n, 3), texture coordinates (m, 2), and the corners' indices into each, (t, 3)."""
    rows: dict[str, list[list[str]]] = {"v": [], "vt": [], "f": []}
    for line in path.read_text().splitlines():
        kind, *words = line.split() or [""]
        if kind in rows:
            rows[kind].append(words)
    faces = np.array([[corner.split("/") for corner in face] for face in rows["f"]], dtype=np.int64) - 1
    return np.array(rows["v"], dtype=float), np.array(rows["vt"], dtype=float), faces[:, :, 0], faces[:, :, 1]


def subdivide(values: Floats, faces: Ints) -> tuple[Floats, Ints]:
    """Split every triangle in four at the middles of its edges; edges shared by two faces share the middle."""
    edges = np.sort(faces[:, [[0, 1], [1, 2], [2, 0]]].reshape(-1, 2), axis=1)
    unique, where = np.unique(edges, axis=0, return_inverse=True)
    middles = len(values) + where.reshape(-1, 3)
    a, b, c = faces.T
    ab, bc, ca = middles.T
    split = np.stack([np.stack(one, 1) for one in ((a, ab, ca), (ab, b, bc), (ca, bc, c), (ab, bc, ca))], 1)
    return np.concatenate([values, values[unique].mean(axis=1)]), split.reshape(-1, 3)


def write_obj(path: Path, points: Floats, uv: Floats, corners: Ints, texture: Ints) -> None:
    """Write an OBJ that names its material file."""
    indices = np.stack([corners, texture], 2).reshape(-1, 6) + 1
    with path.open("w") as file:
        file.write("mtllib spot.mtl\nusemtl spot\n")
        np.savetxt(file, points, "v %.7f %.7f %.7f")
        np.savetxt(file, uv, "vt %.7f %.7f")
        np.savetxt(file, indices, "f %d/%d %d/%d %d/%d")
