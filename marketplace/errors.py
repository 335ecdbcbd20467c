# SPDX-License-Identifier: Apache-2.0
"""What the marketplace refuses, and why."""

from __future__ import annotations

from django.utils.functional import Promise

from assets.errors import RoomError


class MarketplaceError(RoomError):
    """The marketplace refuses; pages and the API answer 409 where nothing else is said."""

    def __init__(self, code: str, message: str | Promise, hint: str | Promise = "", *, retryable: bool = False, status: int = 409) -> None:
        super().__init__(code, message, hint, retryable=retryable, status=status)


class PaymentError(MarketplaceError):
    """A payment provider refused, could not be reached, or sent something that is not its own."""
