# SPDX-License-Identifier: Apache-2.0
"""Rates, ladders, posters and playlists by themselves."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from digitize.film import hls, poster
from digitize.film.access import fitted, ladder
from digitize.film.frames import Frames, read_hashes

SHORTS = [1080, 720, 480, 360, 240]


def frames(times: list[int], base: Fraction, last: int = 1) -> Frames:
    return Frames(base, np.array(times, dtype=np.int64), last, "", 4, 4, Fraction(1))


@pytest.mark.parametrize("rate", [Fraction(24000, 1001), Fraction(25), Fraction(30000, 1001), Fraction(50), Fraction(60000, 1001)])
@pytest.mark.parametrize("offset", [0, 21])
def test_a_rate_is_found_behind_milliseconds(rate: Fraction, offset: int) -> None:
    times = [offset + round(1000 * n / rate) for n in range(500)]
    assert frames(times, Fraction(1, 1000)).rate() == (rate, False)


def test_exact_times_give_exact_rates() -> None:
    assert frames([n * 1001 for n in range(50)], Fraction(1, 24000)).rate() == (Fraction(24000, 1001), False)
    assert frames([n * 512 for n in range(50)], Fraction(1, 12800)).rate() == (Fraction(25), False)
    assert frames([0, 1, 5], Fraction(1, 25)).rate() == (Fraction(10), True)
    assert frames([7], Fraction(1, 25), last=2).rate() == (Fraction(25, 2), False)


def test_hashes_are_read_with_size_and_pixel(tmp_path: Path) -> None:
    head = "#tb 0: 1/25\n#dimensions 0: 720x576\n#sar 0: 64/45\n#stream#, dts,        pts, duration,     size, hash\n"
    path = tmp_path / "a.txt"
    path.write_text(head + "0,  3,  3,  1,  100, aa\n0,  4,  4,  2,  100, bb\n")
    found = read_hashes(path)
    assert found is not None
    assert (found.width, found.height, found.pixel, found.count, found.seconds, found.changed) == (
        720,
        576,
        Fraction(64, 45),
        2,
        0.12,
        None,
    )
    path.write_text(head + "0,  0,  0,  1,  100, aa\n0,  1,  1,  1,  100, aa\n0,  2,  2,  1,  200, bb\n")
    assert read_hashes(path).changed == 2  # type: ignore[union-attr]
    path.write_text(head)
    assert read_hashes(path) is None


@pytest.mark.parametrize(
    ("size", "pixel", "names"),
    [
        ((3840, 2160), Fraction(1), [(1920, 1080), (1280, 720), (854, 480), (640, 360), (426, 240)]),
        ((1080, 1920), Fraction(1), [(1080, 1920), (720, 1280), (480, 854), (360, 640), (240, 426)]),
        ((720, 576), Fraction(64, 45), [(1024, 576), (854, 480), (640, 360), (426, 240)]),
        ((2560, 1080), Fraction(1), [(1920, 810), (1280, 540), (854, 360), (640, 270), (426, 180)]),
        ((160, 120), Fraction(1), [(160, 120)]),
        ((3, 5), Fraction(1), [(4, 4)]),
    ],
)
def test_a_ladder_fits_and_never_enlarges(size: tuple[int, int], pixel: Fraction, names: list[tuple[int, int]]) -> None:
    assert [(rung.width, rung.height) for rung in ladder(*size, pixel, SHORTS)] == names


def test_a_rung_is_named_by_its_shorter_side() -> None:
    assert [fitted(1080, 1920, Fraction(1), 1080).name, fitted(1920, 1080, Fraction(1), 480).name] == ["1080p", "480p"]


def test_the_sharpest_picture_is_chosen(tmp_path: Path) -> None:
    noise = np.random.default_rng(5).integers(0, 255, (60, 80), dtype=np.uint8)
    pictures = {
        "black": np.zeros((60, 80), dtype=np.uint8),
        "blurred": np.asarray(Image.fromarray(noise).resize((8, 6)).resize((80, 60))),
        "sharp": noise,
    }
    choice = []
    for second, (name, pixels) in enumerate(pictures.items()):
        Image.fromarray(pixels).save(tmp_path / f"{name}.png")
        choice.append((tmp_path / f"{name}.png", float(second)))
    assert poster.write(choice, Fraction(3, 2), tmp_path) == {
        "role": "thumbnail", "media_type": "image/webp", "path": "poster.webp", "width": 120, "height": 60, "second": 2.0,
    }  # fmt: skip


@pytest.mark.parametrize(("count", "among"), [(1, 9), (5, 9), (1000, 9), (0, 9)])
def test_picks_lie_inside_and_hold_the_first(count: int, among: int) -> None:
    found = poster.picks(count, among)
    assert found == sorted(set(found))
    assert found[0] == 0
    assert found[-1] < max(count, 1)


def test_a_playlist_names_every_byte() -> None:
    text = hls._playlist("a.m4s", 800, [(800, 100, 4.0), (900, 50, 1.5)])
    assert text == (
        "#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-TARGETDURATION:4\n#EXT-X-MEDIA-SEQUENCE:0\n#EXT-X-PLAYLIST-TYPE:VOD\n#EXT-X-INDEPENDENT-SEGMENTS\n"
        '#EXT-X-MAP:URI="a.m4s",BYTERANGE="800@0"\n#EXTINF:4.000000,\n#EXT-X-BYTERANGE:100@800\na.m4s\n'
        "#EXTINF:1.500000,\n#EXT-X-BYTERANGE:50@900\na.m4s\n#EXT-X-ENDLIST\n"
    )
