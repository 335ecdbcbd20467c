# SPDX-License-Identifier: Apache-2.0
"""Keep what a run made, in one transaction, if its lease is still ours; ask for publication where that was wished."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone

from assets import stores
from assets.domain import add_renditions, request_publish, settle_pins
from digitize.recipe import Recipe
from digitize.runner import Result
from pipelines.domain import pinning
from pipelines.enums import RunState
from pipelines.models import Run


def keep_renditions(run: Run, recipe: Recipe, result: Result) -> None:
    """Store every derivative, then write all rows; pins that hang on the original wait for their places on the new levels."""
    made = _made(recipe, result)
    facts = {"run": str(run.pk), "recipe": recipe.name, "version": recipe.version, "recipe_digest": recipe.digest}
    if run.file.declared:
        facts["declared"] = dict(run.file.declared)
    isolation = sorted({name for step in result.steps for name in step.isolation})
    with transaction.atomic():
        if not _finish(run, result):
            return
        add_renditions(file=run.file, made=made, facts={**facts, "isolation": isolation})
        if pinning.follow_up(file=run.file, publish=run.publish) is None and run.publish:
            request_publish(asset=run.file.asset, user=None)


def keep_pins(run: Run, _recipe: Recipe, result: Result) -> None:
    """Write the places that were found; those that were asked for meanwhile get a run of their own."""
    found = result.facts["anchors"]["anchors"]
    with transaction.atomic():
        if not _finish(run, result):
            return
        settle_pins(pins=pinning.waiting_pins(run.file), found=found)
        if pinning.waiting_pins(run.file):
            pinning.start_pins(file=run.file, publish=run.publish)
        elif run.publish:
            request_publish(asset=run.file.asset, user=None)


def _made(recipe: Recipe, result: Result) -> list[dict[str, Any]]:
    """Store every derivative and describe it."""
    store = stores.default()
    measured = dict(result.facts.get(recipe.steps[0].name, {}))  # the report speaks for the original
    return [
        {
            "role": one.role,
            "media_type": one.media_type,
            "digest": store.put(one.path),
            "triangles": one.triangles,
            "error": one.error,
            "facts": measured if one.role == "report" else dict(one.facts),
        }
        for one in result.renditions
    ]


def _finish(run: Run, result: Result) -> bool:
    """Write that a run is done; False where somebody else has taken its lease."""
    mine = Run.objects.filter(pk=run.pk, lease_token=run.lease_token).update(
        state=RunState.DONE,
        facts=dict(result.facts),
        doubts=[doubt.as_json() for doubt in result.doubts],
        cpu_seconds=result.cpu_seconds,
        peak_bytes=result.peak_bytes,
        finished_at=timezone.now(),
        lease_token=None,
        lease_until=None,
        failure=None,
    )
    return bool(mine)
