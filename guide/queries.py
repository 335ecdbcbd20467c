# SPDX-License-Identifier: Apache-2.0
"""Named reads of the guide: regions, and what was published from them."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db.models import F, Q, Subquery

from assets.enums import PlaceKind
from assets.models import Asset, Institution, Place
from assets.queries import Published
from ledger.models import Checkpoint, Entry

MOST_NEIGHBOURS = 60


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


def in_region(slug: str, *, but: UUID) -> list[Published]:
    """Give published assets of a region other than one; one query."""
    where = Q(place__slug=slug) | Q(place__parent__slug=slug) | Q(place__parent__parent__slug=slug)
    rows = Asset.objects.filter(where, live=True, current_version__withdrawn_at=None).exclude(pk=but)
    columns = ("pk", "current_version_id", "number", "cid", "sealed_at", "entry", "record")
    found = rows.order_by("-last_published_at", "pk").values_list(*(c if c in columns[:2] else f"current_version__{c}" for c in columns))
    return [
        Published(
            asset=asset,
            version=version,
            number=number,
            cid=cid,
            sealed_at=sealed,
            withdrawn_at=None,
            withdrawn_reason="",
            entry=entry,
            record=record,
        )
        for asset, version, number, cid, sealed, entry, record in found[:MOST_NEIGHBOURS]
    ]
