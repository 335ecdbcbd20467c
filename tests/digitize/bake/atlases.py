# SPDX-License-Identifier: Apache-2.0
"""Surfaces with the textures of photogrammetry: a bumpy ball whose atlas has a chart for every little patch, its colour known everywhere."""

from dataclasses import replace

import numpy as np

from digitize.mesh import Material, Mesh, Texture
from digitize.normals import smooth_normals
from tests.digitize.shapes import plain, png, sphere

MARGIN = 0.35  # of a patch: its chart reaches so far beyond it


def ball(rounds: int, bumps: float = 0.03) -> Mesh:
    """A closed ball of 8 * 4**rounds triangles with seeded bumps."""
    mesh = sphere(rounds)
    random = np.random.default_rng(5)
    height = np.zeros(len(mesh.positions))
    for scale in (3, 7, 15):
        for _ in range(6):
            wave = random.standard_normal(3) * scale
            height += bumps / scale * np.sin(mesh.positions @ wave + random.random() * 6)
    return replace(mesh, positions=mesh.positions * (1 + height)[:, None])


def colour(directions: np.ndarray) -> np.ndarray:
    """The ball's colour, sRGB 0..255 (k, 3), in every direction (k, 3): smooth fields with fine lines."""
    random = np.random.default_rng(9)
    result = np.full((len(directions), 3), 128.0)
    for scale, size in ((2, 50), (9, 25), (30, 12)):
        for _ in range(3):
            result += size / 2 * np.sin(directions @ (random.standard_normal((3, 3)) * scale) + random.random(3) * 6)
    lines = np.abs(np.sin(18 * directions)).min(axis=1) < 0.06
    result[lines] *= 0.4
    return np.clip(result, 0, 255)


def _cube(directions: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Which of six faces each direction lies on, and where on it, both from 0 to 1."""
    axis = np.abs(directions).argmax(axis=1)
    along = np.take_along_axis(directions, axis[:, None], axis=1)[:, 0]
    return axis * 2 + (along < 0), _on_face(directions, axis)


def _on_face(directions: np.ndarray, axis: np.ndarray) -> np.ndarray:
    along = np.abs(np.take_along_axis(directions, axis[:, None], axis=1))
    others = np.stack([(axis + 1) % 3, (axis + 2) % 3], axis=1)
    return np.take_along_axis(directions, others, axis=1) / along * 0.5 + 0.5


def _direction(face: int, where: np.ndarray) -> np.ndarray:
    """The directions (k, 3) of places (k, 2) on a cube's face."""
    result = np.empty((len(where), 3))
    axis = face // 2
    result[:, axis] = -1.0 if face % 2 else 1.0
    result[:, (axis + 1) % 3], result[:, (axis + 2) % 3] = (where * 2 - 1).T
    return result / np.linalg.norm(result, axis=1, keepdims=True)


def many_charts(rounds: int, side: int, patches: int) -> Mesh:
    """The ball with 6 * patches² charts, scattered over a texture of `side` pixels."""
    mesh = ball(rounds)
    cells = int(np.ceil(np.sqrt(6 * patches**2)))
    cell = side // cells
    order = np.random.default_rng(2).permutation(cells * cells)[: 6 * patches**2]
    corners = mesh.positions[mesh.faces]
    face, where = _cube(corners.mean(axis=1))
    step = np.minimum((where * patches).astype(int), patches - 1)
    patch = (face * patches + step[:, 0]) * patches + step[:, 1]
    axis = np.repeat(face // 2, 3)
    local = (_on_face(corners.reshape(-1, 3), axis).reshape(-1, 3, 2) * patches - step[:, None] + MARGIN) / (1 + 2 * MARGIN)
    spot = np.stack([order[patch] % cells, order[patch] // cells], axis=1)
    uv = ((spot[:, None] + np.clip(local, 0.02, 0.98)) * cell / side).reshape(-1, 2).astype(np.float32)
    key = np.stack([mesh.faces.ravel(), np.repeat(patch, 3)], axis=1)
    _, first, number = np.unique(key, axis=0, return_index=True, return_inverse=True)
    whole = plain(mesh.positions[mesh.faces.ravel()[first]], number.reshape(-1, 3), uv=uv[first])
    texture = Texture("atlas.png", "image/png", side, side, png(_atlas(side, cell, cells, patches, order)))
    return smooth_normals(replace(whole, textures=(texture,), materials=(Material(name="scan", textures={"base_colour": 0}),)))


def _atlas(side: int, cell: int, cells: int, patches: int, order: np.ndarray) -> np.ndarray:
    image = np.zeros((side, side, 3), dtype=np.uint8)
    line = (np.arange(cell) + 0.5) / cell * (1 + 2 * MARGIN) - MARGIN
    across, down = (part.ravel() for part in np.meshgrid(line, line))
    for patch, place in enumerate(order):
        face, rest = divmod(patch, patches * patches)
        i, j = divmod(rest, patches)
        seen = colour(_direction(face, np.stack([(i + across) / patches, (j + down) / patches], axis=1)))
        row, column = place // cells * cell, place % cells * cell
        image[row : row + cell, column : column + cell] = np.rint(seen).reshape(cell, cell, 3)
    return image
