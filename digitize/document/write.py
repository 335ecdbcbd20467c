# SPDX-License-Identifier: Apache-2.0
"""Write pages as one file: ``pages.json`` beside a picture, and a text and its words where there are any, of each.

``{"pages": [{"image": "0001.webp", "width": 1700, "height": 2400, "text": "0001.txt", "words": "0001.json"}, …]}``; the words' file is a list of
``{"text", "x", "y", "width", "height"}`` in pixels of the picture.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from digitize.document.page import Page
from digitize.image import rights
from digitize.image.measure import NOT_MEASURED

INDEX = "pages.json"
_JOINED: dict[str, Callable[[list[float]], float]] = {
    "colour_psnr": min,
    "colour_mae": lambda values: round(sum(values) / len(values), 3),
    "colour_off": max,
    "delta_e_mean": lambda values: round(sum(values) / len(values), 3),
    "delta_e_p99": max,
    "delta_e_max": max,
}
FORM_FEED = "\f"
_METHOD = 2  # 3 % more bytes than the slowest, at half its time


@dataclass
class Written:
    """What was written: the index, texts by page, each page's error and rights, and the first page for a thumbnail."""

    pages: list[dict[str, Any]] = field(default_factory=list)
    texts: list[str | None] = field(default_factory=list)
    errors: list[dict[str, Any]] = field(default_factory=list)
    rights: list[dict[str, str]] = field(default_factory=list)
    first: Any = None


def write(pages: Iterable[Page], given: dict[int, str], folder: Path, *, quality: int) -> Written:
    """Write each page's files into a folder, and the index at the end.

    Parameters
    ----------
    given
        Texts that lay beside the document, by page from 0; they count before what lies in it.
    """
    folder.mkdir()
    done = Written()
    for number, page in enumerate(pages):
        stem = f"{number + 1:04d}"
        done.first = done.first or page.picture
        picture = folder / f"{stem}.webp"
        page.picture.save(picture, quality=quality, method=_METHOD, **rights.written(page.rights))
        done.rights.append(page.rights)
        done.errors.append(page.check(picture))
        entry = {"image": picture.name, "width": page.picture.width, "height": page.picture.height}
        done.pages.append({**entry, **_texts(page, given.get(number), folder, stem)})
        done.texts.append(given.get(number, page.text))
    (folder / INDEX).write_text(_json({"pages": done.pages}), encoding="utf-8")
    return done


def _texts(page: Page, given: str | None, folder: Path, stem: str) -> dict[str, str]:
    """Write a page's text and words; give what the index says of them."""
    said: dict[str, str] = {}
    text = page.text if given is None else given
    if text is not None:
        said["text"] = f"{stem}.txt"
        (folder / said["text"]).write_text(text, encoding="utf-8")
    if page.words:
        said["words"] = f"{stem}.json"
        (folder / said["words"]).write_text(_json([word.as_json() for word in page.words]), encoding="utf-8")
    return said


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def spread(errors: list[dict[str, Any]]) -> dict[str, Any]:
    """Join the errors of all pages: the mean of means, the worst of the rest."""
    found: dict[str, Any] = dict(NOT_MEASURED)
    for key, join in _JOINED.items():
        values = [error[key] for error in errors if error.get(key) is not None]
        if values or key == "colour_psnr":
            found[key] = join(values) if values else None
    return found


def shared(said: list[dict[str, str]]) -> dict[str, str]:
    """Give the rights that hold for the whole: what every page states, and all of them alike."""
    first = said[0] if said else {}
    return {field: value for field, value in first.items() if all(one.get(field) == value for one in said)}
