# SPDX-License-Identifier: Apache-2.0
"""Pictures to digitize, and the ways to do so: in this process, or as the site does."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from digitize.preflight import prepare
from digitize.recipe import for_kind
from digitize.runner import Result, StepLimits, run_recipe


def patches(rows: int = 6, columns: int = 8, side: int = 16, seed: int = 1) -> Image.Image:
    """Draw squares of muted colours, as a photograph has them."""
    colours = np.random.default_rng(seed).integers(40, 216, (rows, columns, 3), dtype=np.uint8)
    return Image.fromarray(np.kron(colours, np.ones((side, side, 1), np.uint8)))


def quarters(width: int = 80, height: int = 40) -> Image.Image:
    """Draw four corners in red, green, blue and yellow."""
    pixels = np.zeros((height, width, 3), dtype=np.uint8)
    half, middle = height // 2, width // 2
    pixels[:half, :middle], pixels[:half, middle:], pixels[half:, :middle], pixels[half:, middle:] = (
        (250, 0, 0),
        (0, 250, 0),
        (0, 0, 250),
        (250, 250, 0),
    )
    return Image.fromarray(pixels)


def step(path: Path, work: Path, module: str = "image", **params: Any) -> tuple[dict[str, Any], Path]:
    """Run one step on a picture in this process; give its facts and its folder."""
    prepare(path, into=work / "source")
    out = work / "out"
    out.mkdir()
    defaults: dict[str, Any] = {"sides": {"image": 2048, "thumbnail": 64}, "quality": 82}
    run = import_module(f"digitize.steps.{module}").run
    return run(inputs={"source": work / "source"}, out=out, params=defaults | params, progress=lambda f, m: None), out


def whole(path: Path, work: Path, *beside: Path, kind: str | None = None) -> Result:
    """Run the recipe of a file's kind, each step locked in as on the site."""
    intake = prepare(path, into=work / "source", beside=beside, kind=kind)
    return run_recipe(for_kind(intake.kind), source=work / "source", work=work / "work", limits=StepLimits(), on_event=lambda _: None)


def codes(facts: dict[str, Any]) -> list[str]:
    """List a step's doubts."""
    return [doubt["code"] for doubt in facts["doubts"]]
