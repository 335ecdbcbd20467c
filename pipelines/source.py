# SPDX-License-Identifier: Apache-2.0
"""Lay an original out for its run: the stored bytes under a plain name, unpacked where it is a zip, with its pre-flight beside it."""

from __future__ import annotations

import shutil
from pathlib import Path

from assets import stores
from assets.models import File
from assets.stores.local import link_or_copy
from digitize import preflight


def lay_out(file: File, place: Path) -> Path:
    """Give the folder that a recipe reads as ``source``: the pre-flighted files and ``intake.json``."""
    done, fresh = place / "source", place / "source.new"
    if (done / "intake.json").is_file():
        return done
    for left in (done, fresh):
        shutil.rmtree(left, ignore_errors=True)
    original = place / f"original.{'zip' if file.media_type.endswith('zip') else file.format}"
    original.unlink(missing_ok=True)
    link_or_copy(stores.default().path(file.cid), original)
    preflight.prepare(original, into=fresh, limits=preflight.Limits(file_bytes=file.bytes))
    fresh.rename(done)
    return done
