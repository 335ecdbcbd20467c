# SPDX-License-Identifier: Apache-2.0
"""From where an object was photographed, drawn as a dome seen from above: the object in the middle, sectors without a view in red."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from digitize.mesh import Bytes, Floats
from digitize.photos.coverage import Coverage

SIDE, _FINE = 720, 2  # pixels; drawn so much larger, then reduced
_PAPER, _LINE, _INK, _SOFT = (250, 249, 246), (217, 209, 193), (28, 27, 26), (87, 82, 75)
_CAMERA, _GAP, _GAP_FILL = (36, 101, 90), (168, 46, 28), (246, 225, 220)
_LOWEST = -15.0  # degrees of elevation at the rim
_RINGS = (0, 30, 60)
_CLOUD = 0.28  # of the rim's radius
_MOST = 20_000


def drawn(told: Coverage, numbers: Sequence[int], points: Floats, colours: Bytes) -> Any:
    """Draw the views; `numbers` are those of the contact sheet, points (n, 3) with colours the sparse cloud."""
    from PIL import Image, ImageDraw

    side = SIDE * _FINE
    picture = Image.new("RGB", (side, side), _PAPER)
    draw = ImageDraw.Draw(picture)
    middle, rim = side / 2, side * 0.43
    _sectors(draw, told, middle, rim)
    _cloud(draw, told, points, colours, (middle, rim * _CLOUD))
    for elevation in _RINGS:
        radius = _radius(elevation, rim)
        draw.ellipse((middle - radius, middle - radius, middle + radius, middle + radius), outline=_LINE, width=2 * _FINE)
        _label(draw, (middle, middle - radius), f"{elevation}°", _SOFT, 13)
    for number, azimuth, elevation in zip(numbers, told.azimuth, told.elevation, strict=True):
        _camera(draw, number, _at(float(azimuth), _radius(float(elevation), rim), middle))
    return picture.resize((SIDE, SIDE), Image.Resampling.BOX)


def _radius(elevation: float, rim: float) -> float:
    """Give how far from the middle an elevation is drawn."""
    return rim * (90 - max(elevation, _LOWEST)) / (90 - _LOWEST)


def _at(azimuth: float, radius: float, middle: float) -> tuple[float, float]:
    """Give where an azimuth is drawn: 0 at the bottom, where the onlooker stands, growing counter-clockwise."""
    turn = np.radians(azimuth)
    return middle + radius * float(np.sin(turn)), middle + radius * float(np.cos(turn))


def _sectors(draw: Any, told: Coverage, middle: float, rim: float) -> None:
    """Fill the sectors without a view, and write how wide they are."""
    box = (middle - rim, middle - rim, middle + rim, middle + rim)
    draw.ellipse(box, fill=(255, 255, 255), outline=_LINE, width=2 * _FINE)
    for gap in told.gaps:
        # Pillow's angles run clockwise from the right.
        draw.pieslice(box, 90 - gap.start - gap.degrees, 90 - gap.start, fill=_GAP_FILL, outline=_GAP, width=2 * _FINE)
    for gap in told.gaps:
        _label(draw, _at(gap.start + gap.degrees / 2, rim, middle), f"{gap.degrees:.0f}°", _GAP, 20)


def _cloud(draw: Any, told: Coverage, points: Floats, colours: Bytes, place: tuple[float, float]) -> None:
    """Draw the cloud from above about a middle, as far as a reach; nothing far from the others, lower points first."""
    middle, reach = place
    local = points - told.centre
    flat, height = np.stack([local @ np.cross(told.up, told.front), local @ told.front], axis=1), local @ told.up
    size = np.quantile(np.linalg.norm(flat, axis=1), 0.9) or 1.0
    near = np.flatnonzero(np.linalg.norm(flat, axis=1) <= size)
    order = near[np.argsort(height[near], kind="stable")][:: -(-len(near) // _MOST)]
    for number in order.tolist():
        x, y = middle + reach * flat[number] / size
        draw.rectangle((x - 2, y - 2, x + 2, y + 2), fill=tuple(colours[number].tolist()))


def _camera(draw: Any, number: int, at: tuple[float, float]) -> None:
    """Draw one view as a disc with its number."""
    x, y = at
    reach = 13 * _FINE
    draw.ellipse((x - reach, y - reach, x + reach, y + reach), fill=_CAMERA, outline=(255, 255, 255), width=_FINE)
    _write(draw, at, str(number), (255, 255, 255), 14)


def _label(draw: Any, at: tuple[float, float], text: str, colour: tuple[int, int, int], size: int) -> None:
    """Write a text on a patch of paper."""
    box = draw.textbbox(at, text, font=_font(size), anchor="mm")
    draw.rectangle((box[0] - 4, box[1] - 4, box[2] + 4, box[3] + 4), fill=_PAPER)
    _write(draw, at, text, colour, size)


def _write(draw: Any, at: tuple[float, float], text: str, colour: tuple[int, int, int], size: int) -> None:
    """Write a text about a point."""
    draw.text(at, text, fill=colour, font=_font(size), anchor="mm")


def _font(size: int) -> Any:
    """Give the font that Pillow brings along."""
    from PIL import ImageFont

    return ImageFont.load_default(size * _FINE)
