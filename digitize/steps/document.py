# SPDX-License-Identifier: Apache-2.0
"""Make the pages of a document: pictures, texts, words; and its first page as a thumbnail."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from digitize import bundle
from digitize.document import pdf, pictures
from digitize.document import write as writing
from digitize.document.page import Page
from digitize.errors import Doubt
from digitize.image import rights
from digitize.preflight.page_texts import parts_of
from digitize.steps import read_facts, write_facts
from digitize.steps.image import scratch


def run(*, inputs: Mapping[str, Path], out: Path, params: Mapping[str, Any], progress: Callable[[float, str], None]) -> dict[str, Any]:
    """Derive from the document in `source`: a PDF, a picture of one or several pages, or several pictures.

    Parameters
    ----------
    params : `dpi` of a PDF's pages, `side` in pixels that no page's longer one passes, `thumbnail` likewise, `quality` of WebP.

    Raises
    ------
    Refusal
        `document.page` naming the page that cannot be rendered, `document.count-mismatch`, `image.undecodable`.
    """
    source = inputs["source"]
    intake = read_facts(source, "intake.json")
    doubts, room, files = pictures.Doubts(), scratch(), _files(intake)
    total = sum(counts.get("pages", 1) for counts in files.values())
    if intake["format"] == "pdf":
        found = pdf.pages(source / intake["main"], total, dpi=int(params["dpi"]), side=int(params["side"]))
    else:
        found = pictures.pages(source, files, side=int(params["side"]), scratch=room, doubts=doubts)
    done = writing.write(_told(found, total, progress), _given(source, files, intake), room / "pages", quality=int(params["quality"]))
    bundle.write(room / "pages", out / "pages.zip")
    facts = {
        "kind": "document",
        "format": intake["format"],
        "pages": total,
        "pages_with_text": sum(text is not None for text in done.texts),
        **({"metadata": pdf.metadata(source / intake["main"])} if intake["format"] == "pdf" else {}),
        "rights": writing.shared(done.rights),
        "order": list(files) if len(files) > 1 else None,
        "renditions": [*_renditions(done, out, int(params["thumbnail"]), int(params["quality"]))],
        "errors": {"pages": writing.spread(done.errors)},
        "page_errors": done.errors,
        "doubts": [doubt.as_json() for doubt in (*doubts.told(), *_doubts(done, files))],
    }
    write_facts(out, facts)
    return facts


def _files(intake: Mapping[str, Any]) -> dict[str, Mapping[str, int]]:
    """List the document's files in order, each with its counts."""
    return {part["name"]: part["counts"] for part in intake.get("parts", [])} or {intake["main"]: intake["counts"]}


def _given(source: Path, files: Mapping[str, Mapping[str, int]], intake: Mapping[str, Any]) -> dict[int, str]:
    """Read the texts that lay beside, by page from 0."""
    found: dict[int, str] = {}
    first = 0
    for name, counts in files.items():
        text = str(Path(name).with_suffix(".txt"))
        beside = next((member for member in intake["members"] if member.lower() == text.lower()), None)
        if beside is not None:
            found |= dict(enumerate(parts_of((source / beside).read_bytes()), first))
        first += counts.get("pages", 1)
    return found


def _told(pages: Iterator[Page], total: int, progress: Callable[[float, str], None]) -> Iterator[Page]:
    """Tell how far it is, page by page."""
    for number, page in enumerate(pages):
        progress(number / total, f"page {number + 1}")
        yield page


def _renditions(done: writing.Written, out: Path, side: int, quality: int) -> Iterator[dict[str, Any]]:
    """Write the text and the thumbnail; describe all."""
    yield {"role": "pages", "media_type": bundle.MEDIA_TYPE, "path": "pages.zip", "index": writing.INDEX, "pages": len(done.pages)}
    if any(text is not None for text in done.texts):
        (out / "text.txt").write_text(writing.FORM_FEED.join(text or "" for text in done.texts), encoding="utf-8")
        yield {"role": "text", "media_type": "text/plain; charset=utf-8", "path": "text.txt"}
    first = done.first.copy()
    first.thumbnail((side, side))
    first.save(out / "thumbnail.webp", quality=quality, method=6, **rights.written(done.rights[0]))
    yield {"role": "thumbnail", "media_type": "image/webp", "path": "thumbnail.webp", "width": first.width, "height": first.height}


def _doubts(done: writing.Written, files: Mapping[str, Any]) -> Iterator[Doubt]:
    """Doubt an order that was only read from names, and pages that cannot be searched."""
    if len(files) > 1:
        yield Doubt("document.order-supposed", None, {"count": len(done.pages)})
    without = sum(text is None for text in done.texts)
    if without:
        yield Doubt("document.without-text", None, {"count": without, "pages": len(done.pages)})
