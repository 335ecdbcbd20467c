# SPDX-License-Identifier: Apache-2.0
"""Addresses that never change: they carry no language and stand in QR codes, bundles and archives."""

from django.urls import path

from assets import views

app_name = "assets"
urlpatterns = [
    path("id/<uuid:asset>", views.permanent, name="permanent"),
    path("id/<uuid:asset>.json", views.record, name="record"),
    path("id/<uuid:asset>/bundle.zip", views.bundle, name="bundle"),
    path("files/<str:cid>/<str:name>", views.public_file, name="file"),
    path("files/<str:cid>/<str:name>/<path:member>", views.public_member, name="member"),
    path("verify.py", views.verifier, name="verifier"),
    path("policy.json", views.policy_file, name="policy"),
]
