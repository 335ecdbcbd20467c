# SPDX-License-Identifier: Apache-2.0
"""Web copies of a picture: upright, in sRGB, at most so large, with its rights and nothing else that was written into it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from digitize.errors import Doubt, Refusal
from digitize.image.colour import Managed, to_srgb
from digitize.image.decode import Picture, decoding, opened
from digitize.image.measure import pixels_apart


def opened_small(path: Path, form: str, counts: Mapping[str, int], *, side: int, page: int = 0) -> tuple[Picture, Any, tuple[Doubt, ...]]:
    """Open a picture and scale it down, which decodes all of it.

    Returns
    -------
    The picture, what `reduced` gives, and the doubt ``image.decoder-warned`` where its decoder goes on over damage.

    Raises
    ------
    Refusal
        ``image.undecodable``, ``image.count-mismatch``.
    """
    try:
        picture = opened(path, form, counts, page=page, strict=True)
        with decoding(path):
            return picture, reduced(picture, side), ()
    except Refusal as refusal:
        if refusal.code != "image.undecodable" or form != "jpeg":
            raise
    picture = opened(path, form, counts, page=page)
    with decoding(path):
        return picture, reduced(picture, side), (Doubt("image.decoder-warned"),)


def reduced(picture: Picture, side: int) -> Any:
    """Scale a picture down, still in the colours of its own device, turn it upright, and hold it in memory.

    It is never scaled up. Transparent pixels do not bleed into their neighbours.
    """
    image = picture.image
    if image.bands > picture.colours + 1:
        image = image.extract_band(0, n=picture.colours + 1)
    scale = side / max(image.width, image.height)
    if scale < 1:
        most = 65535 if picture.bits == 16 else 255
        transparent = image.bands > picture.colours and picture.space != "Lab"
        kind = image.format
        image = image.premultiply(max_alpha=most) if transparent else image
        image = image.resize(scale, vscale=_exact(image, scale), kernel="lanczos3")
        image = image.unpremultiply(max_alpha=most).rint().cast(kind) if transparent else image
    return image.autorot().copy_memory()


def _exact(image: Any, scale: float) -> float:
    """Give the scale that makes the shorter side a whole number of pixels, so that a long strip keeps at least one."""
    return max(1, round(image.height * scale)) / image.height


def web_copy(srgb: Any, side: int, quality: int, path: Path, rights: Mapping[str, bytes]) -> dict[str, Any]:
    """Write an sRGB image at most `side` pixels long as WebP, without loss where it is transparent.

    Parameters
    ----------
    path
        Given its suffix here.
    rights
        The blocks ``exif`` and ``xmp`` to write into it.

    Returns
    -------
    The rendition's facts, and its ``error``: what the compression did (`digitize.image.measure.pixels_apart`).
    """
    from PIL import Image

    pixels = srgb.numpy()
    picture: Any = Image.fromarray(pixels)
    if max(picture.size) > side:
        scale = side / max(picture.size)
        small = (max(1, round(picture.width * scale)), max(1, round(picture.height * scale)))
        picture = picture.resize(small, Image.Resampling.LANCZOS)
    transparent = picture.mode == "RGBA" and picture.getchannel("A").getextrema()[0] < 255
    written = path.with_suffix(".webp")
    (picture if transparent else picture.convert("RGB")).save(written, quality=quality, method=6, lossless=transparent, **rights)
    with Image.open(written) as copy:
        error = pixels_apart(np.asarray(picture.convert("RGB")), np.asarray(copy.convert("RGB")))
    size = {"width": picture.width, "height": picture.height}
    return {"path": written.name, "media_type": "image/webp", **size, "error": error}


def grey(srgb: Any, side: int) -> Any:
    """Give the luma of an sRGB image at `side` x `side` pixels, on white where it is transparent."""
    from PIL import Image

    picture = Image.fromarray(srgb.numpy())
    if picture.mode == "RGBA":
        white = Image.new("RGBA", picture.size, (255, 255, 255, 255))
        picture = Image.alpha_composite(white, picture)
    return picture.convert("L").resize((side, side), Image.Resampling.LANCZOS)


def srgb_of(picture: Picture, small: Any, by: Managed) -> Any:
    """Bring a reduced picture to sRGB and hold it in memory."""
    return to_srgb(picture, small, by).copy_memory()
