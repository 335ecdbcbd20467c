# SPDX-License-Identifier: Apache-2.0
"""The point of a surface that is nearest to a place and looks the same way."""

import numpy as np

from digitize.measure.closest import Surface, triangle_weights
from digitize.mesh import Floats, Mesh
from digitize.topology import face_normals

Place = tuple[int, Floats]


def facing(position: Floats, normal: Floats | None, mesh: Mesh, search: Surface, *, reach: float) -> Place | None:
    """Return the face and weights (3,) of the closest point that looks the same way; None where there is none within reach.

    The closest point of all may be the other side of a thin wall: then the faces around are looked through.

    Parameters
    ----------
    position, normal : (3,) in the mesh's unit and frame; without a normal either side will do.
    """
    found = search.closest(position[None])
    if found.distance[0] > reach:
        return None
    face = int(found.face[0])
    if normal is None or float(face_normals(mesh.positions, mesh.faces[[face]])[0] @ normal) > 0:
        return face, found.weights[0]
    corners = mesh.positions[mesh.faces]
    near = np.flatnonzero(((corners.min(axis=1) <= position + reach) & (corners.max(axis=1) >= position - reach)).all(axis=1))
    near = near[face_normals(mesh.positions, mesh.faces[near]) @ normal > 0]
    weights = triangle_weights(np.tile(position, (len(near), 1)), corners[near])
    distance = np.linalg.norm(np.einsum("kc,kcd->kd", weights, corners[near]) - position, axis=1)
    if not len(near) or distance.min() > reach:
        return None
    best = int(np.argmin(distance))
    return int(near[best]), weights[best]
