# SPDX-License-Identifier: Apache-2.0
"""Finish what was cut short: paid orders without a licence, unanswered payments, refunds that are due, terms that have run out."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from datetime import timedelta
from functools import partial

from django.utils import timezone

from marketplace.domain.licences import fulfil
from marketplace.domain.payments import refresh, refund
from marketplace.domain.states import move
from marketplace.enums import LicenceState, OrderState, PaymentState
from marketplace.errors import MarketplaceError
from marketplace.models import Licence, Order, Payment

log = logging.getLogger("marketplace.sweep")
GRACE = timedelta(minutes=1)  # a notice may still be on its way


def sweep() -> dict[str, int]:
    """Go over everything that waits once; what still fails is logged and waits for the next time.

    Who: the worker. Writes: what `fulfil`, `refresh` and `refund` write, and Licence.state.

    Returns
    -------
    dict[str, int]
        How many of each kind were finished.
    """
    orders = [order.pk for order in Order.objects.filter(state=OrderState.PAID)]
    waiting = Order.objects.filter(state=OrderState.PENDING, payment__created_at__lt=timezone.now() - GRACE)
    due = Payment.objects.filter(state=PaymentState.REFUND_DUE)
    ended = Licence.objects.filter(state=LicenceState.ACTIVE, ends_on__lte=timezone.localdate())
    return {
        "fulfilled": _each(partial(fulfil, order_id=pk) for pk in orders),
        "refreshed": _each(partial(refresh, order=order) for order in waiting),
        "refunded": _each(partial(refund, payment=payment) for payment in due),
        "expired": sum(move(Licence, licence.pk, LicenceState.EXPIRED) for licence in ended),
    }


def _each(jobs: Iterable[Callable[[], object]]) -> int:
    """Run each job; one that fails does not keep the others."""
    done = 0
    for job in jobs:
        try:
            job()
            done += 1
        except MarketplaceError as problem:
            log.warning("left for the next sweep: %s", problem.code)
    return done
