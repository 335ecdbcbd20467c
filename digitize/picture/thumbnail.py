# SPDX-License-Identifier: Apache-2.0
"""The picture of an object: upright, from three quarters, softly lit, on nothing."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from digitize.bake.paint import Paint, pictures
from digitize.measure.colour import to_linear, to_srgb
from digitize.mesh import Bytes, Floats, Mesh
from digitize.picture.camera import Camera, framing
from digitize.picture.orient import ROUND as _ROUND
from digitize.picture.orient import Stance, stance, turned, view
from digitize.picture.shade import Spot, light, tone, visibility
from digitize.picture.soften import blurred, enlarged, smoothed, spread
from digitize.picture.trace import Hits, Tracer, grid, tracer

_CLAY = (0.56, 0.53, 0.49)  # linear; what has no colour of its own
_PIECE = 1 << 18
_PREVIEW = 128
_GROUND_RAYS = 40
_GOLDEN = 0.6180339887498949  # turns between two rays: any number of them is spread evenly
_GROUND = 4  # points of the picture to one of the ground's shadow, which is blurred anyway
_MEAN = 0.16  # linear; how bright the object is on average
_TURN, _STEP, _CONTRAST = 0.9, 0.01, 0.12  # cosine, depth and linear colour between neighbours that call for a closer look
_CLOSE_UPS = 0.3  # of the pixels that are seen: the most that get one
_LINEAR = to_linear(np.arange(255 * 16 + 16) / 16)  # 0..255 in sixteenths
Part = slice | NDArray[np.intp]


@dataclass(frozen=True)
class Picture:
    """A picture (side, side, 4) as sRGB bytes with straight alpha, and how it came about."""

    pixels: Bytes
    method: str
    stance: Stance


def thumbnail(mesh: Mesh, side: int, progress: Callable[[float, str], None]) -> Picture:
    """Render a mesh at `side` x `side` pixels, `side` even."""
    standing = stance(mesh)
    points = turned(mesh.positions, standing.up)
    low, high = points.min(axis=0), points.max(axis=0)
    points = (points - (low + high) / 2) / float((high - low).max())
    found = tracer(points, mesh.faces)
    paint = Paint(mesh, pictures(mesh, _sizes(mesh, side)))
    place = _viewpoint(mesh, points, standing.up, found, paint)
    scene = _Scene(mesh, points, standing.up, found, framing(points, *place), paint)
    progress(0.2, "looking")
    hits = found.see(scene.camera, side)
    progress(0.4, "lighting")
    pixels = _expose(scene, hits)
    progress(0.95, "developing")
    return Picture(pixels, found.method, standing)


def _sizes(mesh: Mesh, side: int) -> dict[int, float]:
    """Say how large each texture need be for a picture: twice its side, as the other half of the object is not seen."""
    return dict.fromkeys(range(len(mesh.textures)), 1.5 * side)


@dataclass(frozen=True)
class _Scene:
    """What is pictured: a mesh, its vertices (n, 3) upright within the unit cube, who casts rays, where the camera stands."""

    mesh: Mesh
    points: Floats
    up: str
    found: Tracer
    camera: Camera
    paint: Paint


def _viewpoint(mesh: Mesh, points: Floats, up: str, found: Tracer, paint: Paint) -> tuple[float, float]:
    """Choose among the corners of the object the one that shows most detail; ties go to the front right."""
    azimuth, elevation = view(mesh, up)
    if elevation != _ROUND:
        return azimuth, elevation
    scores = {}
    for turn, favour in ((azimuth, 1.08), (-azimuth, 1.04), (np.pi - azimuth, 1.0), (np.pi + azimuth, 1.0)):
        scene = _Scene(mesh, points, up, found, framing(points, turn, elevation), paint)
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


def _expose(scene: _Scene, hits: Hits) -> Bytes:
    """Light the middle of every pixel, and four points of those where something ends; average to pixels."""
    side = hits.side
    random = np.random.Generator(np.random.PCG64(3))
    shadow = _shadow(scene, side, random)
    seen_at = _visible(scene, side // 2, random)
    colour, cover, look = np.zeros((side * side, 3)), np.zeros(side * side), np.zeros((side * side, 7), dtype=np.float32)
    for part in (slice(at, at + _PIECE) for at in range(0, len(hits.pixel), _PIECE)):
        spot, own = _spots(scene, hits, part), hits.pixel[part]
        guide = _guide(scene, spot)
        colour[own] = light(spot, seen_at(guide, own), scene.camera)
        cover[own] = 1.0
        look[own] = np.hstack([guide, spot.albedo])
    _look_closer(scene, _rough(look.reshape(side, side, 7), cover.reshape(side, side) > 0), colour, cover, seen_at)
    return _develop(_exposed(colour, cover > 0), cover, shadow, side)


Visible = Callable[[Floats, NDArray[np.intp]], Floats]


def _guide(scene: _Scene, spot: Spot) -> Floats:
    """Return normal and depth of points: (k, 4)."""
    return np.hstack([spot.normal, ((spot.position - scene.camera.eye) @ scene.camera.forward)[:, None]])


def _rough(look: NDArray[np.float32], solid: NDArray[np.bool_]) -> NDArray[np.intp]:
    """Find the pixels beside which something ends: the object, a surface, a colour; the roughest ones where there are many."""
    harsh = np.zeros(solid.shape, dtype=np.float32)
    for down, across in ((0, 1), (1, 0), (1, 1), (1, -1)):
        side = solid.shape[0]
        columns = (slice(0, side - across), slice(across, side)) if across >= 0 else (slice(-across, side), slice(0, side + across))
        here, there = (slice(0, side - down), columns[0]), (slice(down, side), columns[1])
        one, two = look[here], look[there]
        turn = 1 - np.einsum("hwc,hwc->hw", one[..., :3], two[..., :3])
        change = np.abs(one[..., 3:] - two[..., 3:])
        colour = np.maximum(np.maximum(change[..., 1], change[..., 2]), change[..., 3])
        step = np.maximum(np.maximum(turn / (1 - _TURN), change[..., 0] / _STEP), colour / _CONTRAST)
        edge = np.where(solid[here] != solid[there], np.float32(1e6), np.where(solid[here], step, 0))
        np.maximum(harsh[here], edge, out=harsh[here])
        np.maximum(harsh[there], edge, out=harsh[there])
    most = int(_CLOSE_UPS * solid.sum())
    flat = harsh.ravel()
    chosen = np.flatnonzero(flat > 1)
    if len(chosen) > most > 0:
        chosen = np.sort(chosen[np.argsort(-flat[chosen], kind="stable")[:most]])
    return chosen


def _look_closer(scene: _Scene, pixel: NDArray[np.intp], colour: Floats, cover: Floats, seen_at: Visible) -> None:
    """Light four points of each of some pixels (k,), and put their average in the place of the middle's light."""
    side = round(len(cover) ** 0.5)
    row, column = pixel // side, pixel % side
    points = np.concatenate([(2 * row + down) * 2 * side + 2 * column + across for down in (0, 1) for across in (0, 1)])
    hits = scene.found.see(scene.camera, 2 * side, points)
    total, count = np.zeros_like(colour), np.zeros_like(cover)
    for part in (slice(at, at + _PIECE) for at in range(0, len(hits.pixel), _PIECE)):
        spot = _spots(scene, hits, part)
        own = hits.pixel[part] // (2 * side) // 2 * side + hits.pixel[part] % (2 * side) // 2
        _add(total, own, light(spot, seen_at(_guide(scene, spot), own), scene.camera))
        count += np.bincount(own, minlength=len(count))
    colour[pixel] = total[pixel] / np.maximum(count[pixel], 1)[:, None]
    cover[pixel] = count[pixel] / 4


def _exposed(colour: Floats, solid: NDArray[np.bool_]) -> Floats:
    """Open the lens a little for what is dark, so that a black cup stays black but shows its form; then press to 0..1."""
    mean = float(colour[solid].mean()) if solid.any() else _MEAN
    return tone(colour * min(max((_MEAN / max(mean, 1e-6)) ** 0.5, 0.9), 1.7))


def _visible(scene: _Scene, side: int, random: np.random.Generator) -> Visible:
    """Estimate at every second point how much of sky and key light is seen, smooth it, and return a look-up (k, 2) of it."""
    hits = scene.found.see(scene.camera, side)
    guide = np.zeros((side * side, 6))
    for at in range(0, len(hits.pixel), _PIECE):
        part = slice(at, at + _PIECE)
        spot = _spots(scene, hits, part, painted=False)
        guide[hits.pixel[part]] = np.hstack([visibility(spot, scene.found, scene.camera, random), _guide(scene, spot)])
    solid = np.zeros(side * side, dtype=bool)
    solid[hits.pixel] = True
    grid_, known = guide.reshape(side, side, 6), solid.reshape(side, side)
    smooth = smoothed(grid_, known, scale=2)
    return lambda fine, pixel: spread(smooth, known, grid_, fine, pixel)


def _add(canvas: Floats, pixel: NDArray[np.intp], values: Floats) -> None:
    """Add values (k, c) to the pixels (p, c) that they belong to."""
    for channel in range(values.shape[1]):
        canvas[:, channel] += np.bincount(pixel, weights=values[:, channel], minlength=len(canvas))


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
    colour = _LINEAR[(scene.paint.base(hits.face, hits.weights.astype(np.float32)) * 16).astype(np.int32)]
    mesh = scene.mesh
    if mesh.colours is not None:
        return colour
    plain = np.array([not material.textures and material.base_colour[:3] == (1.0, 1.0, 1.0) for material in mesh.materials])
    colour[plain[mesh.material_of[hits.face]]] = _CLAY
    return colour


def _shadow(scene: _Scene, side: int, random: np.random.Generator) -> Floats:
    """Return how dark the ground under the object lies (side, side): the share of a near sky that the object hides."""
    coarse = max(side // _GROUND, 8)
    across, down = grid(coarse)
    rays = scene.camera.rays(across, down)
    floor = float(scene.points[:, 1].min())
    with np.errstate(divide="ignore"):
        reach = (floor - scene.camera.eye[1]) / rays[:, 1]
    where = scene.camera.eye + reach[:, None] * rays
    edge = np.abs(scene.points[:, [0, 2]]).max(axis=0) + 0.14
    near = np.flatnonzero((reach > 0) & (np.abs(where[:, [0, 2]]) < edge).all(axis=1))
    fade = np.clip((1 - np.abs(where[near][:, [0, 2]]) / edge) * 6, 0, 1).prod(axis=1)
    hidden, spin = np.zeros(len(near)), random.random(len(near))
    for number in range(_GROUND_RAYS):
        share = (number + random.random(len(near))) / _GROUND_RAYS
        lean, turn = np.sqrt(share) * 0.95, 2 * np.pi * (number * _GOLDEN + spin)
        direction = np.stack([lean * np.cos(turn), np.sqrt(1 - lean**2), lean * np.sin(turn)], axis=1)
        hidden += scene.found.occluded(where[near] + np.array([0.0, 1e-4, 0.0]), direction, 0.3)
    dark = np.zeros(coarse * coarse)
    dark[near] = 0.5 * fade * hidden / _GROUND_RAYS
    smooth = enlarged(blurred(dark.reshape(coarse, coarse), max(coarse / 125, 0.5)), side)
    line = np.clip((1 - np.abs((np.arange(side) + 0.5) / side * 2 - 1)) * 8, 0, 1)  # no shadow is cut off by the border
    return np.asarray(np.where(smooth > 0.002, smooth, 0.0) * np.outer(line, line))


def _develop(lit: Floats, cover: Floats, shadow: Floats, side: int) -> Bytes:
    """Lay the object over its shadow and press to eight bits."""
    cover = cover.reshape(side, side)
    alpha = cover + (1 - cover) * shadow
    colour = lit.reshape(side, side, 3) * (cover / np.maximum(alpha, 1e-9))[..., None]
    return np.rint(np.dstack([to_srgb(colour), alpha * 255.0])).clip(0, 255).astype(np.uint8)
