# SPDX-License-Identifier: Apache-2.0
"""How coarse a level's compressed twins may be: as coarse as its own error lets pass unnoticed."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from digitize.encode.lattice import Snapped, fit
from digitize.mesh import Floats, Mesh
from digitize.topology import areas

SAMPLES = 20_000
SHIFT = 0.025  # of a texel: how far (rms) a lattice may push a surface along its own map
_HALVINGS = 24  # to a ten-millionth of the range: bits are whole numbers
TEXEL_BITS = 4  # a sixteenth of a texel: coarser costs decibels of colour, finer only bytes


@dataclass(frozen=True)
class Bits:
    """What a lattice may have and cost.

    Attributes
    ----------
    least, most : bits of a coordinate.
    added : share by which a level's mean error may grow.
    floor : rms error in 1e-4 of the diagonal that is free, for levels that have none of their own.
    """

    least: int = 10
    most: int = 16
    added: float = 0.05
    floor: float = 0.03


def own_distances(level: Mesh, original: Floats) -> Floats:
    """Return the distances of some of the original's vertices (n, 3) to a level, in their unit."""
    from digitize.measure.closest import surface

    points = np.asarray(original[:: max(1, len(original) // SAMPLES)], dtype=np.float64)
    return surface(level.positions, level.faces).closest(points).distance


def allowed(distances: Floats, added: float) -> float:
    """Return the spread (rms) of an independent error that raises the mean of some distances by the share `added`.

    A distance d with a normally distributed one added has the mean s·√(2/π)·exp(-d²/2s²) + d·erf(d/(s·√2)) (folded normal
    distribution): where most of a level has no error of its own, that is less than a sum of squares would allow.
    """
    target, low, high = (1 + added) * float(distances.mean()), 0.0, 2 * float(distances.max())
    for _ in range(_HALVINGS):
        s = max((low + high) / 2, 1e-300)
        share = distances / s
        mean = float((s * np.sqrt(2 / np.pi) * np.exp(-0.5 * share**2) + distances * _erf(share / np.sqrt(2))).mean())
        low, high = (s, high) if mean < target else (low, s)
    return low


def _erf(values: Floats) -> Floats:
    """Return the error function of values (k,), by the standard library: loading scipy's takes longer than all of them."""
    return np.fromiter(map(math.erf, values), dtype=np.float64, count=len(values))


def snapped(level: Mesh, original: Floats, bits: Bits) -> Snapped:
    """Put a level on the coarsest lattice that raises its mean error by no more than it may."""
    spread = max(allowed(own_distances(level, original), bits.added), bits.floor * 1e-4 * level.diagonal())
    return fit(level, min(spread, SHIFT * texel(level)), least=bits.least, most=bits.most)


def texel(mesh: Mesh) -> float:
    """Return the side of a texel on the surface, in its unit: the median over the faces; infinite where there is no texture."""
    if mesh.uv is None or not mesh.textures:
        return float("inf")
    uv = mesh.uv[mesh.faces].astype(np.float64) * max(max(one.width, one.height) for one in mesh.textures)
    one, two = uv[:, 1] - uv[:, 0], uv[:, 2] - uv[:, 0]
    flat, solid = np.abs(one[:, 0] * two[:, 1] - one[:, 1] * two[:, 0]) / 2, areas(mesh.positions, mesh.faces)
    seen = flat > 0
    return float(np.sqrt(np.median(solid[seen] / flat[seen]))) if seen.any() else float("inf")


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
