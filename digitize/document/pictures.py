# SPDX-License-Identifier: Apache-2.0
"""The pages of a document that are pictures: each file in order, each page of a file in order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from digitize.document.page import Page
from digitize.errors import Doubt, Refusal
from digitize.image import colour, copies, measure, rights
from digitize.preflight.image import form_of
from digitize.preflight.picture.tiff import page_places


class Doubts:
    """Doubts of many pages, each kind told once with the number of pages it concerns."""

    def __init__(self) -> None:
        self._found: dict[str, tuple[Doubt, list[int]]] = {}

    def add(self, number: int, doubts: tuple[Doubt, ...]) -> None:
        """Take a page's doubts."""
        for doubt in doubts:
            self._found.setdefault(doubt.code, (doubt, []))[1].append(number)

    def told(self) -> list[Doubt]:
        """Give each kind of doubt once."""
        return [Doubt(doubt.code, _where(pages), doubt.params) for doubt, pages in self._found.values()]


def _where(pages: list[int]) -> str:
    return f"page {pages[0]}" if len(pages) == 1 else f"page {pages[0]} (+{len(pages) - 1})"


def pages(source: Path, files: Mapping[str, Mapping[str, int]], *, side: int, scratch: Path, doubts: Doubts) -> Iterator[Page]:
    """Decode each page, scale it to `side` pixels at most, and bring it to sRGB.

    Parameters
    ----------
    files
        The files in order, each with the pre-flight's counts.

    Raises
    ------
    Refusal
        ``document.page`` naming the page that cannot be decoded.
    """
    number = 0
    for name, counts in files.items():
        with (source / name).open("rb") as file:
            form = form_of(file.read(16)) or ""
        for page in page_places(source / name) if form == "tiff" else [0]:
            number += 1
            try:
                yield _page(source / name, form, counts if page == 0 else {}, page, number, side, scratch, doubts)
            except Refusal as refusal:
                raise Refusal("document.page", at=f"page {number}", name=name, page=number) from refusal


def _page(  # noqa: PLR0917 - one call
    path: Path, form: str, counts: Mapping[str, int], page: int, number: int, side: int, scratch: Path, doubts: Doubts
) -> Page:
    """Decode one page."""
    from PIL import Image

    picture, small, warned = copies.opened_small(path, form, counts, side=side, page=page)
    by = colour.managed(picture, scratch / "profile.icc")
    said, unsure = rights.read(picture.blobs)
    doubts.add(number, (*warned, *by.doubts, *unsure))
    srgb = copies.srgb_of(picture, small, by)
    pixels: Any = Image.fromarray(srgb.numpy())
    if pixels.mode == "RGBA":
        white = Image.new("RGBA", pixels.size, (255, 255, 255, 255))
        pixels = Image.alpha_composite(white, pixels)
    facts = {"source_width": picture.image.width, "source_height": picture.image.height}
    return Page(pixels.convert("RGB"), None, lambda written: measure.copy_error(picture, small, srgb, by, written), (), facts, said)
