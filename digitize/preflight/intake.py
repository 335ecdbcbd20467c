# SPDX-License-Identifier: Apache-2.0
"""The two verbs of the pre-flight: look at an input, and lay it ready for the steps."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path, PurePosixPath

from digitize import archive
from digitize.errors import Doubt, Refusal
from digitize.preflight.bundle import main_of, unused
from digitize.preflight.formats import FORMAT_OF, FORMATS, ZIP
from digitize.preflight.model import INTAKE, Intake, Limits
from digitize.preflight.sniff import agreed
from digitize.preflight.source import size_of
from digitize.recipe import canonical


def inspect(path: Path, *, limits: Limits | None = None, name: str | None = None, into: Path | None = None) -> Intake:
    """Look at a file, a zip or a folder without any C++ library.

    Parameters
    ----------
    path
        What was given. A single file may name others that lie beside it.
    name
        What its owner calls it, where `path` is called otherwise; its extension must agree with the content.
    into
        Where a zip is unpacked, an empty folder; without it a temporary one, which `Intake.root` then names
        and the caller removes. Not used for anything else.

    Raises
    ------
    Refusal
        With a code of ``digitize.preflight.messages``.
    """
    bounds = limits or Limits()
    shown = name or path.name
    if path.is_dir():
        return _folder(path, bounds, shown)
    size = size_of(path, bounds, name=shown)
    form = agreed(path, size, shown)
    if form == ZIP:
        return _zip(path, bounds, shown, into)
    return _file(path.parent, path.name, form, bounds)


def _file(root: Path, main: str, form: str, limits: Limits) -> Intake:
    """Inspect a main file of a known format."""
    found = FORMATS[form].inspect(root, main, limits)
    members = tuple(dict.fromkeys((main, *found.members)))
    total = sum((root / member).stat().st_size for member in members)
    if total > limits.unpacked_bytes:
        raise Refusal("input.too-large", name=main, bytes=total, limit=limits.unpacked_bytes)
    return Intake(found.kind or FORMATS[form].kind, form, root, main, members, dict(found.counts), found.doubts)


def _folder(root: Path, limits: Limits, name: str, doubts: tuple[Doubt, ...] = ()) -> Intake:
    """Inspect the one main file of a folder."""
    main = main_of(root, limits, name=name)
    form = agreed(root / main, size_of(root / main, limits, name=main), main)
    if form == ZIP:
        raise Refusal("zip.nested", at=main, name=main)
    intake = _file(root, main, form, limits)
    return replace(intake, doubts=(*intake.doubts, *doubts, *unused(root, intake.members, limits)))


def _zip(path: Path, limits: Limits, name: str, into: Path | None) -> Intake:
    """Unpack and inspect; nothing of a refused zip stays."""
    root = Path(tempfile.mkdtemp(prefix="qilu-intake-")) if into is None else into
    try:
        unpacked = archive.unpack(path, root, limits)
        return _folder(root, limits, name, unpacked.doubts)
    except BaseException:
        _empty(root)
        if into is None:
            root.rmdir()
        raise


def prepare(
    path: Path, *, into: Path, limits: Limits | None = None, name: str | None = None, declared: Mapping[str, str] | None = None
) -> Intake:
    """Inspect an input and lay exactly its used files into a folder, with ``intake.json``: the source of a run.

    Parameters
    ----------
    into
        Made here; must be absent or empty. After a refusal it is gone.
    declared
        See `Intake`.

    Raises
    ------
    Refusal
        As `inspect`.
    """
    into.mkdir(parents=True, exist_ok=True)
    if any(into.iterdir()):
        raise FileExistsError(into)
    unpacking = Path(tempfile.mkdtemp(prefix=".unpack-", dir=into.parent))
    try:
        intake = inspect(path, limits=limits, name=name, into=unpacking)
        laid = _lay(replace(intake, declared=dict(declared or {})), into)
    except BaseException:
        shutil.rmtree(into, ignore_errors=True)
        raise
    finally:
        shutil.rmtree(unpacking, ignore_errors=True)
    return laid


def _lay(intake: Intake, into: Path) -> Intake:
    """Copy the used files and write the intake; a main file without a telling name gets one."""
    if INTAKE in intake.members:
        raise Refusal("member.reserved", at=INTAKE, name=INTAKE)
    for member in intake.members:
        target = into / member
        target.parent.mkdir(parents=True, exist_ok=True)
        _copy(intake.root / member, target)
    main = intake.main
    if not FORMAT_OF.get(PurePosixPath(main).suffix.lower()):
        main = "original" + FORMATS[intake.format].extensions[0]
        (into / intake.main).rename(into / main)
    laid = replace(intake, root=into, main=main, members=(main, *intake.members[1:]))
    (into / INTAKE).write_bytes(canonical(laid.as_json()) + b"\n")
    return laid


def _copy(source: Path, target: Path) -> None:
    """Copy bytes, sharing them with the original where the file system can."""
    with source.open("rb") as one, target.open("xb") as two:
        if hasattr(os, "copy_file_range"):
            try:
                while os.copy_file_range(one.fileno(), two.fileno(), 1 << 30):
                    pass
            except OSError:
                one.seek(0)
                two.seek(0)
                two.truncate()
            else:
                return
        shutil.copyfileobj(one, two, 1 << 20)


def _empty(folder: Path) -> None:
    """Remove what a folder holds, but not the folder."""
    for path in folder.iterdir():
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()
