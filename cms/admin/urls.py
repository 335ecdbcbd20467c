# SPDX-License-Identifier: Apache-2.0
"""Wagtail's admin addresses, every one of them behind the gate."""

from __future__ import annotations

from wagtail.admin.urls import urlpatterns as wagtail_urlpatterns
from wagtail.utils.urlpatterns import decorate_urlpatterns

from cms.admin.gate import gate

urlpatterns = decorate_urlpatterns(wagtail_urlpatterns, gate)
