# SPDX-License-Identifier: Apache-2.0
"""A textured stone on a textured table with printed markers around it, photographed by our own ray caster from an arc of cameras."""

from __future__ import annotations

import json
from functools import cache

import numpy as np

from digitize.measure.colour import Painter
from digitize.mesh import Material, Mesh, Texture
from digitize.picture.camera import Camera
from digitize.picture.trace import Tracer, tracer
from tests.digitize.photos.shots import camera, jpeg, speckles, stone
from tests.digitize.shapes import png

DICTIONARY = "4X4_50"
METRES = 0.1  # of one unit of the scene
SIDE = 0.3  # of a marker's black square, in the scene's unit
PLACES = {3: (0.0, 0.95), 7: (0.95, 0.1), 11: (-0.9, 0.2), 19: (0.1, -0.95)}
PIXELS, STEP, COUNT = 600, 18, 8
HEIGHT, DISTANCE = 0.65, 4.4  # radians above the table; from the middle
_TABLE, _REACH = -0.62, 1.6


def _quad(x: float, z: float, half: float, y: float) -> np.ndarray:
    """Lay a square on the table, seen from above: left far, right far, right near, left near."""
    return np.array([[x - half, y, z - half], [x + half, y, z - half], [x + half, y, z + half], [x - half, y, z + half]])


def _printed(number: int) -> Texture:
    """Print a marker with a white margin of a fifth of its side."""
    import cv2

    cells = cv2.aruco.generateImageMarker(cv2.aruco.getPredefinedDictionary(getattr(cv2.aruco, f"DICT_{DICTIONARY}")), number, 240)
    whole = np.pad(cells, 48, constant_values=255)
    return Texture(f"{number}.png", "image/png", len(whole), len(whole), png(np.repeat(whole[..., None], 3, axis=2)))


@cache
def _scene() -> tuple[Tracer, Painter]:
    """Put stone, table and markers together, each with a texture of its own."""
    body = stone(4)
    squares = [_quad(0.0, 0.0, _REACH, _TABLE), *(_quad(x, z, SIDE * 0.7, _TABLE + 0.002) for x, z in PLACES.values())]
    start = len(body.positions)
    corners = np.array([[0, 2, 1], [0, 3, 2]])
    faces = np.concatenate([body.faces, *(start + 4 * n + corners for n in range(len(squares)))]).astype(np.int32)
    uv = np.concatenate([body.uv, *([[[0, 0], [1, 0], [1, 1], [0, 1]]] * len(squares))]).astype(np.float32)
    material_of = np.concatenate([body.material_of, np.repeat(np.arange(1, len(squares) + 1), 2)]).astype(np.int32)
    textures = (*body.textures, speckles(8), *(_printed(number) for number in PLACES))
    materials = tuple(Material(name=str(n), textures={"base_colour": n}) for n in range(len(textures)))
    mesh = Mesh(np.concatenate([body.positions, *squares]), faces, material_of, materials, textures, uv=uv)
    return tracer(mesh.positions, mesh.faces), Painter(mesh)


def stand(number: int) -> Camera:
    """Stand at one of the places of the arc, or go on along it."""
    return camera(STEP * number, HEIGHT, DISTANCE)


@cache
def picture(number: int) -> np.ndarray:
    """Take one picture (PIXELS, PIXELS, 3)."""
    seen, painter = _scene()
    hits = seen.see(stand(number), 2 * PIXELS)
    fine = np.full((4 * PIXELS * PIXELS, 3), 70.0)
    fine[hits.pixel] = painter.colours(hits.face, hits.weights)
    return fine.reshape(PIXELS, 2, PIXELS, 2, 3).mean(axis=(1, 3)).round().astype(np.uint8)


def apart(one: int, two: int) -> float:
    """Give what lies between the middles of two markers, in millimetres."""
    (x, z), (u, v) = PLACES[one], PLACES[two]
    return round(1000 * METRES * float(np.hypot(x - u, z - v)), 3)


def known(**changes: object) -> bytes:
    """Write what is known of the markers."""
    distances = [{"from": 3, "to": 7, "length": apart(3, 7)}, {"from": 11, "to": 7, "length": apart(11, 7)}]
    return json.dumps({"dictionary": DICTIONARY, "unit": "mm", "side": 1000 * METRES * SIDE, "distances": distances, **changes}).encode()


def photographs(count: int = COUNT) -> dict[str, bytes]:
    """Photograph the scene from an arc; the lens is a perfect one of 64 mm on full frame."""
    return {f"IMG_{number + 1:04d}.jpg": jpeg(picture(number), quality=95) for number in range(count)}
