# SPDX-License-Identifier: Apache-2.0
"""Broken and hostile sets of photographs."""

from __future__ import annotations

import io
import json
from typing import Any

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


_MARKERS: dict[str, Any] = {"dictionary": "4X4_50", "unit": "mm", "side": 40, "distances": [{"from": 3, "to": 7, "length": 250}]}


def _markers(name: str, at: str, text: bytes | None = None, **changed: Any) -> Case:
    """Lay a broken `markers.json` beside the photographs; a member that is None is left out."""
    told = {key: value for key, value in {**_MARKERS, **changed}.items() if value is not None}
    return _folder(f"markers-{name}", "markers.invalid", at, markers__json=json.dumps(told).encode() if text is None else text)


def _distance(name: str, at: str, **changed: Any) -> Case:
    return _markers(name, f"distances/0{at}", distances=[{"from": 3, "to": 7, "length": 250, **changed}])


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
    _markers("torn", "markers.json", b'{"dictionary"'),
    _markers("deep", "markers.json", b"[" * 200_000),
    _markers("not-text", "markers.json", b"\xff\xfe\x00{"),
    _markers("huge", "markers.json", b" " * ((1 << 20) + 1)),
    _markers("null", "markers.json", b"null"),
    _markers("more-members", "markers.json", path="../../secret"),
    _markers("nothing-known", "markers.json", side=None, distances=None),
    _markers("unknown-dictionary", "dictionary", dictionary="DICT_9X9_50"),
    _markers("dictionary-is-a-path", "dictionary", dictionary="../4X4_50"),
    _markers("unknown-unit", "unit", unit="chi"),
    _markers("negative-side", "side", side=-40),
    _markers("endless-side", "side", json.dumps(_MARKERS).replace("40", "1e999").encode()),
    _markers("truth-for-side", "side", side=True),
    _markers("long-side", "side", json.dumps(_MARKERS).replace("40", "4" + "0" * 400).encode()),
    _markers("too-many", "distances", distances=[{"from": 3, "to": 7, "length": 250}] * 1001),
    _markers("said-twice", "distances", distances=[{"from": 3, "to": 7, "length": 250}, {"from": 7, "to": 3, "length": 251}]),
    _distance("to-itself", "", to=3),
    _distance("not-in-the-dictionary", "/to", to=50),
    _distance("no-number", "/from", **{"from": "3"}),
    _distance("no-length", "/length", length=0),
    bad("photos-zip-outside", "zip.unsafe-name", "../p3.jpg", "a.zip", pack(("p1.jpg", _JPEG), ("../p3.jpg", _JPEG))),
    bad("photos-zip-one-bomb", "zip.ratio", "p2.jpg", "a.zip", pack(("p1.jpg", _JPEG), ("p2.jpg", _JPEG + bytes(40_000_000)))),
)  # fmt: skip
