# SPDX-License-Identifier: Apache-2.0
"""The admin as a Django application of its own: its templates, catalogue of words and review task stay beside its code."""

from django.apps import AppConfig


class AdminConfig(AppConfig):
    """Name the admin to Django."""

    name = "cms.admin"
    label = "cms_admin"
