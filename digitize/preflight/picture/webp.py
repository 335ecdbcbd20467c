# SPDX-License-Identifier: Apache-2.0
"""WebP: its chunks, one frame, and the two places that state its size in agreement.

Source: RFC 9649 §2 (container), RFC 6386 §9.1 (VP8's frame header), RFC 9649 §3.4 (VP8L's header).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO

from digitize.errors import Doubt, Refusal
from digitize.preflight.model import Limits
from digitize.preflight.picture import exif
from digitize.preflight.picture.form import Image, broken, sized, truncated

_CHUNKS = 1000
_ANIMATION, _ALPHA = 0x02, 0x10
_EXIF = 1 << 20
_KEY_FRAME = b"\x9d\x01\x2a"


def scan(file: IO[bytes], name: str, size: int, limits: Limits) -> Image:
    """Walk the chunks.

    Raises
    ------
    Refusal
        ``image.broken``, ``image.truncated`` (its rows cannot be told apart), ``image.animated``, ``image.too-many-pixels``.
    """
    file.seek(0)
    head = file.read(12)
    end = int.from_bytes(head[4:8], "little") + 8
    if len(head) < 12 or end > size:
        raise truncated(name, size)
    canvas, frame, exposed = None, None, False
    for kind, at, length in _chunks(file, name, end):
        if kind == b"VP8X":
            canvas = _canvas(file.read(10), name, at)
        elif kind in {b"VP8 ", b"VP8L"}:
            if frame is not None:
                raise broken(name, at, "it holds two pictures")
            frame = sized(name, (_lossy if kind == b"VP8 " else _lossless)(file.read(10), name, at, length), limits)
        elif kind in {b"ANIM", b"ANMF"}:
            raise Refusal("image.animated", at=f"byte {at}", name=name)
        elif kind == b"EXIF":
            exposed = exif.exposed(file.read(min(length, _EXIF)))
    if frame is None:
        raise broken(name, end, "it holds no picture data")
    if canvas is not None and canvas[:2] != (frame.width, frame.height):
        raise broken(name, 12, "its two sizes contradict each other")
    alpha = frame.channels == 4 or (canvas is not None and canvas[2])
    doubts = (Doubt("input.bytes-after-end", None, {"bytes": size - end}),) if size > end + end % 2 else ()
    return Image("webp", frame.width, frame.height, 4 if alpha else 3, exposed=exposed, doubts=doubts)


def _chunks(file: IO[bytes], name: str, end: int) -> Iterator[tuple[bytes, int, int]]:
    """Yield kind, place and length of each chunk, the file standing at its body."""
    at = 12
    for _ in range(_CHUNKS):
        if at >= end:
            return
        file.seek(at)
        head = file.read(8)
        length = int.from_bytes(head[4:], "little")
        if len(head) < 8 or at + 8 + length > end:
            raise broken(name, at, "a part of it is longer than the file says it is")
        yield head[:4], at, length
        at += 8 + length + length % 2
    raise broken(name, at, "it has too many parts")


def _canvas(body: bytes, name: str, at: int) -> tuple[int, int, bool]:
    """Read width, height and whether there is transparency."""
    if len(body) < 10:
        raise broken(name, at, "its header is too short")
    if body[0] & _ANIMATION:
        raise Refusal("image.animated", at=f"byte {at}", name=name)
    return int.from_bytes(body[4:7], "little") + 1, int.from_bytes(body[7:10], "little") + 1, bool(body[0] & _ALPHA)


def _lossy(body: bytes, name: str, at: int, length: int) -> Image:
    """Read the header of a VP8 key frame; its first part must lie within it."""
    tag = int.from_bytes(body[:3], "little")
    if len(body) < 10 or tag & 1 or body[3:6] != _KEY_FRAME or (tag >> 5) > length - 10:
        raise broken(name, at, "its picture does not begin as one must")
    return Image("webp", int.from_bytes(body[6:8], "little") & 0x3FFF, int.from_bytes(body[8:10], "little") & 0x3FFF, 3)


def _lossless(body: bytes, name: str, at: int, length: int) -> Image:
    """Read the header of a VP8L picture."""
    bits = int.from_bytes(body[1:5], "little")
    if length < 5 or len(body) < 5 or body[0] != 0x2F or bits >> 29:
        raise broken(name, at, "its picture does not begin as one must")
    return Image("webp", (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1, 4 if bits >> 28 & 1 else 3)
