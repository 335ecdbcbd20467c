# SPDX-License-Identifier: Apache-2.0
"""The room's Django application."""

from django.apps import AppConfig


class SupervisionConfig(AppConfig):
    """Name the room to Django."""

    name = "supervision"
    label = "supervision"
