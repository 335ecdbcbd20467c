# SPDX-License-Identifier: Apache-2.0
"""Recordings: a player, the waveform to look at and to seek in, the words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from assets.queries import Published
from guide import figures
from guide.panels.captions import Caption, captions

ROLES = ("sound", "sound-opus")


@dataclass(frozen=True)
class Source:
    """One form of a recording; the browser takes the first that it can play."""

    url: str
    media_type: str


@dataclass(frozen=True)
class Sound:
    """A recording with its waveform, its length in seconds, its loudness in LUFS (EBU R 128) and its captions."""

    sources: tuple[Source, ...]
    waveform: str | None
    seconds: float | None
    loudness: float | None
    captions: tuple[Caption, ...] = ()

    @property
    def length(self) -> str:
        """Write the length as minutes and seconds."""
        return "" if self.seconds is None else figures.clock(self.seconds)


def sounds(published: Published) -> list[Sound]:
    """List the recordings of an asset."""
    return [_sound(published, one) for one in published.renditions("sound")]


def _sound(published: Published, one: dict[str, Any]) -> Sound:
    """Prepare one recording's player."""
    original = one["original"]
    known = published.facts(original) | one["facts"]
    wave = published.rendition("waveform", original)
    forms = [found for role in ROLES if (found := published.rendition(role, original))]
    loudness = known.get("loudness")
    return Sound(
        sources=tuple(Source(published.file_url(form), form["media_type"]) for form in forms),
        waveform=published.file_url(wave) if wave and wave["media_type"] == "image/svg+xml" else None,
        seconds=known.get("seconds", known.get("duration")),
        loudness=loudness.get("integrated_lufs") if isinstance(loudness, dict) else loudness,
        captions=captions(published, original),
    )
