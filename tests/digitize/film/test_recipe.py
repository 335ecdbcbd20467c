# SPDX-License-Identifier: Apache-2.0
"""The recipe for film: every picture kept, the access copy and its ladder play, what they lose is stated."""

from __future__ import annotations

import re
import zipfile
from fractions import Fraction
from pathlib import Path

import pytest
from PIL import Image

from digitize.av import command
from digitize.errors import Refusal
from digitize.film.frames import read_hashes
from digitize.preflight import inspect
from digitize.runner import Result
from tests.digitize.recordings import PICTURES, SINE, by_role, digitized, made, needs_ffmpeg

pytestmark = needs_ffmpeg
H264 = ("-c:v", "libx264", "-preset", "veryfast", "-c:a", "aac")


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two scenes of a second each, at a rate that no millisecond divides, large enough for two rungs."""
    scenes = ("-f", "lavfi", "-i", "testsrc2=s=480x270:r=30000/1001:d=1", "-f", "lavfi", "-i", "mandelbrot=s=480x270:r=30000/1001")
    joined = "[0:v]format=yuv420p[a];[1:v]trim=duration=1,format=yuv420p[b];[a][b]concat=n=2[v]"
    return made(tmp_path_factory.mktemp("made") / "a.mkv", *scenes, *SINE, "-filter_complex", joined, "-map", "[v]", "-map", "2:a", *H264)


@pytest.fixture(scope="module")
def run(film: Path, tmp_path_factory: pytest.TempPathFactory) -> Result:
    return digitized(film, tmp_path_factory.mktemp("run"), "film")


def test_every_role_is_made(run: Result) -> None:
    assert {role: one.media_type for role, one in by_role(run).items()} == {
        "thumbnail": "image/webp",
        "framemd5": "text/plain",
        "waveform": "image/svg+xml",
        "waveform-data": "application/json",
        "preservation": "video/matroska",
        "film": "video/mp4",
        "hls": "application/zip",
        "report": "application/json",
    }


def test_the_facts_are_those_of_the_film(run: Result) -> None:
    facts = run.facts["look"]
    assert (facts["kind"], facts["width"], facts["height"], facts["frames"], facts["frame_rate"]) == ("film", 480, 270, 60, "30000/1001")
    assert (facts["frame_rate_variable"], facts["interlaced"], facts["codec"], facts["pixel_form"]) == (False, False, "h264", "yuv420p")
    assert facts["duration"] == pytest.approx(2.002, abs=0.002)
    assert facts["shots"] == [0.0, pytest.approx(1.001, abs=0.002)]
    assert facts["sound"]["rate"] == 48_000


def test_every_picture_and_sample_is_kept(run: Result, tmp_path: Path) -> None:
    kept = by_role(run)["preservation"]
    assert (kept.facts["codec"], kept.facts["sound_codec"], kept.error["exact"]) == ("ffv1", "flac", True)
    # Proven a second time, by another command.
    again = made(tmp_path / "again.txt", "-i", str(kept.path), "-map", "0:v", "-f", "framemd5")
    frames, original = read_hashes(again), read_hashes(by_role(run)["framemd5"].path)
    assert frames is not None
    assert original is not None
    assert (frames.digest, frames.count) == (original.digest, 60)


def test_the_access_copy_is_whole_ready_to_stream_and_measured(run: Result) -> None:
    copy = by_role(run)["film"]
    data = copy.path.read_bytes()
    assert data.index(b"moov") < data.index(b"mdat")
    counts = inspect(copy.path).counts
    assert (counts["width"], counts["height"], counts["frames"]) == (480, 270, 60)
    assert copy.error["psnr"] > 35
    assert copy.error["psnr_worst"] <= copy.error["psnr"]
    assert 0.9 < copy.error["ssim"] < 1
    assert copy.error["snr_db"] > 20
    assert copy.error["lag_samples"] == 0


def test_nothing_written_names_its_writer_or_its_day(run: Result) -> None:
    for role in ("film", "hls", "preservation"):
        data = by_role(run)[role].path.read_bytes()
        assert re.search(rb"Lavf\d|Lavc\d|x264 - core|creation_time", data) is None, role


def test_the_ladder_points_only_at_what_it_holds(run: Result) -> None:
    one = by_role(run)["hls"]
    with zipfile.ZipFile(one.path) as archive:
        names = archive.namelist()
        assert names == sorted(["240p.m3u8", "240p.m4s", "270p.m3u8", "270p.m4s", "audio.m3u8", "audio.m4s", "master.m3u8"])
        assert {info.compress_type for info in archive.infolist()} == {zipfile.ZIP_STORED}
        master = archive.read(one.facts["index"]).decode()
        for playlist in [*re.findall(r"^[^#].+$", master, re.MULTILINE), "audio.m3u8"]:
            text = archive.read(playlist).decode()
            held = archive.getinfo(playlist.replace("m3u8", "m4s")).file_size
            ranges = [(int(length), int(start)) for length, start in re.findall(r"BYTERANGE[:=]\"?(\d+)@(\d+)", text)]
            assert [start for _, start in ranges] == [0, *[sum(length for length, _ in ranges[:n]) for n in range(1, len(ranges))]]
            assert sum(length for length, _ in ranges) == held
            assert text.rstrip().endswith("#EXT-X-ENDLIST")
        assert re.findall(r"RESOLUTION=(\S+?),FRAME-RATE=(\S+?),", master) == [("480x270", "29.970"), ("426x240", "29.970")]
        assert master.count('CODECS="avc1.6400') == 2


def test_a_rung_decodes_to_every_picture(run: Result, tmp_path: Path) -> None:
    with zipfile.ZipFile(by_role(run)["hls"].path) as archive:
        archive.extractall(tmp_path)
    for name in ("240p.m4s", "270p.m4s"):
        frames = read_hashes(made(tmp_path / f"{name}.txt", "-i", str(tmp_path / name), "-f", "framemd5"))
        assert frames is not None
        assert frames.count == 60


def test_the_poster_is_a_picture_of_the_film(run: Result) -> None:
    one = by_role(run)["thumbnail"]
    with Image.open(one.path) as image:
        assert image.size == (one.facts["width"], one.facts["height"]) == (480, 270)
    assert 0 < one.facts["second"] < 2


@pytest.mark.slow
def test_a_second_run_gives_the_same_bytes(film: Path, run: Result, tmp_path: Path) -> None:
    again = digitized(film, tmp_path, "film")
    assert {role: one.sha256 for role, one in by_role(again).items()} == {role: one.sha256 for role, one in by_role(run).items()}


def test_a_silent_film_with_wide_pixels_and_two_moments_in_a_picture(tmp_path: Path) -> None:
    source = made(
        tmp_path / "a.avi", "-f", "lavfi", "-i", "testsrc2=s=180x144:r=50:d=1", "-vf", "interlace,setsar=16/15", "-c:v", "ffv1", "-pix_fmt", "yuv422p10le"
    )  # fmt: skip
    result = digitized(source, tmp_path, "film")
    facts, made_ = result.facts["look"], by_role(result)
    assert (facts["frames"], facts["frame_rate"], facts["pixel_form"]) == (25, "25/1", "yuv422p10le")
    assert (facts["interlaced"], Fraction(facts["pixel_aspect"])) == (True, Fraction(16, 15))
    assert (made_["film"].facts["width"], made_["film"].facts["height"], made_["film"].facts["sound_codec"]) == (192, 144, None)
    assert made_["film"].error["compared_with"] == "the original, deinterlaced"
    assert made_["preservation"].error["exact"] is True
    assert (made_["thumbnail"].facts["width"], made_["thumbnail"].facts["height"]) == (192, 144)


def test_lost_pictures_are_a_refusal_never_silent(tmp_path: Path) -> None:
    path = made(tmp_path / "a.mp4", *PICTURES, "-c:v", "mpeg4", "-g", "1")
    data = bytearray(path.read_bytes())
    start = data.index(b"mdat") + 4 + len(data) // 2
    data[start : start + 6000] = bytes(6000)
    path.write_bytes(data)
    with pytest.raises(Refusal) as caught:
        digitized(path, tmp_path, "film", steps=1)
    assert caught.value.code in {"media.frames-lost", "media.undecodable"}


def test_an_uneven_film_keeps_its_times(tmp_path: Path) -> None:
    uneven = [word for name, value in command.passed().items() for word in (f"-{name}", str(value))]
    path = made(tmp_path / "a.mkv", *PICTURES, "-vf", "select='not(mod(n,3))+lt(n,20)'", *uneven, "-c:v", "ffv1")
    result = digitized(path, tmp_path, "film")
    facts = result.facts["look"]
    assert facts["frame_rate_variable"] is True
    assert inspect(by_role(result)["film"].path).counts["frames"] == facts["frames"] == 30
