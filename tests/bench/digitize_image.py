# SPDX-License-Identifier: Apache-2.0
"""CPU seconds and memory of cutting a large TIFF into tiles; beside us vips' own command on the same file, in the same run."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

from digitize.preflight import prepare
from digitize.recipe import for_kind
from digitize.runner import StepLimits, run_recipe
from tests.bench.children import measure
from tests.bench.rows import Row

SIDE = 20_480
MIB = 2**20
_THREADS = "2"


def rows(side: int = SIDE) -> list[Row]:
    """Make a TIFF, digitize it, and let vips cut the same one."""
    with tempfile.TemporaryDirectory(prefix="qilu-bench-") as name:
        folder = Path(name)
        path = picture(folder / "in.tif", side)
        prepare(path, into=folder / "source")
        result = run_recipe(for_kind("image"), source=folder / "source", work=folder / "work", limits=StepLimits(), on_event=lambda _: None)
        steps = {step.step: step for step in result.steps}
        peer, told = _vips(path, folder)
        work = f"{side:,}² TIFF → pyramid"
        ours = steps["pyramid"]
        return [
            Row(work, round(ours.cpu_seconds, 2), peer[0], told, "CPU s"),
            Row(f"{work}: memory", round(ours.peak_bytes / MIB), peer[1], told, "MiB"),
            Row(f"{side:,}² TIFF: the whole recipe", round(result.cpu_seconds, 2), None, "", "CPU s"),
        ]


def _vips(path: Path, folder: Path) -> tuple[tuple[float | None, float | None], str]:
    """Cut the file with vips' own command; say why where that cannot be done."""
    vips = shutil.which("vips")
    if vips is None:
        return (None, None), "vips is not installed"
    used = measure([vips, "dzsave", path, folder / "peer"], environment={"VIPS_CONCURRENCY": _THREADS}, folder=folder)
    return (round(used.cpu_seconds, 2), round(used.peak_bytes / MIB)), "vips dzsave, unmeasured, not in sRGB"


def picture(path: Path, side: int, *, tiled: bool = True) -> Path:
    """Write a picture with structure at every scale and some noise, as a scan has them; the same each time."""
    os.environ.setdefault("VIPS_CONCURRENCY", _THREADS)
    import pyvips

    coarse = pyvips.Image.perlin(side, side, cell_size=256, seed=1)
    fine = pyvips.Image.perlin(side, side, cell_size=64, seed=3)
    noise = pyvips.Image.gaussnoise(side, side, sigma=6, mean=0, seed=1)
    bands = [(band * 80 + 128 + noise).cast("uchar") for band in (coarse, fine, coarse * 0.5 + fine * 0.5)]
    whole = bands[0].bandjoin(bands[1:]).copy(interpretation="srgb")
    whole.tiffsave(str(path), tile=tiled, bigtiff=True)
    return path
