# SPDX-License-Identifier: Apache-2.0
"""A radiance field of Gaussian splats."""

from __future__ import annotations

from dataclasses import dataclass

from assets.queries import Published
from guide.panels.stage.base import Stage


@dataclass(frozen=True)
class Splats(Stage):
    """A stage with splats; `count` of them in the file, whose `up` axis the renderer turns upward."""

    splats: str = ""
    bytes: int = 0
    count: int = 0
    up: str = "-y"

    @property
    def script(self) -> str:
        """Name the renderer."""
        return "guide/splats.js"


def splats(published: Published, ground: Stage) -> Splats | None:
    """Put the splats on the stage."""
    found = published.rendition("splats")
    if found is None:
        return None
    count = int(found["facts"].get("splats") or found["facts"].get("count") or found["bytes"] // 32)
    return Splats(
        kind="splats",
        **ground.ground,
        splats=published.file_url(found),
        bytes=found["bytes"],
        count=count,
        up=str(found["facts"].get("up") or "-y"),
    )
