# SPDX-License-Identifier: Apache-2.0
"""The stated error, against surfaces whose distance and colours are known."""

from dataclasses import replace

import numpy as np
import pytest

from digitize.measure.closest import TreeSurface, triangle_weights
from digitize.measure.colour import Painter, bilinear, to_linear, to_srgb
from digitize.measure.compare import both_ways, compare, recoloured, reference, summary
from digitize.mesh import Material, Mesh, Texture
from digitize.simplify import simplify
from digitize.topology import areas
from tests.digitize.shapes import checker, grid, needs_spot, plain, png, seamed, sphere, spot


def flat(colour: list[int], side: int = 8) -> Texture:
    return Texture("flat.png", "image/png", side, side, png(np.full((side, side, 3), colour, dtype=np.uint8)))


def test_parallel_squares_are_exactly_their_distance_apart() -> None:
    found = compare(reference(replace(grid(4), unit="mm"), samples=5000), grid(9, height=0.125))
    for way in ("forward", "backward"):
        assert found[way] == pytest.approx(
            {"mean": 0.125, "rms": 0.125, "p999": 0.125, "max": 0.125, "standard_error": 0.0, "p999_error": 0.0}, abs=1e-6
        )
    assert found["mean_relative"] == pytest.approx(0.125 / 2**0.5, abs=1e-6)
    assert (found["unit"], found["colour_psnr"]) == ("mm", None)


def test_spheres_differ_by_their_radii() -> None:
    found = compare(reference(sphere(6), samples=20_000), sphere(6, radius=1.01))
    assert found["mean"] == pytest.approx(0.01, rel=0.02)
    assert found["max"] == pytest.approx(0.01, rel=0.02)


def test_the_larger_direction_is_stated() -> None:
    whole, half = grid(20), plain([[0, 0, 0], [0.5, 0, 0], [0.5, 1, 0], [0, 1, 0]], [[0, 1, 2], [0, 2, 3]])
    found = compare(reference(whole, samples=40_000), half)
    assert found["backward"]["max"] == pytest.approx(0, abs=1e-6)
    assert found["forward"]["max"] == found["max"] == pytest.approx(0.5, abs=1e-6)
    assert found["mean"] == pytest.approx(0.125, rel=0.01)  # half of the points lie 0.25 away on average
    swapped = compare(reference(half, samples=40_000), whole)
    assert swapped["mean"] == pytest.approx(found["mean"], rel=0.01)


def test_a_single_vertex_that_sticks_out_is_found() -> None:
    mesh = grid(50)
    spiky = mesh.positions.copy()
    spiky[51 * 25 + 25, 2] = 0.3
    found = compare(reference(mesh, samples=2000), replace(mesh, positions=spiky))
    assert found["max"] == pytest.approx(0.3, abs=1e-6)


def test_nothing_differs_from_itself() -> None:
    mesh = seamed(4)
    found = compare(reference(mesh, samples=20_000), mesh)
    assert found["max_relative"] < 1e-7
    assert (found["colour_psnr"], found["colour_off"]) == (None, 0.0)
    assert sum(found["histogram"]["counts"]) == 20_000  # half of the points, both ways: nothing is uncertain


def test_a_colour_that_is_off_everywhere_has_its_psnr() -> None:
    one, two = grid(3, texture=flat([100, 100, 100])), grid(3, texture=flat([110, 100, 100]))
    found = compare(reference(one, samples=2000), two)
    assert found["colour_psnr"] == pytest.approx(10 * np.log10(255**2 / (100 / 3)))
    assert found["colour_mae"] == pytest.approx(10 / 3)
    assert compare(reference(one, samples=2000), grid(3, texture=flat([100, 140, 100])))["colour_off"] == 1.0


def test_another_texture_on_the_same_surface_is_compared_at_the_same_points() -> None:
    original = reference(grid(3, texture=checker()), samples=2000)
    one, two = grid(5, texture=flat([100, 100, 100])), grid(5, texture=flat([120, 60, 200]))
    anew, again = both_ways(original, two), recoloured(original, two, both_ways(original, one))
    for way, same in ((anew.there, again.there), (anew.back, again.back)):
        assert np.array_equal(way.colour, same.colour)
    assert summary(original, anew) == summary(original, again)


def test_a_lost_texture_is_seen() -> None:
    found = compare(reference(grid(3, texture=checker()), samples=2000), grid(3))
    assert found["colour_psnr"] < 10


def test_vertex_colours_mix_in_linear_light() -> None:
    colours = np.array([[0, 0, 0, 255], [255, 255, 255, 255], [0, 0, 0, 255]], dtype=np.uint8)
    mesh = replace(plain([[0, 0, 0], [1, 0, 0], [0, 1, 0]], [[0, 1, 2]]), colours=colours)
    assert Painter(mesh).colours(np.array([0]), np.array([[0.5, 0.5, 0.0]]))[0] == pytest.approx(to_srgb(np.array([0.5] * 3)))


def test_a_factor_multiplies_in_linear_light() -> None:
    mesh = grid(1, texture=flat([255, 255, 255]))
    mesh = replace(mesh, materials=(Material(base_colour=(0.25, 0.5, 1.0, 1.0), textures={"base_colour": 0}),))
    assert Painter(mesh).colours(np.array([0]), np.array([[1.0, 0.0, 0.0]]))[0] == pytest.approx(to_srgb(np.array([0.25, 0.5, 1.0])))


def test_bilinear_hits_pixel_centres_and_repeats() -> None:
    image = np.arange(48, dtype=np.uint8).reshape(4, 4, 3)
    centres = np.array([[(x + 0.5) / 4, (y + 0.5) / 4] for y in range(4) for x in range(4)])
    assert np.array_equal(bilinear(image, centres), image.reshape(-1, 3))
    assert bilinear(image, centres + np.array([3, -2])) == pytest.approx(image.reshape(-1, 3).astype(float), abs=1e-6)
    assert bilinear(image, np.array([[0.25, 0.125]]))[0] == pytest.approx(image[0, :2].mean(axis=0))


def test_srgb_goes_there_and_back() -> None:
    values = np.arange(256.0)
    assert to_srgb(to_linear(values)) == pytest.approx(values)


@needs_spot
def test_the_trees_state_the_same_error_as_embree(monkeypatch: pytest.MonkeyPatch) -> None:
    mesh = spot()
    derived = simplify(mesh, 1500).mesh
    one = compare(reference(mesh, samples=10_000), derived)
    monkeypatch.setattr("digitize.measure.compare.surface", TreeSurface)
    two = compare(reference(mesh, samples=10_000), derived)
    assert (one["method"], two["method"]) == ("Embree (open3d RaycastingScene)", TreeSurface.method)
    for name in ("mean", "max", "rms", "p999", "colour_psnr", "colour_mae"):
        assert two[name] == pytest.approx(one[name], rel=1e-3), name


@needs_spot
def test_the_stated_error_is_what_an_independent_measurement_finds() -> None:
    """Other random points, every triangle within reach tried for each of them; a thousand points know the mean to three per cent."""
    mesh = spot()
    derived: Mesh = simplify(mesh, 1500).mesh
    found = compare(reference(mesh), derived)
    random, means = np.random.default_rng(9), []
    for one, two in ((mesh, derived), (derived, mesh)):
        area = areas(one.positions, one.faces)
        corners = one.positions[one.faces[random.choice(one.triangles, 1000, p=area / area.sum())]]
        points = np.einsum("kc,kcd->kd", random.dirichlet([1, 1, 1], 1000), corners)
        others = two.positions[two.faces]
        middle = others.mean(axis=1)
        reach = 2 * np.linalg.norm(others - middle[:, None], axis=2).max()
        distance = []
        for point in points:
            away = np.linalg.norm(middle - point, axis=1)
            near = others[away <= away.min() + reach]  # no other triangle can be closer
            foot = np.einsum("fc,fcd->fd", triangle_weights(np.tile(point, (len(near), 1)), near), near)
            distance.append(np.linalg.norm(point - foot, axis=1).min())
        means.append(np.mean(distance))
        assert np.max(distance) <= found["max"] * 1.001
    assert found["mean"] == pytest.approx(max(means), rel=0.05)
