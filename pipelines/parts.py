# SPDX-License-Identifier: Apache-2.0
"""Which files a path on the command line means: itself, a folder's files, or an OBJ with what lies beside it."""

from __future__ import annotations

import os
from pathlib import Path

from django.utils.translation import gettext as _

from digitize import preflight
from pipelines.errors import PipelinesError
from pipelines.source import intake_limits


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
        raise PipelinesError(
            "path.unreadable", _("“%(path)s” cannot be read.") % {"path": str(path)[:200]}, _("Give a readable file or folder.")
        )


def parts_of(path: Path) -> dict[str, Path]:
    """Give name to file for everything that belongs to a path."""
    require_path(path)
    if path.is_dir() or path.suffix.lower() in (".obj", ".gltf"):
        intake = preflight.inspect(path, limits=intake_limits())
        names = [Path(name).name for name in intake.members]
        if twice := next((name for name in names if names.count(name) > 1), None):
            raise PipelinesError(
                "upload.name-twice", _("Two files are named “%(name)s”.") % {"name": twice}, _("Rename one of them, or give a zip.")
            )
        return {name: intake.root / member for name, member in zip(names, intake.members, strict=True)}
    return {path.name: path}
