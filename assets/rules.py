# SPDX-License-Identifier: Apache-2.0
"""Who may do what with an asset, and what an asset needs before it may be published. Denied unless said otherwise."""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from assets.enums import Role, Sensitivity
from assets.errors import AssetsError
from assets.models import AccessGrant, Asset, File, User, Version

Visitor = User | AnonymousUser | None


def is_administrator(user: Visitor) -> bool:
    """Tell whether the user runs the platform."""
    return isinstance(user, User) and user.is_active and (user.role == Role.ADMINISTRATOR or user.is_superuser)


def is_supervisor(user: Visitor) -> bool:
    """Tell whether the user may look into audit trails."""
    return isinstance(user, User) and user.is_active and user.role == Role.SUPERVISOR


def editable(user: Visitor) -> QuerySet[Asset]:
    """List the assets a user may work on: a curator those of the own institution, an administrator all."""
    if is_administrator(user):
        return Asset.objects.all()
    if isinstance(user, User) and user.is_active and user.role == Role.CURATOR:
        own: QuerySet[Asset] = Asset.objects.filter(institution=user.institution_id)
        return own
    return Asset.objects.none()


def may_edit(user: Visitor, asset: Asset) -> bool:
    """Tell whether the user may change an asset's draft."""
    if is_administrator(user):
        return True
    return isinstance(user, User) and user.is_active and user.role == Role.CURATOR and user.institution_id == asset.institution_id


may_publish = may_edit
may_withdraw = may_edit


def may_read_original(user: Visitor, version: Version) -> bool:
    """Tell whether the user may have a version's originals: by office, or by a grant in force."""
    if not isinstance(user, User) or not user.is_active:
        return False
    if may_edit(user, version.asset):
        return True
    now = timezone.now()
    grants = AccessGrant.objects.filter(user=user, version=version, revoked_at=None)
    return grants.filter(Q(expires_at=None) | Q(expires_at__gt=now)).exists()


def require_publishable(asset: Asset) -> None:
    """Refuse what must not become public.

    Raises
    ------
    AssetsError
        ``publish.no-title``, ``publish.no-rights``, ``publish.no-consent``, ``publish.restricted`` or ``publish.nothing-digitized``.
    """
    if not any(text.title.strip() for text in asset.texts.all()):
        raise AssetsError("publish.no-title", _("The asset has no title."), _("Give it a title in at least one language."))
    rights = asset.rights.first()
    if rights is None:
        raise AssetsError("publish.no-rights", _("Nobody has said who holds the rights."), _("Fill in the rights before publishing."))
    if asset.sensitivity == Sensitivity.RESTRICTED:
        raise AssetsError(
            "publish.restricted", _("The asset is restricted and cannot be published."), _("Change its sensitivity if that is wrong.")
        )
    if asset.sensitivity == Sensitivity.COMMUNITY and not rights.consent:
        raise AssetsError("publish.no-consent", _("The bearers have not consented."), _("Record their consent before publishing."))
    if not File.objects.filter(asset=asset.pk, renditions__current=True).exists():
        raise AssetsError(
            "publish.nothing-digitized",
            _("Nothing of the asset is digitized yet."),
            _("Upload a scan, picture or recording and wait for its run."),
        )
