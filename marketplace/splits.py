# SPDX-License-Identifier: Apache-2.0
"""Divide a price among parties so that the parts always sum to the price."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _

from marketplace.errors import MarketplaceError

WHOLE = 10_000  # basis points


def split(amount_fen: int, shares: Mapping[str, int]) -> dict[str, int]:
    """Divide an amount by shares with the largest remainder method.

    Parameters
    ----------
    amount_fen
        The price in fen, not negative.
    shares
        Party to its share in basis points; they sum to 10,000.

    Returns
    -------
    dict[str, int]
        Party to its part in fen. Parts sum to `amount_fen` exactly, and none differs from its exact share by a whole fen.

    Raises
    ------
    MarketplaceError
        `split.shares` where the shares do not sum to the whole, `split.amount` where the amount is negative.

    Source
    ------
    Hamilton's method; equal remainders go to the party named first.
    """
    if sum(shares.values()) != WHOLE or min(shares.values()) < 0:
        raise MarketplaceError(
            "split.shares", _("The shares do not sum to 100 %."), _("Give shares in basis points that sum to 10,000."), status=422
        )
    if amount_fen < 0:
        raise MarketplaceError("split.amount", _("A price cannot be negative."), _("Give the price in fen."), status=422)
    parts = {party: amount_fen * share // WHOLE for party, share in shares.items()}
    by_remainder = sorted(shares, key=lambda party: -(amount_fen * shares[party] % WHOLE))  # stable: ties keep the given order
    for party in by_remainder[: amount_fen - sum(parts.values())]:
        parts[party] += 1
    return parts
