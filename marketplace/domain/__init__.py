# SPDX-License-Identifier: Apache-2.0
"""The marketplace's verbs. Each says who may call it, what it writes and which entry appears in the log."""

from marketplace.domain.licences import fulfil, revoke
from marketplace.domain.offers import create_offer, retire_offer
from marketplace.domain.orders import cancel_order, place_order
from marketplace.domain.payments import finish, handle_notification, pay, refresh, refund
from marketplace.domain.sweep import sweep

__all__ = [
    "cancel_order",
    "create_offer",
    "finish",
    "fulfil",
    "handle_notification",
    "pay",
    "place_order",
    "refresh",
    "refund",
    "retire_offer",
    "revoke",
    "sweep",
]
