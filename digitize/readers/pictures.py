# SPDX-License-Identifier: Apache-2.0
"""Texture files: bytes kept as they are, size and type read from their header."""

import io
from pathlib import Path

from digitize.basis.header import IDENTIFIER, MEDIA_TYPE, header
from digitize.errors import Refusal
from digitize.mesh import Texture

MEDIA = {"PNG": "image/png", "JPEG": "image/jpeg", "WEBP": "image/webp"}
SUFFIXES = {".png", ".jpg", ".jpeg"}


def texture(data: bytes, name: str) -> Texture:
    """Describe an encoded image.

    Raises
    ------
    Refusal
        `texture.undecodable` where it is no image that is known here.
    """
    from PIL import Image, UnidentifiedImageError

    try:
        if data.startswith(IDENTIFIER):
            head = header(data)
            return Texture(name=name, media_type=MEDIA_TYPE, width=head.width, height=head.height, data=data)
        with Image.open(io.BytesIO(data), formats=list(MEDIA)) as picture:
            return Texture(name=name, media_type=MEDIA[str(picture.format)], width=picture.width, height=picture.height, data=data)
    except (UnidentifiedImageError, ValueError, OSError, Image.DecompressionBombError) as error:
        raise Refusal("texture.undecodable", at=name, name=name) from error


def texture_file(root: Path, name: str) -> Texture:
    """Read a texture that lies beside the mesh; `name` is relative to `root`.

    Raises
    ------
    Refusal
        `texture.not-found` where there is no such file inside `root`.
    """
    path = find(root, name)
    if path is None:
        raise Refusal("texture.not-found", at=name, name=name)
    return texture(path.read_bytes(), path.name)


def find(root: Path, name: str) -> Path | None:
    """Find a file by the name that a mesh gives: as it stands, else without regard to case or backslashes."""
    wanted = name.replace("\\", "/").removeprefix("./")
    direct = root / wanted
    inside = root.resolve()
    if direct.is_file() and direct.resolve().is_relative_to(inside):
        return direct
    folded = [
        path for path in sorted(root.rglob("*")) if path.is_file() and path.relative_to(root).as_posix().casefold() == wanted.casefold()
    ]
    return folded[0] if folded else None
