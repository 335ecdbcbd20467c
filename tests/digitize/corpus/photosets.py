# SPDX-License-Identifier: Apache-2.0
"""Broken and hostile sets of photographs."""

from __future__ import annotations

import io

from tests.digitize.corpus.archives import info, pack
from tests.digitize.corpus.case import Case, bad, png


def exposed(width: int = 32, height: int = 24) -> bytes:
    """Write a small photograph that says how it was exposed."""
    from PIL import Image

    exif = Image.Exif()
    exif.get_ifd(0x8769)[33434] = 0.01
    stream = io.BytesIO()
    Image.new("RGB", (width, height), (90, 120, 60)).save(stream, "JPEG", exif=exif)
    return stream.getvalue()


def _set(**changed: bytes) -> dict[str, bytes]:
    """Make a folder of three photographs; a value replaces one or comes beside them."""
    plain = {f"p{number}.jpg": exposed() for number in range(1, 4)}
    return plain | {name.replace("__", "."): data for name, data in changed.items()}


def _folder(name: str, code: str, at: str | None, **changed: bytes) -> Case:
    return Case(name, _set(**changed), "", code, at)


_JPEG = exposed()
PHOTOSETS: tuple[Case, ...] = (
    _folder("photos-one-empty", "input.empty", None, p2__jpg=b""),
    _folder("photos-one-is-text", "input.not-the-format", None, p2__jpg=b"this is no picture"),
    _folder("photos-one-is-another-format", "input.wrong-extension", None, p2__jpg=png()),
    _folder("photos-one-without-beginning", "input.not-the-format", None, p2__jpg=_JPEG[3:]),
    _folder("photos-beside-an-object-and-a-motion", "input.wrong-extension", None, a__bvh=_JPEG),
    bad(
        "photos-zip-link", "zip.link", "p3.jpg", "a.zip",
        pack(("p1.jpg", _JPEG), ("p2.jpg", _JPEG), (info("p3.jpg", 0o120777), b"/etc/passwd")),
    ),
    bad("photos-zip-outside", "zip.unsafe-name", "../p3.jpg", "a.zip", pack(("p1.jpg", _JPEG), ("../p3.jpg", _JPEG))),
    bad("photos-zip-one-bomb", "zip.ratio", "p2.jpg", "a.zip", pack(("p1.jpg", _JPEG), ("p2.jpg", _JPEG + bytes(40_000_000)))),
)  # fmt: skip
