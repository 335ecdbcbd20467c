# SPDX-License-Identifier: Apache-2.0
"""The picture of a cloud: points as small discs in a depth buffer, softly lit by their normals."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from digitize.measure.colour import to_linear, to_srgb
from digitize.mesh import Bytes, Floats, Material, Mesh
from digitize.picture.camera import Camera, framing
from digitize.picture.orient import ROUND, Stance, stance, turned
from digitize.points.cloud import Cloud

_SUPER = 2
_CLAY = (0.56, 0.53, 0.49)
_KEY, _FILL = np.array([-0.55, 0.65, 0.52]), np.array([0.8, 0.1, 0.6])
_MOST_RADIUS = 12


def picture(cloud: Cloud, side: int) -> tuple[Bytes, Stance]:
    """Draw a cloud with normals at `side` x `side` pixels: (side, side, 4) sRGB bytes with straight alpha."""
    standing = stance(as_mesh(cloud))
    points = turned(cloud.positions, standing.up)
    low, high = points.min(axis=0), points.max(axis=0)
    points = (points - (low + high) / 2) / float((high - low).max())
    camera = framing(points, np.radians(32.0), ROUND)
    nearest = splatted(camera, points, side * _SUPER)
    seen = nearest >= 0
    colour = np.zeros((len(nearest), 3))
    colour[seen] = lit(cloud, nearest[seen], standing.up, camera, points)
    blocks = (side, _SUPER, side, _SUPER)
    cover = seen.reshape(blocks).mean(axis=(1, 3))
    mean = colour.reshape(*blocks, 3).sum(axis=(1, 3)) / np.maximum(seen.reshape(blocks).sum(axis=(1, 3)), 1)[..., None]
    return np.rint(np.dstack([to_srgb(np.clip(mean, 0, 1)), cover * 255.0])).clip(0, 255).astype(np.uint8), standing


def as_mesh(cloud: Cloud) -> Mesh:
    """Give the points as a mesh without faces, for what asks only where vertices are."""
    none = np.zeros((0, 3), dtype=np.int32)
    return Mesh(cloud.positions, none, np.zeros(0, dtype=np.int32), (Material(),), unit=cloud.unit, up=cloud.up)


def splatted(camera: Camera, points: Floats, side: int) -> NDArray[np.int64]:
    """Return the nearest point in each of side * side picture points, -1 where there is none; each point is a square disc."""
    across, down, depth = camera.project(points)
    column, row = ((part + 1) / 2 * side for part in (across, down))
    radius = _radius(column, row, side)
    best = np.full(side * side, np.inf)
    nearest = np.full(side * side, -1, dtype=np.int64)
    order = np.argsort(-depth, kind="stable")  # far to near: what is written last is nearest
    for shift_x in range(-radius, radius + 1):
        for shift_y in range(-radius, radius + 1):
            if shift_x**2 + shift_y**2 > (radius + 0.5) ** 2:
                continue
            x, y = (np.floor(part[order]).astype(np.int64) + shift for part, shift in ((column, shift_x), (row, shift_y)))
            inside = (x >= 0) & (x < side) & (y >= 0) & (y < side)
            pixel, chosen = (y * side + x)[inside], order[inside]
            closer = depth[chosen] < best[pixel]
            pixel, chosen = pixel[closer], chosen[closer]
            best[pixel], nearest[pixel] = depth[chosen], chosen
    return nearest


def _radius(column: Floats, row: Floats, side: int) -> int:
    """Choose the discs' radius so that neighbours touch: from how many of coarse cells the points fill."""
    cells = 64
    x, y = (np.clip(part / side * cells, 0, cells - 1).astype(np.int64) for part in (column, row))
    filled = np.bincount(y * cells + x, minlength=cells * cells)
    area = float((filled > 0).sum()) * (side / cells) ** 2
    # Points lie on the front and on the back: half of them share the area.
    return int(np.clip(np.rint(1.2 * (area / max(len(column) / 2, 1)) ** 0.5), 0, _MOST_RADIUS))


def lit(cloud: Cloud, chosen: NDArray[np.int64], up: str, camera: Camera, points: Floats) -> Floats:
    """Return the linear colour (k, 3) of points under a key light, a fill and the sky."""
    albedo = np.tile(_CLAY, (len(chosen), 1)) if cloud.colours is None else to_linear(cloud.colours[chosen].astype(np.float64))
    if cloud.normals is None:
        return albedo
    normal = turned(cloud.normals[chosen].astype(np.float64), up)
    away = np.einsum("nd,nd->n", normal, points[chosen] - camera.eye) > 0
    normal[away] *= -1.0
    back = np.array([-camera.forward[0], 0.0, -camera.forward[2]])
    frame = np.stack([camera.right, np.array([0.0, 1.0, 0.0]), back / max(float(np.linalg.norm(back)), 1e-9)])
    key, fill = (np.maximum(normal @ (light / np.linalg.norm(light) @ frame), 0.0) for light in (_KEY, _FILL))
    sky = 0.5 + 0.5 * normal[:, 1]
    return np.asarray(albedo * (0.22 + 0.2 * sky + 0.75 * key + 0.18 * fill)[:, None])
