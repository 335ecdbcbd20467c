# SPDX-License-Identifier: Apache-2.0
"""The whole way of one input, without a database: pre-flight, recipe, renditions and report in one folder."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from digitize import preflight
from digitize.errors import DigitizeError, Doubt
from digitize.preflight import Intake, Limits
from digitize.recipe import Recipe, for_kind, load, names, one_level
from digitize.report import with_timings
from digitize.runner import Event, Rendition, Result, StepLimits, run_recipe

REPORT = "report.json"


class OutputError(DigitizeError):
    """The place for the output cannot be used."""


@dataclass(frozen=True)
class Wish:
    """What to make of an input.

    Attributes
    ----------
    path
        A file, a folder or a zip.
    beside
        Files given with it: captions, a material library, a colour target.
    recipe
        A recipe's name or file; without one the default of the input's kind.
    triangles
        One level of that many triangles instead of the recipe's tree of levels.
    declared
        What the file does not say of itself; see `Intake.declared`.
    """

    path: Path
    beside: Sequence[Path] = ()
    recipe: str | Path | None = None
    triangles: int | None = None
    declared: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Made:
    """What was made: the intake, the runner's result, and the renditions where they lie now."""

    intake: Intake
    recipe: Recipe
    result: Result
    renditions: tuple[Rendition, ...]
    facts: Mapping[str, Any]

    def as_json(self, out: Path, language: str = "en") -> dict[str, Any]:
        """Give the object that scripts rely on; paths are relative to `out`."""
        return {
            "recipe": {"name": self.recipe.name, "version": self.recipe.version, "digest": self.recipe.digest},
            "renditions": [_rendition(one, out) for one in self.renditions],
            "facts": dict(self.facts),
            "doubts": [_doubt(doubt, language) for doubt in self.result.doubts],
            "report": REPORT,
            "cpu_seconds": self.result.cpu_seconds,
            "peak_bytes": self.result.peak_bytes,
        }


def make(
    wish: Wish,
    out: Path,
    *,
    limits: Limits | None = None,
    step_limits: StepLimits | None = None,
    listen: Callable[[Event], None] | None = None,
) -> Made:
    """Digitize an input into a folder.

    The work is done in a hidden folder beside `out`, which appears whole or not at all; a call that was cut short goes on
    from the steps that it had finished.

    Parameters
    ----------
    out
        Absent or empty; made here.

    Raises
    ------
    OutputError
        ``output.taken``, ``output.unwritable``.
    Refusal, StepFailure
        What was refused, or the step that failed; `out` is then as it was.
    """
    recipe = _recipe(wish)
    room = _room(out)
    shutil.rmtree(room / "source", ignore_errors=True)
    try:
        intake = preflight.prepare(
            wish.path,
            into=room / "source",
            limits=limits,
            declared=wish.declared,
            kind=recipe.kind if recipe else None,
            beside=tuple(wish.beside),
        )
        recipe = recipe or _fitted(for_kind(intake.kind), wish.triangles)
        result = run_recipe(
            recipe, source=room / "source", work=room / "work", limits=step_limits or StepLimits(), on_event=listen or (lambda _: None)
        )
    except DigitizeError as problem:
        if not problem.retryable:
            shutil.rmtree(room, ignore_errors=True)
        raise
    renditions = _settle(result, room, out)
    told = json.loads((out / REPORT).read_bytes())
    return Made(intake, recipe, result, renditions, told["facts"] if isinstance(told.get("facts"), dict) else {"kind": intake.kind})


def _recipe(wish: Wish) -> Recipe | None:
    """Load the recipe that was asked for, cut down to one level where that was asked for too."""
    if wish.recipe is None:
        return None
    ours = isinstance(wish.recipe, str) and (wish.recipe in names() or not Path(wish.recipe).is_file())
    return _fitted(load(wish.recipe if ours else Path(wish.recipe)), wish.triangles)


def _fitted(recipe: Recipe, triangles: int | None) -> Recipe:
    """Cut a recipe down to one level where that was asked for."""
    return recipe if triangles is None else one_level(recipe, triangles)


def _room(out: Path) -> Path:
    """Give the hidden folder in which the work for `out` is done.

    Raises
    ------
    OutputError
        ``output.taken`` where something lies at `out`; ``output.unwritable``.
    """
    try:
        if out.is_symlink() or (out.exists() and (not out.is_dir() or any(out.iterdir()))):
            raise OutputError("output.taken", name=str(out))
        room = out.absolute().parent / f".{out.absolute().name}.digitizing"
        room.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError("output.unwritable", name=str(out), problem=error.strerror or str(error)) from error
    return room


def _settle(result: Result, room: Path, out: Path) -> tuple[Rendition, ...]:
    """Name each rendition after its role, and let `out` appear whole."""
    ready = room / "out"
    shutil.rmtree(ready, ignore_errors=True)
    ready.mkdir()
    named: list[Rendition] = []
    for one in result.renditions:
        name = REPORT if one.path == result.report else f"{one.role}{one.path.suffix}"
        one.path.rename(ready / name)
        (ready / name).chmod(0o666 & ~_umask())  # steps write for nobody else to read; what is handed over is the caller's
        named.append(replace(one, path=out / name))
    _time(ready / REPORT, result)
    if out.exists():
        out.rmdir()
    ready.rename(out)
    shutil.rmtree(room, ignore_errors=True)
    return tuple(replace(one, bytes=one.path.stat().st_size) for one in named)


def _umask() -> int:
    """Give the caller's file mode mask, which can only be read by setting it."""
    mask = os.umask(0o077)
    os.umask(mask)
    return mask


def _time(report: Path, result: Result) -> None:
    """Add to the report what the run cost: the one member that differs from run to run."""
    told = with_timings(json.loads(report.read_bytes()), result)
    report.write_text(json.dumps(told, sort_keys=True, indent=1, ensure_ascii=False, allow_nan=False) + "\n", encoding="utf-8")


def _rendition(one: Rendition, out: Path) -> dict[str, Any]:
    """Describe a rendition for scripts."""
    head = {"role": one.role, "media_type": one.media_type, "path": one.path.relative_to(out).as_posix(), "bytes": one.bytes}
    return {**head, "triangles": one.triangles, "error": one.error and dict(one.error), "cpu_seconds": one.cpu_seconds}


def _doubt(doubt: Doubt, language: str) -> dict[str, Any]:
    """Put a doubt into words."""
    return {"code": doubt.code, "message": doubt.text(language)[0], "at": doubt.at}
