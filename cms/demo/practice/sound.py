# SPDX-License-Identifier: Apache-2.0
"""A short sound for the paper-cut: scissors on paper in rhythm under a plucked pentatonic line; 22,050 Hz, mono, 16 bit."""

from __future__ import annotations

import wave
from pathlib import Path

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

RATE = 22_050
SECONDS = 8.0

Samples = NDArray[np.float64]

_BEAT = 0.5
_TUNE = (
    (0.0, 0),
    (1.0, 2),
    (1.5, 3),
    (2.0, 4),
    (3.0, 3),
    (3.5, 2),
    (4.0, 5),
    (5.0, 4),
    (5.5, 3),
    (6.0, 2),
    (7.0, 1),
    (8.0, 3),
    (9.0, 4),
    (9.5, 5),
    (10.0, 4),
    (11.0, 2),
    (12.0, 0),
)
"""Notes: beat, and step of the pentatonic scale on D."""

_SCALE = (0, 2, 4, 7, 9, 12)
_SNIPS = tuple(beat + shift for beat in range(14) for shift in ((0.0, 0.5) if beat % 4 != 3 else (0.0, 0.25, 0.5, 0.75)))


def pluck(frequency: float, seconds: float, rng: Generator) -> Samples:
    """Pluck a string.

    Source: K. Karplus, A. Strong, Digital synthesis of plucked-string and drum timbres, 1983.

    Parameters
    ----------
    frequency : Hz, rounded to a period of whole samples and a half
    seconds : length
    """
    # Averaging two neighbours delays each round by half a sample.
    period = round(RATE / frequency - 0.5)
    loop = rng.uniform(-1.0, 1.0, period)
    loop = 0.5 * (loop + np.roll(loop, 1))
    loop -= loop.mean()
    rounds = []
    for _ in range(int(seconds * RATE / period) + 1):
        rounds.append(loop)
        loop = 0.996 * (0.5 * loop + 0.5 * np.roll(loop, 1))
    tone = np.concatenate(rounds)[: int(seconds * RATE)]
    return np.asarray(tone * np.exp(-1.6 * np.arange(len(tone)) / RATE))


def snip(rng: Generator, sharpness: float) -> Samples:
    """Close the scissors once: a rustle that brightens as the blades run along the paper, then two clicks of steel."""
    count = int(0.13 * RATE)
    t = np.arange(count) / RATE
    hiss = np.diff(rng.normal(size=count + 2), 2)
    rustle = hiss * np.clip(t / 0.09, 0, 1) ** 2 * np.exp(-((t - 0.075) ** 2) / 0.0011)
    clicks = sum(
        np.where(t > at, np.exp(-(t - at) * 520) * np.sin(2 * np.pi * pitch * (t - at)), 0.0)
        for at, pitch in ((0.098, 3400.0), (0.106, 5200.0))
    )
    return np.asarray(0.055 * rustle + 0.20 * sharpness * clicks)


def _lay(track: Samples, sound: Samples, at: float, gain: float) -> None:
    start = int(at * RATE)
    part = sound[: max(0, len(track) - start)]
    track[start : start + len(part)] += gain * part


def track(seed: int = 1) -> Samples:
    """Mix the sound, (176400,) in [-1, 1], peak at -3 dBFS."""
    rng = np.random.default_rng(seed + 6000)
    mixed = np.zeros(int(SECONDS * RATE))
    for beat, step in _TUNE:
        frequency = 293.66 * 2 ** (_SCALE[step] / 12)
        _lay(mixed, pluck(frequency, 2.2, rng), 0.25 + beat * _BEAT, 0.5)
        _lay(mixed, pluck(frequency / 2, 2.2, rng), 0.25 + beat * _BEAT, 0.22)
    for beat in _SNIPS:
        _lay(mixed, snip(rng, float(rng.uniform(0.6, 1.0))), 0.25 + beat * _BEAT - 0.1, 0.9 if beat % 1 == 0 else 0.55)
    fade = np.clip((SECONDS - np.arange(len(mixed)) / RATE) / 0.6, 0, 1)
    mixed = mixed * fade
    return np.asarray(mixed * (10 ** (-3 / 20) / np.abs(mixed).max()))


def build(folder: Path, seed: int) -> Path:
    """Write the sound as WAV."""
    path = folder / "scissors.wav"
    with wave.open(str(path), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(RATE)
        out.writeframes(np.asarray(np.rint(track(seed) * 32767), "<i2").tobytes())
    return path
