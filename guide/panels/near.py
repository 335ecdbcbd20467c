# SPDX-License-Identifier: Apache-2.0
"""Other objects of the same region, the nearest first."""

from __future__ import annotations

from assets.queries import Published
from guide.figures import haversine
from guide.panels.card import Card, card
from guide.queries import in_region

MOST = 4


def _position(published: Published) -> tuple[float, float] | None:
    """Give the place's position in degrees."""
    place = published.record["place"]
    return (place["latitude"], place["longitude"]) if place else None


def near(published: Published, language: str) -> list[Card]:
    """List a few objects near an object."""
    here, region = _position(published), published.region
    if here is None or region is None:
        return []
    others = [(haversine(here, there), one) for one in in_region(region["slug"], but=published.asset) if (there := _position(one))]
    others.sort(key=lambda pair: (pair[0], str(pair[1].asset)))
    return [card(one, language, metres=metres) for metres, one in others[:MOST]]
