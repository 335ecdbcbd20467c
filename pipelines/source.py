# SPDX-License-Identifier: Apache-2.0
"""Lay an original out for its run: the stored bytes under a plain name, unpacked where it is a zip, with its pre-flight beside it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from assets import stores
from assets.models import File
from assets.record import suffix
from assets.stores.local import link_or_copy
from digitize import preflight


def lay_out(file: File, place: Path) -> Path:
    """Give the folder that a recipe reads as ``source``: the pre-flighted files and ``intake.json``."""
    done = place / "source"
    if (done / "intake.json").is_file():
        return done
    shutil.rmtree(place / "source.new", ignore_errors=True)
    shutil.rmtree(done, ignore_errors=True)
    fresh = place / "source.new"
    fresh.mkdir(parents=True)
    name = f"original.{file.format if not file.media_type.endswith('zip') else suffix(file.media_type)}"
    original = place / name
    original.unlink(missing_ok=True)
    link_or_copy(stores.default().path(file.cid), original)
    unpacked = place / "unpacked"
    shutil.rmtree(unpacked, ignore_errors=True)
    unpacked.mkdir()
    intake = preflight.inspect(original, limits=preflight.Limits(file_bytes=file.bytes), into=unpacked)
    for member in intake.members:
        link_or_copy(intake.root / member, fresh / member)
    (fresh / "intake.json").write_text(json.dumps(intake.as_json()))
    fresh.rename(done)
    shutil.rmtree(unpacked, ignore_errors=True)
    return done
