# SPDX-License-Identifier: Apache-2.0
"""What fewer triangles no longer show: the original's normals in the level's tangent space, and how open each place lies.

Source: glTF 2.0 §3.9.3 (normal and occlusion textures; X along u, Y against v, as v runs down); Mikkelsen 2008 (tangents follow
the layout; here one for each face, made square to the interpolated normal, as viewers derive it); Landis 2002 (ambient occlusion).
"""

import numpy as np

from digitize.bake.canvas import Canvas, Look
from digitize.bake.gather import interpolate, unit
from digitize.bake.paint import Paint
from digitize.bake.texels import Place
from digitize.mesh import Integers, Mesh, Singles
from digitize.topology import face_normals

RAYS, REACH = 16, 0.25  # for each texel; of the largest extent
_LIFT = np.float32(2e-4)
_GOLDEN = 0.6180339887498949


def shading(mesh: Mesh, face: Integers, weights: Singles) -> Singles:
    """Return the unit normals (k, 3) that a viewer shades points with, without any map."""
    if mesh.normals is None:
        return unit(face_normals(mesh.positions, mesh.faces[face]).astype(np.float32))
    return unit(interpolate(mesh.normals, mesh.faces, face, weights))


def frame(mesh: Mesh, face: Integers, normal: Singles) -> tuple[Singles, Singles]:
    """Return tangent and bitangent (k, 3), square to the given normals; any such pair where a face has no layout."""
    assert mesh.uv is not None
    corner = mesh.faces[face]
    a, b, c = (mesh.positions[corner[:, number]] for number in range(3))
    u, v, w = (mesh.uv[corner[:, number]].astype(np.float64) for number in range(3))
    one, two, first, second = b - a, c - a, v - u, w - u
    area = first[:, 0] * second[:, 1] - first[:, 1] * second[:, 0]
    along = (one * second[:, 1:] - two * first[:, 1:]) * np.sign(area)[:, None]
    along = along.astype(np.float32)
    along -= np.einsum("kd,kd->k", along, normal)[:, None] * normal
    size = np.linalg.norm(along, axis=1)
    flat = size <= 1e-12 * np.maximum(np.linalg.norm(one, axis=1), 1e-300)
    helper = np.eye(3, dtype=np.float32)[np.abs(normal).argmin(axis=1)]
    tangent = unit(np.where(flat[:, None], np.cross(helper, normal), along).astype(np.float32))
    # A layout that is not mirrored has v running down, so area is negative where the face is seen from its front.
    return tangent, np.asarray(np.cross(normal, tangent) * np.where(area > 0, -1, 1)[:, None], dtype=np.float32)


def original_normals(paint: Paint, face: Integers, weights: Singles) -> Singles:
    """Return the unit normals (k, 3) that the original shows, its own normal maps included."""
    mesh = paint.mesh
    plain = shading(mesh, face, weights)
    if mesh.uv is None or not any("normal" in material.textures for material in mesh.materials):
        return plain
    tangent, second = frame(mesh, face, plain)
    seen = paint.slot("normal", face, weights) / np.float32(127.5) - 1
    return unit(seen[:, :1] * tangent + seen[:, 1:2] * second + seen[:, 2:] * plain)


def normals(ground: Canvas, paint: Paint) -> Look:
    """Return a look at the original's normals in the level's tangent space, as bytes."""

    def look(place: Place) -> Singles:
        wanted = original_normals(paint, place.feet.face, place.feet.weights)
        own = shading(ground.level, place.texels.face, place.texels.weights)
        tangent, second = frame(ground.level, place.texels.face, own)
        parts = [np.einsum("kd,kd->k", wanted, axis) for axis in (tangent, second, own)]
        parts[2] = np.maximum(parts[2], np.float32(0.05))  # nothing faces away from its own surface
        return np.asarray((unit(np.stack(parts, axis=1)) + 1) * np.float32(127.5))

    return look


def occlusion(ground: Canvas, paint: Paint) -> Look:
    """Return a look at the share of the cosine-weighted hemisphere that the original leaves open, in all three channels."""
    source, rays = ground.source, ground.source.search.rays
    assert rays is not None

    def look(place: Place) -> Singles:
        normal = shading(paint.mesh, place.feet.face, place.feet.weights)
        foot = interpolate(source.mesh.positions - rays.centre, source.mesh.faces, place.feet.face, place.feet.weights)
        points = np.asarray(foot / np.float32(rays.extent) + _LIFT * normal, dtype=np.float32)
        helper = np.eye(3, dtype=np.float32)[np.abs(normal).argmin(axis=1)]
        tangent = unit(np.cross(helper, normal).astype(np.float32))
        second = np.cross(normal, tangent)
        spin = (place.texels.at * _GOLDEN) % 1  # seeded by the texel: the same each time
        hidden = np.zeros(len(points), dtype=np.float32)
        for number in range(RAYS):
            radius = np.sqrt((number + (spin * 7 % 1)) / RAYS)[:, None]
            turn = (2 * np.pi * (number * _GOLDEN + spin))[:, None]
            away = radius * (np.cos(turn) * tangent + np.sin(turn) * second) + np.sqrt(np.maximum(1 - radius**2, 0)) * normal
            hidden += rays.occluded(points, away.astype(np.float32), REACH)
        return np.repeat((1 - hidden / RAYS)[:, None] * np.float32(255), 3, axis=1)

    return look
