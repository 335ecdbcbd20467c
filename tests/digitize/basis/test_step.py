# SPDX-License-Identifier: Apache-2.0
"""The twin of a level with KTX2 textures: the same geometry to the last byte, valid, read back, and doubted where it cannot be."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from digitize.basis import exchange
from digitize.basis.header import header
from digitize.encode import glb
from digitize.encode.meshopt import Meshopt
from digitize.measure.readback import read_back
from digitize.mesh import Material, Mesh
from digitize.normals import smooth_normals
from digitize.preflight import prepare
from digitize.readers import gltf
from digitize.steps import ktx2, read_facts, write_facts
from tests.digitize.basis.pictures import needs_basisu, noise, smooth, texture
from tests.digitize.encode.validator import needs_validator, reports
from tests.digitize.shapes import seamed

PARAMS = {"roles": ["lod-0", "lod-9"], "side": 64, "decibels": 38, "etc1s": 128, "uastc": 0, "zstd": 9}


def mesh() -> Mesh:
    """A sphere with a colour texture, a normal map and rough metal."""
    flat = np.full((32, 32, 3), (128, 128, 255), dtype=np.uint8)
    maps = {"base_colour": 0, "normal": 1, "metallic_roughness": 2}
    return replace(
        smooth_normals(seamed(2)),
        textures=(texture(smooth()), texture(flat), texture(smooth(32))),
        materials=(Material(name="surface", textures=maps),),
    )


def twin(tmp_path: Path, level: Mesh) -> dict[str, Any]:
    encoded, out = tmp_path / "encode", tmp_path / "out"
    encoded.mkdir()
    out.mkdir()
    facts = []
    for role, codec in (("lod-0", None), ("lod-0-meshopt", Meshopt())):
        counts = glb.write(level, encoded / f"{role}.glb", codec=codec)
        maps = [{"width": one.width, "height": one.height} for one in level.textures]
        facts.append({"role": role, "path": f"{role}.glb", "media_type": "model/gltf-binary", "textures": maps, **counts})
    write_facts(encoded, {"renditions": facts})
    return ktx2.run(inputs={"encode": encoded}, out=out, params=PARAMS, progress=lambda *_: None)


@needs_basisu
@needs_validator
def test_the_twin_is_valid_and_reads_back(tmp_path: Path):
    level = mesh()
    (made,) = twin(tmp_path, level)["renditions"]
    path = tmp_path / "out" / made["path"]
    assert (made["role"], made["triangles"], [one["form"] for one in made["textures"]]) == ("lod-0-ktx2", 128, ["etc1s", "uastc", "etc1s"])
    assert made["device_bytes"]["uncompressed"] > 4 * made["device_bytes"]["textures"]
    document, _ = exchange.unwrapped(path.read_bytes())
    assert document["textures"] == [{"sampler": 0, "extensions": {"KHR_texture_basisu": {"source": n}}} for n in range(3)]
    assert "KHR_texture_basisu" in document["extensionsRequired"]
    assert [header(data).srgb for data in exchange.pictures(path.read_bytes())] == [True, False, False]
    # The validator does not know the extension, and says so; the mesh has no tangents; it finds nothing else.
    told = {one["code"] for one in reports(path)[0]["messages"] if one["severity"] < 2}
    assert told == {"VALUE_NOT_IN_LIST", "IMAGE_UNRECOGNIZED_FORMAT", "MESH_PRIMITIVE_GENERATED_TANGENT_SPACE"}
    packed, found = (read_back(place, level) for place in (tmp_path / "encode" / "lod-0-meshopt.glb", path))
    for one, two in ((packed.positions, found.positions), (packed.faces, found.faces), (packed.uv, found.uv)):
        assert np.array_equal(one, two)
    assert [one.media_type for one in found.textures] == ["image/ktx2"] * 3


@needs_basisu
def test_a_glb_with_ktx2_is_taken_and_read(tmp_path: Path):
    (made,) = twin(tmp_path, mesh())["renditions"]
    taken = prepare(tmp_path / "out" / made["path"], into=tmp_path / "source")
    assert taken.doubts == ()
    found = gltf.read(tmp_path / "source", taken.main).mesh
    assert [(one.media_type, one.width) for one in found.textures] == [("image/ktx2", 64), ("image/ktx2", 32), ("image/ktx2", 32)]


@needs_basisu
def test_textures_beyond_the_bound_leave_a_doubt(tmp_path: Path):
    found = twin(tmp_path, replace(mesh(), textures=(texture(noise()), *mesh().textures[1:])))
    assert [(one["code"], one["params"]["role"]) for one in found["doubts"]] == [("ktx2.beyond-bound", "lod-0")]
    assert found["renditions"] == []


def test_without_an_encoder_there_is_a_doubt_and_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("QILU_BASISU", "none")
    found = twin(tmp_path, mesh())
    assert ([one["code"] for one in found["doubts"]], found["renditions"], found["tools"]) == (["ktx2.no-encoder"], [], {})
    assert read_facts(tmp_path / "out")["renditions"] == []


def test_a_larger_texture_is_left_as_it_is(tmp_path: Path):
    found = twin(tmp_path, replace(mesh(), textures=(texture(smooth(68)), *mesh().textures[1:])))
    assert (found["doubts"], found["renditions"]) == ([], [])


def test_a_level_without_textures_needs_no_encoder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("QILU_BASISU", "none")
    found = twin(tmp_path, replace(smooth_normals(seamed(2)), textures=(), materials=(Material(),)))
    assert (found["doubts"], found["renditions"]) == ([], [])
