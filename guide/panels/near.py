# SPDX-License-Identifier: Apache-2.0
"""Other objects from round about, the nearest first."""

from __future__ import annotations

from assets.queries import Published
from guide.figures import haversine
from guide.panels.card import Card, card
from guide.queries import around

MOST = 4


def near(published: Published, language: str) -> list[Card]:
    """List a few objects from near an object's place; one query."""
    place = published.record["place"]
    if place is None:
        return []
    here = (place["latitude"], place["longitude"])
    return [card(one, language, metres=haversine(here, there)) for one, there in around(here, but=published.asset, most=MOST)]
