# SPDX-License-Identifier: Apache-2.0
"""Texts beside the pages of a document: ``p1.txt`` beside ``p1.tif``, or one text for all, its pages parted by form feeds."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path, PurePosixPath

from digitize.errors import Refusal
from digitize.preflight.model import MIB, Findings, Limits
from digitize.preflight.source import size_of

FORM_FEED = "\f"
_MOST = 64 * MIB


def claim(root: Path, main: str, beside: tuple[str, ...], found: Findings, limits: Limits) -> Findings:
    """Take the texts that are called as the document's files are.

    Raises
    ------
    Refusal
        ``document.text-encoding``, ``document.text-pages``.
    """
    pages = dict(found.parts) or {main: found.counts}
    by_stem = {_stem(name): name for name in pages}
    taken = [name for name in beside if name.lower().endswith(".txt") and _stem(name) in by_stem]
    for name in taken:
        parts, needed = len(_text(root, name, limits)), pages[by_stem[_stem(name)]].get("pages", 1)
        if parts != needed:
            raise Refusal("document.text-pages", at=name, name=name, parts=parts, pages=needed)
    return replace(found, members=(*found.members, *taken), counts={**found.counts, "texts": len(taken)}) if taken else found


def _stem(name: str) -> str:
    return str(PurePosixPath(name).with_suffix(""))


def _text(root: Path, name: str, limits: Limits) -> list[str]:
    """Read a text in UTF-8 and part it into its pages."""
    if size_of(root / name, limits, name=name) > _MOST:
        raise Refusal("input.too-large", name=name, bytes=(root / name).stat().st_size, limit=_MOST)
    try:
        return parts_of((root / name).read_bytes())
    except UnicodeDecodeError as error:
        raise Refusal("document.text-encoding", at=f"{name}, byte {error.start}", name=name) from error


def parts_of(raw: bytes) -> list[str]:
    """Part a text at its form feeds; one at the very end ends the last page."""
    text = raw.decode("utf-8-sig")
    return text.removesuffix(FORM_FEED).split(FORM_FEED)
