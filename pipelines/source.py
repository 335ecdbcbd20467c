# SPDX-License-Identifier: Apache-2.0
"""Lay an original out for its run: the stored bytes under a plain name, unpacked where it is a zip, with its pre-flight beside it."""

from __future__ import annotations

import json
import shutil
from dataclasses import fields, replace
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _

from assets import stores
from assets.media import ZIP
from assets.models import File
from assets.stores.local import link_or_copy
from digitize import preflight
from digitize.preflight.formats import FORMATS
from pipelines.errors import PipelinesError


def folder(run_id: UUID) -> Path:
    """Give the working folder of a run."""
    place: Path = settings.DATA_DIR / "runs" / str(run_id)
    return place


def intake_limits(room: int | None = None) -> preflight.Limits:
    """Give how large an input may be, from the settings; `room` bytes at most where less is left.

    Raises
    ------
    PipelinesError
        ``settings.intake-limits`` where the setting is no object of known bounds.
    """
    most = settings.QILU["QILU_UPLOAD_MAX_BYTES"]
    bounds = replace(preflight.Limits(file_bytes=most), **own_limits(settings.QILU["QILU_INTAKE_LIMITS"]))
    return replace(bounds, file_bytes=min(bounds.file_bytes, most if room is None else room))


def own_limits(text: str) -> dict[str, int]:
    """Read the bounds that differ from their defaults."""
    known = {one.name for one in fields(preflight.Limits)}
    try:
        asked = json.loads(text or "{}")
        good = isinstance(asked, dict) and all(name in known and type(value) is int and value > 0 for name, value in asked.items())
    except ValueError:
        good = False
    if not good:
        raise PipelinesError(
            "settings.intake-limits",
            _("QILU_INTAKE_LIMITS is no JSON object of bounds and whole numbers above 0."),
            _("Known bounds: %(names)s") % {"names": ", ".join(sorted(known))},
        )
    return dict(asked)


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
    preflight.prepare(original, into=fresh, limits=intake_limits(), kind=file.kind, declared=file.declared)
    fresh.rename(done)
    return done
