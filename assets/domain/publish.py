# SPDX-License-Identifier: Apache-2.0
"""Publish and withdraw. Publishing requests sealing; sealing builds the package first and then writes one short transaction."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import rfc8785
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.actions.publish_revision import PublishRevisionAction
from wagtail.actions.unpublish import UnpublishAction
from wagtail.models import Revision

from assets import generation, packages, stores
from assets.annotations import ordered, require_settled, sealed
from assets.enums import AssetState
from assets.errors import AssetsError
from assets.models import Asset, File, Rendition, Sealing, User, Version
from assets.record import compose, contents, linked, reserved
from assets.rules import may_publish, may_withdraw, require_publishable
from assets.search import forget, remember
from ledger.domain import record as log


def request_publish(*, asset: Asset, user: User | None, revision: Revision | None = None) -> Sealing:
    """Ask for the asset's newest draft to be sealed; a task does it.

    Who: a curator of its institution, an administrator, or the command line (no user). Writes: Revision, Sealing. Event: none yet.

    Raises
    ------
    AssetsError
        ``publish.forbidden`` or what `require_publishable` says.
    """
    if user is not None and not may_publish(user, asset):
        raise AssetsError("publish.forbidden", _("You may not publish this asset."))
    with transaction.atomic():
        asset = Asset.objects.select_for_update().get(pk=asset.pk)
        revision = revision or asset.save_revision(user=user)
        require_publishable(revision.as_object())
        require_settled(revision.as_object())
        sealing = _open_sealing(asset, revision, user)
    from assets.tasks import seal as seal_later

    transaction.on_commit(lambda: seal_later.enqueue(str(sealing.pk)))
    return sealing


def _open_sealing(asset: Asset, revision: Revision, user: User | None) -> Sealing:
    """Fix what will be sealed; an open request for the same revision stands, one for an older draft is given up."""
    waiting = Sealing.objects.filter(asset=asset, done_at=None, failure__isnull=True).first()
    if waiting is not None and waiting.revision_id == revision.pk:
        return waiting
    if waiting is not None:
        waiting.failure = {"code": "seal.superseded", "message": "A newer draft was sent to publication.", "hint": "", "retryable": False}
        waiting.save(update_fields=["failure"])
    # After a rebuild there are versions without the requests that they came from.
    known = [rows.filter(asset=asset).aggregate(last=Max("number"))["last"] or 0 for rows in (Sealing.objects, Version.objects)]
    sealing = Sealing.objects.create(
        asset=asset, number=max(known) + 1, revision=revision, requested_at=timezone.now().replace(microsecond=0), requested_by=user
    )
    sealing.renditions.set(Rendition.objects.filter(file__in=File.objects.filter(asset=asset), current=True))
    sealing.annotations = sealed(ordered(revision.as_object().annotations.all()), *contents(sealing))
    sealing.save(update_fields=["annotations"])
    Asset.objects.filter(pk=asset.pk).update(state=AssetState.SEALING)
    return sealing


def seal(*, sealing_id: UUID | str) -> Version:
    """Build the package outside any transaction, then publish in one short one. Calling it twice changes nothing.

    Who: the worker or a command. Writes: the package's folder, Version, the asset's live state, its search entry.
    Event: ``version.publish`` with the package's CID.
    """
    sealing = Sealing.objects.select_related("asset__institution", "revision").get(pk=sealing_id)
    done = Version.objects.filter(pk=sealing.pk).first()
    if done is not None:
        return done
    if sealing.failure is not None:
        raise AssetsError(sealing.failure["code"], sealing.failure["message"], sealing.failure["hint"])
    described: Asset = sealing.revision.as_object()
    record = compose(described, sealing)
    try:
        cid = _build(record, sealing)
        return _publish(sealing, record, cid)
    except AssetsError as problem:
        _give_up(sealing, problem)
        raise


def _build(record: dict[str, Any], sealing: Sealing) -> str:
    """Write the package of a record; give its CID."""
    store = stores.default()
    payload = {one["path"]: store.path(one["cid"]) for one in (*record["originals"], *record["renditions"])}
    return packages.keep_bag(
        payload={**payload, "record.json": rfc8785.dumps(record), "record.jsonld": rfc8785.dumps(linked(record))},
        withheld=reserved(record),
        info={
            "External-Identifier": f"urn:uuid:{record['asset']}",
            "Bag-Group-Identifier": f"urn:uuid:{record['asset']}",
            "Internal-Sender-Identifier": f"urn:uuid:{record['version']}",
            "Source-Organization": record["institution"]["name"]["en"],
        },
        day=sealing.requested_at.date(),
    )


@transaction.atomic
def _publish(sealing: Sealing, record: dict[str, Any], cid: str) -> Version:
    """Check the rights again and write everything that becomes public at once."""
    asset = Asset.objects.select_for_update().get(pk=sealing.asset_id)
    done = Version.objects.filter(pk=sealing.pk).first()
    if done is not None:
        return done
    require_publishable(sealing.revision.as_object())
    now = timezone.now()
    entry = log(
        "version.publish",
        subject_kind="asset",
        subject_id=asset.pk,
        digest=cid,
        facts={"version": str(sealing.pk), "number": sealing.number, "institution": str(asset.institution_id)},
        private={"user": str(sealing.requested_by_id or "")},
    )
    version = Version.objects.create(
        id=sealing.pk, asset=asset, number=sealing.number, cid=cid, record=record, sealed_at=sealing.requested_at, entry=entry.pk
    )
    PublishRevisionAction(sealing.revision, user=sealing.requested_by).execute(skip_permission_checks=True)
    Asset.objects.filter(pk=asset.pk).update(state=AssetState.PUBLISHED, current_version=version)
    Sealing.objects.filter(pk=sealing.pk).update(done_at=now)
    remember(asset_id=asset.pk, record=record)
    generation.advance()
    return version


def _give_up(sealing: Sealing, problem: AssetsError) -> None:
    """Record why a sealing failed and give the asset its former state back."""
    with transaction.atomic():
        told = {"code": problem.code, "message": str(problem.message), "hint": str(problem.hint), "retryable": problem.retryable}
        Sealing.objects.filter(pk=sealing.pk, done_at=None).update(failure=told)
        standing = Asset.objects.filter(pk=sealing.asset_id, state=AssetState.SEALING)
        standing.filter(current_version=None).update(state=AssetState.DRAFT)
        standing.filter(current_version__withdrawn_at=None).update(state=AssetState.PUBLISHED)
        standing.exclude(current_version=None).update(state=AssetState.WITHDRAWN)


@transaction.atomic
def withdraw(*, asset: Asset, user: User | None, reason: str) -> Version:
    """Take the published version from the public; its package and entries stay.

    Who: a curator of its institution or an administrator. Writes: Version, Asset, search entry. Event: ``version.withdraw``.

    Raises
    ------
    AssetsError
        ``withdraw.forbidden`` or ``withdraw.not-published``.
    """
    if user is not None and not may_withdraw(user, asset):
        raise AssetsError("withdraw.forbidden", _("You may not withdraw this asset."))
    asset = Asset.objects.select_for_update().get(pk=asset.pk)
    version: Version | None = asset.current_version
    if version is None or version.withdrawn_at is not None:
        raise AssetsError("withdraw.not-published", _("The asset is not published."))
    version.withdrawn_at = timezone.now()
    version.withdrawn_reason = reason[:300]
    version.save(update_fields=["withdrawn_at", "withdrawn_reason"])
    log(
        "version.withdraw",
        subject_kind="asset",
        subject_id=asset.pk,
        digest=version.cid,
        facts={"version": str(version.pk), "number": version.number},
        private={"user": str(user.pk) if user else "", "reason": reason},
    )
    UnpublishAction(asset, user=user).execute(skip_permission_checks=True)
    Asset.objects.filter(pk=asset.pk).update(state=AssetState.WITHDRAWN)
    forget(asset_id=asset.pk)
    generation.advance()
    return version
