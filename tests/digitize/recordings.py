# SPDX-License-Identifier: Apache-2.0
"""Recordings and films for the tests, made by ffmpeg's own generators or by hand, and runs of our recipes over them."""

from __future__ import annotations

import subprocess
import wave
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from digitize import programs
from digitize.preflight import prepare
from digitize.recipe import load
from digitize.runner import Result, StepLimits, run_recipe

FFMPEG = programs.find("ffmpeg")
needs_ffmpeg = pytest.mark.skipif(FFMPEG is None, reason="there is no ffmpeg on this machine")
SINE = ("-f", "lavfi", "-i", "sine=440:r=48000:d=2")
PICTURES = ("-f", "lavfi", "-i", "testsrc2=s=160x120:r=25:d=2")


def made(path: Path, *arguments: str) -> Path:
    """Let ffmpeg write a file, the same each time."""
    assert FFMPEG
    subprocess.run(
        [FFMPEG, "-nostdin", "-v", "error", *arguments, "-fflags", "+bitexact", "-threads", "1", "-y", path],
        check=True,
        capture_output=True,
    )
    return path


def tone(path: Path, *, seconds: float = 2.0, rate: int = 48_000, channels: int = 2, spoken: tuple[tuple[float, float], ...] = ()) -> Path:
    """Write a WAV of 16 bits: a tone, or noise in the given stretches and silence between them."""
    time = np.arange(round(seconds * rate)) / rate
    if spoken:
        loud = np.zeros(len(time))
        for start, end in spoken:
            loud[(time >= start) & (time < end)] = 1
        samples = np.random.default_rng(7).normal(0, 0.1, len(time)) * loud
    else:
        samples = 0.5 * np.sin(2 * np.pi * 440 * time)
    data = np.repeat(np.rint(np.clip(samples, -1, 1) * 32767).astype("<i2")[:, None], channels, axis=1)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(data.tobytes())
    return path


def digitized(path: Path, work: Path, recipe: str, *beside: Path, steps: int | None = None, kind: str | None = None) -> Result:
    """Pre-flight a file and run a recipe of ours over it (or its first steps), every step locked in."""
    prepare(path, into=work / "source", beside=beside, kind=kind)
    whole = load(recipe)
    return run_recipe(
        replace(whole, steps=whole.steps[:steps]), source=work / "source", work=work / "run", limits=StepLimits(), on_event=lambda _: None
    )


def by_role(result: Result) -> dict[str, Any]:
    """Give the renditions by their role."""
    return {one.role: one for one in result.renditions}
