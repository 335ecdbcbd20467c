# SPDX-License-Identifier: Apache-2.0
"""Where payment providers send their notices."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from marketplace import domain
from marketplace.errors import MarketplaceError

MOST_BYTES = 64 * 1024


@csrf_exempt
@require_POST
def notify(request: HttpRequest, alias: str) -> HttpResponse:
    """Take a notice; the provider's signature, not a session, says who sends it."""
    if int(request.headers.get("content-length") or 0) > MOST_BYTES:
        return HttpResponse(status=413)
    try:
        domain.handle_notification(alias=alias, headers=request.headers, body=request.body)
    except MarketplaceError as problem:
        said = {
            "type": "about:blank",
            "title": problem.code,
            "status": problem.status,
            "detail": str(problem.message),
            "code": problem.code,
        }
        return JsonResponse(said, status=problem.status, content_type="application/problem+json")
    return HttpResponse(status=204)
