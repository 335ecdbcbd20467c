# SPDX-License-Identifier: Apache-2.0
"""The marketplace's shapes on the API."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from ninja import Schema
from pydantic import Field

from marketplace import queries
from marketplace.models import Licence, Offer, Order


class ScopeOut(Schema):
    """What may be done, on what, where, and for how long."""

    use: str
    medium: str
    territory: str = Field(description="ISO 3166-1 alpha-2, or `world`.")
    exclusivity: str
    term_months: int


class OfferOut(Schema):
    """What may be licensed of an asset."""

    offer: UUID
    asset: UUID
    scope: ScopeOut
    price_fen: int
    currency: str
    split: dict[str, int] = Field(description="Party to its share in basis points.")
    terms: dict[str, str]


class OfferPage(Schema):
    """A page of offers in a stable order."""

    items: list[OfferOut]
    total: int
    limit: int
    offset: int


class LicenceOut(Schema):
    """The public state of a licence; it names nobody."""

    licence: UUID
    state: str = Field(description="active, revoked or expired, as of today in China.")
    asset: UUID
    version: UUID
    version_cid: str
    scope: ScopeOut
    starts_on: date
    ends_on: date = Field(description="First day on which the licence no longer holds.")
    licensee_commitment: str
    receipt_cid: str
    entry: UUID
    revoke_entry: UUID | None
    revoked_at: datetime | None
    revoke_reason: str | None
    checkpoint_size: int | None = Field(
        description="Size of the checkpoint that covers the newest entry; null while it is being witnessed."
    )
    page: str


class OrderIn(Schema):
    """What to order; the idempotency key goes into a header."""

    offer: UUID


class OrderOut(Schema):
    """One's own order."""

    order: UUID
    offer: UUID
    version: UUID
    state: str
    failure: str | None
    amount_fen: int
    split: dict[str, int] = Field(description="Party to its part in fen; the parts sum to the amount.")
    licence: UUID | None
    pay_url: str | None = None


def offer_out(offer: Offer) -> dict[str, Any]:
    """Describe an offer."""
    return {
        "offer": offer.pk,
        "asset": offer.asset_id,
        "scope": offer.scope,
        "price_fen": offer.price_fen,
        "currency": offer.currency,
        "split": offer.shares,
        "terms": {"zh-hans": offer.terms_zh, "en": offer.terms_en},
    }


def licence_out(licence: Licence) -> dict[str, Any]:
    """Describe a licence as the public sees it."""
    checkpoint = queries.witnessed(licence)
    return {
        "licence": licence.pk,
        "state": licence.current_state.value,
        "asset": licence.asset_id,
        "version": licence.version_id,
        "version_cid": licence.version.cid,
        "scope": licence.scope,
        "starts_on": licence.starts_on,
        "ends_on": licence.ends_on,
        "licensee_commitment": licence.licensee_commitment,
        "receipt_cid": licence.receipt_cid,
        "entry": licence.entry,
        "revoke_entry": licence.revoke_entry,
        "revoked_at": licence.revoked_at,
        "revoke_reason": licence.revoke_reason or None,
        "checkpoint_size": checkpoint.size if checkpoint else None,
        "page": f"{settings.BASE_URL}/licences/{licence.pk}/",
    }


def order_out(order: Order, pay_url: str | None = None) -> dict[str, Any]:
    """Describe an order to whoever placed it."""
    return {
        "order": order.pk,
        "offer": order.offer_id,
        "version": order.version_id,
        "state": order.state,
        "failure": order.failure or None,
        "amount_fen": order.amount_fen,
        "split": {line.party: line.amount_fen for line in order.split.all()},
        "licence": order.licence_id if order.state == "fulfilled" else None,
        "pay_url": pay_url,
    }
