# SPDX-License-Identifier: Apache-2.0
"""A picture through its recipe: upright, in sRGB, measured, bounded, free of what the camera wrote, the same each time."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageCms

from digitize.errors import Refusal
from digitize.image.decode import vips
from tests.digitize.corpus.pictures import tiff
from tests.digitize.image.runs import codes, patches, quarters, step, whole


def pixels(path: Path) -> np.ndarray[Any, Any]:
    with Image.open(path) as picture:
        return np.asarray(picture.convert("RGB")).astype(int)


@pytest.mark.parametrize(("orientation", "top_left", "size"), [(1, 0, (80, 40)), (3, 3, (80, 40)), (6, 2, (40, 80)), (8, 1, (40, 80))])
def test_orientation_is_applied(tmp_path: Path, orientation: int, top_left: int, size: tuple[int, int]) -> None:
    exif = Image.Exif()
    exif[274] = orientation
    quarters().save(tmp_path / "a.jpg", quality=95, exif=exif)
    facts, out = step(tmp_path / "a.jpg", tmp_path / "work")
    assert ((facts["width"], facts["height"]), facts["exif_orientation"]) == (size, orientation)
    copy = pixels(out / "image.webp")
    assert copy.shape[:2] == size[::-1]
    expected = [(250, 0, 0), (0, 250, 0), (0, 0, 250), (250, 250, 0)][top_left]
    assert np.abs(copy[8, 8] - expected).max() < 12


def save(picture: Image.Image, folder: Path, form: str) -> Path:
    """Write a picture in one of many forms."""
    name, _, how = form.partition(" ")
    path = folder / f"a.{name}"
    options: dict[str, Any] = {
        "progressive": {"progressive": True, "quality": 98, "subsampling": 0},
        "baseline": {"quality": 98, "subsampling": 0},
        "lossless": {"lossless": True},
        "lzw": {"compression": "tiff_lzw"},
        "deflate": {"compression": "tiff_deflate"},
    }.get(how, {})
    pyramid = vips().Image.new_from_array(np.asarray(picture))
    if how == "tiles":
        pyramid.tiffsave(str(path), tile=True, tile_width=64, tile_height=64, pyramid=True, bigtiff=True)
    elif how == "interlaced":
        pyramid.pngsave(str(path), interlace=True)
    elif how == "16":
        (pyramid.cast("ushort") * 257).cast("ushort").copy(interpretation="rgb16").write_to_file(str(path))
    else:
        picture.save(path, **options)
    return path


@pytest.mark.parametrize(
    "form",
    ["png", "png interlaced", "png 16", "jpg baseline", "jpg progressive", "webp lossless", "tif", "tif lzw", "tif deflate", "tif tiles", "tif 16"],
)  # fmt: skip
def test_every_form_gives_the_same_picture(tmp_path: Path, form: str) -> None:
    facts, out = step(save(patches(), tmp_path, form), tmp_path / "work", quality=95)
    assert (facts["width"], facts["height"], facts["colour_space"]) == (128, 96, "RGB")
    assert facts["bits"] == (16 if form.endswith("16") else 8)
    assert np.abs(pixels(out / "image.webp")[8::16, 8::16] - np.asarray(patches()).astype(int)[8::16, 8::16]).max() <= 8
    assert facts["errors"]["image"]["colour_psnr"] > 30


def test_grey_of_sixteen_bits_is_rounded(tmp_path: Path) -> None:
    Image.fromarray(np.full((4, 4), 32896, dtype=np.uint16)).save(tmp_path / "b.png")
    facts, out = step(tmp_path / "b.png", tmp_path / "work")
    assert (facts["bits"], facts["colour_space"], pixels(out / "image.webp")[0, 0].tolist()) == (16, "GRAY", [128, 128, 128])
    error = {key: value for key, value in facts["errors"]["image"].items() if value is not None}
    assert error == {"colour_mae": 0.0, "colour_off": 0.0, "delta_e_mean": 0.0, "delta_e_p99": 0.0, "delta_e_max": 0.0}


def test_black_and_white_and_palettes_are_read(tmp_path: Path) -> None:
    patches().convert("1").save(tmp_path / "a.tif", compression="group4")
    assert step(tmp_path / "a.tif", tmp_path / "one")[0]["colour_space"] == "GRAY"
    patches().quantize(64).save(tmp_path / "b.tif")
    facts, out = step(tmp_path / "b.tif", tmp_path / "two", quality=95)
    assert facts["colour_space"] == "RGB"
    assert np.abs(pixels(out / "image.webp")[8::16, 8::16] - np.asarray(patches()).astype(int)[8::16, 8::16]).max() <= 12


def test_lab_is_read_as_cie_lab(tmp_path: Path) -> None:
    srgb, lab = ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB")
    converted = ImageCms.profileToProfile(patches(), srgb, lab, outputMode="LAB")
    assert converted is not None
    converted.save(tmp_path / "a.tif")
    facts, out = step(tmp_path / "a.tif", tmp_path / "work", quality=95)
    assert (facts["colour"]["source"], codes(facts)) == ("CIE L*a*b* (D50)", [])
    assert np.abs(pixels(out / "image.webp")[8::16, 8::16] - np.asarray(patches()).astype(int)[8::16, 8::16]).max() <= 10


def test_what_states_no_profile_is_doubted(tmp_path: Path) -> None:
    patches().save(tmp_path / "a.png")
    facts, _ = step(tmp_path / "a.png", tmp_path / "one")
    assert (facts["colour"]["source"], facts["colour"]["assumed"], codes(facts)) == (None, "sRGB", ["image.untagged"])
    patches().convert("CMYK").save(tmp_path / "b.jpg", quality=98)
    facts, _ = step(tmp_path / "b.jpg", tmp_path / "two")
    assert (facts["colour_space"], facts["colour"]["assumed"], codes(facts)) == ("CMYK", "generic CMYK", ["image.untagged"])


def profile(name: str) -> bytes:
    return bytes(vips().Operation.call("profile_load", name))


def test_srgb_is_known_by_its_numbers_not_its_name(tmp_path: Path) -> None:
    stated = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    patches().save(tmp_path / "a.png", icc_profile=stated)
    facts, _ = step(tmp_path / "a.png", tmp_path / "work")
    assert (facts["colour"]["is_srgb"], facts["colour"]["assumed"], codes(facts)) == (True, None, [])
    assert facts["colour"]["source"].startswith("sRGB")
    assert len(facts["colour"]["profile"]["sha256"]) == 64


def test_a_wider_space_is_converted(tmp_path: Path) -> None:
    patches().save(tmp_path / "a.png", icc_profile=profile("p3"))
    facts, out = step(tmp_path / "a.png", tmp_path / "work", quality=95)
    assert (facts["colour"]["source"], facts["colour"]["is_srgb"], facts["colour"]["intent"]) == ("sP3C", False, "perceptual")
    expected = ImageCms.profileToProfile(patches(), ImageCms.ImageCmsProfile(io.BytesIO(profile("p3"))), ImageCms.createProfile("sRGB"))
    assert expected is not None
    apart = np.abs(pixels(out / "image.webp")[8::16, 8::16] - np.asarray(expected).astype(int)[8::16, 8::16])
    assert apart.max() <= 8
    assert np.abs(pixels(out / "image.webp")[8::16, 8::16] - np.asarray(patches()).astype(int)[8::16, 8::16]).max() > 8
    assert facts["errors"]["image"]["delta_e_mean"] < 3


@pytest.mark.parametrize("broken", [b"", b"x" * 500, "cmyk", "cut", "tables"])
def test_an_unusable_profile_is_doubted(tmp_path: Path, broken: Any) -> None:
    data = profile("cmyk") if broken == "cmyk" else profile("p3")[:200] if broken == "cut" else broken
    if broken == "tables":  # a header and a list of contents that hold, and nothing in what they list
        whole_one = profile("p3")
        end = 132 + 12 * int.from_bytes(whole_one[128:132], "big")
        data = whole_one[:end] + bytes(len(whole_one) - end)
    patches().save(tmp_path / "a.tif", icc_profile=data)
    facts, _ = step(tmp_path / "a.tif", tmp_path / "work")
    assert codes(facts) == (["image.profile-unusable"] if data else ["image.untagged"])


def test_copies_are_bounded_and_carry_no_camera(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[271] = "Maker"
    exif.get_ifd(0x8825)[2] = (36.0, 40.0, 0.0)
    Image.fromarray(np.random.default_rng(1).integers(0, 255, (300, 900, 3), dtype=np.uint8)).save(tmp_path / "a.jpg", exif=exif)
    facts, out = step(tmp_path / "a.jpg", tmp_path / "work", sides={"image": 450, "thumbnail": 64})
    assert [{key: value for key, value in made.items() if key != "error"} for made in facts["renditions"]] == [
        {"role": "image", "path": "image.webp", "media_type": "image/webp", "width": 450, "height": 150},
        {"role": "thumbnail", "path": "thumbnail.webp", "media_type": "image/webp", "width": 64, "height": 21},
    ]
    assert codes(facts) == ["image.untagged", "image.location"]
    with Image.open(out / "image.webp") as copy:
        assert (dict(copy.getexif()), copy.info.get("icc_profile"), copy.info.get("xmp")) == ({}, None, None)


def test_small_images_are_not_blown_up_and_transparency_stays(tmp_path: Path) -> None:
    Image.new("RGBA", (30, 20), (200, 0, 0, 100)).save(tmp_path / "a.png")
    facts, out = step(tmp_path / "a.png", tmp_path / "work")
    assert (facts["renditions"][0]["width"], facts["renditions"][0]["height"]) == (30, 20)
    with Image.open(out / "image.webp") as copy:
        assert copy.getpixel((0, 0)) == (200, 0, 0, 100)


def test_transparent_pixels_do_not_bleed(tmp_path: Path) -> None:
    picture = np.zeros((400, 400, 4), np.uint8)
    picture[..., 0], picture[:, 200:, 1], picture[:, :200, 3] = 255, 255, 255  # red, and invisible yellow beside it
    Image.fromarray(picture).save(tmp_path / "a.png")
    _, out = step(tmp_path / "a.png", tmp_path / "work", sides={"image": 100, "thumbnail": 50})
    with Image.open(out / "image.webp") as copy:
        seen = np.asarray(copy)
    assert seen[..., 1][seen[..., 3] > 0].max() <= 2


def test_further_channels_are_doubted(tmp_path: Path) -> None:
    (tmp_path / "a.tif").write_bytes(tiff(16, 16, samples=6, photometric=2, changes={338: (3, [0, 0, 0])}))
    facts, _ = step(tmp_path / "a.tif", tmp_path / "work")
    assert [(d["code"], d["params"].get("count")) for d in facts["doubts"]][-1] == ("image.channels-dropped", 2)


def test_pixels_that_cannot_be_unpacked_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a.tif").write_bytes(tiff(64, 64, compression=5, data=bytes(500)))
    with pytest.raises(Refusal) as caught:
        step(tmp_path / "a.tif", tmp_path / "work")
    assert caught.value.code == "image.undecodable"


def test_a_size_other_than_stated_is_refused(tmp_path: Path) -> None:
    patches().save(tmp_path / "a.png")
    from digitize.image.decode import opened

    with pytest.raises(Refusal) as caught:
        opened(tmp_path / "a.png", "png", {"width": 128, "height": 97})
    assert caught.value.code == "image.count-mismatch"


def test_the_recipe_runs_locked_in_and_gives_the_same_bytes(tmp_path: Path) -> None:
    patches(40, 60).save(tmp_path / "a.tif")
    one, two = whole(tmp_path / "a.tif", tmp_path / "one"), whole(tmp_path / "a.tif", tmp_path / "two")
    assert [(r.role, r.media_type) for r in one.renditions] == [
        ("image", "image/webp"),
        ("thumbnail", "image/webp"),
        ("pyramid", "application/zip"),
        ("report", "application/json"),
    ]
    assert [r.sha256 for r in one.renditions] == [r.sha256 for r in two.renditions]
    assert [r.error["colour_psnr"] > 20 for r in one.renditions[:3] if r.error] == [True] * 3
    assert one.facts["measure"]["errors"]["pyramid"]["tiles"] == 12
    assert {"landlock", "seccomp"} <= set(one.steps[0].isolation)


@pytest.mark.skipif(shutil.which("vips") is None, reason="nothing here writes HEIC")
def test_a_phone_picture(tmp_path: Path) -> None:
    patches().save(tmp_path / "a.png")
    command = ["vips", "copy", str(tmp_path / "a.png"), f"{tmp_path}/a.heic[compression=hevc,Q=95]"]
    # The library in this process tells its children where its own parts lie, which are not that program's.
    made = subprocess.run(command, check=False, capture_output=True, env=dict(os.environ))
    if made.returncode:
        pytest.skip(f"this vips writes no HEIC: {made.stderr!r}")
    result = whole(tmp_path / "a.heic", tmp_path / "work")
    facts = result.facts["derive"]
    assert (facts["format"], facts["width"], facts["height"]) == ("heif", 128, 96)
    image = next(r for r in result.renditions if r.role == "image")
    assert np.abs(pixels(image.path)[8::16, 8::16] - np.asarray(patches()).astype(int)[8::16, 8::16]).mean() < 8


def test_damage_inside_a_jpeg_is_doubted(tmp_path: Path) -> None:
    patches(40, 60).save(tmp_path / "a.jpg", quality=90, restart_marker_rows=1)
    data = bytearray((tmp_path / "a.jpg").read_bytes())
    for at in range(len(data) // 2, len(data) // 2 + 40):
        data[at] = 0x55
    (tmp_path / "a.jpg").write_bytes(data)
    facts, _ = step(tmp_path / "a.jpg", tmp_path / "work")
    assert codes(facts) == ["image.decoder-warned", "image.untagged"]
