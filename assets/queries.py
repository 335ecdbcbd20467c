# SPDX-License-Identifier: Apache-2.0
"""Named reads of the published catalogue. They read sealed versions, never drafts."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from assets import search
from assets.generation import generation
from assets.media import ending
from assets.models import Asset, File, Rendition, Version
from assets.record import RESERVED

__all__ = ["Listing", "Published", "generation", "public_file", "published", "published_list", "published_many", "scans", "version"]

MOST_FOUND = 10_000
CID = re.compile(r"[a-z2-7]{8,80}\Z")


@dataclass(frozen=True)
class Published:
    """A sealed version as public pages read it."""

    asset: UUID
    version: UUID
    number: int
    cid: str
    sealed_at: datetime
    withdrawn_at: datetime | None
    withdrawn_reason: str
    entry: UUID
    record: dict[str, Any] = field(repr=False)

    @property
    def withdrawn(self) -> bool:
        """Tell whether it was taken from the public."""
        return self.withdrawn_at is not None

    def texts(self, language: str) -> dict[str, str]:
        """Give the texts of one language, else of another."""
        texts: dict[str, dict[str, str]] = self.record["texts"]
        return texts.get(language) or next(iter(texts.values()))

    def language(self, wanted: str) -> str:
        """Give the language that `texts` answers in."""
        return wanted if wanted in self.record["texts"] else next(iter(self.record["texts"]))

    def title(self, language: str) -> str:
        """Give the title in one language, else in another."""
        return self.texts(language)["title"]

    def rendition(self, role: str, original: int | None = None) -> dict[str, Any] | None:
        """Give the first derivative of a role, of one original where it is named, else of none that a newer scan follows."""
        found = (one for one in self.record["renditions"] if one["role"] == role)
        return next(
            (one for one in found if one["original"] == original or (original is None and not self.followed(one["original"]))), None
        )

    def followed(self, original: int) -> bool:
        """Tell whether a newer scan of the same surface stands in the place of an original."""
        return any(one.get("rescan_of") == original for one in self.record["originals"])

    @property
    def annotations(self) -> list[dict[str, Any]]:
        """Give what is said of single places; records before the second schema have none."""
        found: list[dict[str, Any]] = self.record.get("annotations", [])
        return found

    def renditions(self, role: str) -> list[dict[str, Any]]:
        """Give every derivative of a role, one an original, without those that a newer scan follows."""
        return [one for one in self.record["renditions"] if one["role"] == role and not self.followed(one["original"])]

    def facts(self, original: int) -> dict[str, Any]:
        """Give what was read of an original, by its number from 1; empty where nothing is known."""
        originals = self.record["originals"]
        found: dict[str, Any] = originals[original - 1]["facts"] if original <= len(originals) else {}
        return found

    def file_url(self, rendition: dict[str, Any]) -> str:
        """Give the public address of a derivative."""
        return f"/files/{rendition['cid']}/{rendition['role']}.{ending(rendition['media_type'])}"

    def public_url(self, rendition: dict[str, Any]) -> str:
        """Give the public address of a derivative, or nothing where it stands in for the original and is withheld."""
        return "" if rendition["role"] in RESERVED else self.file_url(rendition)

    def member_url(self, rendition: dict[str, Any], member: str) -> str:
        """Give the public address of one file of a derivative that holds many."""
        return f"{self.file_url(rendition)}/{member}"

    @property
    def region(self) -> dict[str, Any] | None:
        """Give the pilot region, where a place is known."""
        return self.record["place"]["region"] if self.record["place"] else None


@dataclass(frozen=True)
class Listing:
    """A page of results with counts: facet name to value to count, each facet without its own filter."""

    items: list[Published]
    total: int
    facets: dict[str, dict[str, int]]


def _published(row: Version) -> Published:
    """Turn a row into what pages read."""
    return Published(
        asset=row.asset_id,
        version=row.pk,
        number=row.number,
        cid=row.cid,
        sealed_at=row.sealed_at,
        withdrawn_at=row.withdrawn_at,
        withdrawn_reason=row.withdrawn_reason,
        entry=row.entry,
        record=row.record,
    )


def published(asset_id: UUID | str) -> Published | None:
    """Give the newest sealed version of an asset, withdrawn or not; one query."""
    row = Version.objects.filter(asset_id=asset_id).order_by("-number").first()
    return _published(row) if row else None


def version(version_id: UUID | str) -> Published | None:
    """Give one sealed version; one query."""
    row = Version.objects.filter(pk=version_id).first()
    return _published(row) if row else None


def published_many(asset_ids: list[UUID]) -> list[Published]:
    """Give the live versions of several assets in the order asked; one query."""
    rows = Version.objects.filter(asset_id__in=asset_ids, asset__live=True, withdrawn_at=None).order_by("number")
    found = {row.asset_id: _published(row) for row in rows}
    return [found[asset] for asset in asset_ids if asset in found]


def published_list(
    *,
    kind: str = "",
    region: str = "",
    institution: str = "",
    text: str = "",
    limit: int = 24,
    offset: int = 0,
) -> Listing:
    """List published assets, filtered by slugs and words, newest first (best first where words are given)."""
    base = Asset.objects.filter(live=True)
    ranked: list[UUID] | None = None
    if text.strip():
        ranked = search.default().find(text[:200], most=MOST_FOUND)
        base = base.filter(pk__in=ranked)
    filters = {"kind": _kind(kind), "region": _region(region), "institution": _institution(institution)}
    chosen = base.filter(*filters.values())
    ids = list(chosen.order_by("-last_published_at", "pk").values_list("pk", flat=True))
    if ranked is not None:
        place = {asset: number for number, asset in enumerate(ranked)}
        ids.sort(key=lambda asset: place[asset])
    facets = {name: _count(base.filter(*(one for other, one in filters.items() if other != name)), name) for name in filters}
    return Listing(items=published_many(ids[offset : offset + limit]), total=len(ids), facets=facets)


def _kind(kind: str) -> Q:
    """Filter by kind."""
    return Q(kind=kind) if kind else Q()


def _region(region: str) -> Q:
    """Filter by region: the place itself, what lies in it, and what lies in that."""
    return Q(place__slug=region) | Q(place__parent__slug=region) | Q(place__parent__parent__slug=region) if region else Q()


def _institution(institution: str) -> Q:
    """Filter by institution."""
    return Q(institution__slug=institution) if institution else Q()


COLUMNS = {
    "kind": ("kind",),
    "region": ("place__parent__parent__slug", "place__parent__slug", "place__slug"),
    "institution": ("institution__slug",),
}


def _count(assets: QuerySet[Asset], facet: str) -> dict[str, int]:
    """Count a facet's values, the most frequent first."""
    columns = COLUMNS[facet]
    counts: Counter[str] = Counter()
    for values in assets.values_list(*columns):
        value = next((one for one in values if one), None)
        if value:
            counts[value] += 1
    return dict(counts.most_common())


def scans(assets: QuerySet[Asset]) -> QuerySet[File]:
    """Give the originals of assets that have a surface and no newer scan of it; for those who may work on them."""
    made = Rendition.objects.filter(file=OuterRef("pk"), current=True, role="lod-0")
    followed = File.objects.filter(rescan_of=OuterRef("pk"), renditions__current=True, renditions__role="lod-0")
    found = File.objects.filter(Exists(made), ~Exists(followed), asset__in=assets)
    return found.select_related("asset").prefetch_related("asset__texts").order_by("received_at", "pk")


def public_file(cid: str) -> Rendition | None:
    """Give the derivative of a CID where it belongs to a version that is public now."""
    if not CID.match(cid):
        return None
    for rendition in Rendition.objects.filter(cid=cid).exclude(role__in=RESERVED).select_related("file__asset__current_version"):
        live = rendition.file.asset.current_version
        if live and live.withdrawn_at is None and any(one["cid"] == cid for one in live.record["renditions"]):
            return rendition
    return None
