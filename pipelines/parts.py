# SPDX-License-Identifier: Apache-2.0
"""Which files a path on the command line means: itself, a folder's files, or an OBJ with what lies beside it."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _

from digitize import preflight
from digitize.errors import Doubt, Refusal
from pipelines import staging
from pipelines.errors import PipelinesError
from pipelines.source import intake_limits

NAMING = (".obj", ".gltf")  # their files name others that lie beside them


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


@dataclass(frozen=True)
class Given:
    """What a path on the command line means, and what was given with it.

    Attributes
    ----------
    parts, beside
        Name, with its folders, to file.
    doubts
        What of a folder belongs to nothing and stays where it is.
    """

    parts: Mapping[str, Path]
    beside: Mapping[str, Path]
    doubts: tuple[Doubt, ...] = ()


def given(path: Path, beside: Sequence[Path] = ()) -> Given:
    """Find the files of a path: itself, what of a folder belongs together, an OBJ or glTF with what it names.

    Raises
    ------
    PipelinesError
        See `require_path`; ``upload.name-twice`` where two files of `beside` have one name.
    digitize.errors.Refusal
        Where a folder or what a file names is not sound.
    """
    for one in (path, *beside):
        require_path(one)
    extras = {one.name: one for one in beside}
    if len(extras) < len(beside):
        twice = next(name for name in extras if sum(one.name == name for one in beside) > 1)
        raise PipelinesError("upload.name-twice", _("Two files are named “%(name)s”.") % {"name": twice}, _("Rename one of them."))
    if not path.is_dir() and path.suffix.lower() not in NAMING:
        return Given({path.name: path}, extras)
    try:
        intake = preflight.inspect(path, limits=intake_limits())
    except Refusal as refusal:
        if not extras or refusal.code != "member.missing":
            raise
        return Given({path.name: path}, extras)  # what it names lies elsewhere, and was given
    left = tuple(doubt for doubt in intake.doubts if doubt.code == "input.files-unused")
    return Given({name: intake.root / name for name in intake.members}, extras, left)


def chunks_of(files: Mapping[str, Path]) -> dict[str, Iterable[bytes]]:
    """Give each file's bytes, piece by piece."""
    return {name: staging.read_chunks(file) for name, file in files.items()}
