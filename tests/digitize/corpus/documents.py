# SPDX-License-Identifier: Apache-2.0
"""Broken and hostile PDFs, and odd ones that are sound."""

from __future__ import annotations

import zlib

from tests.digitize.corpus.case import Case, bad


def pdf(*objects: bytes, root: int = 1, trailer: bytes = b"", shift: int = 0, prev: int | None = None, end: bytes = b"%%EOF\n") -> bytes:
    """Write a PDF of objects 1, 2, … with a table; `shift` puts every place of the table wrong."""
    out, places = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(out) + shift)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    before = b"/Prev %d" % (len(out) if prev == -1 else prev) if prev is not None else b""
    out_at = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(objects) + 1, table)
    return out + b"trailer\n<</Size %d/Root %d 0 R%s%s>>\nstartxref\n%d\n%s" % (len(objects) + 1, root, trailer, before, out_at, end)


def text_page(words: str, *, sheet: bytes = b"[0 0 300 200]", first: int = 4) -> tuple[bytes, bytes]:
    """Write a page that shows words, and its content."""
    content = f"BT /F1 24 Tf 30 120 Td ({words}) Tj ET".encode()
    page = b"<</Type/Page/Parent 2 0 R/MediaBox %s/Contents %d 0 R/Resources<</Font<</F1 3 0 R>>>>>>" % (sheet, first + 1)
    return page, b"<</Length %d>>stream\n%s\nendstream" % (len(content), content)


_FONT = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"
_CATALOG = b"<</Type/Catalog/Pages 2 0 R>>"


def letters(*pages: str, sheet: bytes = b"[0 0 300 200]", catalog: bytes = _CATALOG, **how: object) -> bytes:
    """Write a PDF of pages with words."""
    parts = [part for i, words in enumerate(pages) for part in text_page(words, sheet=sheet, first=4 + 2 * i)]
    kids = b" ".join(b"%d 0 R" % (4 + 2 * i) for i in range(len(pages)))
    tree = b"<</Type/Pages/Kids[%s]/Count %d>>" % (kids, len(pages))
    return pdf(catalog, tree, _FONT, *parts, **how)  # type: ignore[arg-type]


def packed(*, widths: tuple[int, int, int] = (1, 4, 2), predictor: bool = False, cut: int = 0, size: int | None = None) -> bytes:
    """Write a PDF whose catalog and pages lie in an object stream, and whose cross-reference is a stream."""
    bodies = [_CATALOG, b"<</Type/Pages/Kids[3 0 R]/Count 1>>", b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 100 100]>>"]
    table, inside = b"", b""
    for number, body in enumerate(bodies, 1):
        table += b"%d %d " % (number, len(inside))
        inside += body + b" "
    stream = zlib.compress(table + inside)
    out = b"%PDF-1.5\n"
    first = len(out)
    out += b"4 0 obj\n<</Type/ObjStm/N 3/First %d/Filter/FlateDecode/Length %d>>stream\n%s\nendstream\nendobj\n" % (
        len(table),
        len(stream),
        stream,
    )
    last = len(out)
    rows = [(0, 0, 65535), *((2, 4, i) for i in range(3)), (1, first, 0), (1, last, 0)]
    raw = b"".join(number.to_bytes(width, "big") for row in rows for number, width in zip(row, widths, strict=True))
    wide = sum(widths)
    if predictor:
        above, filtered = bytes(wide), b""
        for i in range(0, len(raw), wide):
            row = raw[i : i + wide]
            filtered += b"\2" + bytes((a - b) & 255 for a, b in zip(row, above, strict=True))
            above = row
        raw = filtered
    body = zlib.compress(raw[: len(raw) - cut])
    options = b"/DecodeParms<</Predictor 12/Columns %d>>" % wide if predictor else b""
    return out + b"5 0 obj\n<</Type/XRef/Size %d/W[%d %d %d]/Root 1 0 R/Filter/FlateDecode%s/Length %d>>stream\n%s\nendstream\nendobj\nstartxref\n%d\n%%%%EOF" % (
        6 if size is None else size, *widths, options, len(body), body, last,
    )  # fmt: skip


_GOOD = letters("first", "second")
_DEEP = b"[" * 5000
_LOOP = pdf(_CATALOG, b"<</Type/Pages/Kids[3 0 R]/Count 1>>", b"<</Type/Pages/Kids[2 0 R]/Count 1>>")
_TWICE = pdf(_CATALOG, b"<</Type/Pages/Kids[3 0 R 3 0 R]/Count 2>>", b"<</Type/Page/MediaBox[0 0 9 9]>>")
_BEFORE = b"%PDF-1.5\n"


def _bomb() -> bytes:
    """Write a cross-reference that unpacks to a hundred megabytes."""
    data = zlib.compress(bytes(100 << 20), 9)
    head = b"1 0 obj\n<</Type/XRef/Size 1/W[1 1 1]/Filter/FlateDecode/Length %d>>stream\n" % len(data)
    return _BEFORE + head + data + b"\nendstream\nendobj\nstartxref\n%d\n%%%%EOF" % len(_BEFORE)


DOCUMENTS: tuple[Case, ...] = (
    bad("pdf-only-magic", "pdf.cut", "page 0", "a.pdf", b"%PDF-1.7\n"),
    bad("pdf-cut", "pdf.cut", "page 2", "a.pdf", _GOOD[:-120]),
    bad("pdf-cut-in-first-page", "pdf.cut", "page 1", "a.pdf", _GOOD[: _GOOD.index(b"endstream") + 4]),
    bad("pdf-cut-packed", "pdf.cut", "page 1", "a.pdf", packed()[:-60]),
    bad("pdf-without-end-mark", "pdf.cut", "page 2", "a.pdf", letters("first", "second", end=b"")),
    bad("pdf-encrypted", "pdf.encrypted", None, "a.pdf", letters("a", trailer=b"/Encrypt 3 0 R")),
    bad("pdf-reference-outside", "pdf.cut", "page 1", "a.pdf", letters("a").replace(b"startxref\n", b"startxref\n9")),
    bad("pdf-places-wrong", "pdf.broken", "byte 22", "a.pdf", letters("a", shift=7)),
    bad("pdf-loop-of-references", "pdf.broken", "byte 366", "a.pdf", letters("a", prev=-1)),
    bad("pdf-tree-comes-back", "pdf.broken", "byte 0", "a.pdf", _LOOP),
    bad("pdf-page-twice", "pdf.broken", "byte 0", "a.pdf", _TWICE),
    bad("pdf-without-catalog", "pdf.broken", "byte 0", "a.pdf", letters("a", root=99)),
    bad("pdf-without-pages", "pdf.broken", None, "a.pdf", pdf(_CATALOG, b"<</Type/Pages/Kids[]/Count 0>>")),
    bad("pdf-page-missing", "pdf.broken", "byte 0", "a.pdf", pdf(_CATALOG, b"<</Type/Pages/Kids[9 0 R]/Count 1>>")),
    bad("pdf-sheet-of-a-kilometre", "pdf.broken", "byte 0", "a.pdf", letters("a", sheet=b"[0 0 99999999 9]")),
    bad("pdf-sheet-of-nothing", "pdf.broken", "byte 0", "a.pdf", letters("a", sheet=b"[0 0 0 0]")),
    bad("pdf-sheet-of-names", "pdf.broken", "byte 0", "a.pdf", letters("a", sheet=b"[/a /b /c /d]")),
    bad("pdf-nested-deep", "pdf.broken", "byte 88", "a.pdf", pdf(_DEEP)),
    bad("pdf-string-without-end", "pdf.cut", "page 0", "a.pdf", pdf(b"(abc")),
    bad("pdf-object-countless", "pdf.broken", "byte 370", "a.pdf", letters("a").replace(b"xref\n0 6", b"xref\n0 999999999", 1)),
    bad("pdf-packed-numbers-short", "pdf.broken", "byte 201", "a.pdf", packed(cut=9)),
    bad("pdf-packed-size-countless", "pdf.broken", "byte 201", "a.pdf", packed(size=1 << 40)),
    bad("pdf-packed-without-widths", "pdf.broken", "byte 201", "a.pdf", packed().replace(b"/W[1 4 2]", b"/W[0 0 0]")),
    bad("pdf-bomb", "pdf.broken", f"byte {len(_BEFORE)}", "a.pdf", _bomb()),
    bad("pdf-thousands-of-pages", "document.too-many-pages", None, "a.pdf", pdf(_CATALOG, b"<</Type/Pages/MediaBox[0 0 9 9]/Kids[%s]>>" % (b"<</Type/Page>>" * 3000))),
)  # fmt: skip

SOUND_DOCUMENTS: tuple[Case, ...] = (
    Case("pdf", {"a.pdf": _GOOD}, "a.pdf", counts={"pages": 2}),
    Case("pdf-packed", {"a.pdf": packed()}, "a.pdf", counts={"pages": 1, "objects": 5}),
    Case("pdf-packed-predicted", {"a.pdf": packed(predictor=True)}, "a.pdf", counts={"pages": 1}),
    Case(
        "pdf-active",
        {"a.pdf": letters("a", catalog=b"<</Type/Catalog/Pages 2 0 R/OpenAction<</S/J#61vaScript/JS(app.alert\\(1\\))>>>>")},
        "a.pdf",
        counts={"pages": 1},
        doubts=("pdf.active-content",),
    ),
)
