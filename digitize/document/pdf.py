# SPDX-License-Identifier: Apache-2.0
"""The pages of a PDF, rendered by PDFium without scripts, forms or anything from outside.

Source: PDFium's public headers (fpdfview.h, fpdf_text.h); ISO 32000-2 §8.3.2.3 (user space: 72 units to the inch).
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from digitize.document.page import Page, Word
from digitize.errors import Refusal
from digitize.image.measure import pixels_apart
from digitize.words import legible

_UNITS = 72
_CHARS = 200_000


def pages(path: Path, stated: int, *, dpi: int, side: int) -> Iterator[Page]:
    """Render each page at `dpi`, or less where its longer side would have more than `side` pixels.

    Raises
    ------
    Refusal
        ``image.undecodable`` where PDFium does not take the file, ``document.count-mismatch``, ``document.page`` naming
        the page that it cannot render.
    """
    import pypdfium2  # type: ignore[import-untyped]

    try:
        document = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as error:
        raise Refusal("image.undecodable", at=path.name, name=path.name) from error
    if len(document) != stated:
        raise Refusal("document.count-mismatch", at=path.name, name=path.name, read=len(document), stated=stated)
    for number in range(stated):
        try:
            yield _page(document, number, dpi, side)
        except (pypdfium2.PdfiumError, ValueError, MemoryError) as error:
            raise Refusal("document.page", at=f"page {number + 1}", name=path.name, page=number + 1) from error


def metadata(path: Path) -> dict[str, str]:
    """Read what the PDF says of itself: title, author, subject, producer; only what is there."""
    import pypdfium2

    wanted = ("Title", "Author", "Subject", "Producer", "CreationDate")
    said: Mapping[str, str] = pypdfium2.PdfDocument(path).get_metadata_dict()
    clean = {name: legible(said.get(name, ""))[:500] for name in wanted}
    return {name.lower(): value for name, value in clean.items() if value}


def _page(document: Any, number: int, dpi: int, side: int) -> Page:
    """Render one page and read its text."""
    page = document[number]
    try:
        longest = max(page.get_size())
        scale = min(dpi / _UNITS, side / longest)
        bitmap = page.render(scale=scale, rev_byteorder=True, may_draw_forms=False, prefer_bgrx=False)
        picture = bitmap.to_pil().convert("RGB").copy()
        bitmap.close()
        text, words = _text(page, picture.size)
        return Page(picture, text, lambda written: error(picture, written), words, {"dpi": round(scale * _UNITS, 1)})
    finally:
        page.close()


def _text(page: Any, size: tuple[int, int]) -> tuple[str | None, tuple[Word, ...]]:
    """Read a page's text layer; None where it holds nothing but space."""
    layer = page.get_textpage()
    try:
        count = layer.count_chars()
        if count > _CHARS:
            raise ValueError(f"{count} characters on one page")
        text = layer.get_text_range() if count else ""
        text = "\n".join(legible(line, strip=False) for line in text.replace("\r\n", "\n").split("\n"))
        if not text.strip():
            return None, ()
        return text, tuple(_words(page, layer, count, size))
    finally:
        layer.close()


def _words(page: Any, layer: Any, count: int, size: tuple[int, int]) -> Iterator[Word]:
    """Join characters between spaces, each with its box on the rendered page."""
    from pypdfium2 import raw  # type: ignore[import-untyped]

    letters: list[str] = []
    boxes: list[tuple[int, int, int, int]] = []
    for index in range(count + 1):
        char = chr(raw.FPDFText_GetUnicode(layer, index)) if index < count else " "
        if not char.isspace() and char.isprintable():
            letters.append(char)
            boxes.append(_box(page, layer, index, size))
        elif letters and (char.isspace() or not char.isprintable()):
            yield _joined(letters, boxes)
            letters, boxes = [], []


def _joined(letters: list[str], boxes: list[tuple[int, int, int, int]]) -> Word:
    """Make a word of its letters."""
    left, top, right, bottom = (np.array(boxes)[:, i] for i in range(4))
    x, y = int(left.min()), int(top.min())
    return Word("".join(letters), x, y, int(right.max()) - x, int(bottom.max()) - y)


def _box(page: Any, layer: Any, index: int, size: tuple[int, int]) -> tuple[int, int, int, int]:
    """Give a character's box (left, top, right, bottom) in pixels, inside the page."""
    from pypdfium2 import raw

    corners = []
    left, bottom, right, top = layer.get_charbox(index)
    for across, up in ((left, bottom), (right, top)):
        x, y = ctypes.c_int(), ctypes.c_int()
        raw.FPDF_PageToDevice(page, 0, 0, size[0], size[1], 0, across, up, x, y)
        corners.append((min(max(x.value, 0), size[0]), min(max(y.value, 0), size[1])))
    (x1, y1), (x2, y2) = corners
    return min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2)


def error(picture: Any, written: Path) -> dict[str, Any]:
    """Compare a written picture with what was rendered; see `digitize.image.measure.pixels_apart`."""
    from PIL import Image

    with Image.open(written) as copy:
        return pixels_apart(np.asarray(picture), np.asarray(copy.convert("RGB")))
