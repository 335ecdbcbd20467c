# SPDX-License-Identifier: Apache-2.0
"""What every template knows."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest


def site(request: HttpRequest) -> dict[str, object]:  # noqa: ARG001 - Django's signature
    """Tell templates whether this is a demo and where the site lives."""
    return {"DEMO": settings.DEMO, "BASE_URL": settings.BASE_URL}
