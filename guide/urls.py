# SPDX-License-Identifier: Apache-2.0
"""The guide's own addresses; `cms` adds the asset's page, which is composed of several rooms."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from guide import views

app_name = "guide"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.home, name="home"),
    path("assets/", views.collection, name="assets"),
    path("map/", views.atlas, name="map"),
    path("regions/<slug:slug>/", views.region, name="region"),
]
