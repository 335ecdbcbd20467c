# SPDX-License-Identifier: Apache-2.0
"""Who may look into audit trails."""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser

from assets.models import User
from assets.rules import is_administrator, is_supervisor


def may_supervise(user: User | AnonymousUser) -> bool:
    """Supervisors look; administrators may check what they see."""
    return is_supervisor(user) or is_administrator(user)
