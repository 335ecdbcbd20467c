# SPDX-License-Identifier: Apache-2.0
"""What a killed process left on the disk and nobody will take up again: staging of uploads, folders of runs that are done."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from pipelines.enums import RunState, UploadState
from pipelines.models import Run, Upload

# Longer than any upload takes; what is younger may be a request that has not been written yet.
STALE = timedelta(hours=24)


def clear() -> int:
    """Give up uploads whose process is gone, and remove the folders that nothing needs any more; give how many folders.

    Who: the worker's clock. Writes: Upload. Event: none, for nothing was received.
    """
    _give_up()
    kept_uploads = _ids(Upload.objects.filter(state=UploadState.OPEN))
    kept_runs = _ids(Run.objects.exclude(state=RunState.DONE))
    known_uploads, known_runs = _ids(Upload.objects.all()), _ids(Run.objects.all())
    removed = [
        place
        for folder, known, kept in (("staging", known_uploads, kept_uploads), ("runs", known_runs, kept_runs))
        for place, pk in _named(settings.DATA_DIR / folder)
        if pk not in kept and (pk in known or _stale(place))
    ]
    for place in removed:
        shutil.rmtree(place, ignore_errors=True)
    return len(removed)


def _give_up() -> None:
    """Record of each upload that stopped arriving long ago why nothing came of it."""
    told = {
        "code": "upload.interrupted",
        "message": _("The upload stopped before its end: the program that took it in was ended."),
        "hint": _("Upload it again."),
        "retryable": True,
        "at": None,
        "packed": None,
    }
    Upload.objects.filter(state=UploadState.OPEN, created_at__lt=timezone.now() - STALE).update(state=UploadState.REFUSED, refusal=told)


def _ids(rows: QuerySet[Upload] | QuerySet[Run]) -> set[UUID]:
    """Give the keys of rows."""
    return set(rows.values_list("pk", flat=True))


def _named(folder: Path) -> Iterator[tuple[Path, UUID]]:
    """Walk the folders that are named after a row."""
    for place in folder.iterdir() if folder.is_dir() else ():
        try:
            yield place, UUID(place.name)
        except ValueError:  # another one's, such as the requests' own
            continue


def _stale(place: Path) -> bool:
    """Say whether nothing has been put into a folder for long."""
    try:
        return place.stat().st_mtime < time.time() - STALE.total_seconds()
    except OSError:
        return False
