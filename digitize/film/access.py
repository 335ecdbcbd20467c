# SPDX-License-Identifier: Apache-2.0
"""Encode a film for access: one MP4, and smaller ones for the ladder, in one pass over the original."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from digitize.av import command

ENCODERS = ("libx264", "libopenh264")
# What a rung may take at most, in kbit/s, by the shorter side of its pictures.
_MOST = {1080: 6000, 720: 3500, 480: 1600, 360: 900, 240: 450}
_KEY_SECONDS = 4
_WITHOUT_NOTES = "filter_units=remove_types=6"  # H.264 §7.4.1: supplemental information, where encoders sign


@dataclass(frozen=True, slots=True)
class Rung:
    """One size: pixels, all square, and the most it may take in kbit/s."""

    width: int
    height: int
    kbits: int

    @property
    def name(self) -> str:
        """Name it by its shorter side, as people do."""
        return f"{min(self.width, self.height)}p"


def fitted(width: int, height: int, pixel: Fraction, short: int) -> Rung:
    """Fit pictures into a shorter side of `short` and a longer of 16/9 of it, never larger than they are."""
    wide = width * pixel
    scale = min(Fraction(1), short / min(wide, Fraction(height)), Fraction(short * 16, 9) / max(wide, Fraction(height)))
    sides = [max(round(side * scale / 2) * 2, 2) for side in (wide, Fraction(height))]
    most = next((kbits for side, kbits in _MOST.items() if min(sides) >= side), _MOST[240])
    return Rung(sides[0], sides[1], most)


def ladder(width: int, height: int, pixel: Fraction, shorts: list[int]) -> list[Rung]:
    """List the sizes, the largest first; one that would be as large as the one above is left out."""
    rungs: list[Rung] = []
    for short in sorted(shorts, reverse=True):
        rung = fitted(width, height, pixel, short)
        if not rungs or min(rung.width, rung.height) < min(rungs[-1].width, rungs[-1].height):
            rungs.append(rung)
    return rungs


def encoder() -> str | None:
    """Give the encoder for H.264 that this ffmpeg has."""
    return next((name for name in ENCODERS if name in command.encoders()), None)


@dataclass(frozen=True, slots=True)
class Original:
    """What is encoded: the file, its streams' numbers, whether each picture holds two moments."""

    path: Path
    form: str
    video: int
    audio: int | None
    interlaced: bool


def encode(original: Original, rungs: list[Rung], *, to: list[Path], params: Mapping[str, Any]) -> None:
    """Encode every rung; the first one with the sound.

    Parameters
    ----------
    params
        ``crf`` (x264's constant quality) and ``preset`` of the first rung and of the others, ``kbits`` of stereo AAC.
    """
    source = command.source(original.path, original.form)
    video = source[str(original.video)]
    if original.interlaced:
        video = video.filter("bwdif", mode="send_frame")
    parts = video.filter_multi_output("split", len(rungs))
    outputs = []
    for number, (rung, path) in enumerate(zip(rungs, to, strict=True)):
        sized = parts[number].filter("scale", rung.width, rung.height, flags="bicubic+accurate_rnd+full_chroma_int", out_range="tv")
        streams = [sized.filter("format", "yuv420p").filter("setsar", "1")]
        options = {**_video(rung, params["first" if number == 0 else "others"]), **command.EXACT, **command.passed()}
        if number == 0 and original.audio is not None:
            streams.append(source[str(original.audio)])
            options |= {"acodec": "aac", "audio_bitrate": f"{params['kbits']}k", "ac": 2, "ar": 48_000}
        outputs.append(command.output(*streams, to=path, f="mp4", movflags="+faststart", **options))
    command.run(outputs)


def _video(rung: Rung, params: Mapping[str, Any]) -> dict[str, Any]:
    """Choose how pictures are encoded: a key picture every four seconds, so that a ladder can be cut there."""
    name = encoder()
    options = {"vcodec": name, "pix_fmt": "yuv420p", "force_key_frames": f"expr:gte(t,n_forced*{_KEY_SECONDS})", "bsf:v": _WITHOUT_NOTES}
    most = {"maxrate": f"{rung.kbits}k", "bufsize": f"{2 * rung.kbits}k"}
    if name == "libx264":
        # One thread: where a most is set, two share it out as the machine's load lets them, and the bytes differ (seen with x264 164).
        return {**options, **most, "preset": params["preset"], "crf": params["crf"], "profile:v": "high", "threads": 1}
    return {**options, **most, "video_bitrate": f"{rung.kbits}k", "threads": 1}
