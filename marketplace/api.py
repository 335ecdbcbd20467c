# SPDX-License-Identifier: Apache-2.0
"""Offers, licences and orders on the API; the same verbs as the pages'."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from django.http import Http404, HttpRequest
from ninja import Header, Query, Router
from ninja.security import django_auth

from assets.models import User
from marketplace import domain, queries, rules
from marketplace.models import Offer, Order
from marketplace.schemas import LicenceOut, OfferOut, OfferPage, OrderIn, OrderOut, licence_out, offer_out, order_out

offers = Router(tags=["offers"])
licences = Router(tags=["licences"])
orders = Router(tags=["orders"], auth=django_auth)
Limit = Annotated[int, Query(ge=1, le=100)]
Offset = Annotated[int, Query(ge=0, le=10_000)]


@offers.get("", response=OfferPage, operation_id="list_offers", summary="What may be licensed")
def list_offers(request: HttpRequest, asset: UUID | None = None, limit: Limit = 24, offset: Offset = 0) -> dict[str, Any]:  # noqa: ARG001
    """List the offers of published assets, or of one."""
    rows = queries.offers_on_show()
    if asset is not None:
        rows = rows.filter(asset_id=asset)
    return {"items": [offer_out(one) for one in rows[offset : offset + limit]], "total": rows.count(), "limit": limit, "offset": offset}


@offers.get("/{uuid:offer}", response=OfferOut, operation_id="get_offer", summary="One offer")
def get_offer(request: HttpRequest, offer: UUID) -> dict[str, Any]:  # noqa: ARG001 - Django's signature
    """Give an offer that can be taken now."""
    found = queries.offer(offer)
    if found is None:
        raise Http404
    return offer_out(found[0])


@licences.get("/{uuid:licence}", response=LicenceOut, operation_id="get_licence", summary="Whether a licence holds")
def get_licence(request: HttpRequest, licence: UUID) -> dict[str, Any]:  # noqa: ARG001 - Django's signature
    """Give a licence's public state to anyone who has its number."""
    found = queries.licence(licence)
    if found is None:
        raise Http404
    return licence_out(found)


@orders.get("", response=list[OrderOut], operation_id="list_orders", summary="My orders")
def list_orders(request: HttpRequest) -> list[dict[str, Any]]:
    """List one's own orders, the newest first."""
    return [order_out(one) for one in queries.orders_of(_account(request)).prefetch_related("split")[:100]]


@orders.post("", response=OrderOut, operation_id="place_order", summary="Order a licence")
def place_order(
    request: HttpRequest, body: OrderIn, key: Annotated[str, Header(alias="Idempotency-Key", min_length=1, max_length=80)]
) -> dict[str, Any]:
    """Order a licence for the version that is public now; the same key gives the same order."""
    offer = Offer.objects.filter(pk=body.offer).first()
    if offer is None:
        raise Http404
    return order_out(domain.place_order(user=_account(request), offer=offer, key=key))


@orders.get("/{uuid:order}", response=OrderOut, operation_id="get_order", summary="One of my orders")
def get_order(request: HttpRequest, order: UUID) -> dict[str, Any]:
    """Give one of one's own orders."""
    return order_out(_own(request, order))


@orders.post("/{uuid:order}/pay", response=OrderOut, operation_id="pay_order", summary="Begin to pay")
def pay_order(request: HttpRequest, order: UUID) -> dict[str, Any]:
    """Begin to pay an order; a free one is fulfilled at once."""
    found = _own(request, order)
    charge = domain.pay(order=found, user=_account(request))
    found.refresh_from_db()
    return order_out(found, charge.pay_url if charge else None)


def _account(request: HttpRequest) -> User:
    """Give the account that the session names."""
    assert isinstance(request.user, User)
    return request.user


def _own(request: HttpRequest, order_id: UUID) -> Order:
    """Give an order that the account may see, or 404."""
    found = Order.objects.filter(pk=order_id).first()
    if found is None or not rules.may_see_order(_account(request), found):
        raise Http404
    return found
