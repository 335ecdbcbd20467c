# SPDX-License-Identifier: Apache-2.0
"""Who may have an original: grants, their end, and every download as an event."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assets import stores
from assets.errors import AssetsError
from assets.models import AccessGrant, User, Version
from assets.rules import may_read_original
from ledger.domain import record


@transaction.atomic
def grant_access(*, user: User, version: Version, basis: str, basis_id: UUID, expires_at: datetime | None = None) -> AccessGrant:
    """Let an account have a version's originals.

    Who: `marketplace`, in the transaction of the licence it rests on. Writes: AccessGrant. Event: ``access.grant``.
    """
    grant = AccessGrant.objects.create(
        user=user, version=version, basis=basis, basis_id=basis_id, granted_at=timezone.now(), expires_at=expires_at
    )
    record(
        "access.grant",
        subject_kind="asset",
        subject_id=version.asset_id,
        digest=version.cid,
        facts={"version": str(version.pk), "basis": basis, "basis_id": str(basis_id)},
        private={"user": str(user.pk)},
    )
    return grant


def revoke_access(*, basis: str, basis_id: UUID) -> int:
    """End every grant that rests on something; give how many ended. The entry is that of what was revoked."""
    return AccessGrant.objects.filter(basis=basis, basis_id=basis_id, revoked_at=None).update(revoked_at=timezone.now())


def open_original(*, user: User, version: Version, index: int = 1) -> Path:
    """Hand out an original to who may have it; the download is an event before the first byte goes out.

    Who: whom `rules.may_read_original` names. Event: ``access.download``.

    Raises
    ------
    AssetsError
        ``access.denied`` or ``access.no-such-file``.
    """
    if not may_read_original(user, version):
        raise AssetsError("access.denied", _("You have no right to this file."), _("A licence gives it."))
    originals = version.record["originals"]
    if not 1 <= index <= len(originals):
        raise AssetsError("access.no-such-file", _("There is no such file in this version."))
    place = stores.default().path(originals[index - 1]["cid"])
    with transaction.atomic():
        record(
            "access.download",
            subject_kind="asset",
            subject_id=version.asset_id,
            digest=originals[index - 1]["cid"],
            facts={"version": str(version.pk), "role": user.role},
            private={"user": str(user.pk)},
        )
    return place
