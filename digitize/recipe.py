# SPDX-License-Identifier: Apache-2.0
"""Recipes: which steps a kind of input goes through; data, versioned, named by digest."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from digitize.errors import DigitizeError
from digitize.programs import PROGRAMS

FOLDER = Path(__file__).with_name("recipes")
SOURCE, RECIPE = "source", "recipe"
ANCHORS = "anchors"  # the recipe that `digitize.anchors.recipe` builds
KINDS = ("mesh", "points", "splats", "photos", "image", "document", "sound", "film", "motion")
MOST_PATIENCE = 20
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
_MEMBERS = {"name", "run", "needs"}
_MODULE = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)*")


class RecipeError(DigitizeError):
    """A recipe that is not there, or says something that cannot be followed."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step: a module with ``run``, the earlier steps whose files it reads (``source`` and ``recipe`` are given), its parameters.

    `programs` names the outside programs that it may start, of `digitize.programs`; `patience` multiplies the time that a
    step may take, for work that grows with hours of film.
    """

    name: str
    run: str
    needs: tuple[str, ...]
    params: Mapping[str, Any]
    programs: tuple[str, ...] = ()
    patience: int = 1

    def as_json(self) -> dict[str, Any]:
        """Give the step as the recipe's file states it."""
        said = {"name": self.name, "run": self.run, "needs": list(self.needs), "params": dict(self.params)}
        own = {"programs": list(self.programs)} if self.programs else {}
        return {**said, **own, **({"patience": self.patience} if self.patience != 1 else {})}


@dataclass(frozen=True, slots=True)
class Recipe:
    """A validated recipe; `digest` (hex SHA-256) names exactly these steps and parameters."""

    name: str
    version: int
    kind: str
    steps: tuple[Step, ...]

    def as_json(self) -> dict[str, Any]:
        """Give the recipe as its file states it."""
        return {"name": self.name, "version": self.version, "kind": self.kind, "steps": [step.as_json() for step in self.steps]}

    @property
    def digest(self) -> str:
        """Give the SHA-256 of the recipe's canonical JSON, in hex."""
        return hashlib.sha256(canonical(self.as_json())).hexdigest()


def canonical(value: object) -> bytes:
    """Write a JSON value with sorted keys and no spaces: enough for comparing our own files."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()


def parse(data: object, *, name: str = "?") -> Recipe:
    """Validate a recipe's JSON.

    Raises
    ------
    RecipeError
        ``recipe.invalid``, saying what is wrong and in which step.
    """
    if not isinstance(data, Mapping):
        raise _invalid(name, "it is not an object")
    if set(data) != {"name", "version", "kind", "steps"}:
        raise _invalid(name, "its members must be name, version, kind and steps")
    if not isinstance(data["name"], str) or not _NAME.fullmatch(data["name"]):
        raise _invalid(name, "its name must be small letters, digits and hyphens")
    if not isinstance(data["version"], int) or isinstance(data["version"], bool) or data["version"] < 1:
        raise _invalid(name, "its version must be a whole number from 1")
    if data["kind"] not in KINDS:
        raise _invalid(name, f"its kind must be one of {', '.join(KINDS)}")
    if not isinstance(data["steps"], list) or not data["steps"]:
        raise _invalid(name, "it has no steps")
    return Recipe(data["name"], data["version"], data["kind"], _steps(data["steps"], name))


def _steps(items: list[object], recipe: str) -> tuple[Step, ...]:
    """Validate the steps in order, so that a step can only need an earlier one."""
    known: set[str] = {SOURCE, RECIPE}
    steps: list[Step] = []
    for place, item in enumerate(items, 1):
        step = _step(item, recipe, f"step {place}")
        if step.name in known:
            raise _invalid(recipe, f"the name {step.name} is taken", f"step {place}")
        if missing := [need for need in step.needs if need not in known]:
            raise _invalid(recipe, f"{step.name} needs {missing[0]}, which is no earlier step", f"step {place}")
        known.add(step.name)
        steps.append(step)
    return tuple(steps)


def _step(item: object, recipe: str, at: str) -> Step:
    """Validate one step by itself."""
    if not isinstance(item, Mapping) or not _MEMBERS <= set(item) <= _MEMBERS | {"params", "programs", "patience"}:
        raise _invalid(recipe, "a step's members are name, run, needs, params, programs and patience", at)
    name, run, needs, params = item["name"], item["run"], item["needs"], item.get("params", {})
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise _invalid(recipe, "a step's name must be small letters, digits and hyphens", at)
    if not isinstance(run, str) or not _MODULE.fullmatch(run):
        raise _invalid(recipe, f"{name}: run must name a module", at)
    if not isinstance(needs, list) or not needs or not all(isinstance(need, str) for need in needs):
        raise _invalid(recipe, f"{name}: needs must list earlier steps", at)
    if not isinstance(params, Mapping):
        raise _invalid(recipe, f"{name}: params must be an object", at)
    patience = item.get("patience", 1)
    if type(patience) is not int or not 1 <= patience <= MOST_PATIENCE:
        raise _invalid(recipe, f"{name}: patience must be a whole number from 1 to {MOST_PATIENCE}", at)
    return Step(name, run, tuple(needs), dict(params), _programs(item.get("programs", []), recipe, name, at), patience)


def _programs(listed: object, recipe: str, step: str, at: str) -> tuple[str, ...]:
    """Validate the outside programs of a step: only those of the table."""
    if not isinstance(listed, list) or not all(isinstance(one, str) and one in PROGRAMS for one in listed):
        raise _invalid(recipe, f"{step}: programs may be {', '.join(PROGRAMS)}", at)
    return tuple(listed)


def _invalid(name: str, problem: str, at: str | None = None) -> RecipeError:
    return RecipeError("recipe.invalid", at=at, name=name, problem=problem)


def load(name_or_path: str | Path) -> Recipe:
    """Load a recipe by its name among ours, or from a path.

    Raises
    ------
    RecipeError
        ``recipe.unknown`` or ``recipe.invalid``.
    """
    path = name_or_path if isinstance(name_or_path, Path) else FOLDER / f"{name_or_path}.json"
    if isinstance(name_or_path, str) and not _NAME.fullmatch(name_or_path):
        raise RecipeError("recipe.unknown", name=name_or_path, known=", ".join(names()))
    try:
        data = json.loads(path.read_bytes())
    except OSError:
        raise RecipeError("recipe.unknown", name=str(name_or_path), known=", ".join(names())) from None
    except (ValueError, RecursionError) as error:
        raise _invalid(path.stem, str(error)) from error
    return parse(data, name=path.stem)


def names() -> list[str]:
    """List our own recipes by name."""
    return sorted(path.stem for path in FOLDER.glob("*.json"))


def for_kind(kind: str) -> Recipe:
    """Load the recipe for a kind of input: ``mesh``, ``image`` or ``sound``."""
    for name in names():
        recipe = load(name)
        if recipe.kind == kind:
            return recipe
    raise RecipeError("recipe.unknown", name=kind, known=", ".join(names()))


def one_level(recipe: Recipe, triangles: int) -> Recipe:
    """Make one level of so many triangles out of a recipe's tree of levels.

    Raises
    ------
    RecipeError
        ``recipe.no-levels`` where no step makes any.
    """
    if not any("levels" in step.params for step in recipe.steps):
        raise RecipeError("recipe.no-levels", name=recipe.name)
    level = {"role": "lod-0", "purpose": "asked", "triangles": triangles, "exact": True}
    return replace(recipe, steps=tuple(replace(step, params=_only(step.params, level)) for step in recipe.steps))


def _only(params: Mapping[str, Any], level: Mapping[str, Any]) -> dict[str, Any]:
    """Replace the levels, and what names one of them, by the only one."""
    changed = {"levels": [level], "heat": level["role"], "usdz": level["role"]}
    return {name: changed.get(name, value) for name, value in params.items()}
