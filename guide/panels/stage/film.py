# SPDX-License-Identifier: Apache-2.0
"""A film: one file that plays everywhere, a ladder of sizes for weak connections, captions."""

from __future__ import annotations

from dataclasses import dataclass

from assets.queries import Published
from guide.panels.captions import Caption, captions
from guide.panels.stage.base import Stage


@dataclass(frozen=True)
class Film(Stage):
    """A stage with a film.

    Parameters
    ----------
    film, media_type
        The file that plays everywhere.
    ladder
        The list of sizes (HLS), from which the player chooses by the connection.
    shots
        Seconds at which a new shot begins.
    """

    film: str = ""
    media_type: str = ""
    ladder: str | None = None
    captions: tuple[Caption, ...] = ()
    shots: tuple[float, ...] = ()


def film(published: Published, ground: Stage) -> Film | None:
    """Put the film on the stage."""
    found = published.rendition("film")
    if found is None:
        return None
    ladder = published.rendition("hls", found["original"])
    known = published.facts(found["original"])
    return Film(
        kind="film",
        **ground.ground,
        film=published.file_url(found),
        media_type=found["media_type"],
        ladder=published.member_url(ladder, str(ladder["facts"].get("index", "master.m3u8"))) if ladder else None,
        captions=captions(published, found["original"]),
        shots=tuple(float(second) for second in known.get("shots") or found["facts"].get("shots") or ())[:200],
    )
