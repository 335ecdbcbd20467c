# SPDX-License-Identifier: Apache-2.0
"""The tiles of a picture: all there, where they belong, without the time of their making."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from PIL import Image

from tests.digitize.image.runs import patches, quarters, step


def assembled(archive: Path, level: int, tile: int, overlap: int) -> np.ndarray[Any, Any]:
    """Put the tiles of a level together, dropping what overlaps."""
    rows: dict[int, dict[int, np.ndarray[Any, Any]]] = {}
    with zipfile.ZipFile(archive) as pyramid:
        for name in pyramid.namelist():
            if name.startswith(f"pyramid_files/{level}/"):
                column, row = map(int, Path(name).stem.split("_"))
                piece = np.asarray(Image.open(io.BytesIO(pyramid.read(name))).convert("RGB")).astype(int)
                rows.setdefault(row, {})[column] = piece[overlap * (row > 0) :, overlap * (column > 0) :][:tile, :tile]
    return np.concatenate([np.concatenate([one[c] for c in sorted(one)], axis=1) for _, one in sorted(rows.items())])


def test_the_lowest_level_is_the_picture(tmp_path: Path) -> None:
    picture = patches(20, 40)
    picture.save(tmp_path / "a.tif")
    facts, out = step(tmp_path / "a.tif", tmp_path / "work", "pyramid", quality=95)
    (made,) = facts["renditions"]
    assert made == {
        "role": "pyramid", "media_type": "application/zip", "path": "pyramid.zip", "width": 640, "height": 320, "tile": 254, "overlap": 1,
        "levels": 11, "tiles": 6 + 2 + 9, "format": "jpeg", "quality": 95, "index": "pyramid.dzi",
    }  # fmt: skip
    lowest = assembled(out / "pyramid.zip", 10, 254, 1)
    assert lowest.shape == (320, 640, 3)
    assert np.abs(lowest - np.asarray(picture).astype(int)).mean() < 3


def test_the_index_and_the_members(tmp_path: Path) -> None:
    patches(20, 40).save(tmp_path / "a.png")
    _, out = step(tmp_path / "a.png", tmp_path / "work", "pyramid")
    with zipfile.ZipFile(out / "pyramid.zip") as pyramid:
        infos = pyramid.infolist()
        index = ET.fromstring(pyramid.read("pyramid.dzi"))
    assert [info.filename for info in infos] == sorted(info.filename for info in infos)
    assert {(info.compress_type, info.date_time) for info in infos} == {(0, (1980, 1, 1, 0, 0, 0))}
    assert [name for name in (info.filename for info in infos) if not name.endswith((".jpg", ".dzi"))] == []
    assert (index.attrib["TileSize"], index.attrib["Overlap"], index.attrib["Format"]) == ("254", "1", "jpg")
    assert {child.tag.split("}")[1]: child.attrib for child in index} == {"Size": {"Height": "320", "Width": "640"}}


def test_the_number_of_threads_does_not_matter(tmp_path: Path) -> None:
    Image.fromarray(np.random.default_rng(2).integers(0, 255, (700, 900, 3), dtype=np.uint8)).save(tmp_path / "a.tif")
    code = (
        "import sys; from pathlib import Path; from tests.digitize.image.runs import step;"
        "step(Path(sys.argv[1]), Path(sys.argv[2]), 'pyramid'); step(Path(sys.argv[1]), Path(sys.argv[2]) / 'image')"
    )
    for threads in "12":
        environment = {**os.environ, "VIPS_CONCURRENCY": threads}
        subprocess.run([sys.executable, "-c", code, tmp_path / "a.tif", tmp_path / threads], check=True, env=environment, cwd=Path.cwd())
    for name in ("out/pyramid.zip", "image/out/image.webp", "image/out/facts.json"):
        assert (tmp_path / "1" / name).read_bytes() == (tmp_path / "2" / name).read_bytes()


@pytest.mark.parametrize("orientation", [3, 6])
def test_tiles_are_upright(tmp_path: Path, orientation: int) -> None:
    exif = Image.Exif()
    exif[274] = orientation
    quarters(800, 400).save(tmp_path / "a.jpg", quality=95, exif=exif)
    facts, out = step(tmp_path / "a.jpg", tmp_path / "work", "pyramid")
    lowest = assembled(out / "pyramid.zip", 10, 254, 1)
    assert lowest.shape[:2] == ((400, 800) if orientation == 3 else (800, 400))
    assert (facts["renditions"][0]["width"], facts["renditions"][0]["height"]) == lowest.shape[1::-1]
    expected = (250, 250, 0) if orientation == 3 else (0, 0, 250)
    assert np.abs(lowest[20, 20] - expected).max() < 12


def test_transparent_pictures_are_cut_without_loss(tmp_path: Path) -> None:
    picture = patches().convert("RGBA")
    picture.putalpha(77)
    picture.save(tmp_path / "a.png")
    facts, out = step(tmp_path / "a.png", tmp_path / "work", "pyramid")
    assert facts["renditions"][0]["format"] == "png"
    with zipfile.ZipFile(out / "pyramid.zip") as pyramid:
        tile = Image.open(io.BytesIO(pyramid.read("pyramid_files/7/0_0.png")))
    assert np.array_equal(np.asarray(tile), np.asarray(picture))
