# SPDX-License-Identifier: Apache-2.0
"""Small addresses that carry no language: the mark, the robots' file, QR codes."""

from __future__ import annotations

import io
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

MARK = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="3" fill="#A82E1C"/>'
    '<g fill="none" stroke="#fff" stroke-width="1.7" stroke-linecap="round" stroke-linejoin="round">'
    # The mark is the character of the seal, drawn in strokes, so that it needs no font.
    '<path d="M12.500 4.300 9 8.200m3.400-2h5.700l-2.100 2.600M9.200 8.800h13.600v6.700H9.200zM16 8.800v6.700M9.200 12.100h13.600M5.500 18.600h21"/>'
    '<path d="M10.600 21.300h10.800v6.600H10.600zM10.600 24.500h10.800"/></g></svg>'
)


@require_safe
@cache_control(public=True, max_age=86_400)
def favicon(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """Give the site's mark."""
    return HttpResponse(MARK, content_type="image/svg+xml")


@require_safe
@cache_control(public=True, max_age=86_400)
def robots(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """Keep crawlers out of what is no page."""
    lines = (
        "User-agent: *",
        "Disallow: /admin/",
        "Disallow: /api/",
        *(f"Disallow: /{code}/account/" for code, _name in settings.LANGUAGES),
    )
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@require_safe
@cache_control(public=True, max_age=86_400)
def qr(request: HttpRequest, asset: UUID) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """Draw the QR code of an asset's permanent address; it tells nothing but the address, so it asks nothing of the catalogue."""
    import segno

    out = io.BytesIO()
    segno.make(f"{settings.BASE_URL}/id/{asset}", error="m").save(
        out, kind="svg", border=2, scale=4, dark="#1c1b1a", light="#ffffff", xmldecl=False
    )
    return HttpResponse(out.getvalue(), content_type="image/svg+xml")
