# SPDX-License-Identifier: Apache-2.0
"""A colour target beside a picture: how far the capture is off is stated as it is."""

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from digitize.image.decode import vips
from tests.digitize.image.runs import patches, whole


def lab(colour: tuple[int, int, int]) -> list[float]:
    pixel = vips().Image.new_from_array(np.array([[colour]], np.uint8))
    return [float(v) for v in pixel.icc_import(input_profile="srgb", intent="relative", pcs="lab").numpy()[0, 0]]


def described(picture: Image.Image, side: int, shift: float) -> bytes:
    """Describe the first row of patches, each with its own colour, its lightness moved by `shift`."""
    found = []
    for column in range(4):
        colour = lab(picture.getpixel((column * side + 8, 8)))  # type: ignore[arg-type]
        box = {"x": column * side, "y": 0, "width": side, "height": side}
        found.append({"name": f"A{column}", **box, "lab": [colour[0] + shift, *colour[1:]]})
    return json.dumps({"target": "test chart", "patches": found}).encode()


@pytest.mark.parametrize(("shift", "least", "most"), [(0.0, 0.0, 0.05), (5.0, 3.0, 6.0)])
def test_a_target_is_measured(tmp_path: Path, shift: float, least: float, most: float) -> None:
    picture = patches(side=32)
    picture.save(tmp_path / "a.png")
    (tmp_path / "t.json").write_bytes(described(picture, 32, shift))
    told = whole(tmp_path / "a.png", tmp_path / "work", tmp_path / "t.json").facts["derive"]["target"]
    assert (told["name"], told["patches"], told["too_small"]) == ("test chart", 4, 0)
    assert least <= told["delta_e_mean"] <= told["delta_e_max"] <= most


def test_patches_too_small_to_measure_are_counted(tmp_path: Path) -> None:
    patches(side=2).save(tmp_path / "a.png")
    patch = {"name": "A", "x": 0, "y": 0, "width": 2, "height": 2, "lab": [50, 0, 0]}
    (tmp_path / "t.json").write_text(json.dumps({"target": "tiny", "patches": [patch]}))
    told = whole(tmp_path / "a.png", tmp_path / "work", tmp_path / "t.json").facts["derive"]["target"]
    assert told == {"name": "tiny", "patches": 0, "too_small": 1}
