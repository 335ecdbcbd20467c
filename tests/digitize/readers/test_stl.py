# SPDX-License-Identifier: Apache-2.0
"""STL in both forms, its corners joined again."""

import struct
from pathlib import Path

import numpy as np
import pytest

from digitize import readers
from digitize.errors import Refusal
from digitize.mesh import Mesh
from digitize.topology import volume
from tests.digitize.shapes import corners, cube


def binary(mesh: Mesh, head: bytes = b"") -> bytes:
    records = b"".join(struct.pack("<12fH", 0, 0, 0, *corner.ravel(), 0) for corner in mesh.positions[mesh.faces])
    return head.ljust(80, b" ") + struct.pack("<I", mesh.triangles) + records


def ascii_(mesh: Mesh) -> bytes:
    facets = [
        "facet normal 0 0 0\n outer loop\n" + "".join(f"  vertex {x} {y} {z:e}\n" for x, y, z in t) + " endloop\nendfacet\n"
        for t in mesh.positions[mesh.faces].tolist()
    ]
    return ("solid cube\n" + "".join(facets) + "endsolid cube\n").encode()


@pytest.mark.parametrize("data", [binary(cube()), ascii_(cube()), binary(cube(), b"solid in name only")])
def test_both_forms_give_the_closed_cube(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "a.stl").write_bytes(data)
    reading = readers.read(tmp_path, "a.stl", "stl")
    assert (reading.vertices, len(reading.mesh.positions), reading.mesh.triangles) == (36, 8, 12)
    assert np.array_equal(corners(reading.mesh), corners(cube()))
    assert volume(reading.mesh.positions, reading.mesh.faces) == pytest.approx(1.0)


@pytest.mark.parametrize("data", [b"solid\nendsolid\n", ascii_(cube())[:-120], b"solid\nvertex a b c\n"])
def test_what_is_no_stl_is_refused(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "a.stl").write_bytes(data)
    with pytest.raises(Refusal) as caught:
        readers.read(tmp_path, "a.stl", "stl")
    assert caught.value.code == "mesh.unreadable"
