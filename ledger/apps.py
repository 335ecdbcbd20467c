# SPDX-License-Identifier: Apache-2.0
"""The room's Django application."""

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    """Name the room to Django."""

    name = "ledger"
    label = "ledger"
