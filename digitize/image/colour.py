# SPDX-License-Identifier: Apache-2.0
"""Bring a picture's colours to sRGB by its own profile, and say which one that was.

Colours go through the profile connection space with perceptual intent and black point compensation: a scan's many colours are
moved into the few of a screen together, instead of being clipped one by one. What states no profile is taken for sRGB (or, in
CMYK, for the generic profile of libvips), and that is a doubt. Source: ICC.1:2022 §D.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from digitize.errors import Doubt
from digitize.image import icc
from digitize.image.decode import Picture, vips

INTENT = "perceptual"
SRGB, GENERIC_CMYK = "srgb", "cmyk"


@dataclass(frozen=True)
class Managed:
    """How a picture's colours are read: the profile's file (or libvips' name of one), facts about it, doubts."""

    profile: str | None
    facts: dict[str, Any]
    doubts: tuple[Doubt, ...]


def managed(picture: Picture, scratch: Any) -> Managed:
    """Choose the profile by which a picture's colours are read.

    Parameters
    ----------
    scratch
        A file's path at which the embedded profile may be left for libvips.
    """
    if picture.space == "Lab":
        return Managed(None, {"source": "CIE L*a*b* (D50)", "profile": None, "intent": INTENT, "assumed": None, "is_srgb": False}, ())
    assumed = GENERIC_CMYK if picture.space == "CMYK" else SRGB
    data, problem = picture.blobs.get("icc"), None
    if data:
        try:
            profile = icc.read(data)
            if icc.fits(profile, picture.colours):
                scratch.write_bytes(data)
                if _usable(picture, str(scratch)):
                    same = picture.space == "RGB" and _is_srgb(str(scratch))
                    facts = {
                        "source": profile.description,
                        "profile": profile.as_json(),
                        "intent": INTENT,
                        "assumed": None,
                        "is_srgb": same,
                    }
                    return Managed(SRGB if same else str(scratch), facts, ())
                problem = "its tables are unsound"
            else:
                problem = f"it describes {profile.space or 'nothing'}, the picture is {picture.space}"
        except icc.ProfileError as error:
            problem = str(error)
    name = "sRGB" if assumed == SRGB else "generic CMYK"
    doubt = Doubt("image.profile-unusable", None, {"problem": problem, "profile": name}) if problem else None
    doubt = doubt or Doubt("image.untagged", None, {"profile": name})
    return Managed(assumed, {"source": None, "profile": None, "intent": INTENT, "assumed": name, "is_srgb": assumed == SRGB}, (doubt,))


def _usable(picture: Picture, profile: str) -> bool:
    """Say whether the colour engine takes a profile, both ways that it is used here: tried on one pixel."""
    pyvips = vips()
    form, name = picture.image.format, picture.image.interpretation
    pixel = pyvips.Image.black(1, 1, bands=picture.colours).cast(form).copy(interpretation=name)
    try:
        pixel.icc_transform(SRGB, input_profile=profile, embedded=False, intent=INTENT, black_point_compensation=True, depth=8).avg()
        pixel.icc_import(input_profile=profile, embedded=False, intent="relative", pcs="lab").avg()
    except pyvips.Error:
        return False
    return True


def _is_srgb(profile: str) -> bool:
    """Say whether a profile describes sRGB itself: no colour of a grid of 9 x 9 x 9 moves by more than one step of 255."""
    import numpy as np

    steps = np.linspace(0, 255, 9).round().astype(np.uint8)
    grid = np.stack(np.meshgrid(steps, steps, steps), axis=-1).reshape(27, 27, 3)
    image = vips().Image.new_from_memory(grid.tobytes(), 27, 27, 3, "uchar").copy(interpretation=SRGB)
    moved = image.icc_transform(SRGB, input_profile=profile, embedded=False, intent=INTENT, black_point_compensation=True, depth=8)
    return bool(np.abs(moved.numpy().astype(int) - grid).max() <= 1)


def to_srgb(picture: Picture, image: Any, by: Managed) -> Any:
    """Give an image of `picture` (any size) in sRGB: three channels of eight bits, and a fourth where it is transparent."""
    colours, alpha = split(picture, image)
    if by.profile is None:
        changed = as_lab(colours).icc_export(output_profile=SRGB, intent=INTENT, black_point_compensation=True, depth=8)
    elif by.profile == SRGB:
        changed = _plain(colours)
    else:
        changed = colours.icc_transform(
            SRGB, input_profile=by.profile, embedded=False, intent=INTENT, black_point_compensation=True, depth=8
        )
    return changed if alpha is None else changed.bandjoin(alpha)


def _plain(colours: Any) -> Any:
    """Give what is taken for sRGB as three channels of eight bits."""
    if colours.format == "ushort":
        # Rounded, not cut: 65535 / 255 is 257.
        colours = colours.linear(1 / 257, 0.5).cast("uchar")
    if colours.bands == 1:
        colours = colours.bandjoin([colours, colours])
    return colours.copy(interpretation=SRGB)


def split(picture: Picture, image: Any) -> tuple[Any, Any | None]:
    """Part an image into its colours and its transparency (eight bits); further channels are left out."""
    colours = image.extract_band(0, n=picture.colours) if image.bands > picture.colours else image
    if image.bands <= picture.colours:
        return colours, None
    alpha = image.extract_band(picture.colours)
    return colours, alpha.linear(1 / 257, 0.5).cast("uchar") if alpha.format == "ushort" else alpha.cast("uchar")


def as_lab(colours: Any) -> Any:
    """Give an image in L*a*b* as floating-point numbers."""
    return colours.colourspace("lab") if colours.interpretation != "lab" else colours.cast("float")


def lab_of(picture: Picture, image: Any, by: Managed) -> Any:
    """Give an image of `picture` (any size) in L*a*b* (D50), colorimetric: what the original measures."""
    colours, _ = split(picture, image)
    if by.profile is None:
        return as_lab(colours)
    if by.profile == SRGB:
        colours = _sixteen(colours)
    return colours.icc_import(input_profile=by.profile, embedded=False, intent="relative", pcs="lab")


def _sixteen(colours: Any) -> Any:
    """Give what is taken for sRGB as three channels, with as many bits as it has."""
    if colours.bands == 1:
        colours = colours.bandjoin([colours, colours])
    return colours.copy(interpretation="rgb16" if colours.format == "ushort" else SRGB)


def lab_of_srgb(image: Any) -> Any:
    """Give an sRGB image of eight bits in L*a*b* (D50)."""
    return image.extract_band(0, n=3).copy(interpretation=SRGB).icc_import(input_profile=SRGB, embedded=False, intent="relative", pcs="lab")
