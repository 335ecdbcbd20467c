# SPDX-License-Identifier: Apache-2.0
import math
import re

import pytest

from assets.models import Place
from guide import atlas, outline


def region(slug: str, latitude: float, longitude: float) -> Place:
    return Place(slug=slug, kind="region", name_zh=slug, name_en=slug, latitude=latitude, longitude=longitude, datum="WGS-84")


def test_corners_of_the_drawing() -> None:
    assert atlas.project(atlas.WEST, atlas.NORTH) == (0, 0)
    x, y = atlas.project(atlas.EAST, atlas.SOUTH)
    assert (round(x), round(y)) == (atlas.WIDTH, atlas.HEIGHT)


def test_true_to_scale_in_the_middle() -> None:
    middle = (atlas.NORTH + atlas.SOUTH) / 2
    east = atlas.project(118.0, middle)[0] - atlas.project(117.0, middle)[0]
    south = atlas.project(117.0, middle - math.cos(math.radians(middle)))[1] - atlas.project(117.0, middle)[1]
    assert east == pytest.approx(south, abs=0.15)


def test_a_path_is_curves_between_middles() -> None:
    square = [(115.0, 37.0), (116.0, 37.0), (116.0, 36.0), (115.0, 36.0)]
    drawn = atlas.path(square, closed=True)
    assert re.fullmatch(r"M[\d. ]+(Q[\d. ]+){4}Z", drawn)
    assert re.fullmatch(r"M[\d. ]+(Q[\d. ]+){2}L[\d. ]+", atlas.path(square, closed=False))


def inside(point: tuple[float, float], ring: tuple[tuple[float, float], ...]) -> bool:
    x, y = point
    crossings = 0
    for (x1, y1), (x2, y2) in zip(ring, (*ring[1:], ring[0]), strict=True):
        if (y1 > y) != (y2 > y) and x < x1 + (y - y1) / (y2 - y1) * (x2 - x1):
            crossings += 1
    return crossings % 2 == 1


RING = (*outline.COAST, *outline.BORDER)


@pytest.mark.parametrize(
    ("longitude", "latitude", "land"),
    [
        (117.0, 36.67, True),  # Ji'nan
        (117.73, 34.56, True),  # Taierzhuang
        (120.4, 36.2, True),  # Laoshan
        (121.4, 37.5, True),  # Yantai
        (119.4, 37.5, False),  # Laizhou bay
        (120.22, 36.1, False),  # Jiaozhou bay
        (114.5, 38.04, False),  # Shijiazhuang
        (117.2, 34.26, False),  # Xuzhou
        (122.9, 36.5, False),  # Yellow Sea
    ],
)
def test_the_outline_holds_what_lies_in_the_province(longitude: float, latitude: float, land: bool) -> None:
    assert inside((longitude, latitude), RING) is land


def test_the_outline_does_not_cross_itself() -> None:
    def side(a: tuple[float, float], b: tuple[float, float], c: tuple[float, float]) -> float:
        return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])

    edges = list(zip(RING, (*RING[1:], RING[0]), strict=True))
    crossing = [
        (i, j)
        for i, (a, b) in enumerate(edges)
        for j, (c, d) in enumerate(edges)
        if j > i + 1 and not (i == 0 and j == len(edges) - 1) and side(a, b, c) * side(a, b, d) < 0 and side(c, d, a) * side(c, d, b) < 0
    ]
    assert crossing == []


def test_marks_are_numbered_and_names_stay_on_the_drawing() -> None:
    drawn = atlas.drawing([region("north", 37.5, 122.6), region("south", 34.6, 117.7)], {"south": 3})
    assert [(mark.number, mark.slug, mark.count, mark.anchor) for mark in drawn.marks] == [(1, "north", 0, "end"), (2, "south", 3, "start")]
    assert drawn.marks[0].name_x < drawn.marks[0].x
