# SPDX-License-Identifier: Apache-2.0
"""A licence: the public page on which anyone checks it, and what only the licensee has."""

from __future__ import annotations

import tempfile
from pathlib import Path
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST, require_safe

from assets.domain import open_original
from assets.errors import AssetsError
from marketplace import domain, export, queries, receipts, rules
from marketplace.enums import LicenceState, RevokeReason
from marketplace.models import Licence
from marketplace.money import yuan
from marketplace.present import licence_facts, split_lines
from marketplace.views.guard import account, explained
from marketplace.views.orders import title_of


def _found(licence_id: UUID) -> Licence:
    """Give a licence or 404."""
    licence = queries.licence(licence_id)
    if licence is None:
        raise Http404
    return licence


def _held(request: HttpRequest, licence_id: UUID) -> Licence:
    """Give a licence whose receipt the person may have, or 404."""
    licence = _found(licence_id)
    if not rules.may_have_receipt(request.user, licence):
        raise Http404
    return licence


@require_safe
@never_cache
@login_required
def mine(request: HttpRequest) -> HttpResponse:
    """List one's own licences."""
    rows = [
        {"licence": licence, "title": title_of(licence.version.record), "use": licence.describe("use"), "state": licence.current_state}
        for licence in queries.licences_of(account(request))
    ]
    return render(request, "marketplace/mine.html", {"rows": rows, "section": "licences"})


@require_safe
@never_cache
def licence(request: HttpRequest, licence_id: UUID) -> HttpResponse:
    """Show whether a licence holds, and for what, to anyone who has its number; nobody's name stands here."""
    found = _found(licence_id)
    is_licensee = request.user.is_authenticated and found.user_id == request.user.pk
    context = {
        "licence": found,
        "state": found.current_state,
        "active": found.current_state == LicenceState.ACTIVE,
        "reason": RevokeReason(found.revoke_reason).label if found.revoke_reason else "",
        "title": title_of(found.version.record),
        "institution": found.version.record["institution"]["name"][_language()],
        "facts": licence_facts(found),
        "originals": list(enumerate(found.version.record["originals"], 1)),
        "checkpoint": queries.witnessed(found),
        "is_licensee": is_licensee,
        "may_have_receipt": rules.may_have_receipt(request.user, found),
        "may_revoke": rules.may_revoke(request.user, found) and found.state != LicenceState.REVOKED,
        "reasons": RevokeReason.choices,
        "section": "licences",
    }
    return render(request, "marketplace/licence.html", context)


@require_safe
@never_cache
@login_required
def receipt(request: HttpRequest, licence_id: UUID) -> HttpResponse:
    """Show the receipt for printing."""
    found = _held(request, licence_id)
    parts = {line.party: line.amount_fen for line in found.order.split.all()}
    context = {
        "licence": found,
        "state": found.current_state,
        "title": title_of(found.version.record),
        "holder": found.version.record["rights"]["holder"][_language()],
        "facts": licence_facts(found),
        "price": yuan(found.order.amount_fen),
        "split": split_lines(parts, found.order.offer.shares),
        "terms": found.order.offer.terms,
        "section": "licences",
    }
    return render(request, "marketplace/receipt.html", context)


@require_GET
@never_cache
@login_required
@explained
def bundle(request: HttpRequest, licence_id: UUID) -> HttpResponseBase:
    """Give the receipt as a bundle that verifies offline; it tells the state at the newest checkpoint."""
    found = _held(request, licence_id)
    with tempfile.TemporaryDirectory(prefix="qilu-receipt-") as folder:
        place = Path(folder) / "receipt.zip"
        export.write(place, found)
        stream = place.open("rb")  # the open file outlives its name
    return FileResponse(stream, as_attachment=True, filename=f"licence-{found.pk}.zip", content_type="application/zip")


@require_GET
@never_cache
@login_required
def master(request: HttpRequest, licence_id: UUID, index: int = 1) -> HttpResponseBase:
    """Give the licensee an original; the log knows of it before the first byte goes out."""
    found = _found(licence_id)
    if found.user_id != account(request).pk or found.current_state != LicenceState.ACTIVE:
        raise Http404
    try:
        place = open_original(user=account(request), version=found.version, index=index)
    except AssetsError as problem:
        raise Http404(problem.code) from problem
    original = found.version.record["originals"][index - 1]
    return FileResponse(place.open("rb"), as_attachment=True, filename=original["name"], content_type=original["media_type"])


@require_GET
@never_cache
@login_required
def opening(request: HttpRequest, licence_id: UUID) -> HttpResponse:
    """Give the licensee what opens the receipt's commitment, to show to whom they choose."""
    found = _found(licence_id)
    if found.user_id != account(request).pk or found.licensee_body is None:
        raise Http404
    body = {
        "commitment": found.licensee_commitment,
        "scheme": receipts.SCHEME,
        "salt": found.order.licensee_salt,
        "body": found.licensee_body,
    }
    answer = JsonResponse(body, json_dumps_params={"ensure_ascii": False, "indent": 2})
    answer["Content-Disposition"] = f'attachment; filename="licensee-{found.pk}.json"'
    return answer


@require_POST
@login_required
@explained
def revoke(request: HttpRequest, licence_id: UUID) -> HttpResponseBase:
    """End a licence before its time."""
    domain.revoke(licence=_found(licence_id), user=account(request), reason=request.POST.get("reason", ""))
    return redirect("marketplace:licence", licence_id=licence_id)


@require_safe
def address(request: HttpRequest, licence_id: UUID) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """Send the permanent address that receipts carry to the page in the visitor's language."""
    answer = redirect("marketplace:licence", licence_id=licence_id)
    answer.status_code = 303
    return answer


def _language() -> str:
    """Give the language in use as records name it."""
    return "zh-hans" if (get_language() or "").startswith("zh") else "en"
