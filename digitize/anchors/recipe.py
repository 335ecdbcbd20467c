# SPDX-License-Identifier: Apache-2.0
"""The recipe that places anchors: the surface is made by the very steps of the kind's own recipe, so a triangle's number means the same."""

from collections.abc import Mapping
from typing import Any

from digitize.recipe import ANCHORS, SOURCE, Recipe, Step, for_kind, load, names

NAME, VERSION = ANCHORS, 1
_SURFACE = "normalise"


def kinds() -> frozenset[str]:
    """Name the kinds of input that have a surface and levels of it."""
    return frozenset(kind for kind in {load(name).kind for name in names()} if any(step.name == "levels" for step in for_kind(kind).steps))


def recipe(kind: str, wishes: Mapping[str, Any]) -> Recipe:
    """Build the recipe for one input; `wishes` are the parameters of `digitize.steps.anchors`."""
    steps = {step.name: step for step in for_kind(kind).steps}
    wanted = _with_needs(_SURFACE, steps)
    own = Step(NAME, "digitize.steps.anchors", (SOURCE, _SURFACE), dict(wishes))
    return Recipe(NAME, VERSION, kind, (*(step for step in steps.values() if step.name in wanted), own))


def _with_needs(name: str, steps: Mapping[str, Step]) -> set[str]:
    """Name a step and every step that it rests on."""
    if name not in steps:
        return set()
    return {name}.union(*(_with_needs(need, steps) for need in steps[name].needs))
