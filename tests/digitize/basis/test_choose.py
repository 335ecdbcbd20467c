# SPDX-License-Identifier: Apache-2.0
"""Each texture takes the smallest form that stays within the bound, judged by what comes out again."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from digitize.basis.choose import Chooser, Chosen, Use, fitted, psnr, sampled
from digitize.basis.encoder import Settings
from digitize.basis.header import header
from digitize.basis.transcoder import decode
from tests.digitize.basis.pictures import needs_basisu, noise, program, smooth, texture

COLOUR = Use(colour=True, normal=False, opaque=True)


def chosen(folder: Path, pixels: np.ndarray, use: Use, decibels: float) -> Chosen | float:
    return Chooser(program(), folder, decibels=decibels, settings=Settings()).choose(texture(pixels), use)


@needs_basisu
@pytest.mark.parametrize(
    ("pixels", "use", "decibels", "mode"),
    [
        (smooth(), COLOUR, 38, "etc1s"),
        (smooth(), COLOUR, 50, "uastc"),
        (smooth(), Use(colour=False, normal=True, opaque=True), 38, "uastc"),
        (np.dstack([smooth(), smooth()[..., 0]]), Use(colour=True, normal=False, opaque=False), 38, "uastc"),
    ],
    ids=["plain", "nearer", "normals", "alpha"],
)
def test_the_smallest_form_within_the_bound(tmp_path: Path, pixels: np.ndarray, use: Use, decibels: float, mode: str):
    found = chosen(tmp_path, pixels, use, decibels)
    assert isinstance(found, Chosen)
    assert (found.mode, header(found.texture.data).mode, header(found.texture.data).srgb) == (mode, mode, use.colour)
    assert found.decibels == round(psnr(pixels, decode(found.texture.data)), 2)
    assert found.decibels >= decibels


@needs_basisu
def test_beyond_the_bound_the_nearest_is_told(tmp_path: Path):
    found = chosen(tmp_path, noise(), COLOUR, 38)
    assert isinstance(found, float)
    assert 10 < found < 38


@pytest.mark.parametrize(("size", "wanted"), [((1, 1), (4, 4)), ((5, 7), (4, 8)), ((1000, 750), (1000, 752)), ((64, 64), (64, 64))])
def test_sides_become_multiples_of_four(size: tuple[int, int], wanted: tuple[int, int]):
    assert fitted(Image.new("RGB", size)).size == wanted


def test_a_sample_holds_pieces_from_everywhere():
    y, x = np.mgrid[0:1024, 0:2048]
    sample = np.asarray(sampled(Image.fromarray(np.stack([x // 256 * 30, y // 128 * 30, 0 * x], axis=-1).astype(np.uint8))))
    assert sample.shape == (256, 256, 3)
    assert {tuple(one) for one in sample.reshape(-1, 3)} == {(30 * a, 30 * b, 0) for a in range(8) for b in range(8)}
