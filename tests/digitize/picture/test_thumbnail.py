# SPDX-License-Identifier: Apache-2.0
"""Thumbnails: upright, lit from the upper left, on nothing, the same each time, also without open3d."""

from dataclasses import replace

import numpy as np
import pytest

from digitize.mesh import Mesh
from digitize.normals import smooth_normals
from digitize.picture import thumbnail as pictures
from digitize.picture.shade import tone
from digitize.picture.trace import SplatTracer
from tests.digitize.shapes import grid, seamed, sphere

SIDE = 96


def picture(mesh: Mesh) -> np.ndarray:
    return pictures.thumbnail(mesh, SIDE, lambda fraction, message: None).pixels.astype(int)


@pytest.fixture(scope="module")
def ball() -> np.ndarray:
    return picture(smooth_normals(sphere(5)))


def test_the_object_fills_the_middle_and_the_corners_are_empty(ball: np.ndarray) -> None:
    assert ball.shape == (SIDE, SIDE, 4)
    assert ball[SIDE // 2, SIDE // 2, 3] == 255
    assert [ball[y, x, 3] for y in (0, -1) for x in (0, -1)] == [0, 0, 0, 0]
    solid = (ball[..., 3] == 255).mean()
    assert 0.5 < solid < 0.65  # a disc of 0.86: 0.58


def test_light_comes_from_the_upper_left(ball: np.ndarray) -> None:
    middle, reach = SIDE // 2, SIDE // 4
    bright = {(dy, dx): ball[middle + dy * reach, middle + dx * reach, :3].sum() for dy in (-1, 1) for dx in (-1, 1)}
    assert max(bright, key=bright.get) == (-1, -1)
    assert min(bright, key=bright.get) == (1, 1)


def test_a_shadow_lies_on_the_ground(ball: np.ndarray) -> None:
    below = ball[int(SIDE * 0.95), SIDE // 2]
    assert 0 < below[3] < 200
    assert below[:3].sum() == 0


def test_the_texture_shows() -> None:
    red_and_blue = picture(smooth_normals(seamed(5)))
    solid = red_and_blue[red_and_blue[..., 3] == 255]
    assert (solid[:, 0] > 2 * solid[:, 2]).mean() > 0.2
    assert (solid[:, 2] > 2 * solid[:, 0]).mean() > 0.2


def test_the_same_mesh_gives_the_same_picture(ball: np.ndarray) -> None:
    assert np.array_equal(picture(smooth_normals(sphere(5))), ball)


def test_without_open3d_the_picture_is_nearly_the_same(ball: np.ndarray, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "tracer", SplatTracer)
    made = pictures.thumbnail(smooth_normals(sphere(5)), SIDE, lambda fraction, message: None)
    assert made.method == SplatTracer.method
    solid = (made.pixels[..., 3] == 255) & (ball[..., 3] == 255)
    assert solid.sum() > 0.97 * (ball[..., 3] == 255).sum()
    assert np.abs(made.pixels[solid][:, :3].astype(int) - ball[solid][:, :3]).mean() < 12


def test_a_slab_is_seen_from_its_carved_side() -> None:
    carved = grid(60)
    height = 0.03 * np.sin(carved.positions[:, 0] * 40) * np.sin(carved.positions[:, 1] * 40)
    back = grid(60, height=-0.1)
    positions = np.vstack([np.column_stack([carved.positions[:, :2], height]), back.positions])
    faces = np.vstack([carved.faces, back.faces[:, ::-1] + len(height)])
    mesh = smooth_normals(Mesh(positions, faces.astype(np.int32), np.zeros(len(faces), dtype=np.int32), carved.materials, up="y"))
    turned_away = replace(mesh, positions=mesh.positions * [-1, 1, -1], normals=mesh.normals * np.float32([-1, 1, -1]))
    contrast = [picture(each)[30:60, 30:60, :3].std() for each in (mesh, turned_away)]
    assert min(contrast) > 4


def test_bright_light_is_pressed_without_changing_its_hue() -> None:
    pressed = tone(np.array([[[4.0, 2.0, 1.0], [0.5, 0.25, 0.125]]]))[0]
    assert pressed[1].tolist() == [0.5, 0.25, 0.125]
    assert pressed[0] / pressed[0][0] == pytest.approx([1, 0.5, 0.25])
    assert pressed[0][0] < 1.0


def test_noise_is_smoothed_but_not_across_an_edge() -> None:
    random = np.random.default_rng(1)
    guide = np.zeros((40, 40, 6))
    guide[..., 0] = random.random((40, 40))
    guide[:, :20, 2], guide[:, 20:, 3] = 1, 1
    guide[:, 20:, 0] += 10
    smooth = pictures.smoothed(guide, np.ones((40, 40), dtype=bool))
    assert smooth[5:35, 5:35, 0][:, :15].std() < 0.3 * guide[:, :15, 0].std()
    assert smooth[:, 19, 0].max() < 1.01
    assert smooth[:, 20, 0].min() > 9.99
