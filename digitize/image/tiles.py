# SPDX-License-Identifier: Apache-2.0
"""How far the tiles of a pyramid lie from the picture: some of its lowest level, spread over it, read back and compared pixel by pixel."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from digitize.image.colour import Managed, lab_of, lab_of_srgb, to_srgb
from digitize.image.decode import Picture, vips
from digitize.image.measure import pixels_apart, spread

_BANDS = _COLUMNS = 4


def error(picture: Picture, by: Managed, archive: Path, made: Mapping[str, Any]) -> dict[str, Any]:
    """Compare tiles with the original.

    Parameters
    ----------
    picture
        Opened so that it can be read as its orientation needs.
    made
        The pyramid's facts: ``width``, ``height``, ``tile``, ``overlap``, ``levels``, ``format``.

    Returns
    -------
    `digitize.image.measure.pixels_apart` between colour-managed original and tiles, the three figures of CIEDE2000 between the
    original in L*a*b* and the tiles, and ``tiles``: how many were looked at.
    """
    one, other, apart, count = list[Any](), list[Any](), list[Any](), 0
    with zipfile.ZipFile(archive) as pyramid:
        for column, row, piece in _pieces(picture, made):
            tile = _tile(pyramid, column, row, piece, made)
            one.append(to_srgb(picture, piece, by).numpy()[..., :3].reshape(1, -1, 3))
            other.append(tile.reshape(1, -1, 3))
            stored = vips().Image.new_from_memory(tile.tobytes(), piece.width, piece.height, 3, "uchar")
            apart.append(lab_of(picture, piece, by).dE00(lab_of_srgb(stored)).numpy().ravel())
            count += 1
    return {**pixels_apart(np.concatenate(one, axis=1), np.concatenate(other, axis=1)), **spread(np.concatenate(apart)), "tiles": count}


def spaced(count: int, wanted: int) -> list[int]:
    """Choose some of so many places, evenly, neither end first."""
    return sorted({(2 * i + 1) * count // (2 * wanted) for i in range(wanted)})


def _pieces(picture: Picture, made: Mapping[str, Any]) -> Iterator[tuple[int, int, Any]]:
    """Yield column, row and the original's pixels of some tiles, in one walk from top to bottom."""
    side, width, height = made["tile"], made["width"], made["height"]
    image = picture.image
    if image.bands > picture.colours + 1:
        image = image.extract_band(0, n=picture.colours + 1)
    image = image.autorot()
    # A region is fetched in this thread alone: the workers of a pipeline would run ahead of a picture that streams by.
    region = vips().Region.new(image)
    for row in spaced(-(-height // side), _BANDS):
        rows = min(side, height - row * side)
        pixels = region.fetch(0, row * side, width, rows)
        band = vips().Image.new_from_memory(pixels, width, rows, image.bands, image.format).copy(interpretation=image.interpretation)
        for column in spaced(-(-width // side), _COLUMNS):
            yield column, row, band.crop(column * side, 0, min(side, width - column * side), rows)


def _tile(pyramid: zipfile.ZipFile, column: int, row: int, piece: Any, made: Mapping[str, Any]) -> Any:
    """Read a tile of the lowest level (rows, columns, 3), without what overlaps its neighbours."""
    from PIL import Image

    suffix = "png" if made["format"] == "png" else "jpg"
    data = pyramid.read(f"pyramid_files/{made['levels'] - 1}/{column}_{row}.{suffix}")
    pixels = np.asarray(Image.open(io.BytesIO(data)).convert("RGB"))
    left, top = made["overlap"] * (column > 0), made["overlap"] * (row > 0)
    return np.ascontiguousarray(pixels[top : top + piece.height, left : left + piece.width])
