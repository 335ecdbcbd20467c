# SPDX-License-Identifier: Apache-2.0
"""Captions given beside a recording: taken, checked against its sound, published as WebVTT."""

from __future__ import annotations

from pathlib import Path

import pytest

from digitize.errors import Refusal
from digitize.preflight import prepare
from tests.digitize.recordings import by_role, digitized, tone

SPOKEN = ((1.0, 2.0), (3.0, 5.0), (6.0, 6.8), (8.5, 10.0))


def srt(path: Path, by: float = 0.0, spoken: tuple[tuple[float, float], ...] = SPOKEN) -> Path:
    """Write one caption for each stretch, moved."""
    clock = lambda at: f"00:00:{int(at):02d},{round(at % 1 * 1000):03d}"  # noqa: E731
    cues = (f"{n}\n{clock(start + by)} --> {clock(end + by)}\n第{n}句\n" for n, (start, end) in enumerate(spoken, 1))
    path.write_text("\n".join(cues), encoding="utf-8")
    return path


def test_captions_become_webvtt_on_the_sound(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QILU_FFMPEG", "none")  # the curve is the same without it, and this is quicker
    recording = tone(tmp_path / "a.wav", seconds=12, rate=8000, channels=1, spoken=SPOKEN)
    result = digitized(recording, tmp_path, "sound", srt(tmp_path / "a.zh.srt"), srt(tmp_path / "a.en.srt", by=1.2))
    one, two = by_role(result)["captions-zh"], by_role(result)["captions-en"]
    assert one.media_type == two.media_type == "text/vtt"
    assert one.path.read_text().startswith("WEBVTT\n\n1\n00:00:01.000 --> 00:00:02.000\n第1句\n")
    assert (one.facts["cues"], one.facts["language"], one.facts["alignment"]["offset"]) == (4, "zh", 0.0)
    assert two.facts["alignment"]["offset"] == pytest.approx(-1.2, abs=0.03)
    shifted = [doubt for doubt in result.doubts if doubt.code == "captions.shifted"]
    assert [doubt.params["name"] for doubt in shifted] == ["a.en.srt"]


def refused(tmp_path: Path, *beside: Path) -> Refusal:
    with pytest.raises(Refusal) as caught:
        prepare(tone(tmp_path / "a.wav", seconds=12, rate=8000, channels=1), into=tmp_path / "into", beside=beside)
    assert not (tmp_path / "into").exists()
    return caught.value


def test_a_caption_beyond_the_end_is_refused(tmp_path: Path) -> None:
    refusal = refused(tmp_path, srt(tmp_path / "a.zh.srt", by=3))
    assert (refusal.code, refusal.at, refusal.params["end"]) == ("captions.beyond-end", "line 14", "13.000")


def test_two_files_of_one_language_are_refused(tmp_path: Path) -> None:
    refusal = refused(tmp_path, srt(tmp_path / "a.zh.srt"), srt(tmp_path / "b.zho.srt"))
    assert (refusal.code, refusal.params["language"]) == ("captions.same-language", "zh")


def test_what_is_no_captions_is_refused_before_anything_runs(tmp_path: Path) -> None:
    (tmp_path / "a.zh.vtt").write_text("WEBVTT\n\nhello\n")
    assert refused(tmp_path, tmp_path / "a.zh.vtt").code == "captions.invalid"


def test_captions_in_the_same_folder_are_found(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    tone(folder / "talk.wav", seconds=12, rate=8000, channels=1)
    srt(folder / "talk.zh.srt")
    intake = prepare(folder, into=tmp_path / "into")
    assert (intake.kind, intake.main, intake.members, intake.counts["captions"]) == (
        "sound",
        "talk.wav",
        ("talk.wav", "talk.zh.srt"),
        1,
    )
