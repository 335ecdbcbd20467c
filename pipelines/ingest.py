# SPDX-License-Identifier: Apache-2.0
"""The main job in one call: receive, digitize, seal, number. The command and the demo use it; no worker needs to run."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.text import slugify
from django.utils.translation import gettext as _

from assets import domain as catalogue
from assets import search, stores
from assets.errors import AssetsError
from assets.models import Asset, File, Institution, Rendition, Sealing, Version
from assets.queries import scans
from digitize.errors import Doubt
from digitize.recipe import ANCHORS
from digitize.runner import Event
from ledger import sequencer
from ledger.models import Checkpoint
from ledger.queries import checkpoint
from pipelines import lease
from pipelines.domain import claim, execute, receive_upload, resume_point
from pipelines.enums import RunState
from pipelines.errors import PipelinesError
from pipelines.models import Run, Upload
from pipelines.parts import Given, chunks_of, given

Listener = Callable[[Event], None]
PAUSE = 0.5  # seconds


@dataclass(frozen=True)
class Ingested:
    """What one call made; `left` says what of a folder it did not take."""

    asset: Asset
    version: Version | None
    run: Run
    renditions: list[Rendition]
    checkpoint: Checkpoint
    left: tuple[Doubt, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Give the object that scripts rely on."""
        store = stores.default()
        return {
            "asset": str(self.asset.pk),
            "version": str(self.version.pk) if self.version else None,
            "cid": self.version.cid if self.version else None,
            "page": f"{settings.BASE_URL}/id/{self.asset.pk}" if self.version else None,
            "log": {"size": self.checkpoint.size, "root": self.checkpoint.root},
            "renditions": [_rendition(one, store.path(one.cid).relative_to(settings.DATA_DIR)) for one in self.renditions],
            "doubts": [*(doubt.as_json() for doubt in self.left), *self.run.doubts],
        }


def _rendition(row: Rendition, path: Path) -> dict[str, Any]:
    """Describe one derivative for scripts."""
    return {
        "role": row.role,
        "media_type": row.media_type,
        "path": str(path),
        "bytes": row.bytes,
        "triangles": row.triangles,
        "error": row.error,
    }


def institution_named(name: str) -> Institution:
    """Find an institution by short name or either name; without a name, the only or first one, made where there is none.

    Raises
    ------
    AssetsError
        ``institution.unknown``, listing those there are.
    """
    every = list(Institution.objects.order_by("slug"))
    if not name:
        if every:
            return every[0]
        made: Institution = Institution.objects.create(slug="local", name_zh="本机", name_en="This machine")
        return made
    for one in every:
        if name in (one.slug, one.name_zh, one.name_en, str(one.pk)):
            return one
    known = ", ".join(one.slug for one in every) or "–"
    raise AssetsError(
        "institution.unknown",
        _("There is no institution “%(name)s”.") % {"name": slugify(name) or name[:40]},
        _("Known: %(known)s") % {"known": known},
    )


def the_scan(asset: Asset | None) -> File:
    """Give the one surface of an asset that another scan can follow.

    Raises
    ------
    PipelinesError
        ``rescan.which`` where there is none or several.
    """
    found = list(scans(Asset.objects.filter(pk=asset.pk))) if asset else []
    if len(found) == 1:
        return found[0]
    raise PipelinesError(
        "rescan.which",
        _("%(number)d scans could be meant by “another scan”.") % {"number": len(found)},
        _("Name an asset with --asset that has one digitized scan; where it has several, use the upload form."),
    )


@dataclass(frozen=True)
class Wish:
    """What a caller wants ingested.

    Attributes
    ----------
    path
        A file, a zip or a folder.
    fields, describe
        Columns of the new asset, and a function that writes its texts and rights before anything is published.
    beside, declared
        Files that belong to `path`, and what it does not say of itself; see `receive_upload`.
    """

    path: Path
    institution: Institution
    title: str = ""
    publish: bool = False
    asset: Asset | None = None
    rescan_of: File | None = None
    fields: Mapping[str, Any] | None = None
    describe: Callable[[Asset], None] | None = None
    beside: Sequence[Path] = ()
    declared: Mapping[str, Any] = field(default_factory=dict)


def ingest(wish: Wish, *, listen: Listener | None = None) -> Ingested:
    """Take a file or folder through the whole life of an asset; an earlier call that was cut short is resumed.

    Raises
    ------
    AssetsError, digitize.errors.DigitizeError
        What was refused, or the step that failed.
    """
    found = given(wish.path, wish.beside)
    run = _receive(wish, found)
    if run.state != RunState.DONE:
        run = execute(run=run, listen=listen)
        settle(run.file, listen)
    version = _publish(run) if wish.publish or run.publish else None
    return Ingested(
        asset=Asset.objects.get(pk=run.file.asset_id),
        version=version,
        run=run,
        renditions=list(Rendition.objects.filter(file=run.file, current=True).order_by("role")),
        checkpoint=_covering_checkpoint(),
        left=found.doubts,
    )


def settle(file: File, listen: Listener | None = None) -> None:
    """Settle the pins of an original that wait, at once; where a worker is at it, wait until it is done."""
    waiting = Run.objects.filter(file=file, recipe=ANCHORS, state__in=(RunState.WAITING, RunState.RUNNING)).order_by("created_at")
    while (run := waiting.first()) is not None:
        taken = claim(run_id=run.pk)
        if taken is not None:
            execute(run=taken, listen=listen)
        else:
            time.sleep(PAUSE)


def _receive(wish: Wish, found: Given) -> Run:
    """Receive the original under our own lease, or take up what an earlier call left of it."""
    try:
        upload = _upload(wish, found)
    except AssetsError as refusal:
        left = _resume(wish, str(refusal.extra["cid"])) if refusal.code == "duplicate" else None
        if left is None:
            raise
        return left
    assert upload.asset is not None
    if wish.describe is not None:
        wish.describe(upload.asset)
    return Run.objects.exclude(recipe=ANCHORS).get(file__institution=wish.institution, file__cid=upload.cid)


def _upload(wish: Wish, found: Given) -> Upload:
    """Receive the files that were given."""
    return receive_upload(
        institution=wish.institution,
        user=None,
        parts=chunks_of(found.parts),
        asset=wish.asset,
        rescan_of=wish.rescan_of,
        title=wish.title,
        publish=wish.publish,
        lease={**lease.fresh(), "attempt": 1},
        fields=wish.fields,
        beside=chunks_of(found.beside),
        declared=wish.declared,
    )


def _resume(wish: Wish, cid: str) -> Run | None:
    """Take over the run of an earlier call on the same original that was cut short, where there is one.

    Raises
    ------
    PipelinesError
        ``run.busy`` where another process is at work on it; ``run.declared-otherwise`` where the earlier call declared other things.
    """
    left = resume_point(institution=wish.institution, cid=cid)
    if left is None:
        return None
    if left.file.declared != wish.declared:
        raise PipelinesError(
            "run.declared-otherwise",
            _("An earlier call on this file, which was cut short, declared other things of it."),
            _("Repeat that call to its end; then declare otherwise on the page of its run."),
        )
    if left.state == RunState.DONE:
        return left
    taken = claim(run_id=left.pk)
    if taken is None:
        raise PipelinesError("run.busy", _("Another process is digitizing this file now."), _("Wait for it to end."), retryable=True)
    return taken


def _publish(run: Run) -> Version:
    """Seal what the run asked for, or ask now."""
    asset = run.file.asset
    sealing = Sealing.objects.filter(asset=asset, failure__isnull=True, renditions__file=run.file).order_by("-number").first()
    if sealing is None:
        sealing = catalogue.request_publish(asset=asset, user=None)
    version = catalogue.seal(sealing_id=sealing.pk)
    search.refresh()
    return version


def _covering_checkpoint() -> Checkpoint:
    """Get what was recorded numbered, and give the checkpoint that covers it."""
    found = sequencer.sequence() or checkpoint()
    assert found is not None
    return found
