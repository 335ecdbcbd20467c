# SPDX-License-Identifier: Apache-2.0
"""The room's addresses alone."""

from django.conf.urls.i18n import i18n_patterns
from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from marketplace import urls


def empty(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


cms = ([path("login/", empty, name="login"), path("account/", empty, name="account")], "cms")
guide = (
    [
        path("", empty, name="home"),
        path("assets/", empty, name="assets"),
        path("map/", empty, name="map"),
        path("assets/<uuid:asset_id>/", empty, name="asset"),
    ],
    "guide",
)
urlpatterns = [
    *i18n_patterns(path("", include(cms)), path("", include(guide)), path("", include("marketplace.urls"))),
    path("favicon.svg", empty, name="favicon"),
    *urls.plain_urlpatterns,
]
