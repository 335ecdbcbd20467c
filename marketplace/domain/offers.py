# SPDX-License-Identifier: Apache-2.0
"""Make and retire offers."""

from __future__ import annotations

from collections.abc import Mapping

from django.db.models import TextChoices
from django.utils.translation import gettext as _

from assets import generation
from assets.models import Asset, User
from marketplace import rules
from marketplace.enums import Medium, Territory, Use
from marketplace.errors import MarketplaceError
from marketplace.models import Offer
from marketplace.splits import WHOLE
from marketplace.terms import standard_terms

AXES: Mapping[str, type[TextChoices]] = {"use": Use, "medium": Medium, "territory": Territory}
SHARES: Mapping[str, int] = {"holder": 7000, "bearers": 2000, "platform": 1000}


def create_offer(
    *,
    asset: Asset,
    use: str,
    medium: str,
    territory: str,
    term_months: int,
    price_fen: int,
    terms: Mapping[str, str] | None = None,
    shares: Mapping[str, int] = SHARES,
    user: User | None = None,
) -> Offer:
    """Offer an asset; the same offer made again is the one that stands.

    Who: whoever may publish the asset; the command line (no user). Writes: Offer. Entry: none, an offer binds nobody.

    Parameters
    ----------
    term_months
        Length of the licence in months, at least 1.
    price_fen
        Price in fen; 0 is free.
    terms
        Language code to the full terms; the standard terms where not given.
    shares
        Party to its share in basis points.

    Raises
    ------
    MarketplaceError
        `offer.not-allowed`, `offer.invalid`.
    """
    if user is not None and not rules.may_offer(user, asset):
        raise MarketplaceError("offer.not-allowed", _("You may not offer this asset."), _("Ask its institution."), status=403)
    scope = {"use": use, "medium": medium, "territory": territory}
    _check(scope, term_months, price_fen, shares)
    texts = terms or standard_terms(**scope)
    offer, made = Offer.objects.get_or_create(
        asset=asset,
        **scope,
        term_months=term_months,
        price_fen=price_fen,
        terms_zh=texts["zh-hans"],
        terms_en=texts["en"],
        **{f"{party}_bp": share for party, share in shares.items()},
        active=True,
        defaults={"created_by": user},
    )
    if made:
        generation.advance()
    return offer


def retire_offer(*, offer: Offer, user: User | None = None) -> None:
    """Take an offer off the shelf; licences granted under it stand.

    Who: whoever may publish the asset. Writes: Offer.active. Entry: none.
    """
    if user is not None and not rules.may_offer(user, offer.asset):
        raise MarketplaceError("offer.not-allowed", _("You may not retire this offer."), _("Ask its institution."), status=403)
    Offer.objects.filter(pk=offer.pk).update(active=False)
    generation.advance()


def _check(scope: Mapping[str, str], term_months: int, price_fen: int, shares: Mapping[str, int]) -> None:
    """Refuse an offer that no licence could be written from."""
    for axis, value in scope.items():
        allowed = AXES[axis].values
        if value not in allowed:
            hint = _("Known values: %(values)s.") % {"values": ", ".join(allowed)}
            raise MarketplaceError(
                "offer.invalid", _("%(axis)s: %(value)s is not known.") % {"axis": axis, "value": value}, hint, status=422
            )
    if not 1 <= term_months <= 1200:
        raise MarketplaceError("offer.invalid", _("The term is out of range."), _("Give 1 to 1,200 months."), status=422)
    if not 0 <= price_fen <= 10**12:
        raise MarketplaceError("offer.invalid", _("The price is out of range."), _("Give the price in fen; 0 is free."), status=422)
    if sum(shares.values()) != WHOLE or min(shares.values()) < 0 or set(shares) != set(SHARES):
        raise MarketplaceError("offer.invalid", _("The shares do not sum to 100 %."), _("Give three shares in basis points."), status=422)
