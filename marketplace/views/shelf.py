# SPDX-License-Identifier: Apache-2.0
"""What is offered, and one offer in full."""

from __future__ import annotations

import uuid
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_safe

from marketplace import domain, queries, rules
from marketplace.errors import MarketplaceError
from marketplace.models import Offer
from marketplace.money import yuan
from marketplace.present import duration, html_language, offer_facts, split_lines
from marketplace.splits import split
from marketplace.views.guard import account, explained

PAGE = 24


@require_safe
def offers(request: HttpRequest) -> HttpResponse:
    """List what can be licensed."""
    page = Paginator(queries.assets_on_offer(), PAGE).get_page(request.GET.get("page"))
    language = get_language() or "zh-hans"
    shelves = [
        {
            "asset": shelf.published.asset,
            "title": shelf.published.title(language),
            "lang": html_language(shelf.published.language(language)),
            "period": shelf.published.texts(language)["culture"],
            "thumbnail": _thumbnail(shelf),
            "offers": [{"offer": offer, "price": yuan(offer.price_fen), "term": duration(offer.term_months)} for offer in shelf.offers],
        }
        for shelf in queries.shelves(list(page))
    ]
    return render(request, "marketplace/offers.html", {"shelves": shelves, "page": page, "section": "licences"})


@require_http_methods(["GET", "HEAD", "POST"])
@explained
def offer(request: HttpRequest, offer_id: UUID) -> HttpResponseBase:
    """Show an offer; a POST orders it."""
    found = queries.offer(offer_id)
    if found is None:
        raise Http404
    if request.method == "POST":
        return _order(request, found[0])
    chosen, published = found
    language = get_language() or "zh-hans"
    context = {
        "offer": chosen,
        "published": published,
        "title": published.title(language),
        "lang": html_language(published.language(language)),
        "thumbnail": _thumbnail(queries.Shelf(published, [])),
        "facts": offer_facts(chosen),
        "price": yuan(chosen.price_fen),
        "split": split_lines(split(chosen.price_fen, chosen.shares), chosen.shares),
        "originals": published.record["originals"],
        "key": uuid.uuid4().hex,
        "may_order": rules.may_order(request.user),
        "section": "licences",
    }
    return render(request, "marketplace/offer.html", context)


def _order(request: HttpRequest, chosen: Offer) -> HttpResponseBase:
    """Place the order that a form asks for and go where it is paid."""
    if not request.user.is_authenticated:
        return redirect("cms:login")
    order = domain.place_order(user=account(request), offer=chosen, key=request.POST.get("key", ""))
    try:
        charge = domain.pay(order=order, user=account(request))
    except MarketplaceError as problem:
        if not problem.retryable and problem.code != "order.not-payable":
            raise
        charge = None  # the order stands; its page offers to pay again
    return redirect(charge.pay_url) if charge else redirect("marketplace:order", order_id=order.pk)


def _thumbnail(shelf: queries.Shelf) -> str:
    """Give the address of an asset's small picture, or nothing."""
    found = shelf.published.rendition("thumbnail")
    return shelf.published.file_url(found) if found else ""
