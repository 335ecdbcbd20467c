# SPDX-License-Identifier: Apache-2.0
"""A book, a file, a scroll: pages to turn."""

from __future__ import annotations

from dataclasses import dataclass

from assets.queries import Published
from guide.panels.stage.base import Stage, first_url


@dataclass(frozen=True)
class Pages(Stage):
    """A stage with pages.

    Parameters
    ----------
    index
        The list of all pages, for the script.
    base
        The address below which their pictures lie.
    first
        The first page, for those without a script.
    text
        All words of it as one file.
    """

    index: str = ""
    base: str = ""
    first: str = ""
    count: int = 0
    text: str | None = None


def pages(published: Published, ground: Stage) -> Pages | None:
    """Put the pages on the stage."""
    found = published.rendition("pages")
    if found is None:
        return None
    facts = found["facts"]
    known = published.facts(found["original"])
    return Pages(
        kind="pages",
        **ground.ground,
        index=published.member_url(found, str(facts.get("index", "pages.json"))),
        base=published.file_url(found) + "/",
        first=ground.poster or "",
        count=int(facts.get("pages") or known.get("pages") or 0),
        text=first_url(published, "text"),
    )
