# SPDX-License-Identifier: Apache-2.0
"""Receive an upload: hashed while it arrives, bounded, pre-flighted; only what passes is stored."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from assets import stores
from assets.domain import create_asset, keep_original
from assets.domain.originals import require_new, require_quota
from assets.errors import AssetsError
from assets.media import OF_FORMAT, UNKNOWN
from assets.models import Asset, File, Institution, User
from digitize import preflight
from digitize.anchors import recipe as anchors
from digitize.errors import DigitizeError
from digitize.recipe import for_kind
from ledger.cid import Digest
from pipelines import staging
from pipelines.domain.pinning import write_run
from pipelines.enums import RunState, UploadState
from pipelines.models import Run, Upload
from pipelines.source import hand_over, intake_limits

Parts = Mapping[str, Iterable[bytes]]


def resume_point(*, institution: Institution, cid: str) -> Run | None:
    """Give the run of an original that was received but not finished, where an earlier call was cut short."""
    file = File.objects.filter(institution=institution, cid=cid).first()
    run = Run.objects.filter(file=file).exclude(recipe=anchors.NAME).order_by("-created_at").first() if file else None
    if run is None:
        return None
    published = run.file.asset.current_version_id is not None
    unfinished = run.state in (RunState.WAITING, RunState.RUNNING) or (run.publish and run.state == RunState.DONE and not published)
    return run if unfinished else None


def receive_upload(
    *,
    institution: Institution,
    user: User | None,
    parts: Parts,
    asset: Asset | None = None,
    title: str = "",
    publish: bool = False,
    rescan_of: File | None = None,
    lease: Mapping[str, Any] | None = None,
    fields: Mapping[str, Any] | None = None,
    beside: Parts | None = None,
    declared: Mapping[str, Any] | None = None,
) -> Upload:
    """Take files in, check them, and store the original with its entry and its waiting run.

    Who: a curator of the institution or the command line. Writes: Upload; where it passes also Asset, File, Run. Event: ``ingest.receive``.

    Parameters
    ----------
    parts
        Name to chunks, in the order they arrive; several files make one original (OBJ with MTL and textures).
    asset
        Add to this asset instead of making a new one.
    rescan_of
        The original is another scan of the surface of this one, and stands in its place from now on; its annotations are carried over.
    lease
        Columns of the run's lease where the caller runs it at once; without it a task is enqueued.
    fields
        Columns of the new asset (kind, place, date …).
    beside
        Further files, given as belonging to `parts`; one that nothing takes is refused. What of `parts` nothing takes is only doubted.
    declared
        What the files do not say of themselves; see `digitize.preflight.Intake`.

    Raises
    ------
    AssetsError, digitize.errors.DigitizeError
        What was refused; the Upload row keeps the refusal, nothing else is stored.
    """
    if rescan_of is not None:
        require_rescannable(rescan_of, asset)
        asset = rescan_of.asset
    if asset is not None and asset.institution_id != institution.pk:
        raise AssetsError("asset.unknown", _("There is no such asset in your institution."))
    names = [staging.clean_name(name) for name in parts]
    upload = Upload.objects.create(
        institution=institution,
        created_by=user,
        asset=asset,
        name=names[0] if names else "",
        title=title[:200],
        publish=publish,
        rescan_of=rescan_of,
    )
    try:
        intake, digest, path = _take_in(upload, parts, beside or {}, declared or {})
        run = _store(upload, intake, digest, path, lease=lease, fields=fields or {})
    except (AssetsError, DigitizeError) as refusal:
        _refuse(upload, refusal)
        raise
    finally:
        staging.discard(upload.pk)
    if lease is None:
        from pipelines.tasks import run as run_later

        transaction.on_commit(lambda: run_later.enqueue(str(run.pk)))
    return upload


def require_rescannable(file: File, asset: Asset | None) -> None:
    """Refuse another scan of what was never digitized as a surface, or has a newer scan already.

    Raises
    ------
    AssetsError
        ``rescan.other-asset``, ``rescan.not-digitized`` or ``rescan.followed``.
    """
    if asset is not None and file.asset_id != asset.pk:
        raise AssetsError("rescan.other-asset", _("That scan belongs to another asset."))
    if not file.renditions.filter(current=True, role="lod-0").exists():
        raise AssetsError(
            "rescan.not-digitized", _("“%(name)s” has no surface yet that another scan could be compared with.") % {"name": file.name}
        )
    later = file.rescans.first()
    if later is not None:
        raise AssetsError(
            "rescan.followed",
            _("“%(name)s” has a newer scan already.") % {"name": file.name},
            _("Choose “%(name)s”.") % {"name": later.name},
        )


def _take_in(upload: Upload, parts: Parts, beside: Parts, declared: Mapping[str, Any]) -> tuple[preflight.Intake, Digest, Path]:
    """Let the files arrive in staging, pre-flight them, and give the one original they make."""
    room = settings.QILU["QILU_UPLOAD_MAX_BYTES"]
    mains = _arrive(upload, "in", parts, room=room)
    extras = _arrive(upload, "beside", beside, room=room - sum(digest.size for digest in mains.values()))
    if not mains:
        raise AssetsError("upload.empty", _("No file was chosen."), _("Choose a scan, a picture or a recording."))
    arrived, only = staging.folder(upload.pk) / "in", next(iter(mains)) if len(mains) == 1 else None
    if only is not None and not extras:
        require_new(institution=upload.institution, cid=mains[only].cid)
    given = arrived / only if only is not None else arrived
    intake = preflight.prepare(
        given,
        into=staging.folder(upload.pk) / "source",
        limits=intake_limits(room),
        declared=declared,
        beside=tuple(staging.folder(upload.pk) / "beside" / name for name in extras),
    )
    if only is not None and not extras:
        return intake, mains[only], given
    packed = staging.folder(upload.pk) / "original.zip"
    staging.pack(intake.root, intake.members, packed)
    upload.name = f"{Path(intake.main).stem}.zip"
    return intake, stores.local.digest_of(packed), packed


def _arrive(upload: Upload, folder: str, parts: Parts, *, room: int) -> dict[str, Digest]:
    """Let files arrive in a folder of the upload's staging; give each one's digest by its harmless name."""
    place = staging.folder(upload.pk) / folder
    place.mkdir(parents=True)
    digests: dict[str, Digest] = {}
    for name, chunks in parts.items():
        clean = staging.clean_path(name)
        if clean in digests:
            raise AssetsError("upload.name-twice", _("Two files are named “%(name)s”.") % {"name": clean}, _("Rename one of them."))
        (place / clean).parent.mkdir(parents=True, exist_ok=True)
        digests[clean] = staging.arrive(place / clean, chunks, room=room - sum(digest.size for digest in digests.values()))
    return digests


def _store(
    upload: Upload, intake: preflight.Intake, digest: Digest, path: Path, *, lease: Mapping[str, Any] | None, fields: Mapping[str, Any]
) -> Run:
    """Put the original into the store, then write everything about it in one transaction."""
    require_new(institution=upload.institution, cid=digest.cid)
    if upload.rescan_of is not None and intake.kind not in anchors.kinds():
        raise AssetsError("rescan.no-surface", _("This file has no surface, so it is no other scan of the object."))
    require_quota(institution=upload.institution, more=digest.size, quota=settings.QILU["QILU_QUOTA_BYTES"])
    stores.default().put(path)
    try:
        with transaction.atomic():
            run = _write_rows(upload, intake, digest, lease=lease, fields=fields)
            hand_over(staging.folder(upload.pk) / "source", run.pk)  # before anyone can see the run
            return run
    except IntegrityError:  # the twin arrived at the same moment
        require_new(institution=upload.institution, cid=digest.cid)
        raise


def _write_rows(
    upload: Upload, intake: preflight.Intake, digest: Digest, *, lease: Mapping[str, Any] | None, fields: Mapping[str, Any]
) -> Run:
    """Write asset, original, run and upload."""
    user = upload.created_by
    asset = upload.asset or create_asset(
        institution=upload.institution,
        user=user,
        title=upload.title or Path(upload.name).stem,
        **{"kind": _asset_kind(intake.kind), **fields},
    )
    packed = upload.name.lower().endswith(".zip")
    file = keep_original(
        asset=asset,
        digest=digest,
        name=upload.name,
        kind=intake.kind,
        format=intake.format,
        media_type=OF_FORMAT.get("zip" if packed else intake.format, UNKNOWN),
        rescan_of=upload.rescan_of,
        user=user,
        declared=intake.declared,
    )
    run = make_run(file=file, publish=upload.publish, lease=lease)
    upload.asset, upload.state, upload.bytes, upload.cid = asset, UploadState.RECEIVED, digest.size, digest.cid
    upload.save()
    return run


def _asset_kind(kind: str) -> str:
    """Guess what an asset is from its first original; curators correct it."""
    return {"document": "document", "sound": "practice", "film": "practice", "motion": "practice"}.get(kind, "object")


def make_run(*, file: File, publish: bool, lease: Mapping[str, Any] | None) -> Run:
    """Write a run of the recipe for a file's kind, with its waiting steps."""
    return write_run(file=file, recipe=for_kind(file.kind), publish=publish, lease=lease)


def _refuse(upload: Upload, refusal: AssetsError | DigitizeError) -> None:
    """Keep why an upload was refused; nothing of it stays."""
    upload.state = UploadState.REFUSED
    upload.refusal = {
        "code": refusal.code,
        "message": str(refusal.message),
        "hint": str(refusal.hint),
        "retryable": refusal.retryable,
        "at": refusal.at,
        "packed": json.loads(json.dumps(refusal.pack(), default=str)) if isinstance(refusal, DigitizeError) else None,
    }
    upload.save(update_fields=["state", "refusal", "name"])
