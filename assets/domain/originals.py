# SPDX-License-Identifier: Apache-2.0
"""Keep originals and what was made of them."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from assets.errors import AssetsError
from assets.models import Asset, File, Institution, Rendition, User
from ledger.cid import Digest
from ledger.domain import record


def require_new(*, institution: Institution, cid: str) -> None:
    """Refuse what this institution holds already, naming the asset; what others hold is never said.

    Raises
    ------
    AssetsError
        ``duplicate``, with the asset in ``extra``.
    """
    twin = File.objects.filter(institution=institution, cid=cid).select_related("asset").first()
    if twin is not None:
        raise AssetsError(
            "duplicate",
            _("Your institution holds this file already, in the asset “%(title)s”.") % {"title": twin.asset.title},
            _("Open that asset, or upload a different file."),
            asset=str(twin.asset_id),
            cid=cid,
        )


def require_quota(*, institution: Institution, more: int, quota: int) -> None:
    """Refuse what would go past the institution's quota of bytes.

    Raises
    ------
    AssetsError
        ``quota.exceeded``.
    """
    used = File.objects.filter(institution=institution).aggregate(total=Sum("bytes"))["total"] or 0
    if used + more > quota:
        raise AssetsError(
            "quota.exceeded",
            _("The institution may store %(quota)d bytes; %(used)d are used and %(more)d would come.")
            % {"quota": quota, "used": used, "more": more},
            _("Ask the administrator for more room."),
        )


def keep_original(
    *,
    asset: Asset,
    digest: Digest,
    name: str,
    kind: str,
    format: str,  # noqa: A002 - the column's name
    media_type: str,
    user: User | None,
    declared: Mapping[str, Any] | None = None,
    rescan_of: File | None = None,
) -> File:
    """Write the row of an original whose bytes the store has, and its entry.

    Who: `pipelines`, inside its transaction. Writes: File. Event: ``ingest.receive``.
    """
    require_new(institution=asset.institution, cid=digest.cid)
    file = File.objects.create(
        asset=asset,
        institution=asset.institution,
        name=name,
        kind=kind,
        format=format,
        media_type=media_type,
        cid=digest.cid,
        sha256=digest.sha256,
        bytes=digest.size,
        received_at=timezone.now(),
        received_by=user,
        declared=dict(declared or {}),
        rescan_of=rescan_of,
    )
    record(
        "ingest.receive",
        subject_kind="asset",
        subject_id=asset.pk,
        digest=digest.cid,
        facts={
            "file": str(file.pk),
            "sha256": digest.sha256,
            "bytes": digest.size,
            "format": format,
            "institution": str(asset.institution_id),
            "role": user.role if user else "operator",
            **({"rescan_of": str(rescan_of.pk)} if rescan_of else {}),
        },
        private={"user": str(user.pk) if user else "", "name": name},
    )
    return file


@transaction.atomic
def add_renditions(*, file: File, made: Iterable[Mapping[str, Any]], facts: Mapping[str, Any]) -> list[Rendition]:
    """Replace an original's current derivatives by those of a new run.

    Who: `pipelines`, with its entry ``process.run`` in the same transaction. Writes: Rendition.

    Parameters
    ----------
    file
        The original.
    made
        Per derivative: role, media_type, digest, triangles, error, facts.
    facts
        What the entry says beside the digests: run, recipe, version, isolation.
    """
    Rendition.objects.filter(file=file, current=True).update(current=False)
    now = timezone.now()
    rows = [
        Rendition(
            id=uuid.uuid4(),
            file=file,
            role=one["role"],
            media_type=one["media_type"],
            cid=one["digest"].cid,
            sha256=one["digest"].sha256,
            bytes=one["digest"].size,
            triangles=one["triangles"],
            error=one["error"],
            facts=one["facts"],
            made_at=now,
        )
        for one in made
    ]
    Rendition.objects.bulk_create(rows)
    outputs = [{"role": row.role, "cid": row.cid, "bytes": row.bytes} for row in rows]
    record(
        "process.run",
        subject_kind="asset",
        subject_id=file.asset_id,
        digest=file.cid,
        facts={**facts, "file": str(file.pk), "outputs": outputs},
    )
    return rows
