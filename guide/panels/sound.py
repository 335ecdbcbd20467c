# SPDX-License-Identifier: Apache-2.0
"""Recordings: a player, the waveform, the words."""

from __future__ import annotations

from dataclasses import dataclass

from assets.queries import Published


@dataclass(frozen=True)
class Sound:
    """A recording with its waveform and length in seconds."""

    url: str
    media_type: str
    waveform: str | None
    seconds: float | None

    @property
    def length(self) -> str:
        """Write the length as minutes and seconds."""
        return "" if self.seconds is None else f"{int(self.seconds // 60)}:{int(self.seconds % 60):02d}"


def sounds(published: Published) -> list[Sound]:
    """List the recordings of an asset."""
    found = []
    for one in published.renditions("sound"):
        wave = published.rendition("waveform", one["original"])
        drawn = published.file_url(wave) if wave and wave["media_type"] == "image/svg+xml" else None
        seconds = one["facts"].get("seconds", one["facts"].get("duration"))
        found.append(Sound(published.file_url(one), one["media_type"], drawn, seconds))
    return found
