# SPDX-License-Identifier: Apache-2.0
"""Payment providers, named in the setting PAYMENTS: alias to BACKEND and OPTIONS."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from marketplace.errors import PaymentError
from marketplace.payments.base import Charge, Notice, Provider, Status

__all__ = ["Charge", "Notice", "Provider", "Status", "provider"]


def provider(alias: str = "default") -> Provider:
    """Give the provider of an alias; one that is not configured is never imported.

    Raises
    ------
    PaymentError
        `payment.provider-unknown` where the setting has no such alias.
    """
    try:
        entry: dict[str, Any] = settings.PAYMENTS[alias]
    except KeyError:
        raise PaymentError(
            "payment.provider-unknown", _("There is no such payment provider."), _("Look at the setting PAYMENTS."), status=404
        ) from None
    made: Provider = import_string(entry["BACKEND"])(alias=alias, **entry.get("OPTIONS", {}))
    return made
