# SPDX-License-Identifier: Apache-2.0
"""The recipe for sound: what is kept loses nothing, what is made for listening says what it loses, without ffmpeg there is still WAV."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from digitize.errors import Refusal, StepFailure
from digitize.runner import Result
from tests.digitize.recordings import SINE, by_role, digitized, made, needs_ffmpeg, tone


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Result:
    folder = tmp_path_factory.mktemp("sound")
    return digitized(tone(folder / "a.wav"), folder, "sound")


@needs_ffmpeg
def test_every_role_is_made(run: Result) -> None:
    types = {role: one.media_type for role, one in by_role(run).items()}
    types.pop("sound-opus", None)
    assert types == {
        "waveform": "image/svg+xml",
        "waveform-data": "application/json",
        "preservation": "audio/matroska",
        "sound": "audio/mp4",
        "report": "application/json",
    }


@needs_ffmpeg
def test_the_facts_are_those_of_the_tone(run: Result, tmp_path: Path) -> None:
    facts = run.facts["listen"]
    data = tone(tmp_path / "a.wav").read_bytes()[44:]
    assert facts["pcm"] == {"md5": hashlib.md5(data, usedforsecurity=False).hexdigest(), "form": "s16le", "frames": 96_000}
    assert (facts["duration"], facts["rate"], facts["channels"], facts["bits"]) == (2.0, 48_000, 2, 16)
    assert (facts["peak_dbfs"], facts["rms_dbfs"]) == (-6.02, -9.03)
    # BS.1770: 10 log10 of the channels' summed mean squares (2 × 1/8) less .691, its filter being flat at 440 Hz.
    assert facts["loudness"]["integrated_lufs"] == pytest.approx(-6.7, abs=0.1)
    assert facts["loudness"]["true_peak_dbtp"] == pytest.approx(-6.0, abs=0.1)


@needs_ffmpeg
def test_the_copies_state_their_error(run: Result) -> None:
    made_ = by_role(run)
    assert made_["preservation"].error["exact"] is True
    error = made_["sound"].error
    assert error["snr_db"] > 25
    assert abs(error["loudness_difference_lu"]) <= 0.2
    assert 0 <= error["duration_difference"] < 0.05
    if "sound-opus" in made_:
        assert made_["sound-opus"].error["snr_db"] > 15


@needs_ffmpeg
def test_the_waveform_for_the_player_is_the_tone(run: Result) -> None:
    data = json.loads(by_role(run)["waveform-data"].path.read_text())
    assert (data["schema"], data["seconds"], len(data["peaks"])) == ("qilu.waveform/1", 2.0, 40)
    assert set(map(tuple, data["peaks"])) == {(-64, 64)}


@needs_ffmpeg
@pytest.mark.slow
def test_a_second_run_gives_the_same_bytes(run: Result, tmp_path: Path) -> None:
    again = digitized(tone(tmp_path / "a.wav"), tmp_path, "sound")
    assert {role: one.sha256 for role, one in by_role(again).items()} == {role: one.sha256 for role, one in by_role(run).items()}


FORMS = [
    ("a.flac", ("-c:a", "flac"), "flac", "s16le"),
    ("b.flac", ("-c:a", "flac", "-sample_fmt", "s32"), "flac", "s24le"),
    ("a.aiff", ("-c:a", "pcm_s24be"), "flac", "s24le"),
    ("a.wav", ("-c:a", "pcm_f32le"), "pcm_f32le", "f32le"),
    ("b.wav", ("-c:a", "pcm_s32le"), "pcm_s32le", "s32le"),
    ("c.wav", ("-c:a", "pcm_u8"), "flac", "s16le"),
    ("a.m4a", ("-c:a", "aac"), "flac", "s24le"),
    ("b.m4a", ("-c:a", "alac"), "flac", "s16le"),
    ("a.mka", ("-c:a", "flac"), "flac", "s16le"),
]


@needs_ffmpeg
@pytest.mark.parametrize(("name", "options", "codec", "form"), FORMS, ids=[form[0] + form[1][1] for form in FORMS])
def test_every_form_is_kept_to_the_bit(tmp_path: Path, name: str, options: tuple[str, ...], codec: str, form: str) -> None:
    result = digitized(made(tmp_path / name, *SINE, *options), tmp_path, "sound", steps=2)
    kept = by_role(result)["preservation"]
    assert (kept.facts["codec"], kept.facts["pcm"]["form"], kept.error["exact"]) == (codec, form, True)
    assert result.facts["listen"]["duration"] == pytest.approx(2.0, abs=0.05)


@needs_ffmpeg
def test_a_flac_whose_samples_are_not_those_it_was_made_of_is_refused(tmp_path: Path) -> None:
    path = made(tmp_path / "a.flac", *SINE, "-c:a", "flac")
    data = bytearray(path.read_bytes())
    data[30] ^= 1  # of STREAMINFO's own hash
    path.write_bytes(data)
    with pytest.raises(Refusal) as caught:
        digitized(path, tmp_path, "sound")
    assert (caught.value.code, caught.value.at) == ("media.checksum", "STREAMINFO")


@needs_ffmpeg
def test_a_film_gives_its_sound(tmp_path: Path) -> None:
    film = made(tmp_path / "a.mkv", "-f", "lavfi", "-i", "testsrc2=s=64x48:d=1", *SINE, "-c:v", "ffv1", "-c:a", "flac", "-shortest")
    result = digitized(film, tmp_path, "sound", steps=2, kind="sound")
    assert (result.facts["listen"]["kind"], by_role(result)["preservation"].media_type) == ("sound", "audio/matroska")


def test_without_ffmpeg_there_is_still_wav(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QILU_FFMPEG", "none")
    result = digitized(tone(tmp_path / "a.wav"), tmp_path, "sound")
    assert {role: one.media_type for role, one in by_role(result).items()} == {
        "waveform": "image/svg+xml",
        "sound": "audio/wav",
        "report": "application/json",
    }
    assert [doubt.code for doubt in result.doubts] == ["media.no-encoder"]
    assert by_role(result)["sound"].path.read_bytes()[44:] == (tmp_path / "a.wav").read_bytes()[44:]
    assert (result.facts["listen"]["duration"], result.facts["listen"]["peak_dbfs"]) == (2.0, -6.02)


@needs_ffmpeg
def test_without_ffmpeg_other_forms_name_the_mend(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = made(tmp_path / "a.flac", *SINE)
    monkeypatch.setenv("QILU_FFMPEG", "none")
    with pytest.raises(StepFailure) as caught:
        digitized(path, tmp_path, "sound")
    assert caught.value.code == "media.no-ffmpeg"
    assert "QILU_FFMPEG" in caught.value.hint
