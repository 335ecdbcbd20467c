# SPDX-License-Identifier: Apache-2.0
"""Every address of the site."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from cms.admin import urls as admin_urls

urlpatterns: list[URLPattern | URLResolver] = [
    path("admin/", include(admin_urls)),
]
