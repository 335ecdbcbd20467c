# SPDX-License-Identifier: Apache-2.0
"""Texels of triangles: each exactly once over a whole map, the same as asking every texel, also across the map's edge."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from digitize.bake.fill import fill
from digitize.bake.raster import rasterise
from tests.digitize.shapes import grid


def asked_one_by_one(uv: np.ndarray, size: tuple[int, int], slack: float) -> set[int]:
    """The texels whose centre lies in a triangle, by the sign of three areas; those on an edge with `slack` above zero only."""
    height, width = size
    y, x = np.mgrid[0:height, 0:width]
    points = np.stack([x + 0.5, y + 0.5], axis=-1).reshape(-1, 2)
    a, b, c = uv.astype(np.float64) * (width, height)
    sides = [np.cross(q - p, points - p) for p, q in ((a, b), (b, c), (c, a))]
    sign = np.sign(np.cross(b - a, c - a))
    return set(np.flatnonzero(np.all([side * sign > -slack for side in sides], axis=0)).tolist())


@given(st.lists(st.tuples(st.integers(0, 97), st.integers(0, 97)), min_size=3, max_size=3), st.sampled_from([(16, 16), (5, 23)]))
@settings(max_examples=150, deadline=None)
def test_a_triangle_covers_the_texels_whose_middle_it_holds(corners: list[tuple[int, int]], size: tuple[int, int]) -> None:
    uv = np.array(corners, dtype=np.float32) / np.float32(97)
    found = rasterise(uv, np.array([[0, 1, 2]], dtype=np.int32), size)
    area = abs(np.cross(uv[1].astype(float) - uv[0], uv[2].astype(float) - uv[0]))
    if area > 0:
        assert asked_one_by_one(uv, size, -1e-6) <= set(found.at.tolist()) <= asked_one_by_one(uv, size, 1e-6)
    else:
        assert len(found.at) == 0
    assert len(set(found.at.tolist())) == len(found.at)


def test_a_square_of_triangles_covers_its_map_once() -> None:
    mesh = grid(7)
    found = rasterise(mesh.uv, mesh.faces, (61, 53))
    assert np.array_equal(np.sort(found.at), np.arange(61 * 53))
    assert np.allclose(found.weights.sum(axis=1), 1, atol=1e-5)
    where = np.einsum("kc,kcd->kd", found.weights, mesh.uv[mesh.faces[found.face]]) * (53, 61)
    assert np.allclose(where, np.stack([found.at % 53, found.at // 53], axis=1) + 0.5, atol=1e-3)


def test_what_runs_over_the_edge_comes_in_on_the_other_side() -> None:
    mesh = grid(3)
    found = rasterise(mesh.uv + np.float32(0.25), mesh.faces, (32, 32))
    assert np.array_equal(np.sort(found.at), np.arange(32 * 32))


def test_spread_reaches_beside_a_triangle() -> None:
    uv = np.array([[0.25, 0.25], [0.75, 0.25], [0.25, 0.75]], dtype=np.float32)
    faces = np.array([[0, 1, 2]], dtype=np.int32)
    inside, beside = (set(rasterise(uv, faces, (32, 32), spread=spread).at.tolist()) for spread in (0.0, 1.5))
    assert inside < beside
    distance = [min(max(abs(a % 32 - b % 32), abs(a // 32 - b // 32)) for b in inside) for a in beside - inside]
    assert max(distance) <= 2


def test_gaps_are_filled_from_their_neighbours() -> None:
    image = np.zeros((37, 21, 2), dtype=np.float32)
    known = np.zeros((37, 21), dtype=bool)
    image[:, :5], known[:, :5] = (10, 20), True
    image[:, 16:], known[:, 16:] = (30, 20), True
    filled = fill(image, known)
    assert np.array_equal(filled[known], image[known])
    assert np.allclose(filled[..., 1], 20)
    assert np.allclose(filled[:, 6, 0], 10)
    assert filled[..., 0].min() >= 10
    assert filled[..., 0].max() <= 30
