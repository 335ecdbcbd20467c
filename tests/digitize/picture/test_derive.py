# SPDX-License-Identifier: Apache-2.0
"""Web copies of photographs: upright, sRGB, bounded, free of what the camera wrote."""

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageCms

from digitize.errors import Refusal
from digitize.picture.derive import opened, web_copy


def quarters() -> Image.Image:
    pixels = np.zeros((40, 80, 3), dtype=np.uint8)
    pixels[:20, :40], pixels[:20, 40:], pixels[20:, :40], pixels[20:, 40:] = (250, 0, 0), (0, 250, 0), (0, 0, 250), (250, 250, 0)
    return Image.fromarray(pixels)


@pytest.mark.parametrize(("orientation", "top_left", "size"), [(1, 0, (80, 40)), (3, 3, (80, 40)), (6, 2, (40, 80)), (8, 1, (40, 80))])
def test_orientation_is_applied(tmp_path: Path, orientation: int, top_left: int, size: tuple[int, int]) -> None:
    exif = Image.Exif()
    exif[274] = orientation
    quarters().save(tmp_path / "a.jpg", quality=95, exif=exif)
    photograph = opened(tmp_path / "a.jpg")
    assert (photograph.picture.size, photograph.facts["orientation"]) == (size, orientation)
    expected = [(250, 0, 0), (0, 250, 0), (0, 0, 250), (250, 250, 0)][top_left]
    assert np.abs(np.array(photograph.picture.getpixel((5, 5))) - expected).max() < 12


def test_a_profile_is_converted_and_named(tmp_path: Path) -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB"))
    assert profile is not None
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    quarters().save(tmp_path / "a.png", icc_profile=srgb)
    photograph = opened(tmp_path / "a.png")
    assert photograph.facts["colour_profile"].startswith("sRGB")
    assert np.abs(np.asarray(photograph.picture).astype(int) - np.asarray(quarters())).max() <= 2


def test_cmyk_and_sixteen_bits_become_rgb(tmp_path: Path) -> None:
    quarters().convert("CMYK").save(tmp_path / "a.jpg", quality=95)
    assert opened(tmp_path / "a.jpg").picture.mode == "RGB"
    Image.fromarray(np.full((4, 4), 32896, dtype=np.uint16)).save(tmp_path / "b.png")
    assert opened(tmp_path / "b.png").picture.getpixel((0, 0)) == (128, 128, 128)


def test_copies_are_bounded_and_carry_no_metadata(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[271] = "Maker"
    Image.fromarray(np.random.default_rng(1).integers(0, 255, (300, 900, 3), dtype=np.uint8)).save(tmp_path / "a.jpg", exif=exif)
    fact = web_copy(opened(tmp_path / "a.jpg").picture, 450, 88, tmp_path / "image")
    assert fact == {"path": "image.webp", "media_type": "image/webp", "width": 450, "height": 150}
    with Image.open(tmp_path / "image.webp") as copy:
        assert (dict(copy.getexif()), copy.info.get("icc_profile")) == ({}, None)


def test_small_images_are_not_blown_up_and_transparency_stays(tmp_path: Path) -> None:
    Image.new("RGBA", (30, 20), (200, 0, 0, 100)).save(tmp_path / "a.png")
    fact = web_copy(opened(tmp_path / "a.png").picture, 2048, 88, tmp_path / "image")
    assert fact == {"path": "image.webp", "media_type": "image/webp", "width": 30, "height": 20}
    with Image.open(tmp_path / "image.webp") as copy:
        assert copy.getpixel((0, 0)) == (200, 0, 0, 100)


def test_a_cut_image_is_refused(tmp_path: Path) -> None:
    stream = io.BytesIO()
    quarters().save(stream, "JPEG", quality=95)
    (tmp_path / "a.jpg").write_bytes(stream.getvalue()[:300])
    with pytest.raises(Refusal) as caught:
        opened(tmp_path / "a.jpg")
    assert caught.value.code == "image.undecodable"
