# SPDX-License-Identifier: Apache-2.0
"""Geometry's bytes at equal measured error: our simplified, snapped and Draco-coded surface beside `gltfpack -cc`, both gzipped."""

from __future__ import annotations

import gzip
import shutil
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from django.conf import settings
from numpy.typing import NDArray

from digitize.encode import glb, twins
from digitize.encode.meshopt import Meshopt
from digitize.mesh import Material, Mesh
from digitize.normals import smooth_normals
from digitize.readers import gltf
from digitize.simplify import simplify_free
from tests.bench.children import measure
from tests.bench.distance import Distance, Ground
from tests.bench.rough import rough
from tests.bench.rows import Row

TRIANGLES, SHARE = 1_000_000, 0.1
GLTFPACK = settings.BASE_DIR / "node_modules" / "gltfpack" / "cli.js"
# A coarser lattice under a few more triangles costs fewer bytes than a finer one under fewer: measured best at this share.
BITS = twins.Bits(added=0.15)
ROUNDS = 3


@dataclass(frozen=True)
class File:
    """A written file: bytes as gzip sends them, triangles, its measured distance from the original, CPU seconds of its writer."""

    bytes: int
    triangles: int
    distance: Distance
    cpu_seconds: float


def rows() -> list[Row]:
    """Compare positions alone, and positions with normals."""
    with tempfile.TemporaryDirectory(prefix="qilu-bench-") as name:
        points, faces = rough(TRIANGLES)
        mesh = Mesh(points, faces.astype(np.int32), np.zeros(len(faces), dtype=np.int32), (Material(),))
        ground = Ground(points, faces)
        return [
            *_compared(mesh, ground, Path(name), "positions"),
            *_compared(smooth_normals(mesh, crease=180), ground, Path(name), "positions and normals"),
        ]


def _compared(mesh: Mesh, ground: Ground, folder: Path, what: str) -> Iterator[Row]:
    """Put our file of about the same error beside gltfpack's."""
    peer = _gltfpack(mesh, ground, folder)
    draco, meshopt = _ours(mesh, ground, folder, peer)
    name = f"gltfpack 1.3 -si {SHARE} -sv -cc" if peer else "gltfpack is not installed"
    work = f"{mesh.triangles:,} -> {draco.triangles:,} triangles, {what}"
    yield Row(f"{work}: mean error", round(draco.distance.mean, 4), peer and round(peer.distance.mean, 4), name, "1e-4 of the diagonal")
    yield Row(f"{work}: Draco", draco.bytes, peer and peer.bytes, name, "bytes, gzipped")
    yield Row(f"{work}: meshopt", meshopt.bytes, peer and peer.bytes, name, "bytes, gzipped")
    yield Row(f"{work}: snap and encode", round(draco.cpu_seconds, 2), None, "", "CPU s")


def _gltfpack(mesh: Mesh, ground: Ground, folder: Path) -> File | None:
    """Simplify and compress with gltfpack; None where it or Node is not installed."""
    node = shutil.which("node")
    if node is None or not GLTFPACK.is_file():
        return None
    glb.write(mesh, folder / "in.glb")
    words: list[str | Path] = [node, GLTFPACK, "-i", folder / "in.glb", "-o", folder / "peer.glb", "-si", str(SHARE), "-sv", "-cc"]
    return _file(folder / "peer.glb", ground, measure(words, environment={}, folder=folder).cpu_seconds)


def _ours(mesh: Mesh, ground: Ground, folder: Path, peer: File | None) -> tuple[File, File]:
    """Find the number of triangles at which the Draco file's error is the peer's; without a peer, take the same share."""
    triangles, best = int(SHARE * mesh.triangles), None
    for _ in range(ROUNDS):
        draco, meshopt = _written(mesh, triangles, ground, folder)
        if peer is None:
            return draco, meshopt
        if draco.distance.mean <= peer.distance.mean and (best is None or draco.bytes < best[0].bytes):
            best = draco, meshopt
        triangles = int(draco.triangles * (draco.distance.mean / (0.998 * peer.distance.mean)))
    return best or (draco, meshopt)


def _written(mesh: Mesh, triangles: int, ground: Ground, folder: Path) -> tuple[File, File]:
    """Simplify to so many triangles, put them on a lattice, write them both ways."""
    level = simplify_free(mesh, triangles).mesh
    level = smooth_normals(level, crease=180) if mesh.normals is not None else level
    start = time.process_time()
    found = twins.snapped(level, mesh.positions, BITS)
    glb.write(found.mesh, folder / "draco.glb", codec=glb.Draco(), lattice=found.lattice)
    spent = time.process_time() - start
    glb.write(found.mesh, folder / "meshopt.glb", codec=Meshopt(), lattice=found.lattice)
    return _file(folder / "draco.glb", ground, spent), _file(folder / "meshopt.glb", ground, 0.0)


def _file(path: Path, ground: Ground, cpu_seconds: float) -> File:
    """Read a file back and measure it."""
    mesh = gltf.read(path.parent, path.name).mesh
    faces: NDArray[Any] = mesh.faces
    return File(len(gzip.compress(path.read_bytes(), 9)), mesh.triangles, ground.distance(mesh.positions, faces), cpu_seconds)
