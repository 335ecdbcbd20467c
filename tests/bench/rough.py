# SPDX-License-Identifier: Apache-2.0
"""A closed surface with relief and noise at any number of triangles, as a scan has them; the same for the same seed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from digitize.topology import face_normals, identical_rows

SPOT = Path(__file__).resolve().parents[3] / "shared" / "data" / "scans" / "spot" / "spot_triangulated.obj"
OCTAVES, WAVES = 7, 4
RELIEF, NOISE = 0.004, 0.05  # of the extent; of the mean edge
GRAIN = 1e-7
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def rough(triangles: int, seed: int = 1, relief: float = RELIEF, noise: float = NOISE) -> tuple[Floats, Ints]:
    """Return points (n, 3) and faces (m, 3) of about so many triangles, on the real scan where it lies beside the checkout."""
    points, faces = _spot() if SPOT.is_file() else _torus(96, 32)
    points, normals, faces = _divided(points, faces, max(round((triangles / len(faces)) ** 0.5), 1))
    random = np.random.default_rng(seed)
    extent = float((points.max(axis=0) - points.min(axis=0)).max())
    height = np.zeros(len(points))
    for octave in range(OCTAVES):
        for _wave in range(WAVES):
            along = random.normal(size=3)
            turns = 8 * 2**octave * (points @ (along / np.linalg.norm(along))) / extent
            height += 0.5 ** (octave + 1) * np.sin(2 * np.pi * turns + random.uniform(0, 2 * np.pi))
    edge = 3.0 * extent / len(faces) ** 0.5
    height = relief * extent * height + noise * edge * random.normal(size=len(points))
    return points + normals * height[:, None], faces


def _spot() -> tuple[Floats, Ints]:
    """Read the real scan's shape."""
    rows: dict[str, list[list[str]]] = {"v": [], "f": []}
    for line in SPOT.read_text().splitlines():
        kind, *words = line.split() or [""]
        if kind in rows:
            rows[kind].append([word.split("/")[0] for word in words])
    return np.array(rows["v"], dtype=float), np.array(rows["f"], dtype=np.int64) - 1


def _torus(around: int, across: int) -> tuple[Floats, Ints]:
    """Make a torus of 2 * around * across triangles."""
    i, j = (part.ravel() for part in np.meshgrid(np.arange(around), np.arange(across), indexing="ij"))
    u, v = 2 * np.pi * i / around, 2 * np.pi * j / across
    points = np.stack([(2 + np.cos(v)) * np.cos(u), (2 + np.cos(v)) * np.sin(u), np.sin(v)], axis=1)
    a, b = i * across + j, (i + 1) % around * across + j
    c, d = (i + 1) % around * across + (j + 1) % across, i * across + (j + 1) % across
    return points, np.concatenate([np.stack([a, b, c], axis=1), np.stack([a, c, d], axis=1)])


def _divided(points: Floats, faces: Ints, count: int) -> tuple[Floats, Floats, Ints]:
    """Cut every triangle in count², bulged towards its vertices' tangent planes; return points, unit normals, faces.

    Source: Boubekeur, Alexa, "Phong tessellation", 2008.
    """
    flat = np.repeat(face_normals(points, faces.astype(np.int32)), 3, axis=0)
    normals = _unit(np.stack([np.bincount(faces.ravel(), weights=flat[:, axis], minlength=len(points)) for axis in range(3)], axis=1))
    places = [(i, j) for i in range(count + 1) for j in range(count + 1 - i)]
    number = {place: at for at, place in enumerate(places)}
    weights = np.array([[count - i - j, i, j] for i, j in places]) / count
    up = [[number[i, j], number[i + 1, j], number[i, j + 1]] for i, j in places if i + j < count]
    down = [[number[i + 1, j], number[i + 1, j + 1], number[i, j + 1]] for i, j in places if i + j < count - 1]
    corners, upright = points[faces], normals[faces]
    straight = np.einsum("wk,fkd->fwd", weights, corners)
    offset = [np.einsum("fwd,fd->fw", straight - corners[:, None, k], upright[:, k])[..., None] * upright[:, None, k] for k in range(3)]
    bulged = straight - 0.75 * sum(weights[None, :, k, None] * offset[k] for k in range(3))
    shaded = _unit(np.einsum("wk,fkd->fwd", weights, upright))
    first, joined = identical_rows(np.round(bulged.reshape(-1, 3) / GRAIN))
    every = np.array(up + down)[None] + (np.arange(len(faces)) * len(places))[:, None, None]
    cut = joined.astype(np.int64)[every.reshape(-1, 3)]
    whole = (cut[:, 0] != cut[:, 1]) & (cut[:, 1] != cut[:, 2]) & (cut[:, 2] != cut[:, 0])
    return bulged.reshape(-1, 3)[first], shaded.reshape(-1, 3)[first], cut[whole]


def _unit(vectors: Floats) -> Floats:
    """Scale vectors to length one."""
    scaled: Floats = vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)
    return scaled
