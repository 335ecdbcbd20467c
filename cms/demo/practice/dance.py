# SPDX-License-Identifier: Apache-2.0
"""The steps of a shadow-play warrior as a skeleton's motion, made by sums of sines and written as BVH.

The figure is about as tall as a person (centimetres; BVH has no place to say so); its arms swing on long rods, as the puppets' do.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import pi, sin
from pathlib import Path

from numpy.random import Generator, default_rng

SECONDS, RATE = 8.0, 30
NAME = "shadow-dance.bvh"


@dataclass(frozen=True)
class Wave:
    """One swing of a joint: axis (of Z, X, Y), degrees, swings in the whole dance, phase in turns."""

    axis: int
    degrees: float
    swings: int
    phase: float


@dataclass(frozen=True)
class Limb:
    """A joint: where it hangs on its parent, how it swings, what hangs on it; `end` closes the last one."""

    name: str
    offset: tuple[float, float, float]
    waves: tuple[Wave, ...] = ()
    limbs: tuple[Limb, ...] = ()
    end: tuple[float, float, float] | None = None


def _arm(side: int, name: str, lead: float) -> Limb:
    """Build an arm, its sleeve hanging from the hand; `side` is 1 on the figure's left."""
    sleeve = Limb(f"{name}Sleeve", (24.0 * side, 0, 0), (Wave(0, 35 * side, 8, lead + 0.2),), end=(18.0 * side, -12.0, 0))
    fore = Limb(f"{name}ForeArm", (26.0 * side, 0, 0), (Wave(0, 40 * side, 4, lead), Wave(2, 25, 4, lead)), (sleeve,))
    return Limb(f"{name}Arm", (16.0 * side, 22.0, 0), (Wave(0, 45 * side, 4, lead), Wave(1, 20, 2, lead)), (fore,))


def _leg(side: int, name: str, lead: float) -> Limb:
    """Build a leg that lifts high, as on the stage."""
    foot = Limb(f"{name}Foot", (0, -40.0, 0), (Wave(1, 12, 8, lead),), end=(0, -5.0, 14.0))
    shin = Limb(f"{name}Leg", (0, -42.0, 0), (Wave(1, 30, 8, lead + 0.15),), (foot,))
    return Limb(f"{name}UpLeg", (9.0 * side, -4.0, 0), (Wave(1, -34, 8, lead), Wave(0, 6 * side, 4, lead)), (shin,))


def figure() -> Limb:
    """Build the figure, from the hips."""
    plume = Limb("Plume", (0, 16.0, 0), (Wave(1, 22, 16, 0.1), Wave(0, 18, 8, 0.3)), end=(0, 26.0, -10.0))
    head = Limb("Head", (0, 28.0, 0), (Wave(2, 30, 2, 0.25), Wave(1, 8, 8, 0.0)), (plume,))
    chest = Limb("Chest", (0, 20.0, 0), (Wave(2, 18, 4, 0.0), Wave(1, 7, 8, 0.25)), (head, _arm(1, "Left", 0.0), _arm(-1, "Right", 0.5)))
    return Limb("Hips", (0, 0, 0), (Wave(2, 24, 2, 0.0),), (chest, _leg(1, "Left", 0.0), _leg(-1, "Right", 0.5)))


def _walk(limb: Limb) -> Iterator[Limb]:
    """Give a limb and all that hangs on it, in the file's order."""
    yield limb
    for one in limb.limbs:
        yield from _walk(one)


def _hierarchy(limb: Limb, depth: int = 0) -> Iterator[str]:
    """Write the skeleton."""
    pad = "\t" * depth
    word = "JOINT" if depth else "ROOT"
    yield f"{pad}{word} {limb.name}\n{pad}{{"
    yield f"{pad}\tOFFSET {_row(limb.offset)}"
    places = "" if depth else "Xposition Yposition Zposition "
    yield f"{pad}\tCHANNELS {3 if depth else 6} {places}Zrotation Xrotation Yrotation"
    for one in limb.limbs:
        yield from _hierarchy(one, depth + 1)
    if limb.end is not None:
        yield f"{pad}\tEnd Site\n{pad}\t{{\n{pad}\t\tOFFSET {_row(limb.end)}\n{pad}\t}}"
    yield f"{pad}}}"


def _row(values: tuple[float, ...]) -> str:
    """Write numbers as the file has them."""
    return " ".join(f"{value:.4f}" for value in values)


def _frame(limbs: list[Limb], at: float, shifts: list[float]) -> tuple[float, ...]:
    """Give all channels at a moment, `at` in shares of the dance."""
    path = (36.0 * sin(4 * pi * at), 92.0 + 5.0 * abs(sin(8 * pi * at)), 12.0 * sin(8 * pi * at))
    turns: list[float] = []
    for limb, shift in zip(limbs, shifts, strict=True):
        angles = [0.0, 0.0, 0.0]
        for wave in limb.waves:
            angles[wave.axis] += wave.degrees * sin(2 * pi * (wave.swings * at + wave.phase + shift))
        turns += angles
    return (*path, *turns)


def text(seed: int = 1, seconds: float = SECONDS) -> str:
    """Write the whole file; equal seeds give equal text."""
    rng: Generator = default_rng(seed)
    root = figure()
    limbs = list(_walk(root))
    shifts = [float(shift) for shift in rng.uniform(-0.03, 0.03, len(limbs))]
    count = round(seconds * RATE)
    rows = [_row(_frame(limbs, frame / count, shifts)) for frame in range(count)]
    return "\n".join(["HIERARCHY", *_hierarchy(root), "MOTION", f"Frames: {count}", f"Frame Time: {1 / RATE:.6f}", *rows]) + "\n"


def build(folder: Path, seed: int, detail: float) -> Path:
    """Write the dance into `folder`; with less detail it is shorter."""
    path = folder / NAME
    path.write_text(text(seed, SECONDS * max(detail, 0.25)), encoding="ascii")
    return path
