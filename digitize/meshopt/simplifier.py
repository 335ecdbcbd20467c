# SPDX-License-Identifier: Apache-2.0
"""meshoptimizer's simplifier with attributes and vertex update, called as its C header defines it."""

from dataclasses import dataclass

import numpy as np

from digitize.mesh import Bytes, Integers, Singles
from digitize.meshopt.module import Module

LOCK_BORDER, ERROR_ABSOLUTE, PRUNE, REGULARIZE, PERMISSIVE, REGULARIZE_LIGHT = 1, 4, 8, 16, 32, 64
PROTECT = 2  # meshopt_SimplifyVertex_Protect: keep this vertex's discontinuity although PERMISSIVE is set
MEMORY = 3 << 30
_ANY_ERROR = 1e30  # the number of triangles decides; the error is measured afterwards


@dataclass(frozen=True)
class Simplified:
    """What came out: faces over the same vertex numbers, vertices moved, and the simplifier's own estimate of error."""

    faces: Integers
    positions: Singles
    attributes: Singles
    estimate: float


def simplify(
    faces: Integers,
    positions: Singles,
    attributes: Singles,
    weights: tuple[float, ...],
    *,
    triangles: int,
    options: int = 0,
    lock: Bytes | None = None,
    memory: int = MEMORY,
) -> Simplified:
    """Reduce to about `triangles`, moving the vertices that stay to where they fit best.

    Parameters
    ----------
    faces : (m, 3) int32.
    positions : (n, 3) float32, best within the unit cube.
    attributes : (n, k) float32; corners that share a position but differ here are kept apart.
    weights : k weights of the attributes against the position, whose extent counts as one.
    lock : (n,) uint8 flags, or None.

    Raises
    ------
    StepFailure
        `meshopt.memory`, `meshopt.trap`.
    """
    module = Module("meshopt_simplifier.js", memory)
    count, width = len(positions), attributes.shape[1]
    error = module.reserve(16)
    at_positions, at_attributes = module.put(_singles(positions)), module.put(_singles(attributes))
    at_weights, at_faces = module.put(np.array(weights, dtype=np.float32)), module.put(faces.astype(np.uint32))
    at_lock = 0 if lock is None else module.put(lock)
    where = [at_faces, faces.size, at_positions, count, 12, at_attributes, 4 * width, at_weights, width, at_lock]
    kept = int(module.call("meshopt_simplifyWithUpdate", [*where, 3 * triangles, _ANY_ERROR, options, error]))
    return Simplified(
        faces=module.get(at_faces, (kept // 3, 3), "<u4").astype(np.int32),
        positions=module.get(at_positions, (count, 3), "<f4"),
        attributes=module.get(at_attributes, (count, width), "<f4"),
        estimate=float(module.get(error, (1,), "<f4")[0]),
    )


def _singles(values: Singles) -> Singles:
    """Return an array as float32."""
    return values.astype(np.float32, copy=False)
