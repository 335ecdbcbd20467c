# SPDX-License-Identifier: Apache-2.0
"""Deep zoom: a picture cut into tiles at every halving of its size, as one file.

Source: Microsoft's Deep Zoom file format (DZI 2008). The tiles are cut by libvips while the picture streams by; its own zip keeps
them in the order in which its threads finish, so they are put in order afterwards.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from digitize import bundle
from digitize.image.colour import Managed, to_srgb
from digitize.image.decode import Picture

INDEX = "pyramid.dzi"
_TILE, _OVERLAP = 254, 1
_RIGHTS = "rights.xmp"


def write(picture: Picture, by: Managed, out: Path, scratch: Path, *, quality: int, rights: Mapping[str, bytes]) -> dict[str, Any]:
    """Write a picture's pyramid.

    Parameters
    ----------
    picture
        Opened so that it can be read as its orientation needs.
    out, scratch
        The file to write, and a folder for libvips' own one.
    quality
        Of JPEG, 1 to 100; transparent pictures are cut into PNG, without loss.

    Returns
    -------
    ``width``, ``height``, ``tile``, ``overlap``, ``levels``, ``tiles``, ``format``, ``index``.
    """
    image = picture.image
    if image.bands > picture.colours + 1:
        image = image.extract_band(0, n=picture.colours + 1)
    srgb = to_srgb(picture, image.autorot(), by)
    transparent = srgb.bands == 4
    suffix = ".png" if transparent else f".jpg[Q={quality}]"
    draft = scratch / "pyramid.zip"
    srgb.dzsave(str(draft), suffix=suffix, tile_size=_TILE, overlap=_OVERLAP, container="zip", keep="none")
    if rights.get("xmp"):
        _with_rights(draft, rights["xmp"])
    count = bundle.sort(draft, out, _kept)
    draft.unlink()
    width, height = srgb.width, srgb.height
    members = count - 1 - bool(rights.get("xmp"))
    levels = (max(width, height) - 1).bit_length() + 1
    form = {"format": "png"} if transparent else {"format": "jpeg", "quality": quality}
    return {
        "width": width,
        "height": height,
        "tile": _TILE,
        "overlap": _OVERLAP,
        "levels": levels,
        "tiles": members,
        **form,
        "index": INDEX,
    }


def _kept(name: str) -> str | None:
    """Leave out libvips' own list of properties, which tells the time."""
    return None if name.endswith("vips-properties.xml") else name


def _with_rights(draft: Path, packet: bytes) -> None:
    """Put the rights beside the tiles, which carry none themselves."""
    import zipfile

    with zipfile.ZipFile(draft, "a", zipfile.ZIP_STORED) as archive:
        archive.writestr(_RIGHTS, packet)
