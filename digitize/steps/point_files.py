# SPDX-License-Identifier: Apache-2.0
"""Publish a cleaned cloud as points, measure the file against all points, and picture it where no surface is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from digitize.points import cloud, glb
from digitize.points.cloud import Cloud
from digitize.steps import write_facts

QUALITY = 80


def run(*, inputs: Mapping[str, Path], out: Path, params: Mapping[str, Any], progress: Callable[[float, str], None]) -> dict[str, Any]:
    """Write the cloud of `points` as GLB.

    Parameters
    ----------
    params : `side` of a thumbnail in pixels; 0 for none.
    """
    published, everything = cloud.load(inputs["points"] / "cloud"), cloud.load(inputs["points"] / "sample")
    progress(0.0, "writing")
    written = glb.write(published, out / "points.glb")
    renditions: list[dict[str, Any]] = [{"role": "points", "media_type": "model/gltf-binary", "path": "points.glb", "points": written}]
    progress(0.3, "measuring")
    facts: dict[str, Any] = {"errors": {"points": error(out / "points.glb", everything, written)}}
    side = int(params.get("side", 0))
    if side:
        progress(0.6, "picturing")
        renditions.append(_thumbnail(published, side, out))
        facts["method"] = "points in a depth buffer (numpy)"
    facts["renditions"] = renditions
    write_facts(out, facts)
    return facts


def error(path: Path, everything: Cloud, written: int) -> dict[str, Any]:
    """Measure how far each measured point lies from the nearest one in the file, and how far its colour is off there.

    Raises
    ------
    StepFailure
        ``measure.lost`` where the file holds another number of points than was written.
    """
    from scipy.spatial import cKDTree

    from digitize.errors import StepFailure

    positions, colours = glb.read_back(path, everything.unit)
    if len(positions) != written:
        raise StepFailure("measure.lost", role="points", given=written, got=len(positions))
    distance, index = cKDTree(positions).query(everything.positions)
    mean, most, diagonal = float(distance.mean()), float(distance.max()), everything.diagonal()
    psnr = None
    if everything.colours is not None and colours is not None:
        square = float(np.mean((everything.colours.astype(np.float64) - colours[index]) ** 2))
        psnr = float(10 * np.log10(255.0**2 / square)) if square > 1e-6 else None
    return {
        "mean": mean, "max": most, "mean_relative": mean / diagonal, "max_relative": most / diagonal,
        "unit": everything.unit, "colour_psnr": psnr,
    }  # fmt: skip


def _thumbnail(published: Cloud, side: int, out: Path) -> dict[str, Any]:
    """Picture the points."""
    from PIL import Image

    from digitize.points.picture import picture

    pixels, standing = picture(published, side)
    Image.fromarray(pixels).save(out / "thumbnail.webp", quality=QUALITY, alpha_quality=90, method=6)
    orientation = {"up": standing.up, "evidence": standing.evidence, "rest": standing.rest}
    return {
        "role": "thumbnail",
        "media_type": "image/webp",
        "path": "thumbnail.webp",
        "width": side,
        "height": side,
        "orientation": orientation,
    }
