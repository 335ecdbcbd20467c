# SPDX-License-Identifier: Apache-2.0
"""Light on an object, as in a quiet showcase: a soft key from the upper left, a dim sky, a cool rim, occlusion and sheen.

Source: Kajiya 1986 (the integral that the occlusion rays estimate); Walter et al. 2007 and Schlick 1994 (GGX, Fresnel);
Hable 2010 (the filmic curve's shape).
"""

from dataclasses import dataclass

import numpy as np

from digitize.mesh import Floats
from digitize.picture.camera import Camera
from digitize.picture.trace import Tracer

_OCCLUSION, _SHADOW = 8, 4  # rays for each pixel
_REACH = 0.35  # of the object's largest extent: how far occlusion looks
_LIFT = 2e-4


@dataclass(frozen=True)
class Spot:
    """Points to be lit.

    Attributes
    ----------
    position, normal, view : (k, 3); the unit normal looks towards the viewer, the view direction away from the eye.
    albedo : (k, 3) linear.
    roughness, metallic : (k,).
    """

    position: Floats
    normal: Floats
    view: Floats
    albedo: Floats
    roughness: Floats
    metallic: Floats


def _turn(camera: Camera, right: float, up: float, back: float) -> Floats:
    """Return a unit direction given in the camera's frame, its height kept upright."""
    direction = right * camera.right + up * np.array([0.0, 1.0, 0.0]) - back * camera.forward
    return np.asarray(direction / np.linalg.norm(direction))


def lamps(camera: Camera) -> tuple[Floats, Floats, Floats]:
    """Return the directions (3,) to the key, the rim and the fill light."""
    return _turn(camera, -0.75, 0.95, 0.75), _turn(camera, 0.9, 0.45, -0.75), _turn(camera, 0.8, 0.1, 0.9)


def visibility(spot: Spot, tracer: Tracer, camera: Camera, random: np.random.Generator) -> Floats:
    """Estimate, noisily, how much of the near sky and of the key light each point sees: (k, 2)."""
    return np.stack([_openness(spot, tracer, random), _sunlit(spot, tracer, lamps(camera)[0], random)], axis=1)


def light(spot: Spot, seen: Floats, camera: Camera) -> Floats:
    """Return the linear radiance (k, 3) that the eye receives; `seen` is `visibility`, smoothed."""
    key, rim, fill = lamps(camera)
    open_sky, sun = seen[:, :1], seen[:, 1:]
    sky = 0.5 + 0.5 * spot.normal[:, 1:2]
    ambient = (0.16 + 0.22 * sky) * np.array([0.93, 0.97, 1.04]) * open_sky
    key_light = 0.74 * np.array([1.04, 1.0, 0.94]) * _facing(spot.normal, key) * sun
    fill_light = 0.14 * np.array([0.96, 0.98, 1.03]) * _wrapped(spot.normal, fill) * open_sky
    diffuse = spot.albedo * (1 - spot.metallic[:, None])
    tint = 0.04 * (1 - spot.metallic[:, None]) + spot.albedo * spot.metallic[:, None]
    sheen = 1.6 * _ggx(spot, key, tint) * sun + 0.8 * _ggx(spot, rim, tint) * open_sky + 0.3 * _ggx(spot, fill, tint) * open_sky
    return np.asarray(diffuse * (ambient + key_light + fill_light) + sheen + _mirrored(spot, tint, key) * open_sky)


def _facing(normal: Floats, direction: Floats) -> Floats:
    """Return the cosine to a light, not below zero: (k, 1)."""
    return np.maximum(normal @ direction, 0.0)[:, None]


def _wrapped(normal: Floats, direction: Floats) -> Floats:
    """Return a softer cosine, for a large light: (k, 1)."""
    return np.maximum((normal @ direction + 0.4) / 1.4, 0.0)[:, None]


def _ggx(spot: Spot, direction: Floats, tint: Floats) -> Floats:
    """Return the specular reflection of a light (k, 3)."""
    middle = direction - spot.view
    middle /= np.linalg.norm(middle, axis=1, keepdims=True)
    cosine = np.maximum(np.einsum("kd,kd->k", spot.normal, middle), 0.0)
    lit, seen = np.maximum(spot.normal @ direction, 0.0), np.maximum(-np.einsum("kd,kd->k", spot.normal, spot.view), 0.05)
    alpha = np.maximum(spot.roughness, 0.22) ** 2
    spread = alpha**2 / (np.pi * (cosine**2 * (alpha**2 - 1) + 1) ** 2)
    share = alpha / 2
    shadowing = 1 / ((lit * (1 - share) + share) * (seen * (1 - share) + share) * 4)
    fresnel = tint + (1 - tint) * (1 - np.maximum(np.einsum("kd,kd->k", middle, -spot.view), 0.0))[:, None] ** 5
    return np.asarray(fresnel * (spread * shadowing * lit)[:, None])


def _mirrored(spot: Spot, tint: Floats, key: Floats) -> Floats:
    """Return what a surface mirrors of a plain studio: bright above and at the key, dark below."""
    mirror = spot.view - 2 * np.einsum("kd,kd->k", spot.view, spot.normal)[:, None] * spot.normal
    box = np.clip((mirror @ key - 0.55) / 0.45, 0, 1) ** 2
    studio = 0.12 + 0.5 * np.clip(mirror[:, 1] * 0.5 + 0.5, 0, 1) ** 2 + 0.9 * box
    seen = np.maximum(-np.einsum("kd,kd->k", spot.view, spot.normal), 0.0)
    gloss = (1 - spot.roughness)[:, None]
    fresnel = tint + (np.maximum(gloss, tint) - tint) * (1 - seen)[:, None] ** 5
    return np.asarray(fresnel * studio[:, None] * (0.35 + 0.65 * gloss))


def _openness(spot: Spot, tracer: Tracer, random: np.random.Generator) -> Floats:
    """Return the cosine-weighted share of the hemisphere that nothing near hides: (k,)."""
    hidden = np.zeros(len(spot.position))
    tangent, second = _basis(spot.normal)
    for number in range(_OCCLUSION):
        share, angle = random.random(len(hidden)), random.random(len(hidden))
        radius, turn = np.sqrt((number + share) / _OCCLUSION), 2 * np.pi * angle
        direction = (radius * np.cos(turn))[:, None] * tangent + (radius * np.sin(turn))[:, None] * second
        direction += np.sqrt(np.maximum(1 - radius**2, 0.0))[:, None] * spot.normal
        hidden += tracer.occluded(spot.position + _LIFT * spot.normal, direction, _REACH)
    return 1 - hidden / _OCCLUSION


def _sunlit(spot: Spot, tracer: Tracer, key: Floats, random: np.random.Generator) -> Floats:
    """Return the share of the key's disc that each point sees: (k,)."""
    seen = np.zeros(len(spot.position))
    tangent, second = _basis(key[None, :])
    for _ in range(_SHADOW):
        radius, turn = 0.22 * np.sqrt(random.random(len(seen))), 2 * np.pi * random.random(len(seen))
        direction = key + (radius * np.cos(turn))[:, None] * tangent + (radius * np.sin(turn))[:, None] * second
        facing = spot.normal @ key > 0
        blocked = np.ones(len(seen), dtype=bool)
        blocked[facing] = tracer.occluded((spot.position + _LIFT * spot.normal)[facing], direction[facing], 4.0)
        seen += ~blocked
    return seen / _SHADOW


def _basis(normal: Floats) -> tuple[Floats, Floats]:
    """Return two unit vectors (k, 3) across each normal."""
    helper = np.where(np.abs(normal[:, 1:2]) < 0.9, [[0.0, 1.0, 0.0]], [[1.0, 0.0, 0.0]])
    tangent = np.cross(helper, normal)
    tangent /= np.linalg.norm(tangent, axis=1, keepdims=True)
    return tangent, np.cross(normal, tangent)


def tone(radiance: Floats) -> Floats:
    """Press linear radiance into 0..1 sRGB-linear, with a soft shoulder that keeps hue."""
    peak = np.maximum(radiance.max(axis=-1, keepdims=True), 1e-9)
    knee = 0.7
    pressed = np.where(peak <= knee, peak, knee + (1 - knee) * (1 - np.exp(-(peak - knee) / (1 - knee))))
    return np.asarray(radiance * (pressed / peak))
