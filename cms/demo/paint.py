# SPDX-License-Identifier: Apache-2.0
"""Colours over a picture: layers laid upon each other by masks, and the files made of them."""

from __future__ import annotations

import io

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from cms.demo.noise import Field

Colour = tuple[int, int, int]


class Picture:
    """An sRGB picture in float32 that layers are laid on."""

    def __init__(self, shape: tuple[int, int], ground: Colour) -> None:
        self.rgb = np.empty((*shape, 3), np.float32)
        self.rgb[...] = ground

    def lay(self, colour: Colour, mask: Field) -> None:
        """Mix a colour in, as strongly as the mask in [0, 1] says."""
        strength = mask[..., None]
        self.rgb += (np.asarray(colour, np.float32) - self.rgb) * strength

    def shade(self, factor: Field) -> None:
        """Multiply brightness; 1 leaves it as it is."""
        self.rgb *= factor[..., None]

    def pixels(self) -> NDArray[np.uint8]:
        """Round to 8 bits per channel, (h, w, 3)."""
        return np.asarray(np.clip(np.rint(self.rgb), 0, 255), np.uint8)

    def jpeg(self, quality: int = 92) -> bytes:
        """Encode as JPEG without chroma subsampling."""
        return _encoded(self.pixels(), format="JPEG", quality=quality, subsampling=0)

    def png(self) -> bytes:
        """Encode as PNG."""
        return _encoded(self.pixels(), format="PNG", compress_level=4)


def _encoded(pixels: NDArray[np.uint8], **options: object) -> bytes:
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, **options)  # type: ignore[arg-type]
    return out.getvalue()


def blurred(field: Field, radius: float) -> Field:
    """Blur a field in [0, 1] with a Gaussian of `radius` pixels."""
    image = Image.fromarray(np.asarray(np.clip(field * 255.0, 0, 255), np.uint8))
    return np.asarray(image.filter(ImageFilter.GaussianBlur(radius)), np.float32) / np.float32(255.0)


def hollows(height: Field, radius: float, gain: float) -> Field:
    """Say how far each place lies below its surroundings, in [0, 1]: where soil and patina gather.

    `height` is in [0, 1]; places on ridges give 0.
    """
    return np.asarray(np.clip((blurred(height, radius) - height) * gain, 0.0, 1.0), np.float32)
