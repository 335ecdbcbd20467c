# SPDX-License-Identifier: Apache-2.0
"""The way back, in the language of the page."""

from __future__ import annotations

from typing import Any

from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

HOME_CRUMB: dict[str, Any] = {"url": reverse_lazy("wagtailadmin_home"), "label": _("Desk")}


def crumbs(*steps: tuple[str, Any]) -> list[dict[str, Any]]:
    """Give the breadcrumbs of a page: the desk, then address and label of each step; the page itself has no address."""
    return [HOME_CRUMB, *({"url": url, "label": label} for url, label in steps)]
