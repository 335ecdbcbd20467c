# SPDX-License-Identifier: Apache-2.0
"""Named reads of offers, orders and licences."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from assets.models import User, Version
from assets.queries import Published, published, published_many
from assets.queries import version as sealed_version
from ledger import queries as log
from ledger.models import Checkpoint, Entry
from marketplace.models import Licence, Offer, Order


@dataclass(frozen=True)
class Shelf:
    """A published asset with what is offered of it."""

    published: Published
    offers: list[Offer]


def offers_of(asset_id: UUID) -> list[Offer]:
    """List what is offered of an asset now, the cheapest first."""
    return list(Offer.objects.filter(asset_id=asset_id, active=True))


def offers_on_show() -> QuerySet[Offer]:
    """List every offer of an asset that is public now, in a stable order."""
    return Offer.objects.filter(active=True, asset__live=True).order_by("asset_id", "price_fen", "id")


def assets_on_offer() -> list[UUID]:
    """List the published assets that are offered, the newest publication first; one query."""
    on_show = Offer.objects.filter(active=True, asset__live=True).order_by("-asset__last_published_at", "asset_id")
    return list(dict.fromkeys(on_show.values_list("asset_id", flat=True)))


def shelves(assets: list[UUID]) -> list[Shelf]:
    """Give published assets with their offers, in the order asked; two queries."""
    offers: dict[UUID, list[Offer]] = {}
    for offer in Offer.objects.filter(active=True, asset_id__in=assets):
        offers.setdefault(offer.asset_id, []).append(offer)
    return [Shelf(one, offers[one.asset]) for one in published_many(assets)]


def offer(offer_id: UUID) -> tuple[Offer, Published] | None:
    """Give an offer that can be taken now, with the version it would bind."""
    found = Offer.objects.filter(pk=offer_id, active=True).first()
    version = published(found.asset_id) if found else None
    return (found, version) if found and version and not version.withdrawn else None


def orders_of(user: User) -> QuerySet[Order]:
    """List a person's orders, the newest first."""
    return Order.objects.filter(user=user).select_related("offer", "version", "licence")


def licences_of(user: User) -> QuerySet[Licence]:
    """List a person's licences, the newest first."""
    return Licence.objects.filter(user=user).select_related("version")


def licence(licence_id: UUID) -> Licence | None:
    """Give one licence with what its page shows; one query."""
    return Licence.objects.filter(pk=licence_id).select_related("version", "order__offer", "asset").first()


def licences_granted(asset_id: UUID) -> QuerySet[Licence]:
    """List the licences granted of an asset, the newest first."""
    return Licence.objects.filter(asset_id=asset_id)


def licensed_version(found: Licence) -> Published:
    """Give the sealed version that a licence binds."""
    version = sealed_version(found.version_id)
    assert version is not None  # versions are never deleted, and the foreign key protects them
    return version


def holds_right(user: User, version: Version) -> bool:
    """Tell whether a person has a licence of a version in force."""
    return any(one.current_state == "active" for one in Licence.objects.filter(user=user, version=version))


def witnessed(found: Licence) -> Checkpoint | None:
    """Give the checkpoint that covers a licence's newest entry, or None while it is being witnessed."""
    entry = Entry.objects.filter(uuid=found.revoke_entry or found.entry).first()
    return log.covers(entry) if entry else None
