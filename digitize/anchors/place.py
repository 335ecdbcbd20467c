# SPDX-License-Identifier: Apache-2.0
"""Anchor what somebody pointed at: a position, and the way the surface looked there."""

import numpy as np

from digitize.anchors.anchor import RADIUS, Anchor, anchor
from digitize.anchors.carry import Lost
from digitize.anchors.near import facing
from digitize.anchors.register import Registration
from digitize.encode.parts import placement, rotation_matrix
from digitize.measure.closest import Surface, surface
from digitize.mesh import Floats, Mesh


def in_file(mesh: Mesh) -> Registration:
    """Tell how a mesh lies in the GLB files that are made of it: turned upright, in metres where its unit is known."""
    place = placement(mesh)
    still = np.zeros(3)
    return Registration(rotation_matrix(place.rotation), still, place.scale, residual=0.0, residual_e4=0.0, overlap=1.0, ambiguous=False)


def place(mesh: Mesh, position: Floats, normal: Floats | None = None, search: Surface | None = None) -> Anchor | Lost:
    """Anchor the point of the surface nearest to a position, on the side that looks along `normal`.

    Parameters
    ----------
    position, normal : (3,) in the mesh's unit and frame; what was pointed at may be a level of it, a little beside the surface.
    """
    around = search or surface(mesh.positions, mesh.faces)
    reach = RADIUS * mesh.diagonal()
    found = facing(position, normal, mesh, around, reach=reach)
    if found is None:
        return Lost("anchor.no-surface", {"reach": f"{reach:.3g}", "unit": mesh.unit or ""})
    face, weights = found
    a, b, c = (float(weight) for weight in np.clip(weights, 0.0, 1.0) / np.clip(weights, 0.0, 1.0).sum())
    return anchor(mesh, face, (a, b, c), search=around)
