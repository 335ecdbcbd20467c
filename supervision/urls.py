# SPDX-License-Identifier: Apache-2.0
"""The supervisor's addresses, below a language."""

from __future__ import annotations

from django.urls import URLPattern, path

from supervision import views

app_name = "supervision"

urlpatterns: list[URLPattern] = [
    path("supervision/", views.overview, name="overview"),
    path("supervision/audit/", views.audit, name="audit"),
    path("supervision/assets/<uuid:asset_id>/", views.asset, name="asset"),
    path("supervision/licences/<uuid:licence_id>/", views.licence, name="licence"),
    path("supervision/entries/<uuid:entry_id>/", views.entry, name="entry"),
    path("supervision/entries/<uuid:entry_id>/proof", views.entry_proof, name="entry-proof"),
]
