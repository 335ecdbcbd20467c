# SPDX-License-Identifier: Apache-2.0
"""A body that looks like itself from nowhere else, in millimetres: the scan, and one of another day with a piece broken off."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from digitize.mesh import Mesh, select
from tests.digitize.test_anchors import lumpy, rescanned

BUMP, DENT = np.array([0.9, 0.3, 0.3]), np.array([-0.5, 0.8, 0.3])


def write_ply(mesh: Mesh, path: Path) -> Path:
    """Write positions and faces as binary PLY."""
    head = f"ply\nformat binary_little_endian 1.0\ncomment unit mm\nelement vertex {len(mesh.positions)}\n"
    head += "property double x\nproperty double y\nproperty double z\n"
    head += f"element face {mesh.triangles}\nproperty list uchar int vertex_indices\nend_header\n"
    faces = np.empty(mesh.triangles, dtype=[("count", "u1"), ("corners", "<i4", 3)])
    faces["count"], faces["corners"] = 3, mesh.faces
    path.write_bytes(head.encode() + mesh.positions.astype("<f8").tobytes() + faces.tobytes())
    return path


def body() -> Mesh:
    """The body of 2,048 triangles."""
    return replace(lumpy(4), unit="mm")


def broken() -> Mesh:
    """The body of another day, turned, moved, its triangles others, with the top of the great bump gone."""
    whole, rotation, shift = rescanned(body(), 4)
    side = (whole.positions - shift) @ rotation @ BUMP
    return select(whole, (side[whole.faces] < 0.95).all(axis=1))
