# SPDX-License-Identifier: Apache-2.0
"""What every picture has: a size, channels, a depth; and the refusals that all formats share."""

from __future__ import annotations

import io
import mmap
from dataclasses import dataclass, field
from typing import IO

from digitize.errors import Doubt, Refusal
from digitize.preflight.model import Limits


@dataclass(frozen=True, slots=True)
class Image:
    """A picture's form.

    Attributes
    ----------
    format
        As in ``digitize.preflight.formats``.
    width, height
        In pixels, as stored; of the first page.
    channels, bits
        Per pixel, and of each channel.
    pages
        Pictures in the file that are no smaller copies of another.
    exposed
        Whether its EXIF says how a camera exposed it (exposure time, aperture or focal length).
    doubts
        What was let pass.
    """

    format: str
    width: int
    height: int
    channels: int
    bits: int = 8
    pages: int = 1
    exposed: bool = False
    doubts: tuple[Doubt, ...] = field(default=())


def sized(name: str, image: Image, limits: Limits, *, in_parts: bool = False) -> Image:
    """Refuse a picture without pixels, or with more than anything here should decode.

    Parameters
    ----------
    in_parts
        Whether it can be decoded part by part, so that the larger limits hold.
    """
    if not image.width or not image.height:
        raise broken(name, None, "it has no pixels")
    pixels, side = (limits.part_pixels, limits.part_side) if in_parts else (limits.pixels, limits.side)
    if image.width * image.height > pixels or max(image.width, image.height) > side:
        raise Refusal("image.too-many-pixels", name=name, width=image.width, height=image.height, limit=pixels)
    return image


def broken(name: str, at: int | None, problem: str) -> Refusal:
    """Refuse a picture whose parts contradict each other."""
    return Refusal("image.broken", at=None if at is None else f"byte {at}", name=name, problem=problem)


def truncated(name: str, at: int) -> Refusal:
    """Refuse a picture that is cut short, where no row can be told."""
    return Refusal("image.truncated", at=f"byte {at}", name=name)


def cut(name: str, row: int, height: int) -> Refusal:
    """Refuse a picture that is cut short, naming how many rows from the top are whole."""
    return Refusal("image.cut", at=f"row {row}", name=name, row=row, height=height)


def view(file: IO[bytes]) -> memoryview:
    """See a whole file as bytes without reading it into memory."""
    if isinstance(file, io.BytesIO):
        return file.getbuffer()
    return memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
