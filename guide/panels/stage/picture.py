# SPDX-License-Identifier: Apache-2.0
"""A picture, with its tiles to look into where there are any."""

from __future__ import annotations

from dataclasses import dataclass

from assets.queries import Published
from guide.panels.stage.base import Stage


@dataclass(frozen=True)
class Picture(Stage):
    """A stage with a picture.

    Parameters
    ----------
    large
        The whole picture as one file.
    tiles
        The description of its pyramid (DZI); None where there is none.
    full_width, full_height
        Pixels of the pyramid's finest level.
    """

    large: str = ""
    tiles: str | None = None
    full_width: int = 0
    full_height: int = 0


def picture(published: Published, ground: Stage) -> Picture | None:
    """Put the picture on the stage; light where there is a small copy."""
    image = published.rendition("image")
    if image is None:
        return None
    facts, pyramid = image["facts"], published.rendition("pyramid")
    deep = pyramid["facts"] if pyramid else {}
    return Picture(
        kind="picture",
        alt=ground.alt,
        poster=ground.poster or published.file_url(image),
        width=ground.width if ground.poster else int(facts.get("width", ground.width)),
        height=ground.height if ground.poster else int(facts.get("height", ground.height)),
        large=published.file_url(image),
        tiles=published.member_url(pyramid, str(deep.get("index", "pyramid.dzi"))) if pyramid else None,
        full_width=int(deep.get("width", 0)),
        full_height=int(deep.get("height", 0)),
    )
