# SPDX-License-Identifier: Apache-2.0
"""Textures made to fit a derivative: never larger than its map, as they came where that is smaller."""

import io
import struct
from dataclasses import replace
from typing import Any

import numpy as np

from digitize.basis.header import MEDIA_TYPE as KTX2
from digitize.basis.transcoder import decode
from digitize.mesh import COLOUR_SLOTS, Bytes, Mesh, Texture

_PNG_PIXELS = {b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"}
WRITABLE = {"image/png", "image/jpeg"}


def fit(mesh: Mesh, limit: int, quality: int) -> Mesh:
    """Fit all textures of a mesh to `limit` pixels a side; JPEG of `quality` replaces what is larger than it."""
    opaque, colour = _opaque(mesh), _colour(mesh)
    fitted = tuple(_fit(without_profile(texture), limit, quality, n in opaque, n in colour) for n, texture in enumerate(mesh.textures))
    return replace(mesh, textures=fitted)


def _opaque(mesh: Mesh) -> set[int]:
    """Return the textures whose alpha nobody looks at."""
    seen = {
        n
        for material in mesh.materials
        if material.alpha_mode != "OPAQUE"
        for slot, n in material.textures.items()
        if slot == "base_colour"
    }
    return set(range(len(mesh.textures))) - seen


def _colour(mesh: Mesh) -> set[int]:
    """Return the textures that hold colour rather than data."""
    return {n for material in mesh.materials for slot, n in material.textures.items() if slot in COLOUR_SLOTS}


def _fit(texture: Texture, limit: int, quality: int, opaque: bool, colour: bool) -> Texture:
    """Fit one texture."""
    fits = max(texture.width, texture.height) <= limit
    if fits and texture.media_type in WRITABLE and not (opaque and colour and texture.media_type == "image/png"):
        return texture
    picture = opened(texture, opaque)
    if not fits:
        picture = _reduced(picture, limit)
    encoded = _encode(picture, quality if colour else 95, opaque)
    media_type = "image/jpeg" if opaque else "image/png"
    if fits and texture.media_type in WRITABLE and len(texture.data) <= len(encoded):
        return texture
    return Texture(texture.name, media_type, picture.width, picture.height, encoded)


def without_profile(texture: Texture) -> Texture:
    """Drop a PNG's chunks about colour (gAMA, cHRM, sRGB, iCCP) and its words: glTF says that viewers ignore them, but not all do.

    Source: PNG specification, 3rd edition, §5 (chunks) and §11.3 (ancillary chunks).
    """
    data = texture.data
    if texture.media_type != "image/png":
        return texture
    kept, at = [data[:8]], 8
    while at + 12 <= len(data):
        length, name = struct.unpack_from(">I4s", data, at)
        if name in _PNG_PIXELS:
            kept.append(data[at : at + 12 + length])
        at += 12 + length
    return replace(texture, data=b"".join(kept))


def opened(texture: Texture, opaque: bool) -> Any:
    """Decode a texture to 8-bit RGB, or RGBA where alpha counts; a Pillow image. Profiles are ignored, as glTF demands."""
    from PIL import Image

    if texture.media_type == KTX2:
        return Image.fromarray(decode(texture.data)).convert("RGB" if opaque else "RGBA")
    with Image.open(io.BytesIO(texture.data)) as file:
        file.load()
        picture: Image.Image = file
        if picture.mode.startswith("I;16") or picture.mode == "I":
            picture = Image.fromarray((np.asarray(picture).astype(np.uint32) >> 8).astype(np.uint8))
        return picture.convert("RGB" if opaque else "RGBA")


def pixels(texture: Texture) -> Bytes:
    """Return a texture's pixels (height, width, 3) as sRGB bytes."""
    return np.asarray(opened(texture, opaque=True))


def _reduced(picture: Any, limit: int) -> Any:
    """Shrink a Pillow image so that its longer side is `limit`."""
    from PIL import Image

    share = limit / max(picture.size)
    size = (max(1, round(picture.width * share)), max(1, round(picture.height * share)))
    return picture.resize(size, Image.Resampling.BOX if share <= 0.5 else Image.Resampling.LANCZOS)


def _encode(picture: Any, quality: int, opaque: bool) -> bytes:
    """Encode a Pillow image: JPEG, or PNG where alpha counts."""
    if opaque:
        return jpeg(picture, quality)
    stream = io.BytesIO()
    picture.save(stream, "PNG", compress_level=9)
    return stream.getvalue()


def jpeg(picture: Any, quality: int) -> bytes:
    """Encode a Pillow RGB image as JPEG with full chroma and optimal tables."""
    from PIL import ImageFile

    # libjpeg cannot stop half-way while it optimizes: the buffer must hold the whole file, and noise is larger than Pillow thinks.
    ImageFile.MAXBLOCK = max(ImageFile.MAXBLOCK, 4 * picture.width * picture.height + 65536)
    stream = io.BytesIO()
    picture.save(stream, "JPEG", quality=quality, subsampling=0, optimize=True)
    return stream.getvalue()


def webp(texture: Texture, *, quality: int, decibels: float, side: int) -> Texture:
    """Encode a texture as WebP where that is smaller and at least `decibels` of PSNR near to it; else return it.

    A PNG of 8 bits becomes lossless WebP, whose pixels are the same. Beyond `side` pixels nothing is tried: it would take long.
    """
    from PIL import Image

    if max(texture.width, texture.height) > side or texture.media_type not in WRITABLE:
        return texture
    if texture.media_type == "image/png" and texture.data[24:25] == b"\x10":
        return texture
    stream, lossless = io.BytesIO(), texture.media_type == "image/png"
    with Image.open(io.BytesIO(texture.data)) as file:
        picture = file.convert("RGBA" if file.mode in {"RGBA", "LA", "PA"} or "transparency" in file.info else "RGB")
    how = {"lossless": True, "quality": 50, "exact": True} if lossless else {"quality": quality, "use_sharp_yuv": True}
    picture.save(stream, "WEBP", method=4, **how)
    data = stream.getvalue()
    if len(data) >= len(texture.data):
        return texture
    with Image.open(io.BytesIO(data)) as file:
        apart = np.subtract(np.asarray(file.convert(picture.mode)), np.asarray(picture), dtype=np.int16)
    square = float(np.mean(np.square(apart, dtype=np.int32)))
    if square > 255.0**2 / 10 ** (decibels / 10):
        return texture
    return replace(texture, media_type="image/webp", data=data)
