# SPDX-License-Identifier: Apache-2.0
"""Pictures: size, form, completeness by their structure; nothing is decoded. Each format has its module in ``picture``."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import IO

from digitize.errors import Refusal
from digitize.preflight.model import Findings, Limits
from digitize.preflight.picture import heif, jpeg, ktx2, png, tiff, webp
from digitize.preflight.picture.form import Image

PNG_MAGIC, JPEG_MAGIC = png.MAGIC, jpeg.MAGIC
IN_MESHES = ("png", "jpeg")
_SCANS: dict[str, Callable[[IO[bytes], str, int, Limits], Image]] = {
    "png": png.scan,
    "jpeg": jpeg.scan,
    "tiff": tiff.scan,
    "webp": webp.scan,
    "heif": heif.scan,
    "ktx2": ktx2.scan,
}
_ALONE = ("png", "jpeg", "tiff", "webp", "heif")  # what an input may be by itself


def inspect_image(root: Path, main: str, limits: Limits) -> Findings:
    """Check an image that is the input itself; several pages in one file are a document."""
    with (root / main).open("rb") as file:
        found = scan(file, main, limits, forms=_ALONE)
    counts = {"width": found.width, "height": found.height, "channels": found.channels, "bits": found.bits, "pages": found.pages}
    kind = "document" if found.pages > 1 else None
    return Findings({**counts, "exposed": int(found.exposed)}, (), found.doubts, kind)


def scan_bytes(data: bytes, name: str, limits: Limits) -> Image:
    """Check an image that lies inside another file."""
    return scan(io.BytesIO(data), name, limits)


def scan(file: IO[bytes], name: str, limits: Limits, *, forms: tuple[str, ...] = IN_MESHES) -> Image:
    """Check an image from its first byte to its last.

    Parameters
    ----------
    forms
        The formats that are taken; those that mesh formats allow unless said otherwise.

    Raises
    ------
    Refusal
        ``image.unsupported``, or what its format's ``scan`` refuses.
    """
    size = file.seek(0, 2)
    file.seek(0)
    form = form_of(file.read(16))
    if form is None or form not in forms:
        raise Refusal("image.unsupported", name=name)
    return _SCANS[form](file, name, size, limits)


def form_of(head: bytes) -> str | None:
    """Tell a picture's format by its first 12 bytes."""
    if head.startswith(png.MAGIC):
        return "png"
    if head.startswith(jpeg.MAGIC):
        return "jpeg"
    if head[:4] in {b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"}:
        return "tiff"
    if head.startswith(ktx2.MAGIC):
        return "ktx2"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "webp"
    return "heif" if head[4:8] == b"ftyp" and head[8:12] in {b"heic", b"heix", b"mif1", b"heim", b"heis"} else None
