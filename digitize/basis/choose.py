# SPDX-License-Identifier: Apache-2.0
"""Which of Basis Universal's forms a texture takes: the smallest whose error, measured on what comes out again, is within a bound.

ETC1S takes half a byte of the device for each texel, UASTC one byte; RGBA as it is takes four.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from digitize.basis.encoder import Settings, encode
from digitize.basis.header import MEDIA_TYPE
from digitize.basis.transcoder import Transcoder
from digitize.encode.textures import opened
from digitize.mesh import Bytes, Texture

_SAMPLE, _PIECES = 256, 8  # pixels a side of the sample, pieces along it


@dataclass(frozen=True)
class Use:
    """What a texture is for: colours, directions or other numbers; whether its alpha counts."""

    colour: bool
    normal: bool
    opaque: bool


@dataclass(frozen=True)
class Chosen:
    """A texture as KTX2, its form, and how near its pixels are to those it was made from, in dB (None: the same)."""

    texture: Texture
    mode: str
    decibels: float | None


class Chooser:
    """Texture after texture against one bound; equal ones are encoded once."""

    def __init__(self, program: Path, folder: Path, *, decibels: float, settings: Settings) -> None:
        self._program, self._folder, self._bound, self._settings = program, folder, decibels, settings
        self._made: dict[tuple[bytes, Use], Chosen | float] = {}

    def choose(self, texture: Texture, use: Use) -> Chosen | float:
        """Encode a texture; where no form is within the bound, return how near the best came, in dB."""
        key = texture.data, use
        if key not in self._made:
            self._made[key] = self._chosen(texture, use)
        return self._made[key]

    def _chosen(self, texture: Texture, use: Use) -> Chosen | float:
        picture, best = fitted(opened(texture, use.opaque)), 0.0
        for mode in self._modes(picture, use):
            data = self._encoded(picture, mode, use)
            near = psnr(np.asarray(picture), Transcoder().pixels(data))
            if near >= self._bound:
                made = Texture(texture.name, MEDIA_TYPE, picture.width, picture.height, data)
                return Chosen(made, mode, round(near, 2) if np.isfinite(near) else None)
            best = max(best, near)
        return round(best, 2)

    def _modes(self, picture: Any, use: Use) -> tuple[str, ...]:
        """List the forms that are worth trying.

        ETC1S bends normals and has no alpha to speak of; whether it is near enough, a sample of the picture foretells.
        """
        if use.normal or not use.opaque:
            return ("uastc",)
        sample = sampled(picture)
        near = psnr(np.asarray(sample), Transcoder().pixels(self._encoded(sample, "etc1s", use, mipmaps=False)))
        return ("etc1s", "uastc") if near >= self._bound else ("uastc",)

    def _encoded(self, picture: Any, mode: str, use: Use, *, mipmaps: bool = True) -> bytes:
        return encode(self._program, picture, self._folder, mode=mode, linear=not use.colour, settings=self._settings, mipmaps=mipmaps)


def fitted(picture: Any) -> Any:
    """Give a picture sides that are multiples of four, as KHR_texture_basisu demands: the nearest, and at least four."""
    from PIL import Image

    width, height = (max(4, 4 * round(side / 4)) for side in picture.size)
    return picture if (width, height) == picture.size else picture.resize((width, height), Image.Resampling.LANCZOS)


def sampled(picture: Any) -> Any:
    """Put pieces from all over a picture beside each other; a small one is its own sample."""
    from PIL import Image

    if min(picture.size) <= 2 * _SAMPLE:
        return picture
    piece, sample = _SAMPLE // _PIECES, Image.new(picture.mode, (_SAMPLE, _SAMPLE))
    for row in range(_PIECES):
        for column in range(_PIECES):
            x, y = (4 * int((at + 0.5) / _PIECES * side / 4) - piece // 2 for at, side in ((column, picture.width), (row, picture.height)))
            sample.paste(picture.crop((x, y, x + piece, y + piece)), (column * piece, row * piece))
    return sample


def psnr(one: Bytes, two: Bytes) -> float:
    """Return how near two pictures (h, w, 3 or 4) are, in dB, over the channels that the first one has."""
    difference = one.astype(np.int16) - two[..., : one.shape[2]]
    square = float(np.mean(difference.astype(np.float32) ** 2, dtype=np.float64))
    return 10 * float(np.log10(255**2 / square)) if square else float("inf")
