# SPDX-License-Identifier: Apache-2.0
"""What was measured, in words that people read: steps with their facts, renditions with their errors."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.template.defaultfilters import filesizeformat
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from assets import stores
from assets.models import Rendition
from cms.admin.declaring import DeclareAgainForm
from cms.admin.files import rendition_address
from cms.admin.labels import FACT_LABELS, MOST_FACTS, NOT_SHOWN, STEP_LABELS
from digitize.errors import Doubt
from guide import figures, report
from pipelines.enums import RunState, StepState
from pipelines.models import Run, RunStep
from pipelines.queries import words

BARS = 100
MOST_REPORT = 8 * 1024 * 1024


@dataclass(frozen=True)
class Fact:
    """One measured value with its name."""

    name: str
    value: str


def shown(value: object) -> str:
    """Write a value for people."""
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, float):
        return f"{value:.4g}"
    return str(value)


def extent(bounds: Mapping[str, Any]) -> str:
    """Write the size of a box from its corners `min` and `max`."""
    return " × ".join(shown(float(high) - float(low)) for low, high in zip(bounds["min"], bounds["max"], strict=True))


def mean_of(error: Mapping[str, Any]) -> str:
    """Write a mean error with its unit, or in parts of the diagonal where the unit is unknown."""
    if error.get("mean") is None:
        return report.summary(error) or "–"
    unit = error.get("unit")
    return f"{error['mean']:.3g} {unit}" if unit else figures.relative(error.get("mean_relative"))


def flat(facts: Mapping[str, Any], prefix: str = "") -> Iterator[Fact]:
    """Walk nested facts; lists are counted or joined, never dumped."""
    for key, value in facts.items():
        if key in NOT_SHOWN or (key == "of" and isinstance(value, str)):
            continue
        name = f"{prefix}{FACT_LABELS.get(key, key.replace('_', ' '))}"
        if key == "orientation" and isinstance(value, Mapping):
            yield Fact(name, report.orientation(value))
        elif key in {"unit_evidence", "evidence"}:
            yield Fact(name, report.evidence(value))
        elif key == "loudness" and isinstance(value, Mapping):
            yield Fact(name, report.loudness(value))
        elif key == "errors" and isinstance(value, Mapping):
            yield from (Fact(report.role_name(role), mean_of(error)) for role, error in value.items())
        elif key == "bounds" and isinstance(value, Mapping):
            yield Fact(str(FACT_LABELS["size"]), extent(value))
        elif isinstance(value, Mapping):
            yield from flat(value, f"{name} · ")
        elif isinstance(value, list):
            if value and all(isinstance(item, (int, float, str)) for item in value) and len(value) <= 4:
                yield Fact(name, (", " if isinstance(value[0], str) else " × ").join(shown(item) for item in value))
        elif value is not None and value != "":
            yield Fact(name, shown(value))


def layers_of(step: RunStep) -> str:
    """Name the layers of isolation that a step ran under."""
    return ", ".join(str(layer) for layer in step.isolation)


def isolation_of(run: Run) -> str:
    """Name the isolation of the run where all its steps had the same; empty where they differ, which the steps then say."""
    found = {layers for step in run.steps.all() if (layers := layers_of(step))}
    return found.pop() if len(found) == 1 else ""


def steps_of(run: Run) -> list[dict[str, Any]]:
    """Give each step with its label, progress and what is known so far."""
    same = isolation_of(run)
    return [_step(step, same) for step in run.steps.all()]


def _step(step: RunStep, same: str) -> dict[str, Any]:
    """Describe one step."""
    return {
        "step": step,
        "label": STEP_LABELS.get(step.name, step.name),
        "percent": 100 if step.state == StepState.DONE else round(step.fraction * 100),
        "running": step.state == StepState.RUNNING,
        "facts": list(flat(step.facts))[:MOST_FACTS],
        "isolation": "" if same else layers_of(step),
        "memory": filesizeformat(step.peak_bytes) if step.peak_bytes else "",
    }


def in_words(told: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """Give a kept refusal or failure in the language of the page."""
    if not told:
        return None
    message, hint = words(dict(told), get_language() or "zh-hans")
    return {**told, "message": message, "hint": hint}


def doubts_of(run: Run) -> list[str]:
    """Give the run's doubts in the language of the page."""
    language = get_language() or "zh-hans"
    return [Doubt.from_json(doubt).text(language)[0] for doubt in run.doubts]


def report_of(run: Run) -> dict[str, Any]:
    """Read the report of what the run made; empty where it made none that can be read."""
    row = Rendition.objects.filter(file=run.file, role="report", current=True).first()
    store = stores.default()
    if row is None or row.bytes > MOST_REPORT or not store.has(row.cid):
        return {}
    try:
        found = json.loads(store.path(row.cid).read_bytes())
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def judged(run: Run) -> dict[str, Any]:
    """Give what the report judges, in the language of the page: by the quality profile, and of a set of photographs by its photographs."""
    language = "zh-hans" if (get_language() or "zh").startswith("zh") else "en"
    found = report_of(run)
    pictures = Rendition.objects.filter(file=run.file, role__in=report.PICTURES, current=True)
    addresses = {row.role: rendition_address(row.pk) for row in pictures}
    return {"verdict": report.verdict(found.get("verdict"), language), "photographs": report.photographs(found, language, addresses)}


def declaring_of(run: Run, posted: Mapping[str, Any] | None = None) -> dict[str, Any] | None:
    """Give the form that confirms the upward axis and states unit and scale; None where the original has none of them, or the run is open."""
    from digitize.preflight.declared import TAKEN  # brings the processing of files with it

    if run.state in (RunState.WAITING, RunState.RUNNING) or "unit" not in TAKEN.get(run.file.kind, ()):
        return None
    facts = [facts for facts in run.facts.values() if isinstance(facts, Mapping)]
    stance: Mapping[str, Any] = next((one["orientation"] for one in facts if isinstance(one.get("orientation"), Mapping)), {})
    known = run.file.declared
    return {
        "form": DeclareAgainForm(posted, kind=run.file.kind, known=known, proposed=stance.get("up", "")),
        "proposed": report.orientation(stance) if stance and "up" not in known else "",
    }


def _error_width(error: Mapping[str, Any] | None, largest: float) -> float:
    """Give a bar's length in percent of the largest mean error."""
    mean = (error or {}).get("mean_relative") or 0.0
    return round(100 * mean / largest, 1) if largest else 0.0


def renditions_of(run: Run) -> list[dict[str, Any]]:
    """Give the run's renditions with measured errors and the share of the largest mean error each has."""
    found = list(Rendition.objects.filter(file=run.file, current=True))
    largest = max(((row.error or {}).get("mean_relative") or 0.0 for row in found), default=0.0)
    return [
        {
            "row": row,
            "name": report.role_name(row.role),
            "mean": figures.length((row.error or {}).get("mean"), (row.error or {}).get("unit")),
            "worst": figures.length((row.error or {}).get("max"), (row.error or {}).get("unit")),
            "difference": report.summary({**row.facts.get("measured", {}), **(row.error or {})}),
            "address": rendition_address(row.pk),
            "share": _error_width(row.error, largest),
            "histogram": histogram(row.facts),
        }
        for row in found
    ]


def histogram(facts: Mapping[str, Any]) -> dict[str, Any] | None:
    """Give the bars of the measured distances, from the first bin that holds any to the last.

    Returns
    -------
    dict or None
        ``bars`` with ``x``, ``y``, ``width`` and ``height`` in percent of the picture; ``low`` and ``high``, the ends in percent of the diagonal.
    """
    measured = facts.get("measured", facts).get("histogram") or {}
    counts = measured.get("counts") or []
    filled = [place for place, count in enumerate(counts) if count]
    if not filled:
        return None
    first, last = filled[0], filled[-1] + 1
    shown_counts, edges = counts[first:last], measured.get("edges_relative") or []
    width = BARS / len(shown_counts)
    heights = [100 * count / max(shown_counts) for count in shown_counts]
    return {
        "bars": [
            {"x": round(index * width, 2), "width": round(width, 2), "y": round(100 - height, 1), "height": round(height, 1)}
            for index, height in enumerate(heights)
        ],
        "low": f"{100 * edges[first]:.2g} %" if edges else "",
        "high": f"{100 * edges[last]:.2g} %" if edges else "",
    }
