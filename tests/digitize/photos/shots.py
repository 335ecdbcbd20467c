# SPDX-License-Identifier: Apache-2.0
"""Photographs of a textured stone, taken by our own ray caster from a ring of cameras."""

from __future__ import annotations

import io
from dataclasses import replace
from functools import cache

import numpy as np
from PIL import Image

from digitize.measure.colour import Painter
from digitize.mesh import Mesh, Texture
from digitize.picture.camera import Camera
from digitize.picture.trace import Tracer, tracer
from tests.digitize.shapes import png, seamed

SIDE = 560
STEP = 15  # degrees between neighbours
HALF = 0.28  # half the picture's side at distance one


def speckles(seed: int, height: int = 512) -> Texture:
    """A texture with detail of every size, four times as wide as high, for that is how the map is stretched."""
    random = np.random.default_rng(seed)
    total = np.zeros((height, 4 * height, 3))
    for cells in (4, 8, 16, 32, 64, 128, 256):
        small = Image.fromarray((random.random((cells, 4 * cells, 3)) * 255).astype(np.uint8))
        total += np.asarray(small.resize((4 * height, height), Image.Resampling.BICUBIC)) / (1 + cells / 96)
    total = (total - total.min()) / (total.max() - total.min())
    return Texture("speckles.png", "image/png", 4 * height, height, png((40 + 180 * total).astype(np.uint8)))


@cache
def stone(seed: int = 1) -> Mesh:
    """A lumpy textured body about one unit wide, the poles of its map above and below."""
    mesh = seamed(5)
    x, y, z = mesh.positions.T
    lumps = 1 + 0.12 * np.sin(5 * x + seed) * np.cos(4 * y)
    return replace(mesh, positions=0.5 * np.stack([x, z, -y], axis=1) * lumps[:, None], textures=(speckles(seed),))


@cache
def camera(degrees: float, height: float = 0.25, distance: float = 2.2) -> Camera:
    """Stand on a ring around the stone, looking at its middle."""
    turn = np.radians(degrees)
    back = np.array([np.sin(turn) * np.cos(height), np.sin(height), np.cos(turn) * np.cos(height)])
    right = np.array([np.cos(turn), 0.0, -np.sin(turn)])
    return Camera(back * distance, right, np.cross(back, right), -back, HALF)


@cache
def studio(seed: int) -> tuple[Tracer, Painter]:
    """Set the stone up once for all pictures of it."""
    mesh = stone(seed)
    return tracer(mesh.positions, mesh.faces), Painter(mesh)


@cache
def shot(degrees: float, seed: int = 1, side: int = SIDE) -> np.ndarray:
    """Take one picture (side, side, 3)."""
    seen, painter = studio(seed)
    hits = seen.see(camera(degrees), 2 * side)
    fine = np.full((4 * side * side, 3), 70.0)
    fine[hits.pixel] = painter.colours(hits.face, hits.weights)
    return fine.reshape(side, 2, side, 2, 3).mean(axis=(1, 3)).round().astype(np.uint8)


def blurred(pixels: np.ndarray, sigma: float) -> np.ndarray:
    """Take it out of focus."""
    from scipy.ndimage import gaussian_filter

    return np.stack([gaussian_filter(pixels[..., c].astype(float), sigma) for c in range(3)], axis=-1).round().astype(np.uint8)


def brightened(pixels: np.ndarray, stops: float) -> np.ndarray:
    """Expose it longer (or shorter)."""
    linear = (pixels / 255.0) ** 2.2 * 2.0**stops
    return (np.clip(linear, 0, 1) ** (1 / 2.2) * 255).round().astype(np.uint8)


def jpeg(pixels: np.ndarray, *, focal: float | None = 50.0, model: str = "X1", orientation: int = 1, quality: int = 92) -> bytes:
    """Write a picture as a camera would, with what it says of itself."""
    exif = Image.Exif()
    exif[271], exif[272], exif[274] = "Qingniao", model, orientation
    inner = exif.get_ifd(0x8769)
    inner[33434] = 0.005
    if focal is not None:
        inner[37386] = focal
        inner[41989] = int(focal * 1.2857)
    stream = io.BytesIO()
    Image.fromarray(pixels).save(stream, "JPEG", quality=quality, exif=exif)
    return stream.getvalue()


def ring(count: int = 10) -> dict[str, bytes]:
    """Good photographs of neighbouring views, by name."""
    return {f"IMG_{number:04d}.jpg": jpeg(shot(STEP * number)) for number in range(1, count + 1)}


def mixed() -> dict[str, bytes]:
    """A ring with a blurred, a bright, a dark, a doubled and a foreign photograph."""
    return {
        **ring(),
        "blurred.jpg": jpeg(blurred(shot(STEP * 5), 4.0)),
        "bright.jpg": jpeg(brightened(shot(STEP * 6 + 4), 2.2)),
        "dark.jpg": jpeg(brightened(shot(STEP * 3 + 4), -3.0)),
        "double.jpg": jpeg(shot(STEP * 4), quality=80),
        "foreign.jpg": jpeg(shot(100, seed=9)),
    }
