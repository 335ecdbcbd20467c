# SPDX-License-Identifier: Apache-2.0
"""Place and cancel orders."""

from __future__ import annotations

from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assets.models import User
from assets.queries import published
from marketplace import rules
from marketplace.domain.states import move
from marketplace.enums import OrderState
from marketplace.errors import MarketplaceError
from marketplace.models import Offer, Order, SplitLine
from marketplace.splits import split


def place_order(*, user: User, offer: Offer, key: str) -> Order:
    """Order a licence for the version that is public now.

    Who: creators and administrators. Writes: Order, its split. Entry: none, nothing is granted yet.

    Parameters
    ----------
    key
        Idempotency key: the same user and key give the same order, however often it is sent.

    Raises
    ------
    MarketplaceError
        `order.not-allowed`, `order.key-invalid`, `order.key-reused`, `offer.retired`, `offer.unavailable`.
    """
    if not rules.may_order(user):
        raise MarketplaceError(
            "order.not-allowed", _("Only creators order licences."), _("Ask the administrator for the creator's role."), status=403
        )
    if not 1 <= len(key) <= 80:
        raise MarketplaceError(
            "order.key-invalid",
            _("The order carries no usable key."),
            _("Send 1 to 80 characters that no other order of yours has."),
            status=422,
        )
    before = Order.objects.filter(user=user, key=key).first()
    if before is None:
        before = _write(user, offer, key)
    if before.offer_id != offer.pk:
        raise MarketplaceError("order.key-reused", _("This key belongs to another order of yours."), _("Send a new key with a new order."))
    return before


def _write(user: User, offer: Offer, key: str) -> Order:
    """Write an order with its split; where another request was first, give that one."""
    version = version_on_offer(offer)
    try:
        with transaction.atomic():
            order = Order.objects.create(user=user, offer=offer, version_id=version, key=key, amount_fen=offer.price_fen)
            parts = split(offer.price_fen, offer.shares)
            SplitLine.objects.bulk_create(
                SplitLine(order=order, party=party, basis_points=offer.shares[party], amount_fen=part) for party, part in parts.items()
            )
    except IntegrityError:
        return Order.objects.get(user=user, key=key)
    return order


def version_on_offer(offer: Offer) -> UUID:
    """Give the version that an order under this offer binds.

    Raises
    ------
    MarketplaceError
        `offer.retired`, or `offer.unavailable` where the asset is not public now.
    """
    if not offer.active:
        raise MarketplaceError("offer.retired", _("This offer is no longer made."), _("Look at the asset's page for what is offered now."))
    found = published(offer.asset_id)
    if found is None or found.withdrawn:
        raise MarketplaceError("offer.unavailable", _("This asset is not published."), _("Try again when it is."))
    return found.version


def cancel_order(*, order: Order, user: User) -> None:
    """Give up an order before it is paid for.

    Who: whoever placed it. Writes: Order.state. Entry: none.

    Raises
    ------
    MarketplaceError
        `order.not-found`, or `order.too-late` where payment has begun.
    """
    if not rules.may_see_order(user, order):
        raise MarketplaceError("order.not-found", _("There is no such order."), status=404)
    if not move(Order, order.pk, OrderState.CANCELLED, closed_at=timezone.now()):
        raise MarketplaceError("order.too-late", _("The order can no longer be cancelled."), _("Its payment has begun."))
