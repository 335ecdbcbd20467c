# SPDX-License-Identifier: Apache-2.0
"""A set of photographs: each judged, their overlap estimated, the whole judged with its reasons."""

from __future__ import annotations

import io
import json
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from PIL import Image

from digitize.errors import Refusal
from digitize.photos import sparse
from digitize.photos.camera import camera as camera_of
from digitize.photos.features import COUNT, features
from digitize.photos.focus import focus
from digitize.photos.light import light
from digitize.photos.likeness import alike, perceptual_hash, reduced
from digitize.photos.load import WORK, measure, opened
from digitize.photos.matching import match
from digitize.photos.overlap import graph
from digitize.photos.verdict import Bounds, judge, of_set
from digitize.preflight import prepare
from digitize.recipe import Recipe, for_kind
from digitize.runner import Result, StepLimits, run_recipe
from tests.digitize.photos.shots import SIDE, blurred, brightened, jpeg, mixed, ring, shot
from tests.digitize.test_preflight_fuzz import edits, mutate


def few_features(recipe: Recipe) -> Recipe:
    """Let the reconstruction be a coarse one; `test_survey` looks at a good one."""
    return replace(recipe, steps=tuple(replace(s, params={**s.params, "features": 500}) if s.name == "sparse" else s for s in recipe.steps))


def grey(pixels: np.ndarray) -> np.ndarray:
    return np.asarray(Image.fromarray(pixels).convert("L"), dtype=np.float32)


QUICK = few_features(for_kind("photos"))


def run(folder: Path, files: dict[str, bytes]) -> Result:
    (folder / "in").mkdir(parents=True)
    for name, data in files.items():
        (folder / "in" / name).write_bytes(data)
    intake = prepare(folder / "in", into=folder / "source")
    assert intake.kind == "photos"
    return run_recipe(QUICK, source=folder / "source", work=folder / "run", limits=StepLimits(), on_event=lambda _: None)


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> Result:
    return run(tmp_path_factory.mktemp("photos"), mixed())


def test_each_photograph_gets_its_verdict(judged: Result):
    photos = {photo["name"]: photo for photo in judged.facts["photos"]["photos"]}
    wrong = {name: (p["verdict"], [r["code"] for r in p["reasons"]]) for name, p in photos.items() if p["verdict"] != "keep"}
    assert wrong == {
        "blurred.jpg": ("leave-out", ["photo.blurred", "photo.duplicate"]),
        "bright.jpg": ("reshoot", ["photo.overexposed"]),
        "dark.jpg": ("reshoot", ["photo.underexposed"]),
        "double.jpg": ("leave-out", ["photo.duplicate"]),
    }
    assert photos["double.jpg"]["duplicate_of"] == "IMG_0004.jpg"
    assert photos["blurred.jpg"]["blur_px"] == pytest.approx(4.2, abs=0.5)  # 4 pixels, and what the lens itself gives
    assert photos["IMG_0001.jpg"]["camera"] == {
        "make": "Qingniao", "model": "X1", "exposure_seconds": 0.005, "focal_mm": 50.0, "focal_35mm": 64.0,
    }  # fmt: skip
    assert set(photos["bright.jpg"]["reasons"][0]["text"]) == {"en", "zh-hans"}


def test_what_does_not_overlap_is_named(judged: Result):
    told = judged.facts["photos"]["overlap"]
    apart = {name for group in told["components"][1:] for name in group}
    assert "foreign.jpg" in apart
    assert apart <= {"foreign.jpg", "dark.jpg"}
    held = {(pair["one"], pair["two"]) for pair in told["pairs"]}
    assert {(f"IMG_{n:04d}.jpg", f"IMG_{n + 1:04d}.jpg") for n in range(1, 10)} <= held
    assert ("IMG_0001.jpg", "IMG_0010.jpg") not in held
    assert told["pairs_compared"] == 105


def test_the_set_is_judged_with_reasons(judged: Result):
    verdict = judged.facts["verdict"]["verdict"]
    assert verdict["state"] == "reshoot"
    failing = [reason["code"] for reason in verdict["failing"]]
    assert failing in (["photos.gaps"], ["photos.not-placed"])  # without and with pycolmap
    assert "foreign.jpg" in verdict["failing"][0]["params"]["names"]
    assert [reason["code"] for reason in verdict["lacking"]][:2] == ["photos.small", "photos.reshoot"]
    assert (verdict["kept"], verdict["photos"]) == (11, 15)


def test_sheet_thumbnail_and_report_are_there(judged: Result):
    assert [one.role for one in judged.renditions if one.role not in ("points", "cameras", "camera-plan")] == [
        "thumbnail",
        "contact-sheet",
        "report",
    ]
    sheet = Image.open(judged.renditions[1].path).convert("RGB")
    assert sheet.size == (1000, 600)
    frames = [np.abs(np.asarray(sheet)[100, 200 * n + 3].astype(int) - (190, 40, 30)).max() < 60 for n in range(3)]
    assert frames == [False, True, True]  # blurred is left out (grey), bright and dark are to be taken again (red)
    report = json.loads(judged.report.read_bytes())
    assert report.get("steps", report["facts"])["verdict"]["verdict"]["state"] == "reshoot"
    assert len(report["source"]["files"]) == 15


def test_a_good_ring_hangs_together(tmp_path: Path):
    result = run(tmp_path, ring(9))
    verdict = result.facts["verdict"]["verdict"]
    assert verdict["state"] == "usable"
    assert verdict["failing"] == []
    # With the extra it is known that the ring is none, but an arc at one height.
    assert {reason["code"] for reason in verdict["lacking"]} <= {"photos.small", "photos.weak", "photos.one-side", "photos.one-height"}
    assert len(result.facts["photos"]["overlap"]["components"]) == 1


_SHOT = jpeg(shot(15, side=64))


@settings(max_examples=120, deadline=None)
@given(changes=edits)
def test_a_changed_photograph_is_opened_or_refused(changes: list[tuple[str, float, int, bytes]]):
    with tempfile.NamedTemporaryFile(suffix=".jpg") as file:
        file.write(mutate(_SHOT, changes))
        file.flush()
        try:
            picture, facts = opened(Path(file.name), "a.jpg")
        except Refusal as refusal:
            assert refusal.code == "image.undecodable"  # noqa: PT017 - either end is sound
        else:
            assert picture.mode == "RGB"
            assert facts["width"] > 0


@pytest.mark.parametrize("size", [(1, 1), (20_000, 3), (30, 5000)])
def test_odd_shapes_are_judged_too(tmp_path: Path, size: tuple[int, int]):
    result = run(tmp_path, {f"{n}.jpg": jpeg(np.full((size[1], size[0], 3), 90 + n, dtype=np.uint8)) for n in range(3)})
    assert {photo["verdict"] for photo in result.facts["photos"]["photos"]} <= {"reshoot", "leave-out"}
    assert result.facts["verdict"]["verdict"]["failing"][0]["code"] == "photos.few"


def test_a_broken_photograph_is_refused_by_name(tmp_path: Path):
    data = bytearray(jpeg(shot(15)))
    data[len(data) // 2 : len(data) // 2 + 64] = b"\xff\xc4" * 32
    (tmp_path / "a.jpg").write_bytes(bytes(data[: len(data) // 3]))
    with pytest.raises(Refusal) as caught:
        measure(tmp_path / "a.jpg", "a.jpg")
    assert (caught.value.code, caught.value.at) == ("image.undecodable", "a.jpg")


def test_photographs_are_measured_upright_and_at_full_size(tmp_path: Path):
    wide = np.tile(shot(15), (1, 3, 1))
    (tmp_path / "a.jpg").write_bytes(jpeg(wide, orientation=6))
    photo = measure(tmp_path / "a.jpg", "a.jpg")
    assert (photo.facts["width"], photo.facts["height"]) == (SIDE, 3 * SIDE)
    assert photo.features.height > photo.features.width
    assert WORK < 3 * SIDE


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("suffix", ["jpg", "png", "webp", "tif"])
def test_every_orientation_is_brought_upright(tmp_path: Path, orientation: int, suffix: str):
    from PIL import ImageOps

    exif = Image.Exif()
    exif[274] = orientation
    pixels = np.zeros((60, 90, 3), dtype=np.uint8)
    pixels[:20, :30] = 250
    Image.fromarray(pixels).save(tmp_path / f"a.{suffix}", exif=exif)
    with Image.open(tmp_path / f"a.{suffix}") as file:
        expected = np.asarray(ImageOps.exif_transpose(file).convert("L")).astype(int)
    picture, facts = opened(tmp_path / f"a.{suffix}", "a")
    assert np.abs(np.asarray(picture.convert("L")).astype(int) - expected).max() < 12
    assert (facts["width"], facts["height"]) == expected.shape[::-1]


@pytest.mark.parametrize("mode", ["L", "RGBA", "P", "I;16", "CMYK"])
def test_any_mode_is_measured(tmp_path: Path, mode: str):
    picture = Image.fromarray(shot(15))
    plain = picture.convert("L").convert("I").point(lambda v: v * 257).convert("I;16") if mode == "I;16" else picture.convert(mode)
    plain.save(tmp_path / "a.tif")
    photo = measure(tmp_path / "a.tif", "a.tif")
    assert photo.facts["stops"] == pytest.approx(light(shot(15)).stops, abs=0.3)


@pytest.mark.parametrize("sigma", [1.5, 3.0, 6.0])
def test_the_width_of_an_edge_is_that_of_its_blur(sigma: float):
    step = np.zeros((200, 200, 3), dtype=np.uint8)
    step[:, 100:] = 200
    measured = focus(grey(blurred(step, sigma)))
    assert measured.blur == pytest.approx(sigma, rel=0.15)
    assert focus(grey(step)).laplacian > measured.laplacian
    assert focus(np.full((50, 50), 7, dtype=np.float32)).blur is None


def test_light_is_measured_in_stops_and_shares():
    half = np.full((10, 10, 3), 255, dtype=np.uint8)
    half[:5] = 0
    measured = light(half)
    assert (measured.dark, measured.bright, measured.stops) == (0.5, 0.5, 0.0)
    assert measured.tones == (pytest.approx(-13.288, abs=1e-3), pytest.approx(-1.0, abs=1e-3), 0.0)
    assert light(brightened(shot(15), -1)).stops - light(shot(15)).stops == pytest.approx(-1, abs=0.15)


def test_the_hash_survives_what_leaves_the_picture_the_same():
    one = shot(30)
    stream = io.BytesIO()
    Image.fromarray(one).resize((300, 300)).save(stream, "JPEG", quality=50)
    same = [grey(one), grey(np.asarray(Image.open(stream))), grey(brightened(one, 0.5))]
    other = grey(shot(60))
    marks = [perceptual_hash(each) for each in (*same, other)]
    assert max((marks[0] ^ mark).bit_count() for mark in marks[:3]) <= 6
    assert (marks[0] ^ marks[3]).bit_count() > 10
    assert alike(marks, np.stack([reduced(each, 64) for each in (*same, other)])) == {1: 0, 2: 0}


def test_features_are_the_same_each_time_and_found_again_when_turned():
    one = grey(shot(45))
    first, second = features(one), features(one)
    assert np.array_equal(first.places, second.places)
    assert np.array_equal(first.descriptors, second.descriptors)
    assert 100 < len(first.places) <= COUNT
    turned = features(np.rot90(one).copy())
    assert match(first, turned).shared > 0.5 * len(first.places)
    assert match(first, first).shared == match(first, first).alike > 0.9 * len(first.places)
    assert match(first, features(grey(shot(45, seed=9)))).shared == 0
    assert match(first, features(np.zeros((300, 300), dtype=np.float32))).shared == 0
    assert len(features(np.zeros((40, 40), dtype=np.float32)).places) == 0


def test_the_graph_says_what_hangs_together_and_what_by_a_thread():
    told = graph(6, {(0, 1): 90, (1, 2): 80, (0, 2): 50, (2, 3): 20, (4, 5): 70}, 15)
    assert told.components == ((0, 1, 2, 3), (4, 5))
    assert told.weak == (3,)
    assert graph(0, {}, 0).components == ()


def photo(**changes: Any) -> dict[str, Any]:
    base = {"name": "a", "laplacian": 40.0, "blur_px": 1.0, "dark": 0.0, "bright": 0.0, "stops": -2.0, "tones": (-5.0, -4.0, -3.0)}
    return {**base, "width": 4000, "height": 3000, "camera": {"make": "M", "focal_mm": 50.0}, "verdict": "keep", **changes}


def test_bounds_may_be_set():
    photos = [photo(name=str(n)) for n in range(5)] + [photo(name="soft", laplacian=12.0, blur_px=1.7)]
    assert [one["verdict"] for one in judge(photos, {}, Bounds())] == ["keep"] * 5 + ["reshoot"]
    assert [one["verdict"] for one in judge(photos, {}, Bounds(detail=0.2))] == ["keep"] * 6


def test_a_white_ground_is_not_taken_for_overexposure():
    photos = [photo(name=str(n), bright=0.6) for n in range(5)]
    assert [one["verdict"] for one in judge(photos, {}, Bounds())] == ["keep"] * 5


def test_more_black_ground_is_not_taken_for_underexposure():
    photos = [photo(name=str(n)) for n in range(5)] + [photo(name="ground", dark=0.7, tones=(-13.0, -13.0, -4.0))]
    assert [one["verdict"] for one in judge(photos, {}, Bounds())] == ["keep"] * 6
    assert judge([*photos[:5], photo(name="dark", dark=0.7, stops=-2.7)], {}, Bounds())[5]["reasons"][0]["code"] == "photo.underexposed"


def test_white_counts_where_the_picture_is_brighter_too():
    white = [photo(name=str(n), bright=0.1, stops=0.0) for n in range(5)]
    assert [one["verdict"] for one in judge([*white, photo(name="ground", bright=0.5, stops=0.0)], {}, Bounds())] == ["keep"] * 6
    bright = photo(name="bright", bright=0.5, stops=0.0, tones=(-4.2, -3.2, -2.2))
    assert judge([*white, bright], {}, Bounds())[5]["reasons"][0]["code"] == "photo.overexposed"


def test_noise_does_not_hide_how_wide_edges_are():
    random = np.random.default_rng(5)
    soft = grey(blurred(shot(15), 3.0))
    noisy = focus(np.clip(soft + random.normal(0, 8, soft.shape), 0, 255).astype(np.float32))
    assert noisy.blur == pytest.approx(focus(soft).blur, rel=0.1)
    photos = [photo(name=str(n)) for n in range(5)] + [photo(name="noisy", laplacian=60.0, blur_px=2.2)]
    assert judge(photos, {}, Bounds())[5]["reasons"][0]["code"] == "photo.blurred"


def test_what_is_only_dark_is_not_taken_for_blurred():
    photos = [photo(name=str(n)) for n in range(5)] + [photo(name="dark", laplacian=2.0, blur_px=1.05, stops=-5.0)]
    assert [reason["code"] for reason in judge(photos, {}, Bounds())[5]["reasons"]] == ["photo.underexposed"]


def test_what_differs_within_a_set_is_said():
    photos = [photo(name=str(n)) for n in range(8)]
    told = graph(8, {(n, n + 1): 90 for n in range(7)} | {(0, 7): 90}, 28)
    assert of_set(photos, told, Bounds(), {})["state"] == "ready"
    photos[3]["camera"] = {"make": "N", "focal_mm": 35.0}
    photos[4]["camera"] = {}
    photos[5]["stops"] = -3.5
    photos[6]["width"] = 3000
    verdict = of_set(photos, told, Bounds(), {})
    assert verdict["state"] == "usable"
    assert [reason["code"] for reason in verdict["lacking"]] == [
        "photos.exposure-varies", "photos.sizes-differ", "photos.cameras-differ", "photos.focal-varies", "photos.no-focal",
    ]  # fmt: skip
    assert of_set(photos[:5], graph(5, {}, 10), Bounds(), {})["state"] == "reshoot"


def test_hostile_exif_is_left_out():
    exif = Image.Exif()
    exif[271], exif[272] = "M" * 5000, 17
    inner = exif.get_ifd(0x8769)
    inner[37386], inner[33437], inner[34855], inner[33434] = float("nan"), (0, 0), "many", -1.0
    assert camera_of(exif) == {"make": "M" * 80}


@pytest.mark.skipif(sparse.available(), reason="the extra photos is installed")
def test_without_pycolmap_it_is_said(judged: Result):
    assert [doubt.code for doubt in judged.doubts] == ["photos.no-reconstruction"]
    assert "pycolmap" in judged.doubts[0].message
