# SPDX-License-Identifier: Apache-2.0
"""Compressed glTF, as gltfpack, gltf-transform and we write it, comes back; broken streams are refused."""

import base64
import json
import shutil
import struct
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from digitize import preflight, readers
from digitize.encode import glb
from digitize.encode.meshopt import Meshopt
from digitize.errors import Refusal
from digitize.mesh import Mesh
from digitize.normals import smooth_normals
from tests.digitize.encode.test_glb import head
from tests.digitize.encode.validator import ROOT
from tests.digitize.shapes import seamed, sphere

GLTFPACK = ROOT / "node_modules" / "gltfpack" / "cli.js"
TRANSFORM = ROOT / "node_modules" / "@gltf-transform" / "cli" / "bin" / "cli.js"
needs_gltfpack = pytest.mark.skipif(shutil.which("node") is None or not GLTFPACK.is_file(), reason="node or npm's gltfpack is not here")
needs_transform = pytest.mark.skipif(shutil.which("node") is None or not TRANSFORM.is_file(), reason="gltf-transform is not here")


def coloured() -> Mesh:
    mesh = smooth_normals(seamed(4))
    return replace(mesh, colours=(np.abs(mesh.positions) * 255).astype(np.uint8)[:, [0, 1, 2, 2]] | np.uint8([0, 0, 0, 255]))


def read(folder: Path, name: str = "a.glb") -> readers.Reading:
    reading = readers.read(folder, name, "glb")
    counts = preflight.inspect(folder / name).counts
    assert (reading.vertices, reading.mesh.triangles) == (counts["vertices"], counts["triangles"])
    return reading


def same_surface(one: Mesh, two: Mesh, most: float) -> None:
    """Compare triangles by their middles, their colours and their uv, free of all numbering."""
    assert one.triangles == two.triangles
    for name, scale in (("positions", 1.0), ("uv", 1.0), ("colours", 255.0)):
        sums = [np.sort(getattr(m, name).astype(np.float64)[m.faces].sum(axis=1) / scale, axis=0) for m in (one, two)]
        assert np.abs(sums[0] - sums[1]).max() < (most if name == "positions" else 0.15)


@pytest.mark.parametrize("codec", [glb.Draco(position=14, uv=12), Meshopt(position=14, uv=12)])
def test_our_own(tmp_path: Path, codec: glb.Draco | Meshopt) -> None:
    glb.write(coloured(), tmp_path / "a.glb", codec=codec)
    reading = read(tmp_path)
    same_surface(reading.mesh, coloured(), 1e-3)
    assert reading.doubts == ()


@needs_gltfpack
@pytest.mark.parametrize("how", [("-c",), ("-cc",), ("-cz",), ("-noq", "-c"), ("-vpf", "-vtf", "-cc"), ("-vpn",)])
def test_what_gltfpack_writes(tmp_path: Path, how: tuple[str, ...]) -> None:
    glb.write(coloured(), tmp_path / "in.glb")
    subprocess.run(
        ["node", GLTFPACK, "-i", tmp_path / "in.glb", "-o", tmp_path / "a.glb", "-kn", "-km", *how], check=True, capture_output=True
    )
    same_surface(read(tmp_path).mesh, coloured(), 2e-3)


@needs_transform
@pytest.mark.parametrize("how", [("draco",), ("draco", "--method", "sequential"), ("meshopt",), ("quantize",)])
def test_what_gltf_transform_writes(tmp_path: Path, how: tuple[str, ...]) -> None:
    glb.write(coloured(), tmp_path / "in.glb")
    verb, *rest = how
    subprocess.run(["node", TRANSFORM, verb, tmp_path / "in.glb", tmp_path / "a.glb", *rest], check=True, capture_output=True)
    same_surface(read(tmp_path).mesh, coloured(), 2e-3)


@needs_transform
def test_webp_textures_are_read_and_kept_as_they_are(tmp_path: Path) -> None:
    glb.write(coloured(), tmp_path / "in.glb")
    subprocess.run(["node", TRANSFORM, "webp", tmp_path / "in.glb", tmp_path / "a.glb"], check=True, capture_output=True)
    reading = read(tmp_path)
    assert [t.media_type for t in reading.mesh.textures] == ["image/webp"]
    assert reading.mesh.materials[0].textures == {"base_colour": 0}


def rewritten(path: Path, change: Any) -> bytes:
    """Change the JSON of a GLB."""
    data = path.read_bytes()
    length = struct.unpack_from("<I", data, 12)[0]
    document = head(path)
    change(document)
    text = json.dumps(document).encode()
    text += b" " * (-len(text) % 4)
    rest = data[20 + length :]
    return struct.pack("<4sII", b"glTF", 2, 20 + len(text) + len(rest)) + struct.pack("<I4s", len(text), b"JSON") + text + rest


def fewer(document: dict[str, Any]) -> None:
    document["accessors"][-1]["count"] -= 3


def more_points(document: dict[str, Any]) -> None:
    for accessor in document["accessors"][:-1]:
        accessor["count"] += 1


@pytest.mark.parametrize(("change", "where"), [(fewer, "preflight"), (more_points, "reader")])
def test_draco_counts_must_be_the_files(tmp_path: Path, change: Any, where: str) -> None:
    glb.write(sphere(3), tmp_path / "in.glb", codec=glb.Draco())
    (tmp_path / "a.glb").write_bytes(rewritten(tmp_path / "in.glb", change))
    look = preflight.inspect if where == "preflight" else lambda path: readers.read(path.parent, path.name, "glb")
    with pytest.raises(Refusal) as caught:
        look(tmp_path / "a.glb")
    assert caught.value.code == "gltf.compressed-count"


def test_an_index_beyond_the_vertices_is_refused_after_unpacking(tmp_path: Path) -> None:
    glb.write(sphere(3), tmp_path / "in.glb", codec=Meshopt())

    def shorten(document: dict[str, Any]) -> None:
        document["accessors"][0]["count"] -= 1

    (tmp_path / "a.glb").write_bytes(rewritten(tmp_path / "in.glb", shorten))
    preflight.inspect(tmp_path / "a.glb")
    with pytest.raises(Refusal) as caught:
        readers.read(tmp_path, "a.glb", "glb")
    assert caught.value.code == "mesh.index-out-of-range"


_SEEDS: dict[str, bytes] = {}


def seed(name: str, folder: Path) -> bytes:
    """Write a small compressed file once."""
    if name not in _SEEDS:
        glb.write(smooth_normals(sphere(1)), folder / "seed.glb", codec=glb.Draco() if name == "draco" else Meshopt())
        _SEEDS[name] = (folder / "seed.glb").read_bytes()
    return _SEEDS[name]


@pytest.mark.parametrize("name", ["draco", "meshopt"])
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(changes=st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), min_size=1, max_size=4))
def test_changed_streams_are_read_or_refused(tmp_path_factory: pytest.TempPathFactory, name: str, changes: list[tuple[float, int]]) -> None:
    folder = tmp_path_factory.mktemp("packed")
    data = bytearray(seed(name, folder))
    start = 28 + struct.unpack_from("<I", data, 12)[0]
    for place, value in changes:
        data[start + int(place * (len(data) - start))] = value
    (folder / "a.glb").write_bytes(data)
    try:
        preflight.inspect(folder / "a.glb")
        mesh = readers.read(folder, "a.glb", "glb").mesh
    except Refusal:
        return
    assert np.isfinite(mesh.positions).all()
    assert mesh.faces.min() >= 0
    assert mesh.faces.max() < len(mesh.positions)


def test_a_fallback_buffer_needs_no_bytes(tmp_path: Path) -> None:
    glb.write(sphere(2), tmp_path / "in.glb", codec=Meshopt())
    document, data = head(tmp_path / "in.glb"), (tmp_path / "in.glb").read_bytes()
    binary = data[28 + struct.unpack_from("<I", data, 12)[0] :]
    document["buffers"][0]["uri"] = "data:application/octet-stream;base64," + base64.b64encode(binary).decode()
    (tmp_path / "a.gltf").write_text(json.dumps(document))
    assert readers.read(tmp_path, "a.gltf", "gltf").mesh.triangles == preflight.inspect(tmp_path / "a.gltf").counts["triangles"] == 128
