# SPDX-License-Identifier: Apache-2.0
"""Tell the sounds and films whose magic number is not their first bytes."""

from __future__ import annotations

from digitize.preflight.media.mp3 import read_header

_IFF = {
    **dict.fromkeys(((b"RIFF", b"WAVE"), (b"RF64", b"WAVE"), (b"BW64", b"WAVE")), "wav"),
    **dict.fromkeys(((b"FORM", b"AIFF"), (b"FORM", b"AIFC")), "aiff"),
    (b"RIFF", b"AVI "): "avi",
}
_FILM_BOXES = frozenset({b"moov", b"mdat", b"wide", b"pnot", b"styp"})
_PICTURE_BRANDS = frozenset(
    {b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"hevm", b"hevs", b"mif1", b"msf1", b"avif", b"avis", b"jxl "}
)


def sniff_media(head: bytes) -> str | None:
    """Give the format that a file's first bytes say, or None."""
    if form := _IFF.get((head[:4], head[8:12])):
        return form
    if head[4:8] in _FILM_BOXES or (head[4:8] == b"ftyp" and head[8:12] not in _PICTURE_BRANDS):
        return "mp4"
    return "mp3" if head[:3] == b"ID3" or _frames(head) else None


def _frames(head: bytes) -> bool:
    """Say whether there is a frame of MPEG audio and another after it; two bytes alone may mean anything."""
    first = read_header(head[:4])
    return first is not None and (first.length + 4 > len(head) or read_header(head[first.length : first.length + 4]) is not None)
