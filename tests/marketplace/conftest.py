# SPDX-License-Identifier: Apache-2.0
"""Offers of the cast's published asset, and the way from an offer to a licence."""

from __future__ import annotations

import uuid
from collections.abc import Callable

import pytest

from assets.enums import Role
from assets.models import Asset, User
from marketplace import domain
from marketplace.models import Licence, Offer, Order
from marketplace.payments.sandbox import SandboxProvider
from tests.cast import make_user

CAST = ("visitor", "curator", "other_curator", "creator", "supervisor", "administrator")


@pytest.fixture
def people(request: pytest.FixtureRequest) -> dict[str, User]:
    """Give the whole cast by name, and a second creator."""
    return {name: request.getfixturevalue(name) for name in CAST} | {"other_creator": make_user("other-creator", Role.CREATOR)}


@pytest.fixture
def offer(published_asset: Asset) -> Offer:
    return domain.create_offer(asset=published_asset, use="product", medium="goods", territory="CN", term_months=12, price_fen=120_001)


@pytest.fixture
def free_offer(published_asset: Asset) -> Offer:
    return domain.create_offer(asset=published_asset, use="education", medium="any", territory="world", term_months=36, price_fen=0)


@pytest.fixture
def buy(people: dict[str, User]) -> Callable[..., Licence]:
    """Give the whole way from an offer to a licence."""

    def buy(offer: Offer, who: str = "creator") -> Licence:
        order = domain.place_order(user=people[who], offer=offer, key=uuid.uuid4().hex)
        settle(order, paid=True)
        return Licence.objects.get(order=order)

    return buy


def settle(order: Order, *, paid: bool) -> None:
    """Pay an order in the sandbox, or let the payment fail."""
    charge = domain.pay(order=order, user=order.user)
    if charge is not None:
        headers, body = SandboxProvider().settle(charge.ref, paid=paid)
        domain.handle_notification(alias="default", headers=headers, body=body)
