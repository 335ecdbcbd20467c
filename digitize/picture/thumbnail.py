# SPDX-License-Identifier: Apache-2.0
"""The picture of an object: upright, from three quarters, softly lit, on nothing."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from digitize.measure.colour import Painter, to_linear, to_srgb
from digitize.mesh import Bytes, Floats, Mesh
from digitize.picture.camera import Camera, framing
from digitize.picture.orient import ROUND as _ROUND
from digitize.picture.orient import Stance, stance, turned, view
from digitize.picture.shade import Spot, light, tone, visibility
from digitize.picture.trace import Hits, Tracer, grid, tracer

_CLAY = (0.56, 0.53, 0.49)  # linear; what has no colour of its own
_SUPER = 2  # points a side in each pixel
_PIECE = 1 << 18
_PREVIEW = 128
_WINDOW = 2
_GROUND_RAYS = 12
_MEAN = 0.16  # linear; how bright the object is on average
_LINEAR = to_linear(np.arange(255 * 16 + 16) / 16)  # 0..255 in sixteenths
Part = slice | NDArray[np.intp]


@dataclass(frozen=True)
class Picture:
    """A picture (side, side, 4) as sRGB bytes with straight alpha, and how it came about."""

    pixels: Bytes
    method: str
    stance: Stance


def thumbnail(mesh: Mesh, side: int, progress: Callable[[float, str], None]) -> Picture:
    """Render a mesh at `side` x `side` pixels."""
    standing = stance(mesh)
    points = turned(mesh.positions, standing.up)
    low, high = points.min(axis=0), points.max(axis=0)
    points = (points - (low + high) / 2) / float((high - low).max())
    found = tracer(points, mesh.faces)
    painter = Painter(mesh)
    place = _viewpoint(mesh, points, standing.up, found, painter)
    scene = _Scene(mesh, points, standing.up, found, framing(points, *place), painter)
    progress(0.2, "looking")
    hits = found.see(scene.camera, side * _SUPER)
    progress(0.4, "lighting")
    pixels = _expose(scene, hits, side)
    progress(0.95, "developing")
    return Picture(pixels, found.method, standing)


@dataclass(frozen=True)
class _Scene:
    """What is pictured: a mesh, its vertices (n, 3) upright within the unit cube, who casts rays, where the camera stands."""

    mesh: Mesh
    points: Floats
    up: str
    found: Tracer
    camera: Camera
    painter: Painter


def _viewpoint(mesh: Mesh, points: Floats, up: str, found: Tracer, painter: Painter) -> tuple[float, float]:
    """Choose among the corners of the object the one that shows most detail; ties go to the front right."""
    azimuth, elevation = view(mesh, up)
    if elevation != _ROUND:
        return azimuth, elevation
    scores = {}
    for turn, favour in ((azimuth, 1.08), (-azimuth, 1.04), (np.pi - azimuth, 1.0), (np.pi + azimuth, 1.0)):
        scene = _Scene(mesh, points, up, found, framing(points, turn, elevation), painter)
        scores[turn] = favour * _detail(scene, found.see(scene.camera, _PREVIEW))
    return max(scores, key=lambda turn: scores[turn]), elevation


def _detail(scene: _Scene, hits: Hits) -> float:
    """Return how much colour and slope change across a small picture, silhouettes aside, as a sum over what is seen."""
    spot = _spots(scene, hits)
    look = np.full((_PREVIEW**2, 6), np.nan)
    look[hits.pixel] = np.hstack([to_srgb(spot.albedo) / 255.0, 0.5 * spot.normal])
    grid_ = look.reshape(_PREVIEW, _PREVIEW, 6)
    steps = np.concatenate([np.abs(np.diff(grid_, axis=0)).ravel(), np.abs(np.diff(grid_, axis=1)).ravel()])
    return float(np.minimum(np.nan_to_num(steps), 0.5).sum())


def _expose(scene: _Scene, hits: Hits, side: int) -> Bytes:
    """Light every point seen, and average to pixels."""
    random = np.random.Generator(np.random.PCG64(3))
    shadow = _shadow(scene, side, random)
    pixel = (hits.pixel // hits.side // _SUPER) * side + hits.pixel % hits.side // _SUPER
    count = np.bincount(pixel, minlength=side * side).astype(np.float64)
    parts = [slice(at, at + _PIECE) for at in range(0, len(pixel), _PIECE)]
    seen = _visible(scene, hits, pixel, side, random)
    colour = np.zeros((side * side, 3))
    for part in parts:
        spot = _spots(scene, hits, part)
        _add(colour, pixel[part], light(spot, seen[pixel[part]], scene.camera))
    return _develop(_exposed(colour / np.maximum(count, 1)[:, None], count > 0), count / _SUPER**2, shadow, side)


def _exposed(colour: Floats, solid: NDArray[np.bool_]) -> Floats:
    """Open the lens a little for what is dark, so that a black cup stays black but shows its form; then press to 0..1."""
    mean = float(colour[solid].mean()) if solid.any() else _MEAN
    return tone(colour * min(max((_MEAN / max(mean, 1e-6)) ** 0.5, 0.9), 1.7))


def _visible(scene: _Scene, hits: Hits, pixel: NDArray[np.intp], side: int, random: np.random.Generator) -> Floats:
    """Return the share of sky and key light that each pixel sees (side * side, 2), from one of its points, smoothed."""
    once = np.unique(pixel, return_index=True)[1]
    guide = np.zeros((side * side, 6))
    for at in range(0, len(once), _PIECE):
        chosen = once[at : at + _PIECE]
        spot = _spots(scene, hits, chosen, painted=False)
        depth = (spot.position - scene.camera.eye) @ scene.camera.forward
        guide[pixel[chosen]] = np.hstack([visibility(spot, scene.found, scene.camera, random), spot.normal, depth[:, None]])
    solid = np.zeros(side * side, dtype=bool)
    solid[pixel] = True
    return smoothed(guide.reshape(side, side, 6), solid.reshape(side, side)).reshape(-1, 2)


def _add(canvas: Floats, pixel: NDArray[np.intp], values: Floats) -> None:
    """Add values (k, c) to the pixels (p, c) that they belong to."""
    for channel in range(values.shape[1]):
        canvas[:, channel] += np.bincount(pixel, weights=values[:, channel], minlength=len(canvas))


def smoothed(guide: Floats, solid: NDArray[np.bool_]) -> Floats:
    """Average the first two channels of (h, w, 6) over neighbours that share normal (2..4) and depth (5): (h, w, 2).

    Source: Eisemann and Durand 2004, Petschnigg et al. 2004 (the cross bilateral filter).
    """
    rows, columns = np.nonzero(solid)
    own = guide[rows, columns].astype(np.float32)
    total, weights = np.zeros((len(own), 2), dtype=np.float32), np.zeros(len(own), dtype=np.float32)
    for down in range(-_WINDOW, _WINDOW + 1):
        for across in range(-_WINDOW, _WINDOW + 1):
            row, column = np.clip(rows + down, 0, solid.shape[0] - 1), np.clip(columns + across, 0, solid.shape[1] - 1)
            other = guide[row, column].astype(np.float32)
            alike = np.clip(np.einsum("kc,kc->k", own[:, 2:5], other[:, 2:5]), 0, 1) ** 12
            level = np.exp(-(((own[:, 5] - other[:, 5]) / np.float32(0.006 * (1 + np.hypot(down, across)))) ** 2))
            weight = alike * level * solid[row, column]
            total += weight[:, None] * other[:, :2]
            weights += weight
    result = np.zeros((*solid.shape, 2))
    result[rows, columns] = total / np.maximum(weights, 1e-9)[:, None]
    return result


def _spots(scene: _Scene, whole: Hits, part: Part = slice(None), *, painted: bool = True) -> Spot:
    """Gather what the light needs to know of some of the points seen."""
    mesh, points, camera = scene.mesh, scene.points, scene.camera
    hits = Hits(whole.side, whole.pixel[part], whole.face[part], whole.weights[part])
    corners = mesh.faces[hits.face]
    position = np.einsum("kc,kcd->kd", hits.weights, points[corners])
    view_direction = position - camera.eye
    view_direction /= np.linalg.norm(view_direction, axis=1, keepdims=True)
    a, b, c = (points[corners[:, number]] for number in range(3))
    flat = _unit(np.cross(b - a, c - a))
    flat *= np.where(np.einsum("kd,kd->k", flat, view_direction) > 0, -1.0, 1.0)[:, None]
    normal = flat
    if mesh.normals is not None:
        smooth = _unit(turned(np.einsum("kc,kcd->kd", hits.weights, mesh.normals[corners].astype(np.float64)), scene.up))
        smooth *= np.where(np.einsum("kd,kd->k", smooth, flat) < 0, -1.0, 1.0)[:, None]
        normal = smooth
    roughness = np.array([material.roughness for material in mesh.materials])[mesh.material_of[hits.face]]
    metallic = np.array([material.metallic for material in mesh.materials])[mesh.material_of[hits.face]]
    return Spot(position, normal, view_direction, _albedo(scene, hits) if painted else position, roughness, np.minimum(metallic, 0.9))


def _unit(vectors: Floats) -> Floats:
    """Scale vectors (k, 3) to length one."""
    return np.asarray(vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-30))


def _albedo(scene: _Scene, hits: Hits) -> Floats:
    """Return the linear colour of every point seen; plain clay where the object has none."""
    colour = _LINEAR[(scene.painter.colours(hits.face, hits.weights) * 16).astype(np.int32)]
    mesh = scene.mesh
    if mesh.colours is not None:
        return colour
    plain = np.array([not material.textures and material.base_colour[:3] == (1.0, 1.0, 1.0) for material in mesh.materials])
    colour[plain[mesh.material_of[hits.face]]] = _CLAY
    return colour


def _shadow(scene: _Scene, side: int, random: np.random.Generator) -> Floats:
    """Return how dark the ground under the object lies (side, side): the share of a near sky that the object hides."""
    half = side // 2  # it is blurred anyway
    across, down = grid(half)
    rays = scene.camera.rays(across, down)
    floor = float(scene.points[:, 1].min())
    with np.errstate(divide="ignore"):
        reach = (floor - scene.camera.eye[1]) / rays[:, 1]
    where = scene.camera.eye + reach[:, None] * rays
    edge = np.abs(scene.points[:, [0, 2]]).max(axis=0) + 0.14
    near = np.flatnonzero((reach > 0) & (np.abs(where[:, [0, 2]]) < edge).all(axis=1))
    fade = np.clip((1 - np.abs(where[near][:, [0, 2]]) / edge) * 6, 0, 1).prod(axis=1)
    hidden = np.zeros(len(near))
    for _ in range(_GROUND_RAYS):
        lean, turn = np.sqrt(random.random(len(near))) * 0.95, 2 * np.pi * random.random(len(near))
        direction = np.stack([lean * np.cos(turn), np.sqrt(1 - lean**2), lean * np.sin(turn)], axis=1)
        hidden += scene.found.occluded(where[near] + np.array([0.0, 1e-4, 0.0]), direction, 0.3)
    dark = np.zeros(half * half)
    dark[near] = 0.5 * fade * hidden / _GROUND_RAYS
    return _enlarged(dark.reshape(half, half), side)


def _enlarged(values: Floats, side: int) -> Floats:
    """Blur a shadow and bring it to `side` x `side`."""
    from scipy.ndimage import gaussian_filter, zoom

    smooth = zoom(gaussian_filter(values, side / 250), side / len(values), order=1, grid_mode=True, mode="nearest")
    line = np.clip((1 - np.abs((np.arange(side) + 0.5) / side * 2 - 1)) * 8, 0, 1)  # no shadow is cut off by the border
    return np.asarray(np.where(smooth > 0.002, smooth, 0.0) * np.outer(line, line))


def _develop(lit: Floats, cover: Floats, shadow: Floats, side: int) -> Bytes:
    """Lay the object over its shadow and press to eight bits."""
    cover = cover.reshape(side, side)
    alpha = cover + (1 - cover) * shadow
    colour = lit.reshape(side, side, 3) * (cover / np.maximum(alpha, 1e-9))[..., None]
    return np.rint(np.dstack([to_srgb(colour), alpha * 255.0])).clip(0, 255).astype(np.uint8)
