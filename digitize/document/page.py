# SPDX-License-Identifier: Apache-2.0
"""What one page gives: a picture, and where there is one, its text with the place of every word."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Word:
    """A word and its box in pixels of the page's picture, from the top left."""

    text: str
    x: int
    y: int
    width: int
    height: int

    def as_json(self) -> dict[str, Any]:
        """Give the word as pages' own files state it."""
        return {"text": self.text, "x": self.x, "y": self.y, "width": self.width, "height": self.height}


@dataclass(frozen=True)
class Page:
    """A rendered page.

    Attributes
    ----------
    picture
        Pillow's image, RGB, upright.
    text, words
        Its text layer; None where it has none.
    rights
        What its picture says of them; see ``digitize.image.rights``.
    check
        Compares the written picture with what it was made of: ``digitize.image.measure.copy_error``, of a PDF's page without
        the differences of colour, for it was rendered in sRGB.
    """

    picture: Any
    text: str | None
    check: Callable[[Path], dict[str, Any]]
    words: tuple[Word, ...] = ()
    facts: dict[str, Any] = field(default_factory=dict)
    rights: dict[str, str] = field(default_factory=dict)
