# SPDX-License-Identifier: Apache-2.0
"""Gather what the steps returned into one result; what breaks the contract is an error, never dropped."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from digitize.errors import Doubt, StepFailure
from digitize.recipe import Recipe
from digitize.runner.folder import OUT, write_json
from digitize.runner.model import Rendition, Result, StepOutcome

_OWN = {"role", "media_type", "path", "triangles", "error"}


def result(recipe: Recipe, outcomes: Iterable[StepOutcome], *, work: Path, intake_doubts: Iterable[Doubt]) -> Result:
    """Join renditions, measured errors, facts and doubts of all steps, and write ``report.json``.

    Raises
    ------
    StepFailure
        ``step.bad-result`` where a rendition names a file that is not there, or a role is made twice.
    """
    steps = tuple(outcomes)
    renditions = _renditions(steps, work)
    doubts = (*intake_doubts, *(doubt for step in steps for doubt in _doubts(step)))
    own = write_report(recipe, steps, renditions, doubts, work)
    stated = next((one.path for one in renditions if one.role == "report"), own)
    return Result(
        renditions=renditions,
        facts={step.step: step.facts for step in steps},
        doubts=doubts,
        steps=steps,
        report=stated,
        cpu_seconds=round(sum(step.cpu_seconds for step in steps), 3),
        peak_bytes=max((step.peak_bytes for step in steps), default=0),
    )


def check(outcome: StepOutcome) -> str | None:
    """Say what of a step's facts breaks the contract, before its folder is kept; None where all is well."""
    listed = outcome.facts.get("renditions", [])
    paths = {file.path for file in outcome.files}
    if not isinstance(listed, list):
        return "renditions must be a list"
    for item in listed:
        if not isinstance(item, Mapping) or not all(isinstance(item.get(key), str) for key in ("role", "media_type", "path")):
            return "a rendition needs role, media_type and path"
        if item["path"] not in paths:
            return f"the rendition {item['role']} names a file that is not there: {item['path']}"
    return None


def _renditions(steps: tuple[StepOutcome, ...], work: Path) -> tuple[Rendition, ...]:
    """Make the renditions of all steps, in order."""
    errors, facts, seconds = _by_role(steps, "errors"), _by_role(steps, "rendition_facts"), seconds_of(steps)
    made: dict[str, Rendition] = {}
    for step in steps:
        files = {file.path: file for file in step.files}
        for item in step.facts.get("renditions", []):
            role, file = item["role"], files[item["path"]]
            if role in made:
                raise StepFailure("step.bad-result", step=step.step, error=f"the role {role} is made twice")
            extra = {key: value for key, value in item.items() if key not in _OWN} | facts.get(role, {})
            path = place(work, step.index, step.step) / OUT / file.path
            error = errors.get(role, item.get("error"))
            spent = seconds.get(role, 0.0)
            made[role] = Rendition(role, item["media_type"], path, file.size, file.sha256, item.get("triangles"), error, extra, spent)
    return tuple(made.values())


def seconds_of(steps: Iterable[StepOutcome]) -> dict[str, float]:
    """Count CPU seconds to roles: what steps counted themselves, and the rest of a step shared among what it made."""
    total: dict[str, float] = {}
    for step in steps:
        own = [item["role"] for item in step.facts.get("renditions", [])]
        rest = max(step.cpu_seconds - sum(step.timings.values()), 0.0)
        for role, seconds in (*step.timings.items(), *((role, rest / len(own)) for role in own)):
            total[role] = total.get(role, 0.0) + seconds
    return {role: round(seconds, 3) for role, seconds in total.items()}


def _by_role(steps: tuple[StepOutcome, ...], member: str) -> dict[str, Any]:
    """Join what several steps say of roles; the later one adds to the earlier."""
    joined: dict[str, Any] = {}
    for step in steps:
        said = step.facts.get(member)
        if isinstance(said, Mapping):
            for role, value in said.items():
                joined[role] = {**joined.get(role, {}), **value} if isinstance(value, Mapping) else value
    return joined


def _doubts(step: StepOutcome) -> Iterable[Doubt]:
    """Read a step's doubts."""
    said = step.facts.get("doubts")
    return (Doubt.from_json(item) for item in said if isinstance(item, Mapping)) if isinstance(said, list) else ()


def place(work: Path, index: int, name: str) -> Path:
    """Name a step's folder."""
    return work / f"{index:02d}-{name}"


def timings(steps: tuple[StepOutcome, ...]) -> dict[str, Any]:
    """Tell what the run took: all that differs when the same is run again."""
    each = [
        {"step": step.step, "cpu_seconds": step.cpu_seconds, "wall_seconds": step.wall_seconds, "peak_bytes": step.peak_bytes}
        for step in steps
    ]
    return {
        "cpu_seconds": round(sum(step.cpu_seconds for step in steps), 3),
        "peak_bytes": max((step.peak_bytes for step in steps), default=0),
        "steps": each,
        "renditions": seconds_of(steps),
    }


def write_report(
    recipe: Recipe, steps: tuple[StepOutcome, ...], renditions: tuple[Rendition, ...], doubts: Iterable[Doubt], work: Path
) -> Path:
    """Write the runner's own report: what ran, how it was isolated, what it made."""
    path = work / "report.json"
    data = {
        "schema": "qilu.run/1",
        "recipe": {"name": recipe.name, "version": recipe.version, "digest": recipe.digest},
        "renditions": [one.as_json(work) for one in renditions],
        "doubts": [doubt.as_json() for doubt in doubts],
        "steps": [{"step": step.step, "key": step.key, "state": step.state, "isolation": list(step.isolation)} for step in steps],
        "timings": timings(steps),
    }
    write_json(path, data)
    return path
