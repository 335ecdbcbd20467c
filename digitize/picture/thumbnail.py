# SPDX-License-Identifier: Apache-2.0
"""The picture of an object: upright, from three quarters, softly lit, on nothing."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from digitize.measure.colour import Painter, to_linear, to_srgb
from digitize.mesh import Floats, Mesh
from digitize.picture.camera import Camera, framing
from digitize.picture.orient import Stance, stance, turned, view
from digitize.picture.shade import Spot, light, tone
from digitize.picture.trace import Hits, Tracer, grid, tracer

_CLAY = (0.56, 0.53, 0.49)  # linear; what has no colour of its own
_SUPER = 2


@dataclass(frozen=True)
class Picture:
    """A picture (side, side, 4) as sRGB bytes with straight alpha, and how it came about."""

    pixels: Any
    method: str
    stance: Stance


def thumbnail(mesh: Mesh, side: int, progress: Callable[[float, str], None]) -> Picture:
    """Render a mesh at `side` x `side` pixels."""
    standing = stance(mesh)
    points = turned(mesh.positions, standing.up)
    low, high = points.min(axis=0), points.max(axis=0)
    points = (points - (low + high) / 2) / float((high - low).max())
    camera = framing(points, *view(mesh, standing.up))
    found = tracer(points, mesh.faces)
    progress(0.2, "looking")
    hits = found.see(camera, side * _SUPER)
    progress(0.4, "lighting")
    random = np.random.Generator(np.random.PCG64(3))
    canvas = np.zeros((side * side * _SUPER**2, 4))
    ground = _ground(found, camera, points, hits, random)
    canvas[:, 3] = ground
    canvas[hits.pixel, :3] = light(_spots(mesh, points, standing.up, camera, hits), found, camera, random)
    canvas[hits.pixel, 3] = 1.0
    progress(0.9, "developing")
    return Picture(_develop(canvas, side), found.method, standing)


def _spots(mesh: Mesh, points: Floats, up: str, camera: Camera, hits: Hits) -> Spot:
    """Gather what the light needs to know of every point seen."""
    corners = mesh.faces[hits.face]
    position = np.einsum("kc,kcd->kd", hits.weights, points[corners])
    view_direction = position - camera.eye
    view_direction /= np.linalg.norm(view_direction, axis=1, keepdims=True)
    a, b, c = (points[corners[:, number]] for number in range(3))
    flat = _unit(np.cross(b - a, c - a))
    flat *= np.where(np.einsum("kd,kd->k", flat, view_direction) > 0, -1.0, 1.0)[:, None]
    normal = flat
    if mesh.normals is not None:
        smooth = _unit(turned(np.einsum("kc,kcd->kd", hits.weights, mesh.normals[corners].astype(np.float64)), up))
        smooth *= np.where(np.einsum("kd,kd->k", smooth, flat) < 0, -1.0, 1.0)[:, None]
        normal = smooth
    roughness = np.array([material.roughness for material in mesh.materials])[mesh.material_of[hits.face]]
    metallic = np.array([material.metallic for material in mesh.materials])[mesh.material_of[hits.face]]
    return Spot(position, normal, view_direction, _albedo(mesh, hits), roughness, np.minimum(metallic, 0.9))


def _unit(vectors: Floats) -> Floats:
    """Scale vectors (k, 3) to length one."""
    return np.asarray(vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-30))


def _albedo(mesh: Mesh, hits: Hits) -> Floats:
    """Return the linear colour of every point seen; plain clay where the object has none."""
    colour = to_linear(Painter(mesh).colours(hits.face, hits.weights))
    if mesh.colours is not None:
        return colour
    plain = np.array([not material.textures and material.base_colour[:3] == (1.0, 1.0, 1.0) for material in mesh.materials])
    colour[plain[mesh.material_of[hits.face]]] = _CLAY
    return colour


def _ground(found: Tracer, camera: Camera, points: Floats, hits: Hits, random: np.random.Generator) -> Floats:
    """Return how dark the ground under the object lies, for every picture point: the share of a near sky that is hidden."""
    across, down = grid(hits.side)
    dark = np.zeros(len(across))
    free = np.ones(len(across), dtype=bool)
    free[hits.pixel] = False
    candidates = np.flatnonzero(free)
    rays = camera.rays(across[candidates], down[candidates])
    floor = float(points[:, 1].min())
    with np.errstate(divide="ignore"):
        reach = (floor - camera.eye[1]) / rays[:, 1]
    spread = np.abs(points[:, [0, 2]]).max() + 0.12
    where = camera.eye + reach[:, None] * rays
    near = (reach > 0) & (np.abs(where[:, [0, 2]]).max(axis=1) < spread)
    candidates, where = candidates[near], where[near]
    hidden, rays_each = np.zeros(len(candidates)), 4
    for _ in range(rays_each):
        lean, turn = np.sqrt(random.random(len(hidden))) * 0.95, 2 * np.pi * random.random(len(hidden))
        direction = np.stack([lean * np.cos(turn), np.sqrt(1 - lean**2), lean * np.sin(turn)], axis=1)
        hidden += found.occluded(where + np.array([0.0, 1e-4, 0.0]), direction, 0.3)
    dark[candidates] = 0.55 * (hidden / rays_each)
    return dark


def _develop(canvas: Floats, side: int) -> Any:
    """Average each pixel's points, smooth the ground's shadow, press to eight bits."""
    block = canvas.reshape(side, _SUPER, side, _SUPER, 4)
    solid = (block[..., 3] == 1.0).astype(np.float64)
    cover = solid.mean(axis=(1, 3))
    lit = (tone(block[..., :3]) * solid[..., None]).sum(axis=(1, 3)) / np.maximum(solid.sum(axis=(1, 3)), 1)[..., None]
    shadow = _blurred(np.where(solid > 0, np.nan, block[..., 3]).reshape(side * _SUPER, side * _SUPER), side)
    alpha = cover + (1 - cover) * shadow
    colour = lit * (cover / np.maximum(alpha, 1e-9))[..., None]
    return np.rint(np.dstack([to_srgb(colour), alpha * 255.0])).clip(0, 255).astype(np.uint8)


def _blurred(shadow: Floats, side: int) -> Floats:
    """Return the shadow at the picture's size, averaged over a small window of what is not covered."""
    from scipy.ndimage import gaussian_filter

    known = np.isfinite(shadow)
    size = shadow.shape[0] // side
    values = np.where(known, shadow, 0.0).reshape(side, size, side, size).mean(axis=(1, 3))
    weight = known.astype(np.float64).reshape(side, size, side, size).mean(axis=(1, 3))
    width = side / 170
    return np.asarray(gaussian_filter(values, width) / np.maximum(gaussian_filter(weight, width), 1e-3))
