# SPDX-License-Identifier: Apache-2.0
"""GLB in meshoptimizer's compression: everything comes back within half a step of its lattice."""

import json
import struct
from pathlib import Path

import numpy as np
import pytest

from digitize.encode import glb
from digitize.encode.meshopt import Meshopt
from digitize.measure.readback import read_back
from digitize.mesh import Mesh
from tests.digitize.encode.test_glb import MESHES, head


def corner_rows(mesh: Mesh, *names: str) -> np.ndarray:
    """Corners of every triangle with their attributes, the lowest corner leading, triangles sorted: free of all numbering."""
    values = np.hstack([mesh.positions, *(getattr(mesh, name).astype(np.float64) for name in names)])
    rows = np.round(values, 3)[mesh.faces]
    lead = [min(range(3), key=lambda k: tuple(row[k])) for row in rows]
    turned = np.array([np.roll(row, -k, axis=0) for row, k in zip(rows, lead, strict=True)]).reshape(len(rows), -1)
    return turned[np.lexsort(turned.T[::-1])]


@pytest.mark.parametrize("name", MESHES)
def test_positions_come_back_within_half_a_step(tmp_path: Path, name: str) -> None:
    mesh = MESHES[name]
    glb.write(mesh, tmp_path / "a.glb", codec=Meshopt(position=16))
    again = read_back(tmp_path / "a.glb", mesh)
    step = float(np.ptp(mesh.positions, axis=0).max()) / (2**16 - 1)
    sums = [np.sort(m.positions[m.faces].sum(axis=1), axis=0) for m in (mesh, again)]
    assert again.triangles == mesh.triangles
    assert np.abs(sums[0] - sums[1]).max() <= 1.5 * step * 1.01 + 1e-6 * mesh.diagonal()


def test_every_attribute_stays_with_its_corner(tmp_path: Path) -> None:
    mesh = MESHES["rich"]
    glb.write(mesh, tmp_path / "a.glb", codec=Meshopt(position=16, uv=16, normal=8))
    glb.write(mesh, tmp_path / "b.glb")
    one, two = (read_back(tmp_path / f"{name}.glb", mesh) for name in "ab")
    assert one.triangles == two.triangles
    for name, most in (("uv", 1e-4), ("colours", 0), ("normals", 0.02)):
        # A corner is told by its place on the sphere, where a texture's seam gives two; their sum is the same in any order.
        first, second = (_sums(m, name) for m in (one, two))
        assert np.abs(first - second).max() <= most * 3


def _sums(mesh: Mesh, name: str) -> np.ndarray:
    """Sum an attribute over each triangle's corners, triangles sorted by the place of their middle."""
    middle = np.round(mesh.positions[mesh.faces].sum(axis=1), 3) + 0.0
    order = np.lexsort((*middle.T[::-1], mesh.material_of))
    return getattr(mesh, name).astype(np.float64)[mesh.faces].sum(axis=1)[order]


def test_the_views_unpack_to_nothing_that_stands_in_the_file(tmp_path: Path) -> None:
    glb.write(MESHES["textured"], tmp_path / "a.glb", codec=Meshopt())
    content = head(tmp_path / "a.glb")
    assert content["extensionsRequired"] == ["EXT_meshopt_compression", "KHR_mesh_quantization", "KHR_texture_transform"]
    packed = [view for view in content["bufferViews"] if "extensions" in view]
    assert [view["extensions"]["EXT_meshopt_compression"]["mode"] for view in packed] == ["ATTRIBUTES"] * 3 + ["TRIANGLES"]
    assert content["buffers"][1]["byteLength"] == sum(view["byteLength"] + -view["byteLength"] % 4 for view in packed)
    assert (
        len((tmp_path / "a.glb").read_bytes())
        == 28
        + content["buffers"][0]["byteLength"]
        + -content["buffers"][0]["byteLength"] % 4
        + (struct.unpack_from("<I", (tmp_path / "a.glb").read_bytes(), 12)[0])
    )
    assert json.dumps(content).count("KHR_texture_transform") == 2 + len(content["materials"]) * 1


def test_it_is_smaller_than_plain(tmp_path: Path) -> None:
    sizes = [glb.write(MESHES["many"], tmp_path / "a.glb", codec=c) and (tmp_path / "a.glb").stat().st_size for c in (None, Meshopt())]
    assert sizes[1] < sizes[0] / 4
