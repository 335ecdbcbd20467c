# SPDX-License-Identifier: Apache-2.0
"""Run a recipe over an original. A crash, a time-out and a killed worker are recorded outcomes; a run resumes where it stopped."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from assets.errors import AssetsError
from assets.models import Sealing
from digitize.anchors import recipe as anchors
from digitize.errors import DigitizeError, Refusal
from digitize.recipe import Recipe, for_kind
from digitize.runner import Event, Result, run_recipe
from digitize.sandbox.limits import StepLimits
from pipelines import lease
from pipelines.domain.keeping import keep_pins, keep_renditions
from pipelines.domain.pinning import prepare
from pipelines.enums import RunState, StepState
from pipelines.errors import PipelinesError
from pipelines.models import Run, RunStep
from pipelines.source import folder, lay_out

MOST_ATTEMPTS = 3
Listener = Callable[[Event], None]


def step_limits() -> StepLimits:
    """Give the limits of every step, from the settings."""
    config = settings.QILU
    return StepLimits(
        memory_bytes=config["QILU_STEP_MEMORY_BYTES"],
        cpu_seconds=config["QILU_STEP_CPU_SECONDS"],
        wall_seconds=config["QILU_STEP_WALL_SECONDS"],
        file_bytes=config["QILU_STEP_FILE_BYTES"],
        out_bytes=config["QILU_STEP_OUT_BYTES"],
    )


def claim(*, run_id: UUID | str) -> Run | None:
    """Take the lease of a run that waits, or whose owner is gone; None where another process has it or nothing is left to do.

    Who: the worker or a command. Writes: the lease. Event: none.
    """
    run = Run.objects.filter(pk=run_id).first()
    if run is None or run.state not in (RunState.WAITING, RunState.RUNNING):
        return None
    if run.lease_token is not None and run.lease_owner != lease.owner() and lease.owner_is_dead(run.lease_owner):
        Run.objects.filter(pk=run.pk, lease_token=run.lease_token).update(lease_until=timezone.now())
    free = Q(lease_token=None) | Q(lease_until__lte=timezone.now())
    taken = Run.objects.filter(free, pk=run_id, state__in=(RunState.WAITING, RunState.RUNNING)).update(
        **lease.fresh(), attempt=F("attempt") + 1
    )
    return Run.objects.get(pk=run_id) if taken else None


def execute(*, run: Run, listen: Listener | None = None) -> Run:
    """Run the recipe under our lease, keep what it made, and ask for publication where that was wished.

    Who: the process that holds the lease. Writes: Run, RunStep, Rendition or Pin, Sealing. Event: ``process.run`` where it made renditions.
    """
    Run.objects.filter(pk=run.pk).update(state=RunState.RUNNING)
    pins = run.recipe == anchors.NAME
    try:
        with lease.Heartbeat(run):
            source = lay_out(run.file, run.pk)
            recipe = prepare(run.file, source) if pins else for_kind(run.file.kind)
            result = _digitize(run, recipe, source, listen)
            (keep_pins if pins else keep_renditions)(run, recipe, result)
    except (DigitizeError, AssetsError) as problem:
        _fail(run, problem)
        raise
    except Exception as fault:
        _fail(
            run,
            PipelinesError(
                "run.fault", _("Digitizing ended with a fault of ours: %(fault)s") % {"fault": f"{type(fault).__name__}: {fault}"[:300]}
            ),
        )
        raise
    shutil.rmtree(folder(run.pk), ignore_errors=True)
    return Run.objects.get(pk=run.pk)


def _digitize(run: Run, recipe: Recipe, source: Path, listen: Listener | None) -> Result:
    """Run every step, writing progress as it comes."""
    Run.objects.filter(pk=run.pk).update(recipe_version=recipe.version, recipe_digest=recipe.digest)
    board = ProgressBoard(run)

    def on_event(event: Event) -> None:
        board.write(event)
        if listen is not None:
            listen(event)

    return run_recipe(recipe, source=source, work=folder(run.pk) / "work", limits=step_limits(), on_event=on_event)


class ProgressBoard:
    """Write a run's events into its step rows; progress within a step at most twice a second."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._written = timezone.now()

    def write(self, event: Event) -> None:
        """Write one event."""
        now = timezone.now()
        if event.state == "progress" and (now - self._written).total_seconds() < 0.5:
            return
        self._written = now
        RunStep.objects.filter(run=self._run, index=event.index).update(**self._columns(event, now))

    @staticmethod
    def _columns(event: Event, now: Any) -> dict[str, Any]:  # datetime
        """Give the columns that an event changes."""
        columns: dict[str, Any] = {"fraction": event.fraction or 0, "message": (event.message or "")[:300]}
        if event.state == "started":
            return {**columns, "state": StepState.RUNNING, "started_at": now, "finished_at": None, "outcome": ""}
        if event.state == "progress":
            return columns
        done = event.state in ("done", "reused")
        return {
            **columns,
            "state": StepState.DONE if done else StepState.FAILED,
            "fraction": 1 if done else columns["fraction"],
            "facts": event.facts or {},
            "outcome": str((event.outcome or {}).get("state", event.state))[:40],
            "isolation": list(event.isolation or []),
            "cpu_seconds": event.cpu_seconds or 0,
            "peak_bytes": event.peak_bytes or 0,
            "finished_at": now,
        }


def _fail(run: Run, problem: DigitizeError | AssetsError) -> None:
    """Record why a run ended; one that may succeed later goes back to waiting, three times at most."""
    told = {
        "code": problem.code,
        "message": str(problem.message),
        "hint": str(problem.hint),
        "retryable": problem.retryable,
        "at": problem.at,
    }
    if isinstance(problem, DigitizeError):
        told["packed"] = {"code": problem.code, "params": {name: str(value) for name, value in problem.params.items()}}
        told["outcome"] = getattr(problem, "outcome", None)
    again = problem.retryable and run.attempt < MOST_ATTEMPTS
    state = RunState.WAITING if again else RunState.REFUSED if isinstance(problem, Refusal) else RunState.FAILED
    Run.objects.filter(pk=run.pk, lease_token=run.lease_token).update(
        state=state, failure=told, finished_at=None if again else timezone.now(), lease_token=None, lease_until=None
    )


def retry(*, run: Run) -> Run:
    """Put a failed run back to waiting; steps that were done stay done.

    Who: a curator of the asset's institution. Writes: Run, RunStep. Event: none.
    """
    with transaction.atomic():
        again = Run.objects.filter(pk=run.pk, state__in=(RunState.FAILED, RunState.REFUSED)).update(
            state=RunState.WAITING, attempt=0, failure=None, finished_at=None, lease_token=None, lease_until=None
        )
        if again:
            RunStep.objects.filter(run=run, state=StepState.FAILED).update(state=StepState.WAITING, outcome="", fraction=0)
            from pipelines.tasks import run as run_later

            transaction.on_commit(lambda: run_later.enqueue(str(run.pk)))
    return Run.objects.get(pk=run.pk)


def sweep() -> int:
    """Enqueue every run that waits or whose lease ran out, and every sealing left behind; give how many.

    Who: the worker's clock. Writes: tasks, nothing else.
    """
    from assets.tasks import seal as seal_later
    from pipelines.tasks import run as run_later

    now = timezone.now()
    left = Run.objects.filter(state__in=(RunState.WAITING, RunState.RUNNING)).filter(Q(lease_token=None) | Q(lease_until__lte=now))
    runs = list(left.values_list("pk", flat=True))
    sealings = list(Sealing.objects.filter(done_at=None, failure__isnull=True).values_list("pk", flat=True))
    for pk in runs:
        run_later.enqueue(str(pk))
    for pk in sealings:
        seal_later.enqueue(str(pk))
    return len(runs) + len(sealings)
