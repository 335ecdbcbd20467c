# SPDX-License-Identifier: Apache-2.0
"""What the marketplace shows on an asset's page."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import AnonymousUser

from assets.models import Asset, User
from assets.queries import Published
from marketplace import queries, rules
from marketplace.enums import LicenceState
from marketplace.models import Licence
from marketplace.money import yuan
from marketplace.present import duration


def offers(published: Published, user: User | AnonymousUser) -> dict[str, Any] | None:
    """Give what may be licensed of a version; one query for a stranger.

    Returns
    -------
    dict | None
        What `marketplace/panels/offers.html` shows as `panel`; None where there is nothing to say.
    """
    rows = [
        {"offer": offer, "price": yuan(offer.price_fen), "free": offer.price_fen == 0, "term": duration(offer.term_months)}
        for offer in queries.offers_of(published.asset)
    ]
    mine = _licences(published, user) if isinstance(user, User) else []
    may_offer = isinstance(user, User) and _may_offer(published, user)
    if not rows and not mine and not may_offer:
        return None
    return {"asset": published.asset, "rows": rows, "licences": mine, "may_offer": may_offer}


def _licences(published: Published, user: User) -> list[Licence]:
    """List the user's own licences of the asset that hold."""
    found = Licence.objects.filter(asset_id=published.asset, user=user, state=LicenceState.ACTIVE)
    return [licence for licence in found if licence.current_state == LicenceState.ACTIVE]


def _may_offer(published: Published, user: User) -> bool:
    """Tell whether the user decides what is offered of the asset."""
    asset = Asset.objects.filter(pk=published.asset).first()
    return asset is not None and rules.may_offer(user, asset)
