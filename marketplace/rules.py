# SPDX-License-Identifier: Apache-2.0
"""Who may order, see, hold and revoke."""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser

from assets import rules
from assets.enums import Role
from assets.models import Asset, User
from marketplace.models import Licence, Order

Who = User | AnonymousUser


def role_of(user: Who) -> str:
    """Give the role of an account that may log in, or nothing."""
    return user.role if isinstance(user, User) and user.is_active else ""


def may_order(user: Who) -> bool:
    """Creators order for their work; administrators for the institution that runs the platform."""
    return role_of(user) in (Role.CREATOR, Role.ADMINISTRATOR)


def may_see_order(user: Who, order: Order) -> bool:
    """Only who placed an order, and administrators, see it."""
    return bool(role_of(user)) and (order.user_id == user.pk or role_of(user) == Role.ADMINISTRATOR)


def may_have_receipt(user: Who, licence: Licence) -> bool:
    """Give the receipt to the licensee; administrators and supervisors may check it."""
    return bool(role_of(user)) and (licence.user_id == user.pk or role_of(user) in (Role.ADMINISTRATOR, Role.SUPERVISOR))


def may_offer(user: Who, asset: Asset) -> bool:
    """Whoever may publish an asset may offer it."""
    return bool(role_of(user)) and bool(rules.may_publish(user, asset))


def may_revoke(user: Who, licence: Licence) -> bool:
    """Administrators, and the curators of the institution that granted the licence."""
    if role_of(user) == Role.ADMINISTRATOR:
        return True
    return role_of(user) == Role.CURATOR and isinstance(user, User) and user.institution_id == licence.asset.institution_id
