# SPDX-License-Identifier: Apache-2.0
"""Synthetic scans whose truth is known: a bumpy ellipsoid, seen whole or from stations, with noise and outliers."""

from __future__ import annotations

from pathlib import Path

import numpy as np

NOISE = 0.0005
EXTENT = 2.7


def surface(directions: np.ndarray) -> np.ndarray:
    """The point of the ellipsoid in each direction (n, 3)."""
    x, y, z = directions.T
    radius = 1 + 0.05 * np.sin(8 * x + 1) * np.sin(9 * y) + 0.04 * np.sin(7 * z + 2 * x) + 0.06 * x * y
    return directions * radius[:, None] * [1.0, 0.8, 1.3]


def colours(directions: np.ndarray) -> np.ndarray:
    """A colour (n, 3) that changes over the surface."""
    waves = np.stack([np.sin(5 * directions[:, 0]), np.cos(4 * directions[:, 1]), np.sin(3 * directions[:, 2])], axis=1)
    return np.clip(128 + 100 * waves, 0, 255).astype(np.uint8)


def directions(count: int, seed: int = 0) -> np.ndarray:
    """Unit vectors (n, 3), spread evenly by chance."""
    found = np.random.default_rng(seed).normal(size=(count, 3))
    return found / np.linalg.norm(found, axis=1, keepdims=True)


def outward(towards: np.ndarray) -> np.ndarray:
    """The surface's unit normals (n, 3), by differences."""
    one = np.cross(towards, [0.3, 0.5, 0.81])
    one /= np.linalg.norm(one, axis=1, keepdims=True)
    two, step = np.cross(towards, one), 1e-5
    moved = [(towards + step * side) / np.linalg.norm(towards + step * side, axis=1, keepdims=True) for side in (one, two)]
    normals = np.cross(surface(moved[0]) - surface(towards), surface(moved[1]) - surface(towards))
    normals /= np.linalg.norm(normals, axis=1, keepdims=True)
    return normals * np.sign((normals * towards).sum(axis=1))[:, None]


def whole(count: int = 20_000, outliers: float = 0.01, noise: float = NOISE, seed: int = 0) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The ellipsoid from all sides: positions, colours, and which points are outliers."""
    towards = directions(count, seed)
    random = np.random.default_rng(seed + 1000)
    positions = surface(towards) + random.normal(size=(count, 3)) * noise
    stray = np.arange(count) < int(count * outliers)
    positions[stray] = random.uniform(-1.6, 1.6, (int(stray.sum()), 3))
    return positions, colours(towards), stray


def station(number: int, count: int = 24_000) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """What a scanner sees from one of several stations, 80 degrees apart: positions, colours, and where it stands."""
    angle = np.radians(80) * number
    stand = 6 * np.array([np.cos(angle), np.sin(angle), 0.3])
    towards = directions(count, 10 + number)
    positions = surface(towards)
    view = stand - positions
    seen = (outward(towards) * view).sum(axis=1) > 0.08 * np.linalg.norm(view, axis=1)
    random = np.random.default_rng(20 + number)
    found = positions[seen] + random.normal(size=(int(seen.sum()), 3)) * NOISE
    found[: len(found) // 100] = random.uniform(-1.6, 1.6, (len(found) // 100, 3))
    return found, colours(towards[seen]), stand


def turn(axis: tuple[float, float, float], angle: float) -> np.ndarray:
    """A rotation (3, 3) by Rodrigues' formula."""
    x, y, z = np.array(axis) / np.linalg.norm(axis)
    cross = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]])
    return np.eye(3) + np.sin(angle) * cross + (1 - np.cos(angle)) * cross @ cross


def write_xyz(path: Path, positions: np.ndarray, rgb: np.ndarray | None = None) -> Path:
    """Write text with six decimals."""
    table, form = (positions, "%.6f") if rgb is None else (np.hstack([positions, rgb]), "%.6f %.6f %.6f %d %d %d")
    np.savetxt(path, table, fmt=form)
    return path


def write_las(path: Path, positions: np.ndarray, rgb: np.ndarray, version: str = "1.2", form: int = 2) -> Path:
    """Write LAS or LAZ, by the path's end."""
    import laspy

    header = laspy.LasHeader(version=version, point_format=form)
    header.scales, header.offsets = [1e-5] * 3, [0.0] * 3
    data = laspy.LasData(header)
    data.x, data.y, data.z = positions.T
    data.red, data.green, data.blue = (rgb.astype(np.uint16) * 257).T
    data.write(str(path))
    return path


def write_e57(path: Path, scans: list[tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]]) -> Path:
    """Write scans: local positions, colours, rotation (3, 3) and translation."""
    import pye57
    from scipy.spatial.transform import Rotation

    file = pye57.E57(str(path), mode="w")
    for positions, rgb, rotation, translation in scans:
        data = {f"cartesian{axis}": np.ascontiguousarray(positions[:, i]) for i, axis in enumerate("XYZ")}
        data |= {f"color{name}": np.ascontiguousarray(rgb[:, i]) for i, name in enumerate(("Red", "Green", "Blue"))}
        x, y, z, w = Rotation.from_matrix(rotation).as_quat()
        file.write_scan_raw(data, rotation=np.array([w, x, y, z]), translation=np.asarray(translation, dtype=np.float64))
    file.close()
    return path
