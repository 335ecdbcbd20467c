# SPDX-License-Identifier: Apache-2.0
"""Splats as every reader yields them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from digitize.mesh import Floats, Singles

SH_ZERO = 0.28209479177387814  # the constant spherical harmonic


@dataclass(frozen=True)
class Splats:
    """Gaussians, each with one colour as seen from everywhere.

    Attributes
    ----------
    positions : (n, 3) float64, in the unit of the source.
    scales : (n, 3) float32, standard deviations along the axes, in the same unit.
    rotations : (n, 4) float32 unit quaternions (w, x, y, z).
    colours : (n, 3) float32 sRGB, 0 to 1 where it can be shown.
    opacity : (n,) float32, 0 to 1.
    directions : (n,) float32, root mean square by which the colour changes with the direction of view, 0 to 1.
    degree : of the spherical harmonics that the source has.
    unit, unit_evidence, up : as in `digitize.mesh.Mesh`.
    """

    positions: Floats
    scales: Singles
    rotations: Singles
    colours: Singles
    opacity: Singles
    directions: Singles
    degree: int
    unit: str | None = None
    unit_evidence: str = "undeclared"
    up: str | None = None

    def __len__(self) -> int:
        """Count the splats."""
        return len(self.positions)

    def take(self, chosen: NDArray[Any] | slice) -> Splats:
        """Keep the chosen splats: indices or a mask."""
        names = ("positions", "scales", "rotations", "colours", "opacity", "directions")
        parts: dict[str, Any] = {name: np.ascontiguousarray(getattr(self, name)[chosen]) for name in names}
        return replace(self, **parts)

    def weight(self) -> Floats:
        """Tell how much each splat matters (n,): its volume times its opacity."""
        return np.asarray(self.scales.astype(np.float64).prod(axis=1) * self.opacity)


def sound(splats: Splats) -> NDArray[np.bool_]:
    """Tell which splats can be seen: finite, with a size in at least two directions, not fully transparent at eight bits."""
    parts = (splats.positions, splats.scales, splats.rotations, splats.colours, splats.opacity[:, None])
    finite = np.all([np.isfinite(part).all(axis=1) for part in parts], axis=0)
    with np.errstate(invalid="ignore"):
        sized = (np.sort(splats.scales, axis=1)[:, 1] > 0) & (splats.scales < 1e15).all(axis=1)
        return np.asarray(finite & sized & (np.rint(splats.opacity * 255) > 0))


def unit_quaternions(values: NDArray[Any]) -> Singles:
    """Scale quaternions (n, 4) to length one; a null one is no turn."""
    length = np.linalg.norm(values, axis=1, keepdims=True)
    null = ~(length[:, 0] > 1e-12)
    result = values / np.where(null[:, None], 1.0, length)
    result[null] = (1.0, 0.0, 0.0, 0.0)
    return result.astype(np.float32)
