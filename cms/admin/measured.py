# SPDX-License-Identifier: Apache-2.0
"""What was measured, in words that people read: steps with their facts, renditions with their errors."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.template.defaultfilters import filesizeformat
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _

from assets.models import Rendition
from cms.admin.files import rendition_address
from digitize.errors import Doubt
from pipelines.enums import StepState
from pipelines.models import Run, RunStep
from pipelines.queries import words

STEP_LABELS = {
    "normalise": gettext_lazy("Read the original and put it in order"),
    "levels": gettext_lazy("Make levels of detail"),
    "encode": gettext_lazy("Write and compress the models"),
    "thumbnail": gettext_lazy("Draw the small picture"),
    "measure": gettext_lazy("Measure the errors"),
    "report": gettext_lazy("Write the report"),
    "image": gettext_lazy("Make the web picture"),
    "sound": gettext_lazy("Make the access copy"),
    "waveform": gettext_lazy("Draw the waveform"),
}
FACT_LABELS = {
    "triangles": pgettext_lazy("measured", "triangles"),
    "vertices": pgettext_lazy("measured", "vertices"),
    "corners": pgettext_lazy("measured", "corners"),
    "watertight": pgettext_lazy("measured", "watertight"),
    "manifold": pgettext_lazy("measured", "manifold"),
    "unit": pgettext_lazy("measured", "unit"),
    "unit_evidence": pgettext_lazy("measured", "unit taken from"),
    "up": pgettext_lazy("measured", "upward axis"),
    "diagonal": pgettext_lazy("measured", "diagonal"),
    "components": pgettext_lazy("measured", "parts"),
    "materials": pgettext_lazy("measured", "materials"),
    "boundary_edges": pgettext_lazy("measured", "open edges"),
    "uv": pgettext_lazy("measured", "texture coordinates"),
    "vertex_colours": pgettext_lazy("measured", "vertex colours"),
    "width": pgettext_lazy("measured", "width"),
    "height": pgettext_lazy("measured", "height"),
    "seconds": pgettext_lazy("measured", "seconds"),
    "channels": pgettext_lazy("measured", "channels"),
    "area": pgettext_lazy("measured", "area"),
    "volume": pgettext_lazy("measured", "volume"),
    "format": pgettext_lazy("measured", "format"),
    "size": pgettext_lazy("measured", "size"),
    "method": pgettext_lazy("measured", "method"),
    "simplifier": pgettext_lazy("measured", "simplified by"),
    "orientation": pgettext_lazy("measured", "orientation"),
    "evidence": pgettext_lazy("measured", "evidence"),
    "samples": pgettext_lazy("measured", "samples"),
    "bytes": pgettext_lazy("measured", "bytes"),
}
NOT_SHOWN = frozenset({"kind", "main", "renditions", "rendition_facts", "histogram"})  # shown elsewhere, or for programs only
MOST_FACTS = 12
BARS = 100


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
        return "–"
    unit = error.get("unit")
    return f"{error['mean']:.3g} {unit}" if unit else f"{(error.get('mean_relative') or 0) * 100:.3g} %"


def flat(facts: Mapping[str, Any], prefix: str = "") -> Iterator[Fact]:
    """Walk nested facts; lists are counted or joined, never dumped."""
    for key, value in facts.items():
        if key in NOT_SHOWN:
            continue
        name = f"{prefix}{FACT_LABELS.get(key, key.replace('_', ' '))}"
        if key == "bounds" and isinstance(value, Mapping):
            yield Fact(str(FACT_LABELS["size"]), extent(value))
        elif key == "errors" and isinstance(value, Mapping):
            yield from (Fact(role, mean_of(error)) for role, error in value.items())
        elif isinstance(value, Mapping):
            yield from flat(value, f"{name} · ")
        elif isinstance(value, list):
            if value and all(isinstance(item, (int, float, str)) for item in value) and len(value) <= 4:
                yield Fact(name, " × ".join(shown(item) for item in value))
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
