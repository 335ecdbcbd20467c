# SPDX-License-Identifier: Apache-2.0
"""What ffmpeg says is understood, whichever version says it; what it says of this machine does not come through."""

from __future__ import annotations

import pytest

from digitize.av import command, describe
from digitize.av.listen import channels_of, form_of
from digitize.errors import Refusal, StepFailure

LINES = [
    (
        "h264 (High) (avc1 / 0x31637661), yuv420p(tv, bt709, progressive), 1920x1080 [SAR 1:1 DAR 16:9], 267 kb/s, 25 fps, 25 tbr",
        ("h264", "High", "yuv420p", ("tv", "bt709"), False, None),
    ),
    ("ffv1 (FFV1 / 0x31564646), yuv422p10le(top first), 720x576, SAR 64:45 DAR 16:9", ("ffv1", None, "yuv422p10le", (), True, None)),
    (
        "hevc (Main 10), yuv420p10le(tv, bt2020nc/bt2020/smpte2084), 3840x2160, 24 fps",
        ("hevc", "Main 10", "yuv420p10le", ("tv", "bt2020nc", "bt2020", "smpte2084"), None, "PQ"),
    ),
    ("mjpeg (MJPG / 0x47504A4D), yuvj422p(pc, bt470bg/unknown/unknown), 64x48", ("mjpeg", None, "yuvj422p", ("pc", "bt470bg", "unknown", "unknown"), None, None)),
]  # fmt: skip


@pytest.mark.parametrize(("words", "expected"), LINES)
def test_a_line_about_pictures(words: str, expected: tuple[object, ...]) -> None:
    found = describe._picture(3, describe._TOP_COMMA.split(words))
    assert found is not None
    assert (found.codec, found.profile, found.form, found.colour, found.interlaced, found.hdr) == expected


@pytest.mark.parametrize(
    ("words", "expected", "way"),
    [
        (
            "pcm_s24le ([1][0][0][0] / 0x0001), 44100 Hz, mono, s32 (24 bit), 1058 kb/s",
            ("pcm_s24le", 44_100, "mono", "s32", 24, False),
            "s32le",
        ),
        (
            "aac (LC) (mp4a / 0x6134706D), 48000 Hz, 5.1(side), fltp, 69 kb/s (default)",
            ("aac", 48_000, "5.1(side)", "flt", 0, True),
            "s32le",
        ),
        ("pcm_f64le, 8000 Hz, 2 channels, dbl, 1024 kb/s", ("pcm_f64le", 8000, "2 channels", "dbl", 0, False), "f64le"),
        ("pcm_u8, 8000 Hz, stereo, u8, 128 kb/s", ("pcm_u8", 8000, "stereo", "u8", 8, False), "s16le"),
        ("alac, 96000 Hz, stereo, s32p, 2000 kb/s", ("alac", 96_000, "stereo", "s32", 32, False), "s32le"),
    ],
)
def test_a_line_about_sound(words: str, expected: tuple[object, ...], way: str) -> None:
    found = describe._samples(1, describe._TOP_COMMA.split(words))
    assert found is not None
    assert (found.codec, found.rate, found.layout, found.form, found.bits, found.lossy) == expected
    assert form_of(found).name == way


def test_what_is_not_decoded_is_not_described() -> None:
    assert describe._picture(0, ["none", "none", "64x48"]) is None
    assert describe._samples(0, ["none", "8000 Hz", "mono"]) is None


@pytest.mark.parametrize(
    ("layout", "channels"),
    [("mono", 1), ("stereo", 2), ("2.1", 3), ("5.1(side)", 6), ("7.1", 8), ("quad", 4), ("3 channels", 3), ("downmix", 2), ("odd", 0)],
)
def test_layouts(layout: str, channels: int) -> None:
    assert channels_of(layout) == channels


def test_words_lose_addresses_and_folders() -> None:
    said = "[info] x\n[h264 @ 0x5588d97e0e00] [error] no frame! in /home/someone/a.mp4\n"
    assert command.problem(said) == "no frame! in"
    assert command.complaints(said) == ("[h264 @ 0x5588d97e0e00] [error] no frame! in /home/someone/a.mp4",)
    assert command.problem("") == "it said nothing"


def test_a_failure_is_the_files_own_unless_the_machine_is_short() -> None:
    assert isinstance(command.refused("a.mp4", command.failure(1, "Invalid data found")), Refusal)
    assert isinstance(command.refused("a.mp4", command.failure(1, "Cannot allocate memory")), StepFailure)
    assert isinstance(command.refused("a.mp4", command.failure(-9, "")), StepFailure)


@pytest.mark.parametrize(
    ("said", "expected"),
    [("5.1.9-0+deb12u1", 5), ("7.0.2-static", 7), ("n9.0.2-17-g2a571b6068", 9), ("4.4.2-0ubuntu0.22.04.1", 4)],
)
def test_a_version_is_read_however_its_builder_writes_it(said: str, expected: int) -> None:
    assert command.generation(said) == expected


@pytest.mark.parametrize("said", ["N-118000-g1234567890", "git-2024-05-01-abcdef", ""])
def test_a_build_between_two_versions_is_newer_than_any(said: str) -> None:
    assert command.generation(said) > 1000
