# SPDX-License-Identifier: Apache-2.0
"""What ffmpeg says of a file's streams: codec, form of pictures and samples."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from digitize.av import command
from digitize.errors import Refusal

_STREAM = re.compile(r"^\s*Stream #0:(\d+)(?:\[0x[0-9a-f]+\])?(?:\(\w+\))?: (Video|Audio): (.*)$", re.MULTILINE)
_TOP_COMMA = re.compile(r",\s*(?![^()]*\))")
_NOT_DECODED = {"none"}
_FIELDS = {"top first", "bottom first", "top coded first (swapped)", "bottom coded first (swapped)", "interlaced"}
_HDR = {"smpte2084": "PQ", "arib-std-b67": "HLG"}


@dataclass(frozen=True, slots=True)
class Picture:
    """A film's pictures as coded.

    Attributes
    ----------
    index
        The stream's number in the file.
    codec, form
        ffmpeg's names, such as ``h264`` with its profile and ``yuv420p``.
    colour
        What is stated of range, matrix, primaries, transfer.
    interlaced
        As stated; None where nothing is.
    """

    index: int
    codec: str
    profile: str | None
    form: str
    colour: tuple[str, ...]
    interlaced: bool | None
    hdr: str | None


@dataclass(frozen=True, slots=True)
class Samples:
    """A sound's samples as coded: codec, rate in Hz, layout, form such as ``s16`` or ``fltp``, meaningful bits (0: floating)."""

    index: int
    codec: str
    rate: int
    layout: str
    form: str
    bits: int

    @property
    def lossy(self) -> bool:
        """Say whether the samples come out of a lossy codec, so that their floating form is not the recording's own."""
        return self.bits == 0 and not self.codec.startswith(("pcm", "wavpack"))


@dataclass(frozen=True, slots=True)
class Described:
    """The streams that are used: the first picture that is no cover, the first sound."""

    video: Picture | None
    audio: Samples | None


def describe(path: Path, form: str) -> Described:
    """Ask ffmpeg what a file holds.

    Raises
    ------
    Refusal
        ``media.undecodable`` where it finds nothing.
    """
    said = command.run(command.output(command.source(path, form), to="-", f="null", t=0, c="copy"), level="info", asked=True)
    told = said.partition("Output #0")[0].partition("Stream mapping:")[0]
    video: Picture | None = None
    audio: Samples | None = None
    for index, kind, words in _STREAM.findall(told):
        parts = _TOP_COMMA.split(words)
        if kind == "Video" and video is None and "(attached pic)" not in words:
            video = _picture(int(index), parts)
        elif kind == "Audio" and audio is None:
            audio = _samples(int(index), parts)
    if video is None and audio is None:
        raise Refusal("media.undecodable", name=path.name, problem=command.problem(said))
    return Described(video, audio)


def _bracketed(part: str) -> tuple[str, tuple[str, ...]]:
    """Split ``yuv420p(tv, bt709, progressive)``."""
    head, _, rest = part.partition("(")
    return head.strip(), tuple(one.strip() for one in re.split(r"[,/]", rest.partition(")")[0]) if one.strip())


def _picture(index: int, parts: list[str]) -> Picture | None:
    codec, profile = _bracketed(parts[0])
    form, told = _bracketed(parts[1]) if len(parts) > 1 else ("none", ())
    if codec in _NOT_DECODED or form in _NOT_DECODED:
        return None
    interlaced = True if set(told) & _FIELDS else False if "progressive" in told else None
    colour = tuple(one for one in told if one not in _FIELDS | {"progressive"})
    hdr = next((name for one, name in _HDR.items() if one in colour), None)
    known = profile[0] if profile and not any(one.startswith("0x") for one in profile) else None
    return Picture(index, codec, known, form, colour, interlaced, hdr)


def _samples(index: int, parts: list[str]) -> Samples | None:
    codec = _bracketed(parts[0])[0]
    rate = next((int(part.split()[0]) for part in parts if part.endswith(" Hz") and part.split()[0].isdigit()), 0)
    place = next((at for at, part in enumerate(parts) if part.endswith(" Hz")), 0)
    layout = parts[place + 1] if place + 1 < len(parts) else ""
    form, told = _bracketed(parts[place + 2]) if place + 2 < len(parts) else ("", ())
    if codec in _NOT_DECODED or not rate or not form:
        return None
    stated = next((int(one.split()[0]) for one in told if one.endswith("bit")), 0)
    plain = form.removesuffix("p")
    bits = 0 if plain in {"flt", "dbl"} else stated or {"u8": 8, "s16": 16, "s32": 32, "s64": 64}.get(plain, 32)
    return Samples(index, codec, rate, layout, plain, bits)
