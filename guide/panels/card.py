# SPDX-License-Identifier: Apache-2.0
"""An object as a list shows it: its picture, its name, its period."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.urls import reverse

from assets.queries import Published

CUT_OUT = ("lod-0", "motion", "points", "splats")  # their thumbnails show an object without a ground


@dataclass(frozen=True)
class Card:
    """An object in a list.

    Parameters
    ----------
    photo
        The picture fills its frame (a photograph) instead of standing on the stage (an object cut out).
    metres
        Distance to what the list is about, where one is known.
    """

    asset: UUID
    url: str
    title: str
    language: str
    period: str
    picture: str | None
    photo: bool
    kind: str
    synthetic: bool
    latitude: float | None
    longitude: float | None
    metres: float | None = None


def card(published: Published, language: str, *, metres: float | None = None) -> Card:
    """Show one published asset in a list."""
    texts = published.texts(language)
    thumbnail = published.rendition("thumbnail")
    place = published.record["place"] or {}
    return Card(
        asset=published.asset,
        url=reverse("guide:asset", kwargs={"asset": published.asset}),
        title=texts["title"],
        language=published.language(language),
        period=texts["date_label"] or texts["culture"],
        picture=published.file_url(thumbnail) if thumbnail else None,
        photo=not any(published.rendition(role) for role in CUT_OUT),
        kind=published.record["kind"],
        synthetic=published.record["synthetic"],
        latitude=place.get("latitude"),
        longitude=place.get("longitude"),
        metres=metres,
    )
