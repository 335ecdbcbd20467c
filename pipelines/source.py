# SPDX-License-Identifier: Apache-2.0
"""Lay an original out for its run: the stored bytes under a plain name, unpacked where it is a zip, with its pre-flight beside it."""

from __future__ import annotations

import shutil
from pathlib import Path
from uuid import UUID

from django.conf import settings

from assets import stores
from assets.media import ZIP
from assets.models import File
from assets.stores.local import link_or_copy
from digitize import preflight
from digitize.preflight.formats import FORMATS


def folder(run_id: UUID) -> Path:
    """Give the working folder of a run."""
    place: Path = settings.DATA_DIR / "runs" / str(run_id)
    return place


def intake_limits(room: int | None = None) -> preflight.Limits:
    """Give how large an input may be, from the settings; `room` bytes at most where less is left."""
    most: int = settings.QILU["QILU_UPLOAD_MAX_BYTES"]
    return preflight.Limits(file_bytes=most if room is None else min(room, most))


def hand_over(prepared: Path, run_id: UUID) -> None:
    """Give a run the files that its upload was pre-flighted from, so that this is done once."""
    folder(run_id).mkdir(parents=True, exist_ok=True)
    prepared.rename(folder(run_id) / "source")


def lay_out(file: File, run_id: UUID) -> Path:
    """Give the folder that a recipe reads as ``source``: the pre-flighted files and ``intake.json``; made anew where it is gone."""
    place = folder(run_id)
    place.mkdir(parents=True, exist_ok=True)
    done, fresh = place / "source", place / "source.new"
    if (done / "intake.json").is_file():
        return done
    for left in (done, fresh):
        shutil.rmtree(left, ignore_errors=True)
    original = place / f"original{'.zip' if file.media_type == ZIP else FORMATS[file.format].extensions[0]}"
    original.unlink(missing_ok=True)
    link_or_copy(stores.default().path(file.cid), original)
    preflight.prepare(original, into=fresh, limits=intake_limits(), kind=file.kind)
    fresh.rename(done)
    return done
