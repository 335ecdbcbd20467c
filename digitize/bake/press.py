# SPDX-License-Identifier: Apache-2.0
"""A baked picture as a file: the smallest one whose loss stays inside a bound, measured on the texels that are used."""

import io
from typing import Any

import numpy as np
from numpy.typing import NDArray

from digitize.encode.textures import jpeg
from digitize.mesh import Bytes, Singles, Texture

QUALITIES = (80, 86, 91, 95, 98)
_BANDS = 16  # an eighth of the picture; fewer miss what lies between them
_LARGE = 1 << 20  # pixels; below, a PNG is made faster than foretold
_SAMPLE = 1 << 18  # texels that the loss is measured on


def press(name: str, image: Singles, used: NDArray[np.bool_], bound: float) -> Texture:
    """Encode a picture (h, w, 3 or 4) of 0..255.

    Parameters
    ----------
    used : (h, w), the texels that are looked at.
    bound : mean square of 255-ths that encoding may add; PNG adds none, and alpha always needs it.
    """
    from PIL import Image

    pixels = np.clip(np.rint(image), 0, 255).astype(np.uint8)
    picture = Image.fromarray(pixels)
    lossy = _jpeg(picture, pixels, used, bound) if pixels.shape[2] == 3 else None
    if lossy and _surely_larger(picture, len(lossy)):
        return Texture(name, "image/jpeg", picture.width, picture.height, lossy)
    data = _png(picture)
    if lossy and len(lossy) < len(data):
        return Texture(name, "image/jpeg", picture.width, picture.height, lossy)
    return Texture(name, "image/png", picture.width, picture.height, data)


def _surely_larger(picture: Any, size: int) -> bool:
    """Tell from some bands of it that the PNG would be larger than `size` bytes."""
    if picture.width * picture.height < _LARGE:
        return False
    rows = max(picture.height // (8 * _BANDS), 1)
    starts = [picture.height * (2 * place + 1) // (2 * _BANDS) for place in range(_BANDS)]
    bands = [picture.crop((0, start, picture.width, start + rows)) for start in starts]
    return sum(len(_png(band)) for band in bands) * picture.height / (_BANDS * rows) > 1.3 * size


def _jpeg(picture: Any, pixels: Bytes, used: NDArray[np.bool_], bound: float) -> bytes | None:
    """Return the smallest JPEG within the bound; None where even the best one is beyond it."""
    low, high, best = 0, len(QUALITIES), None
    while low < high:
        middle = (low + high) // 2
        data = jpeg(picture, QUALITIES[middle])
        if loss(data, pixels, used) <= bound:
            high, best = middle, data
        else:
            low = middle + 1
    return best


def loss(data: bytes, pixels: Bytes, used: NDArray[np.bool_]) -> float:
    """Return the mean square difference, of 255-ths, that an encoded picture shows at the used texels."""
    from PIL import Image

    with Image.open(io.BytesIO(data)) as file:
        got = np.asarray(file.convert("RGB"))
    at = np.flatnonzero(used)
    at = at[:: -(-len(at) // _SAMPLE)]
    difference = got.reshape(-1, 3)[at].astype(np.float32) - pixels.reshape(-1, 3)[at]
    return float(np.mean(difference**2)) if len(at) else 0.0


def _png(picture: Any) -> bytes:
    """Encode as PNG, by palette where there are few colours."""
    from PIL import Image

    stream = io.BytesIO()
    if picture.mode == "RGB" and picture.getcolors(256) is not None:
        few = picture.quantize(256, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
        if few.convert("RGB").tobytes() == picture.tobytes():
            picture = few
    picture.save(stream, "PNG", compress_level=6)
    return stream.getvalue()
