# SPDX-License-Identifier: Apache-2.0
"""Where an institution says what may be licensed of an asset."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from assets.models import Asset
from marketplace import domain, queries, rules
from marketplace.errors import MarketplaceError
from marketplace.forms import OfferForm
from marketplace.models import Offer
from marketplace.money import yuan
from marketplace.present import duration
from marketplace.views.guard import account


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def manage(request: HttpRequest, asset_id: UUID) -> HttpResponse:
    """List an asset's offers, make one, retire one; for whoever may publish the asset."""
    asset = Asset.objects.filter(pk=asset_id).prefetch_related("texts").first()
    if asset is None or not rules.may_offer(request.user, asset):
        raise Http404
    form = OfferForm(request.POST if request.method == "POST" and "retire" not in request.POST else None)
    if "retire" in request.POST:
        domain.retire_offer(offer=get_object_or_404(Offer, pk=_uuid(request.POST["retire"]), asset=asset), user=account(request))
        return redirect("marketplace:manage", asset_id=asset_id)
    if form.is_bound and form.is_valid() and _make(request, asset, form):
        return redirect("marketplace:manage", asset_id=asset_id)
    offers = [
        {"offer": offer, "term": duration(offer.term_months), "price": yuan(offer.price_fen)} for offer in queries.offers_of(asset.pk)
    ]
    context = {"asset": asset, "title": asset.title, "form": form, "offers": offers, "section": "licences"}
    return render(request, "marketplace/manage.html", context, status=422 if form.errors else 200)


def _make(request: HttpRequest, asset: Asset, form: OfferForm) -> bool:
    """Make the offer a form describes; what the verb refuses becomes the form's error."""
    try:
        domain.create_offer(asset=asset, user=account(request), **form.terms())
    except MarketplaceError as problem:
        form.add_error(None, f"{problem.message} {problem.hint}")
        return False
    messages.success(request, _("The offer stands."))
    return True


def _uuid(text: str) -> UUID:
    """Read a UUID or 404."""
    try:
        return UUID(text)
    except ValueError:
        raise Http404 from None
