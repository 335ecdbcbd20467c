# SPDX-License-Identifier: Apache-2.0
"""How coarse a level's compressed twins may be: as coarse as its own error lets pass unnoticed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from digitize.encode.lattice import Snapped, fit
from digitize.mesh import Floats, Mesh

SAMPLES = 20_000
TEXEL_BITS = 2  # uv are written to a quarter of a texel


@dataclass(frozen=True)
class Bits:
    """What a lattice may have and cost.

    Attributes
    ----------
    least, most : bits of a coordinate.
    added : share by which a level's error may grow.
    floor : rms error in 1e-4 of the diagonal that is free, for levels that have none of their own.
    """

    least: int = 10
    most: int = 16
    added: float = 0.05
    floor: float = 0.03


def own_error(level: Mesh, original: Floats) -> float:
    """Return the root mean square distance of some of the original's vertices (n, 3) to a level, in their unit."""
    from digitize.measure.closest import surface

    points = np.asarray(original[:: max(1, len(original) // SAMPLES)], dtype=np.float64)
    return float(np.sqrt((surface(level.positions, level.faces).closest(points).distance ** 2).mean()))


def snapped(level: Mesh, original: Floats, bits: Bits) -> Snapped:
    """Put a level on the coarsest lattice whose error, independent of the level's own, adds no more than it may."""
    share = np.sqrt((1 + bits.added) ** 2 - 1)
    allowed = max(share * own_error(level, original), bits.floor * 1e-4 * level.diagonal())
    return fit(level, allowed, least=bits.least, most=bits.most)


def uv_bits(mesh: Mesh) -> int:
    """Return how many bits uv need to hit their texels."""
    if mesh.uv is None or not mesh.textures:
        return 8
    side = max(max(texture.width, texture.height) for texture in mesh.textures)
    return int(np.clip(np.ceil(np.log2(max(float(np.ptp(mesh.uv, axis=0).max()), 1.0) * side)) + TEXEL_BITS, 8, 16))


def facts(found: Snapped, uv: int, normal: int) -> Mapping[str, Any]:
    """State what the twins lost to their lattice; lengths in the source's unit."""
    bits = {"position": found.lattice.bits, "uv": uv, "normal": normal}
    return {"bits": bits, "lattice": {"step": found.lattice.step, "rms": found.rms, "collapsed": found.collapsed}}
