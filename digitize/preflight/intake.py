# SPDX-License-Identifier: Apache-2.0
"""The two verbs of the pre-flight: look at an input, and lay it ready for the steps."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import Any

from digitize import archive
from digitize.errors import Doubt, Refusal
from digitize.preflight import bundle
from digitize.preflight import declared as declaring
from digitize.preflight.formats import FORMAT_OF, FORMATS, ZIP
from digitize.preflight.model import INTAKE, Findings, Intake, Limits
from digitize.preflight.sniff import agreed
from digitize.preflight.source import size_of
from digitize.recipe import canonical


def inspect(
    path: Path, *, limits: Limits | None = None, name: str | None = None, into: Path | None = None, kind: str | None = None
) -> Intake:
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
    kind
        The kind of capture that is wanted, where the caller knows: one of ``digitize.recipe.KINDS``.

    Raises
    ------
    Refusal
        With a code of ``digitize.preflight.messages``.
    """
    bounds = limits or Limits()
    shown = name or path.name
    if path.is_dir():
        return _folder(path, bounds, shown, kind)
    size = size_of(path, bounds, name=shown)
    form = agreed(path, size, shown)
    if form == ZIP:
        return _zip(path, bounds, shown, into, kind)
    return _file(path.parent, path.name, form, bounds, kind)


def _file(root: Path, main: str, form: str, limits: Limits, kind: str | None) -> Intake:
    """Inspect a main file of a known format; what else lies beside it was not given."""
    found = FORMATS[form].inspect(root, main, limits)
    actual = found.kind or FORMATS[form].kind
    if kind is not None and actual not in bundle.made_of(kind):
        raise Refusal("input.wrong-kind", name=main, kind=actual, wanted=kind)
    return _intake(root, main, found, kind=kind or actual, form=form, limits=limits)


def _intake(root: Path, main: str, found: Findings, *, kind: str, form: str, limits: Limits) -> Intake:
    """Make the intake of what was found, within the budget for all files together."""
    members = tuple(dict.fromkeys((main, *found.members)))
    total = sum((root / member).stat().st_size for member in members)
    limit = max(limits.unpacked_bytes, limits.part_file_bytes) if form == "tiff" else limits.unpacked_bytes
    if total > limit:
        raise Refusal("input.too-large", name=main, bytes=total, limit=limit)
    return Intake(kind, form, root, main, members, dict(found.counts), found.doubts, parts=found.parts)


def _folder(root: Path, limits: Limits, name: str, kind: str | None, doubts: tuple[Doubt, ...] = (), *, main: str | None = None) -> Intake:
    """Inspect the main file of a folder (`main` where it is known), or the several that are one input, with what belongs to them."""
    mains = (main,) if main else bundle.mains_of(root, limits, name=name, kind=kind)
    actual, form, found = bundle.gathered(root, mains, limits, name=name, kind=kind)
    found = bundle.claimed(root, mains[0], found, kind=actual, files=bundle.files_of(root, limits), limits=limits)
    intake = _intake(root, mains[0], found, kind=actual, form=form, limits=limits)
    return replace(intake, doubts=(*intake.doubts, *doubts, *bundle.unused(root, intake.members, limits)))


def _zip(path: Path, limits: Limits, name: str, into: Path | None, kind: str | None) -> Intake:
    """Unpack and inspect; nothing of a refused zip stays."""
    root = Path(tempfile.mkdtemp(prefix="qilu-intake-")) if into is None else into
    try:
        unpacked = archive.unpack(path, root, limits)
        return _folder(root, limits, name, kind, unpacked.doubts)
    except BaseException:
        _empty(root)
        if into is None:
            root.rmdir()
        raise


def prepare(
    path: Path,
    *,
    into: Path,
    limits: Limits | None = None,
    name: str | None = None,
    declared: Mapping[str, Any] | None = None,
    kind: str | None = None,
    beside: Sequence[Path] = (),
) -> Intake:
    """Inspect an input and lay exactly its used files into a folder, with ``intake.json``: the source of a run.

    Parameters
    ----------
    into
        Made here; must be absent or empty. After a refusal it is gone.
    declared
        See `Intake`.
    kind
        See `inspect`.
    beside
        Files that were given with `path` and belong to it: captions, a material library, a colour target. They count as
        lying in its folder; one that nothing takes is refused (``sidecar.unused``), for it was given on purpose.

    Raises
    ------
    Refusal
        As `inspect`, and ``declared.…`` where what is declared does not fit the input.
    """
    into.mkdir(parents=True, exist_ok=True)
    if any(into.iterdir()):
        raise FileExistsError(into)
    unpacking = Path(tempfile.mkdtemp(prefix=".unpack-", dir=into.parent))
    try:
        if beside:
            intake = _with(path, beside, unpacking, limits=limits or Limits(), name=name or path.name, kind=kind)
        else:
            intake = inspect(path, limits=limits, name=name, into=unpacking, kind=kind)
        declaring.check(declared or {}, kind=intake.kind)
        laid = _lay(replace(intake, declared=dict(declared or {})), into)
    except BaseException:
        shutil.rmtree(into, ignore_errors=True)
        raise
    finally:
        shutil.rmtree(unpacking, ignore_errors=True)
    return laid


def _with(path: Path, beside: Sequence[Path], room: Path, *, limits: Limits, name: str, kind: str | None) -> Intake:
    """Lay an input and what was given with it into one folder, and inspect that.

    Raises
    ------
    Refusal
        ``sidecar.name-taken``, ``sidecar.unused``, or as `inspect`.
    """
    doubts: tuple[Doubt, ...] = ()
    main: str | None = None
    if path.is_dir():
        for file in bundle.files_of(path, limits):
            _place(path / file, room / file)
    elif agreed(path, size_of(path, limits, name=name), name) == ZIP:
        doubts = archive.unpack(path, room, limits).doubts
    else:
        main = PurePosixPath(name).name
        _place(path, room / main)
        for member in _named(path, limits):
            _place(path.parent / member, room / member)
    for extra in beside:
        size_of(extra, limits)
        if (room / extra.name).exists():
            if (path if path.is_dir() else path.parent).joinpath(extra.name).resolve() == extra.resolve():
                continue  # the same file, which the input names itself
            raise Refusal("sidecar.name-taken", at=extra.name, name=extra.name)
        _place(extra, room / extra.name)
    intake = _folder(room, limits, name, kind, doubts, main=main)
    if left := [extra.name for extra in beside if extra.name not in intake.members]:
        raise Refusal("sidecar.unused", at=left[0], name=left[0], kind=intake.kind)
    return intake


def _named(path: Path, limits: Limits) -> tuple[str, ...]:
    """List the files beside a main file that it names; none where one is missing, which then must have been given."""
    try:
        return inspect(path, limits=limits).members[1:]
    except Refusal as refusal:
        if refusal.code == "member.missing":
            return ()
        raise


def _place(source: Path, target: Path) -> None:
    """Put a file into a folder of ours: the same file under a second name where the system can, else a copy."""
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(source.resolve(), target)  # of a link, what it stands for
    except OSError:
        _copy(source, target)


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
