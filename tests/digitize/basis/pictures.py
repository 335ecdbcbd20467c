# SPDX-License-Identifier: Apache-2.0
"""Pictures that each form of Basis Universal does well or badly with, and the encoder where this machine has one."""

import io
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from digitize.basis import encoder, exchange
from digitize.basis.encoder import Settings
from digitize.basis.header import MEDIA_TYPE
from digitize.encode import glb
from digitize.encode.meshopt import Meshopt
from digitize.mesh import Texture
from digitize.normals import smooth_normals
from tests.digitize.shapes import seamed

BASISU = encoder.found()
needs_basisu = pytest.mark.skipif(BASISU is None, reason="there is no basisu for this machine")


def program() -> Path:
    assert BASISU is not None
    return BASISU


def smooth(side: int = 64) -> np.ndarray:
    y, x = np.mgrid[0:side, 0:side] / side
    return np.stack([90 + 40 * x, 120 + 30 * y, 100 + 20 * x * y], axis=-1).astype(np.uint8)


def noise(side: int = 64) -> np.ndarray:
    return np.random.default_rng(1).integers(0, 256, (side, side, 3), dtype=np.uint8)


def texture(pixels: np.ndarray) -> Texture:
    stream = io.BytesIO()
    Image.fromarray(pixels).save(stream, "PNG")
    return Texture("picture", "image/png", pixels.shape[1], pixels.shape[0], stream.getvalue())


def lean_model(folder: Path) -> bytes:
    """A small sphere, packed, whose texture is KTX2."""
    data = ktx2(folder, smooth(), "etc1s")
    glb.write(smooth_normals(replace(seamed(2), textures=(texture(smooth()),))), folder / "ball.glb", codec=Meshopt())
    return exchange.exchanged((folder / "ball.glb").read_bytes(), [Texture("picture", MEDIA_TYPE, 64, 64, data)])


def ktx2(folder: Path, pixels: np.ndarray, mode: str, *, linear: bool = False) -> bytes:
    return encoder.encode(program(), Image.fromarray(pixels), folder, mode=mode, linear=linear, settings=Settings())
