# SPDX-License-Identifier: Apache-2.0
"""Texel density, coverage and overlap, against layouts that one can reckon by hand."""

from dataclasses import replace

import numpy as np
import pytest

from digitize.measure.atlas import atlas, layers
from digitize.measure.sample import by_area
from digitize.measure.shape import shape
from digitize.mesh import Material, Mesh
from tests.digitize.shapes import checker, cube, grid, plain, seamed


def told(mesh: Mesh) -> dict:
    found = atlas(mesh, by_area(mesh.positions, mesh.faces, 4000, 1))
    assert found is not None
    return found


def laid(mesh: Mesh, scale: float, shift: float = 0.0) -> Mesh:
    return replace(mesh, uv=(mesh.uv * scale + shift).astype(np.float32))


def test_a_square_that_fills_its_texture() -> None:
    found = told(grid(7, texture=checker(64)))
    assert found["texel_density"] == pytest.approx({"median": 64.0, "p5": 64.0})
    assert (found["uv_coverage"], found["uv_overlap"]) == (pytest.approx(1.0, abs=0.01), pytest.approx(0.0, abs=0.001))


def test_half_of_each_side_is_a_quarter_of_the_texture() -> None:
    found = told(laid(grid(7, texture=checker(64)), 0.5))
    assert found["texel_density"]["median"] == pytest.approx(32.0)
    assert found["uv_coverage"] == pytest.approx(0.25, abs=0.01)


def test_two_sheets_on_one_place_overlap_whole() -> None:
    one = grid(3, texture=checker(32))
    twice = replace(
        one,
        positions=np.vstack([one.positions, one.positions + np.array([0, 0, 1])]),
        uv=np.vstack([one.uv, one.uv]),
        faces=np.vstack([one.faces, one.faces + len(one.positions)]),
        material_of=np.zeros(2 * one.triangles, dtype=np.int32),
    )
    assert told(twice)["uv_overlap"] == pytest.approx(1.0, abs=0.001)
    assert told(replace(twice, uv=twice.uv * np.where(np.arange(len(twice.uv)) < len(one.uv), 1.0, 0.5)[:, None].astype(np.float32)))[
        "uv_overlap"
    ] == pytest.approx(0.25, abs=0.01)


def test_what_lies_beyond_the_texture_repeats() -> None:
    inside = layers(grid(4).uv, grid(4).faces, 64)
    beyond = layers((grid(4).uv + np.float32(0.5)) % np.float32(8), grid(4).faces, 64)
    assert inside.min() == inside.max() == 1
    assert (beyond == 1).mean() > 0.98
    assert (layers(grid(4).uv * np.float32(2), grid(4).faces, 64) == 4).mean() > 0.97


def test_a_stretched_map_has_a_low_fifth_percentile() -> None:
    mesh = grid(20, texture=checker(100))
    warped = replace(mesh, uv=np.stack([mesh.uv[:, 0] ** 3, mesh.uv[:, 1]], axis=1))
    found = told(warped)["texel_density"]
    assert found["p5"] < 0.5 * found["median"]


def test_without_texture_there_is_no_layout_and_with_two_each_counts_by_its_pixels() -> None:
    assert atlas(grid(2), by_area(grid(2).positions, grid(2).faces, 10, 1)) is None
    mesh = grid(2, texture=checker(32))
    both = replace(
        mesh,
        textures=(checker(32), checker(96)),
        materials=(Material(textures={"base_colour": 0}), Material(textures={"base_colour": 1}), Material()),
        material_of=np.array([0, 0, 0, 0, 1, 1, 1, 1], dtype=np.int32),
    )
    assert told(both)["uv_coverage"] == pytest.approx(0.5, abs=0.01)


def test_a_seam_bears_no_overlap() -> None:
    assert told(seamed(4))["uv_overlap"] < 0.01


def test_shape_tells_closed_open_and_empty() -> None:
    assert shape(cube()) == {
        "vertices": 8,
        "watertight": True,
        "manifold": True,
        "boundary_edges": 0,
        "components": 1,
        "empty_triangles": 0,
    }
    opened = replace(cube(), faces=cube().faces[:-1], material_of=cube().material_of[:-1])
    assert (shape(opened)["watertight"], shape(opened)["boundary_edges"]) == (False, 3)
    squashed = plain([[0, 0, 0], [1, 0, 0], [0, 1, 0], [0, 1, 0]], [[0, 1, 2], [1, 3, 2]])
    assert (shape(squashed)["empty_triangles"], shape(squashed)["components"]) == (1, 1)
