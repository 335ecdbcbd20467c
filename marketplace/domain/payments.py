# SPDX-License-Identifier: Apache-2.0
"""Pay orders, and believe providers only on their signature and only for the right amount."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assets.models import User
from marketplace import rules
from marketplace.domain.licences import fulfil
from marketplace.domain.states import move
from marketplace.enums import OrderState, PaymentState
from marketplace.errors import MarketplaceError, PaymentError
from marketplace.models import Notification, Order, Payment
from marketplace.payments import Charge, Notice, provider

log = logging.getLogger("marketplace.payments")


def pay(*, order: Order, user: User, alias: str = "default") -> Charge | None:
    """Start paying an order; a free one is paid and fulfilled at once.

    Who: whoever placed it. Writes: Payment, Order.state. Entry: none here; a free order leads to `licence.grant`.

    Returns
    -------
    Charge | None
        Where the payer goes, or None where there is nothing to pay.

    Raises
    ------
    MarketplaceError
        `order.not-found`, `order.not-payable`, or what the provider says; a provider that did not answer may be asked again.
    """
    if not rules.may_see_order(user, order):
        raise MarketplaceError("order.not-found", _("There is no such order."), status=404)
    if order.amount_fen == 0:
        move(Order, order.pk, OrderState.PAID, paid_at=timezone.now())
        fulfil(order_id=order.pk)
        return None
    if order.state not in (OrderState.CREATED, OrderState.PENDING, OrderState.FAILED):
        raise MarketplaceError("order.not-payable", _("There is nothing to pay for this order."), _("See the order's page."))
    payment, _made = Payment.objects.get_or_create(order=order, defaults={"provider": alias, "amount_fen": order.amount_fen})
    charge = provider(payment.provider).create(key=str(payment.pk), amount_fen=payment.amount_fen, subject=str(order.offer))
    with transaction.atomic():
        move(Payment, payment.pk, PaymentState.PENDING, provider_ref=charge.ref)
        move(Order, order.pk, OrderState.PENDING)
    return charge


def handle_notification(*, alias: str, headers: Mapping[str, str], body: bytes) -> Payment:
    """Take a provider's notice: authentic, fresh, of the right amount, and each only once.

    Who: anyone may send; only what the provider signed counts. Writes: Notification, Payment, Order. Entry: `licence.grant` by `fulfil`.

    Raises
    ------
    PaymentError
        `payment.forged`, `payment.stale`, `payment.unknown`, `payment.amount`; each is logged.
    """
    try:
        notice = provider(alias).verify_notification(headers=headers, body=body)
        payment = _payment(alias, notice)
        outcome = _apply(payment, notice)
    except PaymentError as problem:
        log.warning("notice refused: %s", problem.code)
        raise
    if outcome == "payment.amount":
        log.warning("notice %s of payment %s refused: %s", notice.event_id, payment.pk, outcome)
        raise PaymentError(
            "payment.amount", _("The notice names another amount than the order."), _("Ask the provider what was paid."), status=422
        )
    return finish(order_id=payment.order_id)


def refresh(*, order: Order) -> Payment | None:
    """Ask the provider how an order's payment stands, for the case that its notice never came.

    Who: the sweeper, and the order's page. Writes: as `handle_notification`.
    """
    payment = Payment.objects.filter(order=order).exclude(provider_ref=None).first()
    if payment is None or payment.provider_ref is None:
        return None
    said = provider(payment.provider).query(payment.provider_ref)
    if said.state not in (PaymentState.PAID, PaymentState.FAILED):
        return payment
    _apply(payment, Notice(f"query-{said.ref}-{said.state}-{said.amount_fen}", said.ref, str(payment.pk), said.state, said.amount_fen))
    return finish(order_id=payment.order_id)


def finish(*, order_id: UUID) -> Payment:
    """Do what a payment's state asks for, outside the transaction that wrote it: grant the licence, or give the money back.

    Who: the verbs here and the task. Writes: as `fulfil` and `refund`. Repeating it changes nothing.
    """
    payment = Payment.objects.select_related("order").get(order_id=order_id)
    if payment.order.state == OrderState.PAID:
        try:
            fulfil(order_id=order_id)
        except MarketplaceError as problem:
            log.warning("order %s not fulfilled: %s", order_id, problem.code)
        payment.refresh_from_db()
    refund(payment=payment)
    payment.refresh_from_db()
    return payment


def refund(*, payment: Payment) -> None:
    """Give back a payment that bought nothing. Repeating it refunds once.

    Who: the sweeper and the verbs here. Writes: Payment.state. Entry: none.
    """
    if payment.state != PaymentState.REFUND_DUE or payment.provider_ref is None:
        return
    provider(payment.provider).refund(ref=payment.provider_ref, key=f"refund-{payment.pk}")
    move(Payment, payment.pk, PaymentState.REFUNDED)


def _payment(alias: str, notice: Notice) -> Payment:
    """Find the payment a notice is about, by the key we gave; the reference may not have reached us yet."""
    try:
        key = UUID(notice.key)
    except ValueError:
        key = UUID(int=0)
    payment = Payment.objects.filter(provider=alias, pk=key).first()
    if payment is None or payment.provider_ref not in (None, notice.ref):
        raise PaymentError("payment.unknown", _("The notice is about no payment of ours."), _("Ask the provider."), status=404)
    return payment


@transaction.atomic
def _apply(payment: Payment, notice: Notice) -> str:
    """Write a notice and what follows from it; a notice seen before changes nothing.

    Returns
    -------
    str
        `applied`, `ignored` or the code of the refusal.
    """
    from marketplace.tasks import finish as finish_later

    if notice.amount_fen != payment.amount_fen:
        outcome = "payment.amount"
    elif notice.state == PaymentState.PAID and move(Payment, payment.pk, PaymentState.PAID, provider_ref=notice.ref):
        outcome = "applied"
        if not move(Order, payment.order_id, OrderState.PAID, paid_at=timezone.now(), failure=""):
            move(Payment, payment.pk, PaymentState.REFUND_DUE)  # paid for what was given up meanwhile
        finish_later.enqueue(str(payment.order_id))  # a row of this transaction: what is paid is also finished, come what may
    elif notice.state == PaymentState.FAILED and move(Payment, payment.pk, PaymentState.FAILED, provider_ref=notice.ref):
        outcome = "applied"
        move(Order, payment.order_id, OrderState.FAILED, failure="payment.failed")
    else:
        outcome = "ignored"
    fields = {"payment": payment, "state": notice.state, "amount_fen": notice.amount_fen, "outcome": outcome}
    Notification.objects.get_or_create(provider=payment.provider, event_id=notice.event_id, defaults=fields)
    return outcome
