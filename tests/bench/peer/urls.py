# SPDX-License-Identifier: Apache-2.0
"""Addresses of a bare Wagtail project: its pages."""

from django.urls import include, path
from wagtail import urls

urlpatterns = [path("", include(urls))]
