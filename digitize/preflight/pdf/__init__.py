# SPDX-License-Identifier: Apache-2.0
"""PDF: its cross-reference, its tree of pages, and what in it could act by itself.

Source: ISO 32000-2 §7.7.3 (page tree), §12.6 (actions), §7.11.4 (embedded files), §7.6 (encryption).
"""

from __future__ import annotations

import contextlib
import itertools
import mmap
import re
import zlib
from pathlib import Path
from typing import Any

from digitize.errors import Doubt, Refusal
from digitize.preflight.model import Findings, Limits
from digitize.preflight.pdf.file import Pdf
from digitize.preflight.pdf.objects import PdfError, Reference

_DEEP = 64
_LARGEST = 14_400.0 * 10
_PIECE, _STREAMS = 4 << 20, 1000
_PACKED = re.compile(rb"/Type[\0\t\n\f\r ]*/ObjStm(?:(?!endobj|stream).){0,500}stream\r?\n", re.DOTALL)
_PAGE = re.compile(rb"/Type[\0\t\n\f\r ]*/Page(?![A-Za-z])")


def _named(*names: str) -> re.Pattern[bytes]:
    """Find names also where their letters are written as ``#xx``."""
    letters = ["".join(f"(?:{re.escape(char)}|#{ord(char):02x}|#{ord(char):02X})" for char in name) for name in names]
    return re.compile(("/(?:" + "|".join(letters) + r")(?![A-Za-z0-9_.#-])").encode())


_ACTIVE = {
    "JavaScript": _named("JavaScript", "JS"),
    "Launch": _named("Launch"),
    "EmbeddedFile": _named("EmbeddedFile", "EmbeddedFiles"),
    "RichMedia": _named("RichMedia", "Movie", "Sound", "3D"),
    "XFA": _named("XFA"),
}


def inspect_pdf(root: Path, main: str, limits: Limits) -> Findings:
    """Walk the cross-reference and the tree of pages.

    Raises
    ------
    Refusal
        ``pdf.broken``, ``pdf.cut`` naming the last sound page, ``pdf.encrypted``, ``document.too-many-pages``.
    """
    with (root / main).open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        try:
            pdf = Pdf(data)
            if b"Encrypt" in pdf.trailer:
                raise Refusal("pdf.encrypted", name=main)
            pages = _pages(pdf, limits, main)
        except PdfError as error:
            if error.short:
                pages = _present(data)
                raise Refusal("pdf.cut", at=f"page {pages}", name=main, pages=pages) from error
            raise Refusal("pdf.broken", at=f"byte {error.at}", name=main, problem=error.problem) from error
        except RecursionError as error:
            raise Refusal("pdf.broken", at=None, name=main, problem="its objects are nested too deep") from error
        if not pages:
            raise Refusal("pdf.broken", name=main, problem="it has no pages")
        active = {name: len(found) for name, pattern in _ACTIVE.items() if (found := pattern.findall(data))}
    doubts = (Doubt("pdf.active-content", None, {"names": ", ".join(f"{name} ({n})" for name, n in active.items())}),) if active else ()
    return Findings({"pages": pages, "objects": len(pdf.places)}, (), doubts)


def _present(data: mmap.mmap) -> int:
    """Count the page objects in what is there of a file that is cut short, also those in packed streams."""
    pages = len(_PAGE.findall(data))
    for found in itertools.islice(_PACKED.finditer(data), _STREAMS):
        stream = zlib.decompressobj()
        with contextlib.suppress(zlib.error):
            pages += len(_PAGE.findall(stream.decompress(data[found.end() : found.end() + _PIECE], _PIECE)))
    return pages


def _pages(pdf: Pdf, limits: Limits, name: str) -> int:
    """Count the leaves of the page tree; each node once, its sheet of a bearable size."""
    catalog = pdf.get(pdf.trailer.get(b"Root"))
    if not isinstance(catalog, dict):
        raise PdfError(0, "it has no catalog")
    count, seen = 0, set[int]()
    waiting: list[tuple[Any, int, Any]] = [(catalog.get(b"Pages"), 0, None)]
    while waiting:
        reference, depth, box = waiting.pop()
        node = _node(pdf, reference, depth, seen)
        box = node.get(b"MediaBox", box)
        if b"Kids" in node:
            kids = pdf.get(node[b"Kids"])
            if not isinstance(kids, list):
                raise PdfError(0, "its tree of pages is unsound")
            waiting += [(kid, depth + 1, box) for kid in reversed(kids)]
        else:
            count += 1
            _sheet(pdf, box, count)
        if count + len(waiting) > limits.pages:
            raise Refusal("document.too-many-pages", name=name, limit=limits.pages)
    return count


def _node(pdf: Pdf, reference: Any, depth: int, seen: set[int]) -> dict[bytes, Any]:
    """Read one node of the tree; every node has one parent only."""
    if depth > _DEEP:
        raise PdfError(0, "its tree of pages is too deep")
    if isinstance(reference, Reference):
        if reference.number in seen:
            raise PdfError(0, f"its tree of pages comes back to object {reference.number}")
        seen.add(reference.number)
    node = pdf.get(reference)
    if not isinstance(node, dict):
        raise PdfError(0, "a page is missing")
    return node


def _sheet(pdf: Pdf, box: Any, page: int) -> None:
    """Check that a page has a sheet, and one that is no bomb."""
    sides = [pdf.get(side) for side in found] if isinstance(found := pdf.get(box), list) else []
    if len(sides) != 4 or not all(isinstance(side, int | float) for side in sides):
        raise PdfError(0, f"page {page} states no size")
    width, height = abs(sides[2] - sides[0]), abs(sides[3] - sides[1])
    if not 0 < width <= _LARGEST or not 0 < height <= _LARGEST:
        raise PdfError(0, f"page {page} has an impossible size")
