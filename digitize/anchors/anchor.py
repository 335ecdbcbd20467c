# SPDX-License-Identifier: Apache-2.0
"""An anchor: a point of a surface, with what the surface looks like around it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from digitize.measure.closest import Surface, surface
from digitize.mesh import Floats, Mesh
from digitize.topology import face_normals

RADIUS = 0.02  # of the diagonal: how far around an anchor the surface is remembered
_RINGS, _SPOKES = 5, 16


@dataclass(frozen=True)
class Anchor:
    """A place on a surface.

    Attributes
    ----------
    face, weights : the triangle and the barycentric weights (3,) there.
    position, normal : (3,) in the mesh's unit and frame; the normal is that of the surface around, not of one triangle.
    tangent : (3,) unit vector at right angles to the normal, from which the pattern of `heights` is laid out.
    radius : of the part of the surface that is remembered, in the unit.
    heights : (rings * spokes,) how high the surface stands above the tangent plane at points around, over the radius.
    unit : of the mesh, or None.
    """

    face: int
    weights: tuple[float, float, float]
    position: tuple[float, float, float]
    normal: tuple[float, float, float]
    tangent: tuple[float, float, float]
    radius: float
    heights: tuple[float, ...]
    unit: str | None = None

    def as_json(self) -> dict[str, Any]:
        """Give the anchor as JSON."""
        lists = {name: list(getattr(self, name)) for name in ("weights", "position", "normal", "tangent", "heights")}
        return {"face": self.face, **lists, "radius": self.radius, "unit": self.unit}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Anchor":
        """Read what `as_json` wrote."""
        points: dict[str, Any] = {
            name: tuple(float(x) for x in data[name]) for name in ("weights", "position", "normal", "tangent", "heights")
        }
        return cls(face=int(data["face"]), radius=float(data["radius"]), unit=data.get("unit"), **points)


def anchor(
    mesh: Mesh, face: int, weights: tuple[float, float, float], radius: float | None = None, search: Surface | None = None
) -> Anchor:
    """Make an anchor at barycentric weights of a face; `radius` in the mesh's unit, else a fiftieth of the diagonal.

    Raises
    ------
    ValueError
        Where there is no such face or the weights are none.
    """
    if not 0 <= face < mesh.triangles or abs(sum(weights) - 1.0) > 1e-6 or min(weights) < -1e-6:
        raise ValueError("no such place on the mesh")
    around = search or surface(mesh.positions, mesh.faces)
    reach = radius or RADIUS * mesh.diagonal()
    position = np.array(weights) @ mesh.positions[mesh.faces[face]]
    normal = normal_around(mesh, around, position, face, reach)
    tangent = _tangent(normal)
    heights = heights_around(around, mesh, position, normal, tangent=tangent, radius=reach)
    return Anchor(face, _three(weights), _three(position), _three(normal), _three(tangent), reach, tuple(heights.tolist()), mesh.unit)


def pattern(position: Floats, normal: Floats, tangent: Floats, radius: float) -> Floats:
    """Return points (rings * spokes, 3) on the tangent plane around a position, in the unit."""
    other = np.cross(normal, tangent)
    angle = 2.0 * np.pi * np.arange(_SPOKES) / _SPOKES
    spokes = np.cos(angle)[:, None] * tangent + np.sin(angle)[:, None] * other
    rings = radius * np.arange(1, _RINGS + 1) / _RINGS
    return position + (rings[:, None, None] * spokes[None]).reshape(-1, 3)


def heights_around(search: Surface, mesh: Mesh, position: Floats, normal: Floats, *, tangent: Floats, radius: float) -> Floats:
    """Return how far above the tangent plane the surface is nearest to each point of the pattern, over the radius."""
    points = pattern(position, normal, tangent, radius)
    found = search.closest(points)
    feet = np.einsum("kc,kcd->kd", found.weights, mesh.positions[mesh.faces[found.face]])
    off = feet - points
    # Where the surface ends, its nearest point lies aside: the distance tells that nothing is there.
    return np.where(off @ normal < 0, -1.0, 1.0) * found.distance / radius


def normal_around(mesh: Mesh, search: Surface, position: Floats, face: int, radius: float) -> Floats:
    """Return the unit normal (3,) of the surface within half the radius, on the side of the given face."""
    own = face_normals(mesh.positions, mesh.faces[[face]])[0]
    size = float(np.linalg.norm(own))
    start = own / size if size > 0 else np.array([0.0, 0.0, 1.0])
    found = search.closest(pattern(position, start, _tangent(start), radius / 2))
    normals = face_normals(mesh.positions, mesh.faces[found.face])
    normals /= np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), np.finfo(np.float64).tiny)
    mean = normals[normals @ start > 0].sum(axis=0) + start
    length: float = float(np.linalg.norm(mean))
    return mean / length


def _tangent(normal: Floats) -> Floats:
    """Return a unit vector at right angles to a normal, the same each time."""
    axis = np.zeros(3)
    axis[int(np.argmin(np.abs(normal)))] = 1.0
    along = np.cross(normal, axis)
    return along / np.linalg.norm(along)


def _three(values: Any) -> tuple[float, float, float]:
    """Return three plain numbers."""
    x, y, z = (float(value) for value in values)
    return x, y, z
