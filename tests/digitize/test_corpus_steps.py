# SPDX-License-Identifier: Apache-2.0
"""What the pre-flight lets in, the first step of its recipe must bear: each sound input, cut short and with changed bytes, under small limits.

The hostile corpus ends at the pre-flight's refusals; this is what comes after: no crash, no limit reached, nothing lost without a word.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from digitize.errors import Doubt, Refusal, StepFailure
from digitize.messages import MESSAGES
from digitize.preflight import Intake, prepare
from digitize.recipe import for_kind, parse
from digitize.runner import StepLimits, run_recipe
from digitize.sandbox.limits import MIB
from tests.digitize.corpus import SOUND, Case

LIMITS = StepLimits(memory_bytes=1024 * MIB, cpu_seconds=60)
FILES = [case for case in SOUND if case.main]
# Lines without a count: that some are missing cannot be seen.
UNCOUNTED = frozenset({"obj", "xyz"})
# Faults that are known and still open, by case: the step ends with an exception of its own instead of a refusal.


def variants(data: bytes, seed: str) -> Iterator[tuple[str, bytes]]:
    """Change a file in a few ways, the same each time."""
    chance = random.Random(seed)
    for share in (0.3, 0.8):
        yield f"cut at {share:.0%}", data[: int(share * len(data))]
    yield "last byte cut", data[:-1]
    for number, reach in enumerate((min(len(data), 400), len(data), len(data))):
        changed = bytearray(data)
        for _ in range(1 + 4 * number):
            changed[chance.randrange(reach)] = chance.choice((0, 127, 255, chance.randrange(256)))
        yield f"changed {number}", bytes(changed)


def look(case: Case, data: bytes, folder: Path) -> Intake | Refusal:
    """Prepare one input."""
    (folder / "in").mkdir(parents=True)
    for name, content in {**case.files, case.main: data}.items():
        (folder / "in" / name).write_bytes(content)
    try:
        return prepare(folder / "in" / case.main, into=folder / "source")
    except Refusal as refusal:
        return refusal


def bear(intake: Intake, folder: Path) -> tuple[Doubt, ...] | Refusal | StepFailure:
    """Run the first step of the kind's recipe."""
    told = for_kind(intake.kind).as_json()
    recipe = parse({**told, "steps": told["steps"][:1]})
    try:
        return run_recipe(recipe, source=folder / "source", work=folder / "run", limits=LIMITS, on_event=lambda _: None).doubts
    except (Refusal, StepFailure) as error:
        return error


def went_wrong(ended: tuple[Doubt, ...] | Refusal | StepFailure) -> str | None:
    """Name what no input may bring about: a crash, a limit, an exception of ours, a code without words."""
    if isinstance(ended, tuple):
        return None
    return ended.message if ended.code.startswith("step.") or ended.code not in MESSAGES else None


@pytest.mark.slow
@pytest.mark.parametrize("case", FILES, ids=lambda case: case.name)
def test_the_first_step_bears_what_is_let_in(case: Case, tmp_path: Path):
    whole = look(case, case.files[case.main], tmp_path / "whole")
    assert isinstance(whole, Intake)
    ended = bear(whole, tmp_path / "whole")
    assert went_wrong(ended) is None
    said = {doubt.code for doubt in ended} if isinstance(ended, tuple) else set()
    for number, (what, data) in enumerate(variants(case.files[case.main], case.name)):
        folder = tmp_path / str(number)
        found = look(case, data, folder)
        if isinstance(found, Refusal):
            assert found.code in MESSAGES
            continue
        ended = bear(found, folder)
        assert went_wrong(ended) is None, what
        if "cut" in what and isinstance(ended, tuple) and whole.format not in UNCOUNTED:
            more = {doubt.code for doubt in ended} - said
            assert more or {**found.counts} == {**whole.counts}, f"{what}: fewer, and nothing said"
