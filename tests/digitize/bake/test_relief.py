# SPDX-License-Identifier: Apache-2.0
"""Normals and openness of the original on a level's map: against what is known of plain shapes, and through a whole bake."""

from dataclasses import replace

import numpy as np
import pytest

from digitize.bake import relief
from digitize.bake.canvas import Canvas, canvas
from digitize.bake.choose import Chooser
from digitize.bake.paint import Paint, pictures
from digitize.bake.texels import Source
from digitize.measure.closest import surface
from digitize.mesh import Material, Mesh, Texture
from digitize.normals import smooth_normals
from tests.digitize.bake.test_bake import unwrapped
from tests.digitize.shapes import checker, cube, grid, plain, png, seamed


def ground_of(original: Mesh, level: Mesh, side: int = 64) -> tuple[Canvas, Paint]:
    source = Source(original, surface(original.positions, original.faces), 0.2)
    return canvas(source, level, np.arange(level.triangles), (side, side)), Paint(original, pictures(original))


def vectors(image: np.ndarray) -> np.ndarray:
    return image / 127.5 - 1


@pytest.mark.parametrize("mirrored", [False, True])
def test_a_slope_leans_the_normals_along_the_map(mirrored: bool) -> None:
    """The level is flat; the original rises along x in its right half and along y above: X follows u, Y runs against v."""
    level = smooth_normals(grid(8))
    level = replace(level, uv=np.stack([1 - level.uv[:, 0], level.uv[:, 1]], axis=1)) if mirrored else level
    for axis, sign in ((0, -1.0 if not mirrored else 1.0), (1, -1.0)):
        tilted = grid(8)
        tilted = replace(tilted, positions=tilted.positions + 0.1 * (tilted.positions[:, axis : axis + 1] - 0.5) * [0, 0, 1])
        ground, paint = ground_of(smooth_normals(tilted), level)
        seen = vectors(ground.paint(relief.normals(ground, paint), solve=False)[20:44, 20:44])
        expected = np.zeros(3)
        expected[axis], expected[2] = sign * 0.1 / np.sqrt(1.01), 1 / np.sqrt(1.01)
        assert np.allclose(seen, expected, atol=0.01)


def test_an_originals_own_normal_map_goes_along() -> None:
    mesh = smooth_normals(grid(8, texture=checker()))
    leaning = np.tile(np.array([[[191, 128, 238]]], dtype=np.uint8), (16, 16, 1))
    mesh = replace(
        mesh,
        textures=(*mesh.textures, Texture("n.png", "image/png", 16, 16, png(leaning))),
        materials=(Material(textures={"base_colour": 0, "normal": 1}),),
    )
    turned = replace(mesh, uv=np.stack([mesh.uv[:, 1], 1 - mesh.uv[:, 0]], axis=1))  # the level's map lies a quarter turn on
    ground, paint = ground_of(mesh, turned)
    seen = vectors(ground.paint(relief.normals(ground, paint), solve=False)[20:44, 20:44]).mean(axis=(0, 1))
    assert seen == pytest.approx([0.0, 0.5, 0.866], abs=0.02)


def test_a_corner_is_half_closed_and_a_plane_is_open() -> None:
    floor = grid(8)
    wall = plain(np.stack([np.full(81, 0.5), floor.positions[:, 0], floor.positions[:, 1] * 0.5], axis=1), floor.faces)
    both = plain(np.concatenate([floor.positions, wall.positions]), np.concatenate([floor.faces, wall.faces + 81]))
    ground, paint = ground_of(smooth_normals(both), smooth_normals(floor))
    open_ = ground.paint(relief.occlusion(ground, paint), solve=False)[..., 0] / 255
    assert open_[30:34, 0].mean() == pytest.approx(1.0, abs=0.01)  # further off than the rays reach
    assert open_[24:40, [30, 33]].mean() == pytest.approx(0.5, abs=0.08)  # beside the wall half the sky is hidden
    again = ground.paint(relief.occlusion(ground, paint), solve=False)[..., 0] / 255
    assert np.array_equal(open_, again)


def test_a_new_layout_shows_the_shape_that_its_triangles_lost() -> None:
    mesh = smooth_normals(seamed(5))
    bumpy = replace(
        mesh, positions=mesh.positions * (1 + 0.02 * np.sin(14 * mesh.positions[:, :1]) * np.sin(14 * mesh.positions[:, 1:2])), normals=None
    )
    bumpy = smooth_normals(bumpy)
    found = Chooser(bumpy, frozenset({"normal", "occlusion"}))._rebaked(unwrapped(bumpy, 300, 256), 256)
    assert set(found.mesh.materials[0].textures) == {"base_colour", "normal", "occlusion"}
    level, image = found.mesh, vectors(found.painted[found.mesh.materials[0].textures["normal"]].image)
    face = np.arange(level.triangles, dtype=np.int32)
    weights = np.full((len(face), 3), 1 / 3, dtype=np.float32)
    spot = np.einsum("kc,kcd->kd", weights, level.uv[level.faces])
    seen = image[(spot[:, 1] * 256).astype(int), (spot[:, 0] * 256).astype(int)]
    flat = relief.shading(level, face, weights)
    tangent, second = relief.frame(level, face, flat)
    shown = seen[:, :1] * tangent + seen[:, 1:2] * second + seen[:, 2:] * flat
    near = surface(bumpy.positions, bumpy.faces).closest(np.einsum("kc,kcd->kd", weights, level.positions[level.faces]))
    true = relief.shading(bumpy, near.face, near.weights.astype(np.float32))
    without, with_map = (np.degrees(np.arccos(np.clip((each * true).sum(axis=1), -1, 1))).mean() for each in (flat, shown))
    assert with_map < 0.5 * without


def test_a_face_without_layout_has_some_frame() -> None:
    mesh = smooth_normals(cube())
    mesh = replace(mesh, uv=np.zeros((len(mesh.positions), 2), dtype=np.float32))
    face = np.arange(mesh.triangles, dtype=np.int32)
    normal = relief.shading(mesh, face, np.full((len(face), 3), 1 / 3, dtype=np.float32))
    tangent, second = relief.frame(mesh, face, normal)
    for one, two, angle in ((tangent, tangent, 1), (second, second, 1), (tangent, second, 0), (tangent, normal, 0)):
        assert np.allclose(np.einsum("kd,kd->k", one, two), angle, atol=1e-5)
