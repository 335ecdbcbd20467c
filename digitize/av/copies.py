# SPDX-License-Identifier: Apache-2.0
"""Copies of a recording: one that loses nothing, and those for listening."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from digitize.av import command
from digitize.av.describe import Samples, describe
from digitize.av.listen import Heard, form_of, listen
from digitize.errors import StepFailure

_AAC_RATES = frozenset({8000, 11_025, 12_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000})
_FLAC_RATE, _FLAC_CHANNELS = 655_350, 8


def lossless(samples: Samples, channels: int) -> dict[str, Any]:
    """Choose the codec that keeps every bit: FLAC to 24 bits, plain PCM beyond."""
    way = form_of(samples)
    if (way.name == "s16le" or way.cut) and samples.rate <= _FLAC_RATE and channels <= _FLAC_CHANNELS:
        return {"acodec": "flac", "compression_level": 8, "sample_fmt": "s16" if way.name == "s16le" else "s32"}
    return {"acodec": f"pcm_{way.name}"}


def audio_of_copy(copy: Path, samples: Samples) -> Samples:
    """Describe a preservation copy's samples; its floating ones are its own.

    Raises
    ------
    StepFailure
        ``media.not-exact`` where there are none.
    """
    audio = describe(copy, "matroska").audio
    if audio is None or audio.rate != samples.rate:
        raise StepFailure("media.not-exact", stream="sound")
    return audio


def checked(copy: Path, samples: Samples, pcm: Mapping[str, Any]) -> Heard:
    """Decode the copy; its samples must have the original's hash and number.

    Raises
    ------
    StepFailure
        ``media.not-exact``.
    """
    audio = audio_of_copy(copy, samples)
    heard = listen(copy, "matroska", audio)
    if {"md5": heard.md5, "form": heard.form, "frames": heard.frames} != dict(pcm):
        raise StepFailure("media.not-exact", stream="sound")
    return heard


@dataclass(frozen=True, slots=True)
class Listening:
    """A copy for listening: role, file, form; `encoder` is ffmpeg's name of what writes it."""

    role: str
    name: str
    media_type: str
    form: str
    encoder: str
    options: dict[str, Any]
    rate: int
    channels: int


def listening(samples: Samples, channels: int, kbits: dict[str, int]) -> list[Listening]:
    """List the copies for listening: AAC in MP4, Opus in WebM; at most stereo and 48 kHz."""
    rate = samples.rate if samples.rate in _AAC_RATES else 48_000
    kept = min(channels, 2)
    per = {name: f"{value * kept // 2}k" for name, value in kbits.items()}
    aac = {"audio_bitrate": per["aac"], "movflags": "+faststart", "f": "mp4"}
    opus = {"audio_bitrate": per["opus"], "f": "webm", "vbr": "on", "application": "audio"}
    return [
        Listening("sound", "sound.m4a", "audio/mp4", "mp4", "aac", aac, rate, kept),
        Listening("sound-opus", "sound.webm", "audio/webm", "matroska", "libopus", opus, 48_000, kept),
    ]


def encode(path: Path, form: str, samples: Samples, copy: Listening, out: Path) -> None:
    """Write one copy."""
    options = {"acodec": copy.encoder, "ar": copy.rate, "ac": copy.channels, **copy.options, **command.EXACT}
    command.run(command.output(command.source(path, form)[str(samples.index)], to=out / copy.name, **options))
