# SPDX-License-Identifier: Apache-2.0
"""A person's orders: see, pay, give up."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from marketplace import domain, queries, rules
from marketplace.enums import OrderState
from marketplace.models import Order, Payment
from marketplace.money import yuan
from marketplace.payments import provider
from marketplace.payments.sandbox import SandboxProvider
from marketplace.present import offer_facts, split_lines
from marketplace.views.guard import account, explained

STEPS = (OrderState.CREATED, OrderState.PENDING, OrderState.PAID, OrderState.FULFILLED)


def own_order(request: HttpRequest, order_id: UUID) -> Order:
    """Give an order that the person may see, or 404."""
    order = Order.objects.filter(pk=order_id).select_related("offer", "version", "user").first()
    if order is None or not rules.may_see_order(account(request), order):
        raise Http404
    return order


def title_of(record: dict[str, dict[str, dict[str, str]]]) -> str:
    """Give a sealed version's title in the language in use, else in another."""
    texts = record["texts"]
    return (texts.get(get_language() or "") or next(iter(texts.values())))["title"]


@require_safe
@never_cache
@login_required
def orders(request: HttpRequest) -> HttpResponse:
    """List one's own orders."""
    rows = [
        {"order": order, "title": title_of(order.version.record), "price": yuan(order.amount_fen)}
        for order in queries.orders_of(account(request))
    ]
    return render(request, "marketplace/orders.html", {"rows": rows, "section": "licences"})


@require_safe
@never_cache
@login_required
def order(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """Show one order and what can be done with it now."""
    found = own_order(request, order_id)
    parts = {line.party: line.amount_fen for line in found.split.all()}
    reached = STEPS.index(OrderState(found.state)) if found.state in STEPS else -1
    context = {
        "order": found,
        "title": title_of(found.version.record),
        "price": yuan(found.amount_fen),
        "facts": offer_facts(found.offer),
        "split": split_lines(parts, found.offer.shares),
        "steps": [{"label": step.label, "done": number <= reached, "current": number == reached} for number, step in enumerate(STEPS)],
        "payment": Payment.objects.filter(order=found).first(),
        "can_pay": found.state in (OrderState.CREATED, OrderState.PENDING)
        or (found.state == OrderState.FAILED and found.failure == "payment.failed"),
        "licence_id": found.licence_id if found.state == OrderState.FULFILLED else None,
        "section": "licences",
    }
    return render(request, "marketplace/order.html", context)


@require_POST
@login_required
@explained
def pay(request: HttpRequest, order_id: UUID) -> HttpResponseBase:
    """Begin or repeat the payment of an order."""
    charge = domain.pay(order=own_order(request, order_id), user=account(request))
    return redirect(charge.pay_url) if charge else redirect("marketplace:order", order_id=order_id)


@require_POST
@login_required
@explained
def cancel(request: HttpRequest, order_id: UUID) -> HttpResponseBase:
    """Give up an order."""
    domain.cancel_order(order=own_order(request, order_id), user=account(request))
    return redirect("marketplace:order", order_id=order_id)


@require_POST
@login_required
@explained
def refresh(request: HttpRequest, order_id: UUID) -> HttpResponseBase:
    """Ask the provider, and finish what was cut short."""
    found = own_order(request, order_id)
    if found.state == OrderState.PAID:
        domain.fulfil(order_id=found.pk)
    else:
        domain.refresh(order=found)
    return redirect("marketplace:order", order_id=order_id)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
@explained
def sandbox(request: HttpRequest, ref: str) -> HttpResponseBase:
    """Play the payer at the sandbox provider; the answer comes back as a signed notice, as from any provider."""
    payment = Payment.objects.filter(provider_ref=ref).select_related("order__user", "order__version", "order__offer").first()
    backend = provider(payment.provider) if payment else None
    if payment is None or not isinstance(backend, SandboxProvider) or not rules.may_see_order(account(request), payment.order):
        raise Http404
    if request.method == "POST":
        headers, body = backend.settle(ref, paid=request.POST.get("answer") == "pay")
        domain.handle_notification(alias=payment.provider, headers=headers, body=body)
        return redirect("marketplace:order", order_id=payment.order_id)
    context = {
        "payment": payment,
        "order": payment.order,
        "title": title_of(payment.order.version.record),
        "price": yuan(payment.amount_fen),
    }
    return render(request, "marketplace/sandbox.html", {**context, "section": "licences"})
