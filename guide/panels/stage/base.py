# SPDX-License-Identifier: Apache-2.0
"""What every stage has: words for what is shown, and the still picture that stands there first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from assets.queries import Published


@dataclass(frozen=True)
class Stage:
    """The stage of an asset's page; by itself, one with at most a still picture.

    Parameters
    ----------
    kind
        Names the template below `guide/panels/stage/`, and the script.
    poster, width, height
        The still picture and its size in pixels.
    """

    kind: str
    alt: str
    poster: str | None
    width: int
    height: int

    @property
    def template(self) -> str:
        """Name the template."""
        return f"guide/panels/stage/{self.kind}.html"

    @property
    def script(self) -> str:
        """Name the script that brings the stage to life; nothing where it needs none."""
        return "" if self.kind == "empty" else f"guide/stage/{self.kind}.js"

    @property
    def ground(self) -> dict[str, Any]:
        """Give what a stage of another kind takes over."""
        return {"alt": self.alt, "poster": self.poster, "width": self.width, "height": self.height}

    @classmethod
    def of(cls, published: Published, language: str) -> Stage:
        """Put up the thumbnail, or nothing."""
        texts, thumbnail = published.texts(language), published.rendition("thumbnail")
        facts = thumbnail["facts"] if thumbnail else {}
        return cls(
            kind="picture" if thumbnail else "empty",
            alt=texts["picture_alt"] or texts["title"],
            poster=published.file_url(thumbnail) if thumbnail else None,
            width=int(facts.get("width", 1024)),
            height=int(facts.get("height", 1024)),
        )


def first_url(published: Published, *roles: str) -> str | None:
    """Give the address of the first role there is."""
    return next((published.file_url(one) for role in roles if (one := published.rendition(role))), None)
