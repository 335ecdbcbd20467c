# SPDX-License-Identifier: Apache-2.0
"""Web copies of photographs: upright, in sRGB, without what the camera wrote into them."""

import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from digitize.errors import Refusal


@dataclass(frozen=True)
class Photograph:
    """A decoded image, upright and in sRGB, and what was found: size as stored, profile, orientation."""

    picture: Any
    facts: dict[str, Any]


def opened(path: Path) -> Photograph:
    """Decode a PNG or JPEG, turn it upright and bring it to sRGB.

    Raises
    ------
    Refusal
        `image.undecodable`.
    """
    from PIL import Image, ImageOps, UnidentifiedImageError

    try:
        with Image.open(path, formats=["PNG", "JPEG"]) as file:
            file.load()
            facts = {
                "kind": "image",
                "width": file.width,
                "height": file.height,
                "mode": file.mode,
                "orientation": file.getexif().get(274, 1),
            }
            upright: Any = ImageOps.exif_transpose(file)
    except (UnidentifiedImageError, OSError, SyntaxError, Image.DecompressionBombError) as error:
        raise Refusal("image.undecodable", at=path.name, name=path.name) from error
    picture, profile = _srgb(upright)
    return Photograph(picture, {**facts, "colour_profile": profile})


def _srgb(picture: Any) -> tuple[Any, str]:
    """Bring an image to 8-bit sRGB; return it and the name of the profile that it came with."""
    from PIL import Image, ImageCms

    alpha = picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info
    wanted = "RGBA" if alpha else "RGB"
    data = picture.info.get("icc_profile")
    if picture.mode.startswith("I"):
        picture = picture.point(lambda value: value / 256).convert("L")
    if not data:
        return picture.convert(wanted), "none (taken for sRGB)"
    try:
        profile = ImageCms.ImageCmsProfile(io.BytesIO(data))
        name = ImageCms.getProfileDescription(profile).strip()
        plain = picture if picture.mode in ("RGB", "RGBA", "CMYK", "L") else picture.convert(wanted)
        changed = ImageCms.profileToProfile(plain, profile, ImageCms.createProfile("sRGB"), outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, ValueError):
        return picture.convert(wanted), "unreadable (taken for sRGB)"
    if alpha and changed is not None:
        changed.putalpha(picture.convert("RGBA").getchannel("A"))
    assert isinstance(changed, Image.Image)
    return changed, name


def web_copy(picture: Any, side: int, quality: int, path: Path) -> dict[str, Any]:
    """Write an image at most `side` pixels long as WebP, without loss where it is transparent; `path` is given its suffix."""
    from PIL import Image

    small = picture.copy()
    small.thumbnail((side, side), Image.Resampling.LANCZOS, reducing_gap=None)
    transparent = small.mode == "RGBA" and small.getchannel("A").getextrema()[0] < 255
    written = path.with_suffix(".webp")
    (small if transparent else small.convert("RGB")).save(written, quality=quality, method=6, lossless=transparent)
    return {"path": written.name, "media_type": "image/webp", "width": small.width, "height": small.height}
