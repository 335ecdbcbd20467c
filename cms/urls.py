# SPDX-License-Identifier: Apache-2.0
"""Every address of the site: those without a language first, then each room's below its language."""

from __future__ import annotations

from django.conf.urls.i18n import i18n_patterns
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import URLPattern, URLResolver, include, path
from django.views.decorators.http import require_safe

from cms import api, public_urls
from cms.admin import urls as admin_urls
from cms.middleware import preferred_language
from marketplace import urls as marketplace


@require_safe
def root(request: HttpRequest) -> HttpResponseRedirect:
    """Send a visitor to the home page in the language of the browser."""
    response = HttpResponseRedirect(f"/{preferred_language(request)}/")
    response["Vary"] = "Accept-Language"
    return response


urlpatterns: list[URLPattern | URLResolver] = [
    path("", root, name="root"),
    path("", include("assets.urls")),
    path("", include((public_urls.plain_urlpatterns, "plain"))),
    path("", include((marketplace.plain_urlpatterns, "marketplace-plain"))),
    path("api/v1/", api.urls),
    path("admin/", include(admin_urls)),
    *i18n_patterns(
        path("", include((public_urls.guide_patterns, "guide"))),
        path("", include((public_urls.account_patterns, "cms"))),
        path("", include("marketplace.urls")),
        path("", include("supervision.urls")),
    ),
]
