# SPDX-License-Identifier: Apache-2.0
"""The error of a pyramid: nothing where nothing was lost, what was changed where something was."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from digitize.image import colour, decode, tiles
from tests.digitize.image.runs import patches, step

MADE = {"width": 640, "height": 320, "tile": 254, "overlap": 1, "levels": 11, "format": "png"}


def cut(pixels: np.ndarray[Any, Any], archive: Path) -> None:
    """Cut a picture into tiles, without loss."""
    with zipfile.ZipFile(archive, "w") as pyramid:
        for row in range(2):
            for column in range(3):
                top, left = max(0, row * 254 - 1), max(0, column * 254 - 1)
                stream = io.BytesIO()
                Image.fromarray(pixels[top : (row + 1) * 254 + 1, left : (column + 1) * 254 + 1]).save(stream, "PNG")
                pyramid.writestr(f"pyramid_files/10/{column}_{row}.png", stream.getvalue())


@pytest.mark.parametrize("form", ["png", "jpg", "tif"])
def test_tiles_without_loss_have_no_error(tmp_path: Path, form: str) -> None:
    patches(20, 40).save(tmp_path / f"a.{form}")
    cut(np.asarray(Image.open(tmp_path / f"a.{form}")), tmp_path / "a.zip")
    picture = decode.opened(tmp_path / f"a.{form}", {"jpg": "jpeg", "tif": "tiff"}.get(form, form), {})
    found = tiles.error(picture, colour.managed(picture, tmp_path / "p.icc"), tmp_path / "a.zip", MADE)
    stated = {key: value for key, value in found.items() if value is not None}
    assert stated == {"colour_mae": 0.0, "colour_off": 0.0, "delta_e_mean": 0.0, "delta_e_p99": 0.0, "delta_e_max": 0.0, "tiles": 6}


def test_a_known_change_is_stated(tmp_path: Path) -> None:
    patches(20, 40).save(tmp_path / "a.png")
    changed = np.asarray(patches(20, 40)).copy()
    changed[..., 1] += 3
    changed[:, :320, 1] += 37
    cut(changed, tmp_path / "a.zip")
    picture = decode.opened(tmp_path / "a.png", "png", {})
    found = tiles.error(picture, colour.managed(picture, tmp_path / "p.icc"), tmp_path / "a.zip", MADE)
    assert (found["colour_mae"], found["colour_off"]) == (round((40 + 3) / 2 / 3, 3), 0.5)
    assert found["colour_psnr"] == round(10 * np.log10(255**2 * 3 / ((40**2 + 3**2) / 2)), 2)
    assert found["delta_e_max"] > 5


def test_places_are_spread() -> None:
    assert (tiles.spaced(81, 4), tiles.spaced(1, 4), tiles.spaced(3, 4)) == ([10, 30, 50, 70], [0], [0, 1, 2])


@pytest.mark.parametrize("form", ["jpg", "tif", "png"])
def test_a_picture_that_streams_by_is_read_in_order(tmp_path: Path, form: str) -> None:
    picture = patches(200, 120)
    picture.save(tmp_path / f"a.{form}", **({"compression": "tiff_lzw"} if form == "tif" else {}))
    facts, out = step(tmp_path / f"a.{form}", tmp_path / "work", "pyramid", quality=95)
    opened = decode.opened(tmp_path / f"a.{form}", {"jpg": "jpeg", "tif": "tiff"}.get(form, form), {})
    found = tiles.error(opened, colour.managed(opened, tmp_path / "p.icc"), out / "pyramid.zip", facts["renditions"][0])
    assert found["tiles"] == 16
    assert found["colour_psnr"] > 30
