# SPDX-License-Identifier: Apache-2.0
"""The room's Django application."""

from django.apps import AppConfig


class MarketplaceConfig(AppConfig):
    """Name the room to Django."""

    name = "marketplace"
    label = "marketplace"
