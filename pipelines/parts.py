# SPDX-License-Identifier: Apache-2.0
"""Which files a path on the command line means: itself, a folder's files, or an OBJ with what lies beside it."""

from __future__ import annotations

import os
from pathlib import Path

from django.utils.translation import gettext as _

from assets.stores.local import digest_of
from digitize.preflight import inspect
from digitize.preflight.limits import Limits
from ledger.cid import Digest
from pipelines.errors import PipelinesError

MOST_FILES = 1000


def require_path(path: Path) -> None:
    """Refuse a path that is not there or cannot be read.

    Raises
    ------
    PipelinesError
        ``path.missing`` or ``path.unreadable``.
    """
    if not path.exists():
        raise PipelinesError("path.missing", _("“%(path)s” is not there.") % {"path": str(path)[:200]}, _("Check the path."))
    if not (path.is_file() or path.is_dir()) or not os.access(path, os.R_OK):
        raise PipelinesError("path.unreadable", _("“%(path)s” cannot be read.") % {"path": str(path)[:200]}, _("Give a readable file or folder."))


def parts_of(path: Path) -> dict[str, Path]:
    """Give name to file for everything that belongs to a path."""
    require_path(path)
    if path.is_dir() or path.suffix.lower() in (".obj", ".gltf"):
        intake = inspect(path, limits=Limits())
        return {Path(name).name: intake.root / name for name in intake.members}
    return {path.name: path}


def single_digest(path: Path) -> Digest | None:
    """Give the digest of a path that means one file."""
    parts = parts_of(path)
    return digest_of(next(iter(parts.values()))) if len(parts) == 1 else None
