# SPDX-License-Identifier: Apache-2.0
"""WebP textures: where they are smaller and near enough, in files that say so."""

import io
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from digitize.encode import glb, textures
from digitize.encode.meshopt import Meshopt
from digitize.measure.readback import read_back
from digitize.mesh import Texture
from digitize.normals import smooth_normals
from tests.digitize.encode.test_glb import head
from tests.digitize.encode.validator import needs_validator, reports
from tests.digitize.shapes import checker, png, seamed


def waves(side: int = 256) -> Texture:
    y, x = np.mgrid[0:side, 0:side] / side
    pixels = np.stack([np.sin(9 * x) * 90 + 128, np.cos(7 * y) * 90 + 128, x * 255], axis=-1).astype(np.uint8)
    return Texture("waves.jpg", "image/jpeg", side, side, textures.jpeg(Image.fromarray(pixels), 92))


def noise(side: int = 256) -> Texture:
    pixels = np.random.default_rng(1).integers(0, 256, (side, side, 3), dtype=np.uint8)
    return Texture("noise.jpg", "image/jpeg", side, side, textures.jpeg(Image.fromarray(pixels), 92))


def psnr(one: Texture, two: Texture) -> float:
    a, b = (textures.pixels(texture).astype(np.float64) for texture in (one, two))
    return float(10 * np.log10(255**2 / max(((a - b) ** 2).mean(), 1e-12)))


def test_smooth_pictures_shrink_and_stay_near() -> None:
    given = waves()
    found = textures.webp(given, quality=85, decibels=42, side=2048)
    assert found.media_type == "image/webp"
    assert len(found.data) < 0.6 * len(given.data)
    assert psnr(given, found) >= 42


@pytest.mark.parametrize(("texture", "side"), [(noise(), 2048), (waves(), 128)])
def test_what_gains_nothing_or_is_too_large_stays(texture: Texture, side: int) -> None:
    assert textures.webp(texture, quality=85, decibels=42, side=side) is texture


def test_a_png_stays_the_same_to_the_last_bit() -> None:
    pixels = np.zeros((64, 64, 4), dtype=np.uint8)
    pixels[..., 0], pixels[..., 3] = np.arange(64), np.arange(64)[:, None] * 4
    given = replace(checker(), data=png(pixels))
    found = textures.webp(given, quality=85, decibels=99, side=2048)
    assert found.media_type == "image/webp"
    with Image.open(io.BytesIO(found.data)) as picture:
        assert np.array_equal(np.asarray(picture.convert("RGBA")), pixels)


def test_sixteen_bits_are_not_touched() -> None:
    deep = replace(checker(), data=png(np.arange(4096, dtype=np.uint16).reshape(64, 64)))
    assert textures.webp(deep, quality=85, decibels=42, side=2048) is deep


@needs_validator
@pytest.mark.parametrize("codec", [None, glb.Draco(), Meshopt()])
def test_the_file_says_that_it_needs_webp(tmp_path: Path, codec: glb.Draco | Meshopt | None) -> None:
    mesh = smooth_normals(seamed(3))
    mesh = replace(mesh, textures=(textures.webp(waves(), quality=85, decibels=42, side=2048),))
    glb.write(mesh, tmp_path / "a.glb", codec=codec)
    content = head(tmp_path / "a.glb")
    assert content["textures"] == [{"sampler": 0, "extensions": {"EXT_texture_webp": {"source": 0}}}]
    assert "EXT_texture_webp" in content["extensionsRequired"]
    assert [message["code"] for message in reports(tmp_path / "a.glb")[0]["messages"] if message["severity"] < 2] == []
    assert read_back(tmp_path / "a.glb", mesh).textures[0].data == mesh.textures[0].data
