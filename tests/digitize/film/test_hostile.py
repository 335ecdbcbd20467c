# SPDX-License-Identifier: Apache-2.0
"""Films that passed the pre-flight, or went around it, and are hostile only to a decoder: a refusal each, inside the locks."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from pathlib import Path

import pytest

from digitize.errors import Refusal
from digitize.recipe import load
from digitize.runner import Result, StepLimits, run_recipe
from tests.digitize.corpus.case import jpeg
from tests.digitize.corpus.media_made import avi
from tests.digitize.recordings import PICTURES, SINE, digitized, made, needs_ffmpeg

pytestmark = needs_ffmpeg


def looked(source: Path, work: Path) -> Result:
    """Run only the step that decodes everything."""
    whole = load("film")
    return run_recipe(
        replace(whole, steps=whole.steps[:1]), source=source, work=work, limits=StepLimits(cpu_seconds=60), on_event=lambda _: None
    )


def laid(folder: Path, data: bytes, form: str = "mp4") -> Path:
    """Lay a source as the pre-flight would, without asking it."""
    folder.mkdir()
    (folder / "a.mp4").write_bytes(data)
    intake = {"kind": "film", "format": form, "main": "a.mp4", "members": ["a.mp4"], "counts": {"frames": 10}, "doubts": [], "declared": {}}
    (folder / "intake.json").write_text(json.dumps(intake))
    return folder


PLAYLIST = "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n{target}\n#EXT-X-ENDLIST\n"
DISGUISED = {
    "playlist": PLAYLIST,
    "concat": "ffconcat version 1.0\nfile '{target}'\n",
    "sdp": "v=0\no=- 0 0 IN IP4 127.0.0.1\nc=IN IP4 127.0.0.1\nm=video 5004 RTP/AVP 96\n",
    "subtitles": "1\n00:00:00,000 --> 00:00:01,000\n{target}\n",
}


@pytest.mark.parametrize(("kind", "form"), [*((kind, "mp4") for kind in sorted(DISGUISED)), ("playlist", "matroska"), ("concat", "avi")])
def test_a_list_of_other_files_is_read_as_what_it_says_it_is_and_fails(tmp_path: Path, kind: str, form: str) -> None:
    secret = made(tmp_path / "secret.mp4", *PICTURES, "-c:v", "mpeg4")
    with pytest.raises(Refusal) as caught:
        looked(laid(tmp_path / "source", DISGUISED[kind].format(target=secret).encode(), form), tmp_path / "work")
    assert caught.value.code == "media.undecodable"
    assert str(tmp_path) not in caught.value.message


def test_pictures_that_change_their_size_are_refused(tmp_path: Path) -> None:
    film = tmp_path / "a.avi"
    film.write_bytes(avi(pictures=20, bodies=(jpeg(64, 48),) * 10 + (jpeg(96, 80),) * 10))
    with pytest.raises(Refusal) as caught:
        digitized(film, tmp_path, "film", steps=1)
    assert (caught.value.code, caught.value.at) == ("film.size-changes", "second 1.000")


def test_pictures_larger_than_stated_are_not_decoded(tmp_path: Path) -> None:
    film = made(tmp_path / "a.mp4", "-f", "lavfi", "-i", "color=s=8192x4640:d=0.04", "-c:v", "mjpeg", "-q:v", "31")
    data = film.read_bytes().replace(
        (8192).to_bytes(2, "big") + (4640).to_bytes(2, "big"), (64).to_bytes(2, "big") + (48).to_bytes(2, "big"), 1
    )
    film.write_bytes(data)
    with pytest.raises(Refusal) as caught:
        digitized(film, tmp_path, "film", steps=1)
    assert caught.value.code == "media.undecodable"


@pytest.mark.parametrize("seed", [0, 1, 2, *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(3, 24))])
def test_a_film_with_changed_bytes_is_refused_or_doubted(tmp_path: Path, seed: int) -> None:
    codec = (("-c:v", "libx264", "-c:a", "aac"), ("-c:v", "mpeg4", "-c:a", "libmp3lame"), ("-c:v", "ffv1", "-c:a", "flac"))[seed % 3]
    data = bytearray(made(tmp_path / "a.mkv", *PICTURES, *SINE, *codec).read_bytes())
    chance = random.Random(seed)
    for _ in range(40):
        data[chance.randrange(len(data) // 8, len(data))] = chance.randrange(256)
    answer = outcome(laid(tmp_path / "source", bytes(data), "matroska"), tmp_path / "work")
    assert isinstance(answer, Refusal) or {doubt.code for doubt in answer.doubts} & {"media.decoding-errors", "media.frames-differ"}


def outcome(source: Path, work: Path) -> Result | Refusal:
    """Look, or give the refusal; a failure of the step passes on, and fails the test."""
    try:
        return looked(source, work)
    except Refusal as refusal:
        return refusal
