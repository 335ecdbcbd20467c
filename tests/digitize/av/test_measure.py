# SPDX-License-Identifier: Apache-2.0
"""Curves, lags and differences of sound are what they are known to be."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from digitize.av import compare, waveform
from digitize.av.describe import Samples, describe
from digitize.av.listen import curve, decibel, listen
from digitize.av.loudness import loudness
from tests.digitize.recordings import SINE, made, needs_ffmpeg, tone


def test_a_curve_has_each_hundredth() -> None:
    found = curve(np.array([0.0, 1.0, -0.5, 0.5] * 50), 200)
    assert found.shape == (100, 3)
    assert found[0].tolist() == [0.0, 1.0, 0.5]
    assert found[1].tolist() == [-0.5, 0.5, 0.25]
    assert curve(np.zeros(0), 8000).shape == (0, 3)


@pytest.mark.parametrize("columns", [1, 3, 100, 1000])
def test_columns_cover_the_whole_curve(columns: int) -> None:
    drawn = np.zeros((100, 3))
    drawn[99, 1], drawn[0, 0] = 0.7, -0.3
    found = waveform.extremes(drawn, columns)
    assert found.shape == (columns, 2)
    assert (found.min(), found.max(), found[-1, 1], found[0, 0]) == (-0.3, 0.7, 0.7, -0.3)


def test_silence_has_no_level() -> None:
    assert (decibel(0.0), decibel(1.0), decibel(0.5)) == (None, 0.0, -6.02)


@pytest.mark.parametrize("late", [-30, 0, 45])
def test_a_lag_is_found(late: int) -> None:
    noise = np.random.default_rng(3).normal(size=4000)
    assert compare._lag(noise[100:3000], noise[100 - late : 3000 - late], 60) == late


@needs_ffmpeg
def test_a_copy_with_known_noise_has_that_distance(tmp_path: Path) -> None:
    path = tone(tmp_path / "a.wav", rate=8000, channels=1)
    quiet = made(tmp_path / "b.wav", "-i", str(path), "-af", "volume=0.9")
    late = made(tmp_path / "c.wav", "-i", str(path), "-af", "adelay=20")
    samples = Samples(0, "pcm_s16le", 8000, "mono", "s16", 16)
    same = compare.sounds(path, "wav", samples, path, "wav", rate=8000, channels=1)
    assert (same.snr, same.lag, same.seconds) == (None, 0, 0.0)
    # A tenth of the amplitude is missing: 20 dB.
    assert compare.sounds(path, "wav", samples, quiet, "wav", rate=8000, channels=1).snr == pytest.approx(20, abs=0.01)
    moved = compare.sounds(path, "wav", samples, late, "wav", rate=8000, channels=1)
    assert (moved.lag % 200, moved.seconds) == (160, 0.02)  # a tone repeats itself: 160 samples, or any of its periods away


@needs_ffmpeg
def test_silence_has_no_loudness(tmp_path: Path) -> None:
    path = made(tmp_path / "a.wav", "-f", "lavfi", "-i", "anullsrc=r=8000:cl=mono:d=1")
    assert loudness(path, "wav", 0) == {"integrated_lufs": None, "range_lu": None, "true_peak_dbtp": None}


@needs_ffmpeg
def test_six_channels_are_heard_one_by_one(tmp_path: Path) -> None:
    path = made(tmp_path / "a.flac", *SINE, "-af", "pan=5.1|FL=c0|LFE=0.5*c0")
    found = describe(path, "flac").audio
    assert found is not None
    heard = listen(path, "flac", found)
    assert (heard.channels, heard.frames, heard.seconds) == (6, 96_000, 2.0)
