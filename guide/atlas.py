# SPDX-License-Identifier: Apache-2.0
"""Our own map: where things of the earth stand on the drawing."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from assets.models import Place
from guide.outline import BORDER, COAST, ISLANDS, RIVER, Point

WEST, NORTH, EAST, SOUTH = 114.4, 38.65, 123.25, 34.15
SCALE = 140.0  # drawing units a degree of latitude
SQUEEZE = math.cos(math.radians((NORTH + SOUTH) / 2))
WIDTH, HEIGHT = round((EAST - WEST) * SQUEEZE * SCALE), round((NORTH - SOUTH) * SCALE)


def project(longitude: float, latitude: float) -> tuple[float, float]:
    """Put a position on the drawing.

    Parameters
    ----------
    longitude, latitude
        Degrees, WGS-84.

    Returns
    -------
    tuple of float
        x to the east and y to the south in drawing units; an equirectangular projection, true to scale along the middle latitude.
    """
    return round((longitude - WEST) * SQUEEZE * SCALE, 1), round((NORTH - latitude) * SCALE, 1)


def path(points: Iterable[Point], *, closed: bool) -> str:
    """Write points as an SVG path whose corners are rounded: a quadratic curve from middle to middle of its segments.

    Parameters
    ----------
    points
        At least three (longitude, latitude) in degrees.
    closed
        Whether the last point leads back to the first.
    """
    drawn = [project(*point) for point in points]
    middles = [((x1 + x2) / 2, (y1 + y2) / 2) for (x1, y1), (x2, y2) in zip(drawn, [*drawn[1:], drawn[0]], strict=True)]
    if closed:
        curves = zip([*drawn[1:], drawn[0]], [*middles[1:], middles[0]], strict=True)
        start, end = middles[0], "Z"
    else:
        curves = zip(drawn[1:-1], middles[1:-1], strict=True)
        start, end = drawn[0], "L{:.1f} {:.1f}".format(*drawn[-1])
    return "M{:.1f} {:.1f}".format(*start) + "".join(f"Q{x:.1f} {y:.1f} {mx:.1f} {my:.1f}" for (x, y), (mx, my) in curves) + end


@dataclass(frozen=True)
class Mark:
    """A region on the map: where it is, where its name goes, how many objects it has."""

    number: int
    slug: str
    name: str
    note: str
    x: float
    y: float
    text_y: float
    name_x: float
    anchor: str
    latitude: float
    longitude: float
    count: int


@dataclass(frozen=True)
class Drawing:
    """What the map's template draws."""

    land: str
    river: str
    islands: tuple[tuple[float, float, float], ...]
    marks: tuple[Mark, ...]
    places: tuple[tuple[float, float], ...]
    width: int = WIDTH
    height: int = HEIGHT
    west: float = WEST
    north: float = NORTH
    squeeze: float = round(SQUEEZE, 6)
    scale: float = SCALE


def mark(number: int, region: Place, count: int) -> Mark:
    """Put a region on the map; names near the eastern edge stand to its left."""
    x, y = project(region.longitude, region.latitude)
    left = x > WIDTH * 0.86
    return Mark(
        number=number,
        slug=region.slug,
        name=region.name,
        note=region.note,
        x=x,
        y=y,
        text_y=y + 7,
        name_x=x - 24 if left else x + 24,
        anchor="end" if left else "start",
        latitude=region.latitude,
        longitude=region.longitude,
        count=count,
    )


def drawing(regions: list[Place], counts: dict[str, int], places: Iterable[Point] = ()) -> Drawing:
    """Draw the province with its pilot regions, numbered from north to south, and a dot for each place (longitude, latitude)."""
    islands = tuple((*project(*centre), radius * SCALE) for centre, radius in ISLANDS)
    marks = tuple(mark(number, region, counts.get(region.slug, 0)) for number, region in enumerate(regions, 1))
    dots = tuple(project(*place) for place in dict.fromkeys(places))
    return Drawing(places=dots, land=path((*COAST, *BORDER), closed=True), river=path(RIVER, closed=False), islands=islands, marks=marks)
