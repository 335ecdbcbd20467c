# SPDX-License-Identifier: Apache-2.0
"""The marketplace's addresses: those below a language, and those without."""

from __future__ import annotations

from django.urls import URLPattern, path

from marketplace.views import licences, notify, offers, orders, shelf

app_name = "marketplace"

urlpatterns: list[URLPattern] = [
    path("licences/", shelf.offers, name="offers"),
    path("licences/mine/", licences.mine, name="mine"),
    path("licences/offers/<uuid:offer_id>/", shelf.offer, name="offer"),
    path("licences/assets/<uuid:asset_id>/", offers.manage, name="manage"),
    path("licences/<uuid:licence_id>/", licences.licence, name="licence"),
    path("licences/<uuid:licence_id>/receipt/", licences.receipt, name="receipt"),
    path("licences/<uuid:licence_id>/receipt.zip", licences.bundle, name="bundle"),
    path("licences/<uuid:licence_id>/master/", licences.master, name="master"),
    path("licences/<uuid:licence_id>/master/<int:index>/", licences.master, name="master-file"),
    path("licences/<uuid:licence_id>/opening.json", licences.opening, name="opening"),
    path("licences/<uuid:licence_id>/revoke/", licences.revoke, name="revoke"),
    path("orders/", orders.orders, name="orders"),
    path("orders/<uuid:order_id>/", orders.order, name="order"),
    path("orders/<uuid:order_id>/pay/", orders.pay, name="pay"),
    path("orders/<uuid:order_id>/cancel/", orders.cancel, name="cancel"),
    path("orders/<uuid:order_id>/refresh/", orders.refresh, name="refresh"),
    path("orders/sandbox/<slug:ref>/", orders.sandbox, name="sandbox"),
]

plain_urlpatterns: list[URLPattern] = [
    path("licences/<uuid:licence_id>/", licences.address, name="licence-address"),
    path("payments/<slug:alias>/notify", notify.notify, name="payment-notify"),
]
