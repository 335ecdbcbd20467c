# SPDX-License-Identifier: Apache-2.0
"""The API's table of contents. Every room brings its router; pages and API call the same verbs and queries."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse
from ninja import NinjaAPI

from assets.api import router as assets
from cms import problems
from ledger.api import router as log
from marketplace.api import licences, offers, orders
from supervision.api import router as supervision

api = NinjaAPI(
    title="齐鲁 Qilu",
    version="1",
    description="Digitized heritage of Shandong: published assets, offers and licences, and the log that proves them. "
    "Every error is a problem+json (RFC 9457) with `code`, `hint` and `retryable`.",
    urls_namespace="api-v1",
    docs_url=None,  # the stock page loads its script from a foreign host
)
problems.register(api)
api.add_router("/assets", assets)
api.add_router("/offers", offers)
api.add_router("/licences", licences)
api.add_router("/orders", orders)
api.add_router("/log", log)
api.add_router("/supervision", supervision)


@api.get("/", tags=["contents"], summary="What there is", operation_id="contents")
def contents(request: HttpRequest) -> dict[str, str]:  # noqa: ARG001 - Django's signature
    """Name the collections of the API and its description."""
    root = reverse("api-v1:contents")
    return {name: f"{root}{name}" for name in ("assets", "offers", "licences", "orders", "log", "supervision", "openapi.json")}


urls = problems.wrapped(api.urls)
