# SPDX-License-Identifier: Apache-2.0
"""Splats as plain 32-byte records, the weightiest first, so that a page can show something before all has come; and what that loses."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from digitize.mesh import Floats
from digitize.preflight.cloud.splat import RECORD
from digitize.splats.model import Splats

_NO_DIFFERENCE = 1e-11  # mean square: a thousandth of a step of 255


def ordered(splats: Splats) -> Splats:
    """Sort by volume times opacity, largest first; equals keep their order."""
    return splats.take(np.argsort(-splats.weight(), kind="stable"))


def write(splats: Splats, path: Path) -> None:
    """Write records in the given order."""
    rows = np.zeros(len(splats), RECORD)
    rows["position"], rows["scale"] = splats.positions, splats.scales
    rows["colour"][:, :3] = np.rint(np.clip(splats.colours, 0, 1) * 255)
    rows["colour"][:, 3] = np.rint(np.clip(splats.opacity, 0, 1) * 255)
    rows["rotation"] = np.clip(np.rint(splats.rotations * 128 + 128), 0, 255)
    rows.tofile(path)


def loss(splats: Splats, back: Splats) -> dict[str, Any]:
    """Measure what records that were read back differ by from the splats they were written from.

    Returns
    -------
    Distances in the source's unit, colour in 255ths (the mean over all directions of view is shown, so `directions` is lost),
    opacity from 0 to 1, rotation in degrees; all weighted by opacity but the largest ones.
    """
    weight = splats.opacity.astype(np.float64) / float(splats.opacity.sum())
    place = np.linalg.norm(splats.positions - back.positions, axis=1)
    colour = np.abs(splats.colours.astype(np.float64) - back.colours)
    square = (colour**2).mean(axis=1) + splats.directions.astype(np.float64) ** 2
    cosine = np.abs(np.einsum("nd,nd->n", splats.rotations.astype(np.float64), back.rotations))
    angle = np.degrees(2 * np.arccos(np.clip(cosine, 0, 1)))
    mean_square = _mean(square, weight)
    psnr = float(-10 * np.log10(mean_square)) if mean_square > _NO_DIFFERENCE else None
    return {
        "place": {"mean": _mean(place, weight), "max": float(place.max())},
        "colour": {"mean": 255 * _mean(colour.mean(axis=1), weight), "max": 255 * float(colour.max()), "psnr": psnr},
        "directions": {"degree": splats.degree, "rms": 255 * float(np.sqrt(_mean(splats.directions.astype(np.float64) ** 2, weight)))},
        "opacity": {
            "mean": _mean(np.abs(splats.opacity - back.opacity), weight),
            "max": float(np.abs(splats.opacity - back.opacity).max()),
        },
        "rotation": {"mean": _mean(angle, weight), "max": float(angle.max())},
    }


def _mean(values: Floats, weight: Floats) -> float:
    """Return a weighted mean, added up the same way each time."""
    return float((values * weight).sum())
