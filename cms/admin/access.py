# SPDX-License-Identifier: Apache-2.0
"""Who may do what in the admin. A role says it, not a group: whoever loses the role loses the admin in the same moment."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib.auth.backends import BaseBackend
from django.core.exceptions import PermissionDenied
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest
from wagtail.permission_policies import ModelPermissionPolicy

from assets.enums import Role
from assets.models import Asset, Institution, User
from assets.rules import Visitor, editable, is_administrator, may_edit

CURATOR_PERMISSIONS = frozenset(
    {
        "wagtailadmin.access_admin",
        "assets.add_asset",
        "assets.change_asset",
        "assets.delete_asset",
        "assets.view_asset",
        "assets.lock_asset",
        "assets.unlock_asset",
    }
)
PUBLISH_PERMISSION = "assets.publish_asset"
CACHE = "_admin_permissions"


def is_curator(user: Visitor) -> bool:
    """Tell whether someone is an active curator of an institution."""
    return isinstance(user, User) and user.is_active and user.role == Role.CURATOR and user.institution_id is not None


def works_here(user: Visitor) -> bool:
    """Tell whether someone has business in the admin at all."""
    return is_curator(user) or is_administrator(user)


def person(request: HttpRequest) -> User:
    """Give the account behind a request; the admin lets nobody else in.

    Raises
    ------
    PermissionDenied
        Where nobody is signed in.
    """
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


def colleagues(user: User, institution_id: UUID | None) -> QuerySet[User]:
    """Give the other active curators of an institution."""
    found = User.objects.filter(role=Role.CURATOR, is_active=True, institution=institution_id)
    return found.exclude(pk=user.pk)


def may_publish_alone(user: Visitor) -> bool:
    """Tell whether someone may publish without a second pair of eyes: administrators, and a museum's only curator."""
    if is_administrator(user):
        return True
    return isinstance(user, User) and is_curator(user) and not colleagues(user, user.institution_id).exists()


def may_review(user: Visitor, asset: Asset, authors: set[Any]) -> bool:
    """Tell whether someone may approve a draft that `authors` wrote and submitted.

    Parameters
    ----------
    authors
        Primary keys of who submitted the draft and who wrote its last revision.
    """
    if is_administrator(user):
        return True
    if not isinstance(user, User) or not may_edit(user, asset):
        return False
    return user.pk not in authors or not colleagues(user, asset.institution_id).exists()


def institutions(user: Visitor) -> QuerySet[Institution]:
    """Give the institutions someone may upload for."""
    if is_administrator(user):
        return Institution.objects.all()
    if isinstance(user, User) and is_curator(user):
        return Institution.objects.filter(users=user)
    return Institution.objects.none()


class RoleBackend(BaseBackend):
    """Derive the admin's permissions from a user's role."""

    def get_user_permissions(self, user_obj: Any, obj: Model | None = None) -> set[str]:
        """Give the permissions of a role; none about single objects."""
        if obj is not None or not works_here(user_obj):
            return set()
        if not hasattr(user_obj, CACHE):
            extra = {PUBLISH_PERMISSION} if may_publish_alone(user_obj) else set()
            setattr(user_obj, CACHE, CURATOR_PERMISSIONS | extra)
        found: set[str] = getattr(user_obj, CACHE)
        return found


class AssetPolicy(ModelPermissionPolicy):
    """Answer Wagtail's questions about single assets: only those of the own institution."""

    def user_has_permission_for_instance(self, user: Any, action: str, instance: Asset) -> bool:
        """Tell whether someone may act on one asset; one not saved yet has no institution."""
        mine = instance.institution_id is None or may_edit(user, instance)
        return mine and bool(self.user_has_permission(user, action))

    def instances_user_has_any_permission_for(self, user: Any, actions: list[str]) -> QuerySet[Asset]:
        """Give the assets someone may act on."""
        return editable(user) if self.user_has_any_permission(user, actions) else Asset.objects.none()

    def users_with_any_permission(self, actions: list[str]) -> QuerySet[User]:  # noqa: ARG002 - Wagtail's signature
        """Give everyone who works in the admin."""
        return User.objects.filter(Q(is_superuser=True) | Q(role__in=[Role.CURATOR, Role.ADMINISTRATOR]), is_active=True)

    def users_with_any_permission_for_instance(self, actions: list[str], instance: Asset) -> QuerySet[User]:
        """Give everyone who may act on one asset."""
        mine = Q(is_superuser=True) | Q(role=Role.ADMINISTRATOR) | Q(institution_id=instance.institution_id)
        return self.users_with_any_permission(actions).filter(mine)
