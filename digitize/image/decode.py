# SPDX-License-Identifier: Apache-2.0
"""Open a picture that the pre-flight has passed: its pixels by libvips, piece by piece, and what is written into it.

Only the loader of the format that was found is called, and it must fail on the first thing that is wrong. Source: libvips' manual,
"How libvips opens files" (sequential access), and libheif for HEVC, which libvips' own build does not decode.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from digitize.errors import Refusal

# How libvips names what is written into a picture, and how we do.
_BLOBS = {"icc-profile-data": "icc", "exif-data": "exif", "iptc-data": "iptc", "xmp-data": "xmp"}
_LOADERS = {"tiff": "tiffload", "jpeg": "jpegload", "png": "pngload", "webp": "webpload"}
_THREADS = "2"
_COLOURS = {"cmyk": 4, "b-w": 1, "grey16": 1, "lab": 3, "labs": 3, "labq": 3}
# What libvips says where writing failed, not reading.
_OURS = ("write", "space left")
_LAB = {"lab", "labs", "labq"}


@dataclass(frozen=True)
class Picture:
    """An opened picture.

    Attributes
    ----------
    image
        libvips' image as stored: not turned, in the colours of its own device; 1, 3 or 4 channels of colour, then those
        that are none.
    colours
        How many of its channels are colour.
    space
        ``GRAY``, ``RGB``, ``CMYK`` or ``Lab`` (CIE, D50).
    bits
        Of a channel, as stored.
    orientation
        EXIF's number: 1 is upright.
    blobs
        ``icc``, ``exif``, ``iptc``, ``xmp`` as stored, where they are there.
    """

    image: Any
    colours: int
    space: str
    bits: int
    orientation: int
    blobs: Mapping[str, bytes] = field(default_factory=dict)


def vips() -> Any:
    """Load libvips with two threads, and without any loader that its authors do not trust with a stranger's files."""
    os.environ.setdefault("VIPS_CONCURRENCY", _THREADS)
    import pyvips  # type: ignore[import-untyped]

    pyvips.block_untrusted_set(True)
    pyvips.cache_set_max(0)
    return pyvips


def opened(path: Path, form: str, counts: Mapping[str, int], *, page: int = 0, anywhere: bool = False, strict: bool = False) -> Picture:
    """Open a picture, or one page of it.

    Parameters
    ----------
    form, counts
        As the pre-flight found them.
    anywhere
        Whether its pixels are needed out of order; what cannot seek is then unpacked onto the disk.
    strict
        Whether a JPEG's decoder may not even warn: it goes on over damage inside the data, and only warns of it.

    Raises
    ------
    Refusal
        ``image.undecodable``; ``image.count-mismatch`` where it opens to another size than it states.
    """
    pyvips = vips()
    try:
        if form == "heif":
            picture = _heif(pyvips, path)
        elif form == "tiff" and (lab := _eight_bit_lab(pyvips, path, page)) is not None:
            picture = lab
        else:
            options = {"page": page} if form == "tiff" else {}
            access = "random" if anywhere else "sequential"
            fail = "warning" if strict and form == "jpeg" else "error"
            picture = _described(getattr(pyvips.Image, _LOADERS[form])(str(path), access=access, fail_on=fail, **options))
    except (pyvips.Error, OSError, ValueError, RuntimeError, SyntaxError, LookupError) as error:
        raise undecodable(path) from error
    if not page:
        _agreed(path, picture, counts)
    return picture


@contextmanager
def decoding(path: Path) -> Iterator[None]:
    """Turn what libvips finds wrong while pixels are asked for into a refusal; a full disk is none.

    Raises
    ------
    Refusal
        ``image.undecodable``.
    """
    try:
        yield
    except vips().Error as error:
        if any(word in str(error) for word in _OURS):
            raise
        raise undecodable(path) from error


def undecodable(path: Path) -> Refusal:
    """Refuse a picture that its decoder does not take."""
    return Refusal("image.undecodable", at=path.name, name=path.name)


def _agreed(path: Path, picture: Picture, counts: Mapping[str, int]) -> None:
    """Compare the size with the pre-flight's."""
    read = (picture.image.width, picture.image.height)
    stated = (counts.get("width", read[0]), counts.get("height", read[1]))
    if read != stated and "files" not in counts:
        raise Refusal("image.count-mismatch", at=path.name, name=path.name, read=_size(read), stated=_size(stated))


def _size(pair: tuple[int, int]) -> str:
    return f"{pair[0]} × {pair[1]}"


def _described(image: Any) -> Picture:
    """Say of libvips' image which channels are colours, and collect what is written into it."""
    fields = set(image.get_fields())
    blobs = {short: bytes(image.get(long)) for long, short in _BLOBS.items() if long in fields}
    orientation = image.get("orientation") if "orientation" in fields else 1
    colours = min(_COLOURS.get(image.interpretation, 3), image.bands)
    space = "Lab" if image.interpretation in _LAB else {1: "GRAY", 3: "RGB", 4: "CMYK"}.get(colours, "GRAY")
    bits = {"uchar": 8, "ushort": 16, "short": 16}.get(image.format, 32)
    return Picture(image, 1 if space == "GRAY" else colours, space, bits, orientation if 1 <= orientation <= 8 else 1, blobs)


def _eight_bit_lab(pyvips: Any, path: Path, page: int) -> Picture | None:
    """Read a TIFF in L*a*b* of eight bits by Pillow, for libvips takes it for a packed form of its own; None for all others."""
    from PIL import Image, UnidentifiedImageError

    Image.MAX_IMAGE_PIXELS = None  # the pre-flight has counted them
    try:
        with Image.open(path, formats=["TIFF"]) as file:
            file.seek(page)
            if file.mode != "LAB":
                return None
            stored = pyvips.Image.new_from_memory(file.tobytes(), file.width, file.height, 3, "uchar")
            blobs = {"icc": profile} if isinstance(profile := file.info.get("icc_profile"), bytes) else {}
    except (UnidentifiedImageError, EOFError, KeyError, ValueError, TypeError):
        return None
    signed = stored.extract_band(1, n=2).copy(format="char")
    lab = stored.extract_band(0).linear(100 / 255, 0).bandjoin(signed).copy(interpretation="lab")
    return Picture(lab, 3, "Lab", 8, 1, blobs)


def _heif(pyvips: Any, path: Path) -> Picture:
    """Decode HEVC by libheif, which turns the picture upright itself."""
    import pi_heif  # type: ignore[import-untyped]

    pi_heif.options.DECODE_THREADS = 2
    pi_heif.options.THUMBNAILS = False
    pi_heif.options.DEPTH_IMAGES = False
    file = pi_heif.open_heif(path, convert_hdr_to_8bit=False)
    one = file[file.primary_index]
    deep = ";16" in one.mode
    bands = {"L": 1, "LA": 2, "RGB": 3, "RGBA": 4}[one.mode.split(";")[0].replace("a", "A")]
    image = _packed(pyvips, one, bands, deep)
    space = "GRAY" if bands < 3 else "RGB"
    names = {"icc_profile": "icc", "exif": "exif", "xmp": "xmp"}
    blobs = {short: bytes(one.info[long]) for long, short in names.items() if one.info.get(long)}
    return Picture(image, min(bands, 3) if bands > 2 else 1, space, 16 if deep else 8, 1, blobs)


def _packed(pyvips: Any, one: Any, bands: int, deep: bool) -> Any:
    """Copy libheif's rows, which may be padded, into an image of libvips."""
    import numpy as np

    width = bands * (2 if deep else 1)
    rows = np.frombuffer(bytes(one.data), np.uint8).reshape(one.size[1], -1)[:, : one.size[0] * width]
    packed = np.ascontiguousarray(rows).tobytes()
    image = pyvips.Image.new_from_memory(packed, one.size[0], one.size[1], bands, "ushort" if deep else "uchar")
    names = ("grey16", "rgb16") if deep else ("b-w", "srgb")
    return image.copy(interpretation=names[bands > 2])
