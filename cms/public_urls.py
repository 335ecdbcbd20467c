# SPDX-License-Identifier: Apache-2.0
"""Addresses of the public site: the guide's with the pages that `cms` composes for it, the account's, and those without a language."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from cms.views import account, asset, plain, report
from guide import urls as guide

guide_patterns: list[URLPattern | URLResolver] = [
    *guide.urlpatterns,
    path("assets/<uuid:asset>/", asset.page, name="asset"),
    path("assets/<uuid:asset>/report/", report.page, name="report"),
]

account_patterns: list[URLPattern | URLResolver] = [
    path("login/", account.Login.as_view(), name="login"),
    path("logout/", account.Logout.as_view(), name="logout"),
    path("account/", account.account, name="account"),
]

plain_urlpatterns: list[URLPattern | URLResolver] = [
    path("favicon.svg", plain.favicon, name="favicon"),
    path("robots.txt", plain.robots, name="robots"),
    path("qr/<uuid:asset>.svg", plain.qr, name="qr"),
]
