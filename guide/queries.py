# SPDX-License-Identifier: Apache-2.0
"""Named reads of the guide: regions, and what was published from them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import ExpressionWrapper, F, FloatField, Q, Subquery

from assets.enums import PlaceKind
from assets.models import Asset, Institution, Place
from assets.queries import Published
from ledger.models import Checkpoint, Entry

REACH = 1.6  # degrees of latitude, about 180 km


@dataclass(frozen=True)
class Head:
    """The first signed head that covers an entry: the entry's place, the head's size, its signed note."""

    index: int
    size: int
    note: str


def head_over(entry: UUID) -> Head | None:
    """Give the first head over an entry, None while there is none; one query."""
    index = Subquery(Entry.objects.filter(uuid=entry).values("index")[:1])
    found = Checkpoint.objects.annotate(entry_index=index).filter(size__gt=F("entry_index")).order_by("size").first()
    return Head(index=found.entry_index, size=found.size, note=found.text) if found else None


def regions() -> list[Place]:
    """Give the pilot regions from north to south; one query."""
    return list(Place.objects.filter(kind=PlaceKind.REGION).order_by("-latitude"))


def places_in(region: Place) -> list[Place]:
    """Give the places of a region; one query."""
    return list(Place.objects.filter(Q(parent=region) | Q(parent__parent=region)).order_by("slug"))


def institution_names(language: str) -> dict[str, str]:
    """Give the institutions' names by slug; one query."""
    column = "name_zh" if language.startswith("zh") else "name_en"
    return dict(Institution.objects.values_list("slug", column))


def around(here: tuple[float, float], *, but: UUID, most: int) -> list[tuple[Published, tuple[float, float]]]:
    """Give the published assets nearest to a position, with their own; one query.

    Parameters
    ----------
    here
        (latitude, longitude) in degrees, WGS-84. Nothing farther than `REACH` degrees of latitude is looked at; within
        that the flat-earth order is the true one.
    """
    latitude, longitude = here
    squeeze = math.cos(math.radians(latitude))
    reach = REACH / squeeze
    north, east = F("place__latitude") - latitude, (F("place__longitude") - longitude) * squeeze
    rows = Asset.objects.filter(
        live=True,
        current_version__withdrawn_at=None,
        place__latitude__range=(latitude - REACH, latitude + REACH),
        place__longitude__range=(longitude - reach, longitude + reach),
    ).exclude(pk=but)
    found = rows.annotate(far=ExpressionWrapper(north * north + east * east, FloatField())).order_by("far", "pk")
    columns = {"asset": F("pk"), "version": F("current_version_id"), "latitude": F("place__latitude"), "longitude": F("place__longitude")}
    values = found.values(**columns, **{name: F(f"current_version__{name}") for name in ("number", "cid", "sealed_at", "entry", "record")})
    return [(_published(one), (one["latitude"], one["longitude"])) for one in values[:most]]


def _published(one: dict[str, Any]) -> Published:
    """Turn the columns of a live version into what pages read."""
    names = ("asset", "version", "number", "cid", "sealed_at", "entry", "record")
    return Published(**{name: one[name] for name in names}, withdrawn_at=None, withdrawn_reason="")
