# SPDX-License-Identifier: Apache-2.0
"""PNG and JPEG by their headers and frames: size, form, completeness; nothing is decoded.

Source: PNG (third edition) §5; ITU-T T.81 Annex B.
"""

from __future__ import annotations

import io
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from digitize.errors import Refusal
from digitize.preflight.model import Findings, Limits

PNG_MAGIC = b"\x89PNG\r\n\x1a\n"
JPEG_MAGIC = b"\xff\xd8\xff"
_PNG_DEPTHS = {0: (1, 2, 4, 8, 16), 2: (8, 16), 3: (1, 2, 4, 8), 4: (8, 16), 6: (8, 16)}
_FRAMES = frozenset({0xC0, 0xC1, 0xC2})
_OTHER_FRAMES = frozenset({0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF})
_ALONE = frozenset({0x01, *range(0xD0, 0xD8)})


@dataclass(frozen=True, slots=True)
class Image:
    """An image's form: ``png`` or ``jpeg``, size in pixels, number of channels."""

    format: str
    width: int
    height: int
    channels: int


def inspect_image(root: Path, main: str, limits: Limits) -> Findings:
    """Check an image that is the input itself."""
    with (root / main).open("rb") as file:
        found = scan(file, main, limits)
    return Findings({"width": found.width, "height": found.height, "channels": found.channels})


def scan_bytes(data: bytes, name: str, limits: Limits) -> Image:
    """Check an image that lies inside another file."""
    return scan(io.BytesIO(data), name, limits)


def scan(file: IO[bytes], name: str, limits: Limits) -> Image:
    """Check an image from its first byte to its last.

    Raises
    ------
    Refusal
        ``image.unsupported``, ``image.broken``, ``image.truncated``, ``image.too-many-pixels``.
    """
    size = file.seek(0, 2)
    file.seek(0)
    head = file.read(8)
    if head == PNG_MAGIC:
        return _png(file, name, size, limits)
    if head.startswith(JPEG_MAGIC):
        return _jpeg(file, name, size, limits)
    raise Refusal("image.unsupported", name=name)


def _sized(name: str, image: Image, limits: Limits) -> Image:
    """Refuse an image without pixels, or with more than anything here should decode."""
    if not image.width or not image.height:
        raise Refusal("image.broken", name=name, problem="it has no pixels")
    if image.width * image.height > limits.pixels or max(image.width, image.height) > limits.side:
        raise Refusal("image.too-many-pixels", name=name, width=image.width, height=image.height, limit=limits.pixels)
    return image


def _png(file: IO[bytes], name: str, size: int, limits: Limits) -> Image:
    """Walk the chunks: the header first, data, the end; each with its checksum."""
    image, data, at = None, False, 8
    while True:
        head = file.read(8)
        length, kind = int.from_bytes(head[:4], "big"), head[4:]
        if len(head) < 8 or at + 12 + length > size:
            raise Refusal("image.truncated", at=f"byte {at}", name=name)
        if image is None:
            if kind != b"IHDR" or length != 13:
                raise Refusal("image.broken", at=f"byte {at}", name=name, problem="it does not begin with a header")
            image = _sized(name, _png_header(file.read(13), name, kind, file), limits)
        else:
            _checked(file, kind, length, name, at)
        data = data or kind == b"IDAT"
        if kind == b"IEND":
            break
        at += 12 + length
    if not data:
        raise Refusal("image.broken", name=name, problem="it holds no picture data")
    return image


def _png_header(body: bytes, name: str, kind: bytes, file: IO[bytes]) -> Image:
    """Read IHDR and its checksum."""
    if zlib.crc32(kind + body) != int.from_bytes(file.read(4), "big"):
        raise Refusal("image.broken", at="byte 8", name=name, problem="its header’s checksum is wrong")
    depth, colour = body[8], body[9]
    if depth not in _PNG_DEPTHS.get(colour, ()) or body[10] or body[11] or body[12] > 1:
        raise Refusal("image.broken", at="byte 16", name=name, problem="its header states a form that does not exist")
    width, height = int.from_bytes(body[:4], "big"), int.from_bytes(body[4:8], "big")
    return Image("png", width, height, {0: 1, 2: 3, 3: 3, 4: 2, 6: 4}[colour])


def _checked(file: IO[bytes], kind: bytes, length: int, name: str, at: int) -> None:
    """Read over a chunk's body in pieces and compare its checksum."""
    total = zlib.crc32(kind)
    while length:
        piece = file.read(min(length, 1 << 20))
        total = zlib.crc32(piece, total)
        length -= len(piece)
    if total != int.from_bytes(file.read(4), "big"):
        raise Refusal("image.broken", at=f"byte {at}", name=name, problem="a checksum in it is wrong")


def _jpeg(file: IO[bytes], name: str, size: int, limits: Limits) -> Image:
    """Walk the segments up to the scan, then look for the end marker behind it."""
    image, at = None, 2
    while True:
        file.seek(at)
        marker, head = _marker(file, name, at), file.read(2)
        if marker in _ALONE:
            at += 2
            continue
        length = int.from_bytes(head, "big")
        if marker == 0xD9 or len(head) < 2 or length < 2 or at + 2 + length > size:
            raise Refusal("image.truncated", at=f"byte {at}", name=name)
        if marker in _OTHER_FRAMES:
            raise Refusal("image.broken", at=f"byte {at}", name=name, problem="it uses a form of JPEG that few programs read")
        if marker in _FRAMES:
            image = _sized(name, _jpeg_frame(file.read(length - 2), name, at), limits)
        at += 2 + length
        if marker == 0xDA:
            break
    if image is None:
        raise Refusal("image.broken", at=f"byte {at}", name=name, problem="its picture comes before its size")
    if not _ends(file, at):
        raise Refusal("image.truncated", at=f"byte {size}", name=name)
    return image


def _marker(file: IO[bytes], name: str, at: int) -> int:
    """Read a marker, over fill bytes."""
    if file.read(1) != b"\xff":
        raise Refusal("image.broken", at=f"byte {at}", name=name, problem="a marker is missing")
    for _ in range(1 << 16):
        byte = file.read(1)
        if byte != b"\xff":
            break
    if not byte:
        raise Refusal("image.truncated", at=f"byte {at}", name=name)
    return byte[0]


def _jpeg_frame(body: bytes, name: str, at: int) -> Image:
    """Read a frame's header: size and channels."""
    if len(body) < 6 or body[0] != 8 or body[5] not in (1, 3, 4) or len(body) < 6 + 3 * body[5]:
        raise Refusal("image.broken", at=f"byte {at}", name=name, problem="its frame states a form that does not exist")
    return Image("jpeg", int.from_bytes(body[3:5], "big"), int.from_bytes(body[1:3], "big"), body[5])


def _ends(file: IO[bytes], at: int) -> bool:
    """Look for the end marker behind the first scan."""
    file.seek(at)
    before = b""
    while piece := file.read(1 << 20):
        if b"\xff\xd9" in before + piece:
            return True
        before = piece[-1:]
    return False
