# SPDX-License-Identifier: Apache-2.0
"""A level of detail painted with its own error."""

from pathlib import Path
from typing import Any

import numpy as np

from digitize.encode import glb, lattice
from digitize.measure.compare import Compared, Reference
from digitize.measure.ramp import legend, ramp
from digitize.mesh import METRES, Floats, Material, Mesh
from digitize.topology import identical_rows

ROLE, NAME = "heat", "heat.glb"
_BITS = 12  # a picture of the error need not be as exact as what it pictures
_SHARE = 0.99  # of the surface within the ramp; what is farther has its last colour


def write(original: Reference, derived: Mesh, found: Compared, out: Path, of: str) -> dict[str, Any]:
    """Write the level as an unlit GLB whose vertex colours are its distance to the original; describe it.

    Returns
    -------
    The rendition: `of`, the role that is painted; `scale` with `low` and `high` in the source's `unit`, in 1e-4 of the
    diagonal and in mm where the unit is known, and `beyond`, the share of vertices farther than `high`; `colours`, the
    ramp from low to high.
    """
    at = vertex_distances(derived, found)
    both = np.concatenate([way.closest.distance for way in (found.there, found.back)])
    high = float(np.quantile(both, _SHARE)) or float(both.max()) or original.diagonal * 1e-9
    painted = _painted(derived, at / high)
    path = out / NAME
    snapped = lattice.snap(painted, _BITS)
    counts = glb.write(snapped.mesh, path, codec=glb.Draco(position=_BITS), lattice=snapped.lattice)
    return {
        "role": ROLE,
        "media_type": "model/gltf-binary",
        "path": NAME,
        "triangles": counts["triangles"],
        "of": of,
        "scale": {
            "low": 0.0,
            "high": high,
            "unit": original.mesh.unit,
            "high_per_10000_of_diagonal": 1e4 * high / original.diagonal,
            "high_mm": high * METRES[original.mesh.unit] * 1e3 if original.mesh.unit else None,
            "beyond": float((at > high).mean()),
        },
        "colours": legend(),
    }


def vertex_distances(derived: Mesh, found: Compared) -> Floats:
    """Return the distance that the samples around each vertex have to the other surface: (n,), in the unit.

    Samples of both ways count, each by its barycentric weight at the corners of the triangle of `derived` that it lies on
    or is closest to; a vertex that no sample reaches takes the mean of those that share a triangle with it.
    """
    number = identical_rows(derived.positions)[1]  # both sides of a seam are one place
    faces = number[derived.faces]
    total, weight = np.zeros(int(number.max()) + 1), np.zeros(int(number.max()) + 1)
    for face, weights, distance in (
        (found.there.closest.face, found.there.closest.weights, found.there.closest.distance),
        (found.back.samples.face, found.back.samples.weights, found.back.closest.distance),
    ):
        corners = faces[face].ravel()
        total += np.bincount(corners, weights=(weights * distance[:, None]).ravel(), minlength=len(total))
        weight += np.bincount(corners, weights=weights.ravel(), minlength=len(total))
    return _spread(total, weight, faces)[number]


def _spread(total: Floats, weight: Floats, faces: Any) -> Floats:
    """Divide, and fill what has no weight from its neighbours, ring by ring."""
    known = weight > 0
    value = np.where(known, total / np.where(known, weight, 1.0), 0.0)
    while not known.all():
        share = np.where(known, value, 0.0)[faces]
        around, count = share.sum(axis=1)[:, None] - share, known[faces].sum(axis=1)[:, None] - known[faces]
        summed = np.bincount(faces.ravel(), weights=around.ravel(), minlength=len(value))
        counted = np.bincount(faces.ravel(), weights=count.ravel(), minlength=len(value))
        new = ~known & (counted > 0)
        if not new.any():
            break
        value[new] = summed[new] / counted[new]
        known |= new
    return value


def _painted(mesh: Mesh, share: Floats) -> Mesh:
    """Return the bare welded surface with the ramp's colours at its vertices."""
    first, number = identical_rows(mesh.positions)
    colours = np.hstack([ramp(share[first]), np.full((len(first), 1), 255, dtype=np.uint8)])
    return Mesh(
        positions=mesh.positions[first],
        faces=number[mesh.faces],
        material_of=np.zeros(mesh.triangles, dtype=np.int32),
        materials=(Material(name="error", unlit=True, double_sided=True),),
        colours=colours,
        unit=mesh.unit,
        unit_evidence=mesh.unit_evidence,
        up=mesh.up,
    )
