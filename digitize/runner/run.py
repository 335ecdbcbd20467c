# SPDX-License-Identifier: Apache-2.0
"""Walk through a recipe: reuse what is done, run the rest, record every end."""

from __future__ import annotations

import functools
import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from digitize import programs
from digitize.errors import DigitizeError, Doubt, StepFailure
from digitize.recipe import RECIPE, SOURCE, Recipe, Step, canonical
from digitize.runner import collect, folder
from digitize.runner.model import Event, Result, StepOutcome
from digitize.sandbox.launch import ROOT, Job, launch
from digitize.sandbox.limits import StepLimits
from digitize.sandbox.outcome import DONE, Outcome

Listener = Callable[[Event], None]
TIMINGS = "timings"


def run_recipe(recipe: Recipe, *, source: Path, work: Path, limits: StepLimits, on_event: Listener) -> Result:
    """Run every step of a recipe; a second call goes on where the first one ended, however it ended.

    Parameters
    ----------
    source
        Folder of the pre-flighted original with its ``intake.json``; never written.
    work
        Folder of this run; belongs to one call at a time.
    limits
        Bounds of each step.
    on_event
        Told of each change, in this thread. An exception of it stops the run, kills the step and passes on.

    Raises
    ------
    Refusal
        Where a step refuses the input.
    StepFailure
        Where a step crashed, hit a limit, was killed or broke the contract; recorded under `work`.
    """
    source, work = source.resolve(), work.resolve()
    work.mkdir(parents=True, exist_ok=True)
    return _Run(recipe, source, work, limits, on_event).whole()


class _Run:
    """One call: the folders, and the content key of each input so far."""

    def __init__(self, recipe: Recipe, source: Path, work: Path, limits: StepLimits, on_event: Listener) -> None:
        self._recipe, self._work, self._limits, self._tell = recipe, work, limits, on_event
        self._folders: dict[str, Path] = {SOURCE: source, RECIPE: lay_recipe(recipe, work)}
        self._keys: dict[str, str] = {SOURCE: folder.folder_key(folder.digests(source)), RECIPE: recipe.digest}

    def whole(self) -> Result:
        """Run all steps and gather their results."""
        outcomes = [self._one(step, index) for index, step in enumerate(self._recipe.steps, 1)]
        return collect.result(self._recipe, outcomes, work=self._work, intake_doubts=_intake_doubts(self._folders[SOURCE]))

    def _one(self, step: Step, index: int) -> StepOutcome:
        """Reuse a step's finished folder, or run it."""
        place = collect.place(self._work, index, step.name)
        key = self._key(step)
        outcome = _finished(place, key)
        if outcome:
            self._tell(self._event(step, index, "reused", outcome=outcome))
        else:
            outcome = self._run(step, index, place, key)
        self._folders[step.name] = place / folder.OUT
        self._keys[step.name] = folder.folder_key(outcome.files)
        return outcome

    def _key(self, step: Step) -> str:
        """Name what the step's result depends on: recipe, step, inputs, our code, outside programs."""
        inputs = {need: self._keys[need] for need in step.needs}
        tools = {name: path and programs.mark(path) for name, path in _found(step).items()}
        return hashlib.sha256(canonical([self._recipe.digest, step.as_json(), inputs, code_digest(), tools])).hexdigest()

    def _run(self, step: Step, index: int, place: Path, key: str) -> StepOutcome:
        """Run one step under a temporary name and settle its folder, done or failed."""
        part = folder.fresh(place.with_name(place.name + ".part"))
        job = self._job(step, part)
        self._tell(self._event(step, index, "started"))
        limits = self._limits.times(step.patience)
        ended = launch(job, limits, lambda fraction, message: self._tell(self._event(step, index, "progress", fraction, message)))
        folder.remove(job.scratch)
        outcome = _recorded(step, index, key, ended, part)
        error = ended.to_error(step.name, limits)
        if error:
            folder.remove(part / folder.OUT)
        folder.write_outcome(part, outcome)
        folder.settle(part, place)
        self._tell(self._event(step, index, "failed" if error else "done", outcome=outcome, error=error))
        if error:
            raise error
        return outcome

    def _job(self, step: Step, part: Path) -> Job:
        """Make the step's folders and its call."""
        out, scratch = part / folder.OUT, part / "scratch"
        out.mkdir()
        scratch.mkdir()
        inputs: Mapping[str, Path] = {need: self._folders[need] for need in step.needs}
        log = part / folder.LOG
        return Job(run=step.run, inputs=inputs, out=out, scratch=scratch, params=step.params, log=log, programs=_found(step))

    def _event(
        self,
        step: Step,
        index: int,
        state: str,
        fraction: float = 0.0,
        message: str = "",
        *,
        outcome: StepOutcome | None = None,
        error: DigitizeError | None = None,
    ) -> Event:
        """Make an event of a step, with its outcome where it has ended."""
        event = Event(step.name, index, len(self._recipe.steps), state, fraction, message)
        if outcome is None:
            return event
        detail = {**outcome.detail, **({"error": error.as_json()} if error else {})}
        return replace(
            event,
            fraction=0.0 if error else 1.0,
            message=error.message if error else "",
            facts=outcome.facts,
            cpu_seconds=outcome.cpu_seconds,
            peak_bytes=outcome.peak_bytes,
            isolation=outcome.isolation,
            outcome={"state": outcome.state, **detail},
        )


def _found(step: Step) -> dict[str, Path | None]:
    """Find the outside programs that a step may start."""
    return {name: programs.find(name) for name in step.programs}


def lay_recipe(recipe: Recipe, work: Path) -> Path:
    """Write the recipe where a step that reports on the run can read it."""
    place = folder.fresh(work / "00-recipe")
    (place / "recipe.json").write_bytes(canonical({**recipe.as_json(), "digest": recipe.digest}) + b"\n")
    return place


def _recorded(step: Step, index: int, key: str, ended: Outcome, part: Path) -> StepOutcome:
    """Turn a process's end into the step's record; facts that break the contract turn it into a failure."""
    outcome = _outcome(step, index, key, ended)
    if ended.state != DONE:
        return outcome
    try:
        outcome = replace(outcome, files=folder.digests(part / folder.OUT))
        broken = collect.check(outcome)
    except folder.UnsafeFolderError as error:
        broken = f"it left {error}, which is no plain file"
    if broken:
        ended.state, ended.error, ended.facts = "bad-result", broken, {}
        return _outcome(step, index, key, ended)
    return outcome


def _outcome(step: Step, index: int, key: str, ended: Outcome) -> StepOutcome:
    """Copy a process's end into a record without files."""
    detail = {name: value for name, value in ended.as_json().items() if name not in _SHOWN}
    return StepOutcome(
        step=step.name,
        index=index,
        key=key,
        state=ended.state,
        facts={name: value for name, value in ended.facts.items() if name != TIMINGS},
        files=(),
        cpu_seconds=ended.cpu_seconds,
        wall_seconds=ended.wall_seconds,
        peak_bytes=ended.peak_bytes,
        isolation=tuple(ended.isolation),
        detail=detail,
        timings=_timings(ended.facts.get(TIMINGS)),
    )


def _timings(said: object) -> dict[str, float]:
    """Read the CPU seconds that a step counted to its roles."""
    if not isinstance(said, Mapping):
        return {}
    return {str(role): float(seconds) for role, seconds in said.items() if isinstance(seconds, int | float)}


_SHOWN = {"state", "facts", "cpu_seconds", "wall_seconds", "peak_bytes", "isolation"}


def _finished(place: Path, key: str) -> StepOutcome | None:
    """Find a step's finished result: same key, and every byte still as recorded."""
    outcome = folder.read_outcome(place)
    if outcome is None or outcome.state != DONE or outcome.key != key:
        return None
    try:
        sound = folder.digests(place / folder.OUT) == outcome.files
    except (OSError, folder.UnsafeFolderError):
        sound = False
    return replace(outcome, reused=True) if sound else None


@functools.cache
def code_digest() -> str:
    """Name the code of this room: after an upgrade, what the old code made is made anew."""
    digest = hashlib.sha256()
    for path in sorted((ROOT / "digitize").rglob("*.py")):
        digest.update(path.relative_to(ROOT).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def _intake_doubts(source: Path) -> list[Doubt]:
    """Read the doubts of the pre-flight."""
    try:
        data = json.loads((source / "intake.json").read_bytes())
        return [Doubt.from_json(item) for item in data.get("doubts", [])]
    except FileNotFoundError:
        return []
    except (OSError, ValueError, AttributeError) as error:
        raise StepFailure("step.bad-result", step=SOURCE, error=f"intake.json cannot be read: {type(error).__name__}") from error
