# SPDX-License-Identifier: Apache-2.0
"""Maps painted anew: against a known colour field, in the old layout and in a new one; the same bytes each time; every map carried."""

from dataclasses import replace

import numpy as np
import pytest

from digitize.bake import unwrap as unwrapping
from digitize.bake.charts import unwrap_plain
from digitize.bake.choose import KEPT, REBAKED, RESOLVED, Chooser
from digitize.bake.press import loss, press
from digitize.bake.raster import rasterise
from digitize.bake.resolve import groups, resolvable
from digitize.bake.sharpen import sharpen
from digitize.bake.unwrap import unwrap
from digitize.encode.textures import pixels
from digitize.measure.closest import EmbreeSurface
from digitize.measure.compare import compare, reference
from digitize.mesh import Material, Mesh, Texture
from digitize.normals import smooth_normals
from digitize.simplify import simplify, simplify_free
from tests.digitize.bake.atlases import ball, colour, many_charts
from tests.digitize.shapes import checker, grid, plain, png, seamed, sphere


@pytest.fixture(scope="module")
def scan() -> Mesh:
    return many_charts(rounds=6, side=512, patches=12)


@pytest.fixture(scope="module")
def chooser(scan: Mesh) -> Chooser:
    return Chooser(scan)


def unwrapped(scan: Mesh, triangles: int, size: int) -> Mesh:
    return unwrap(smooth_normals(simplify_free(scan, triangles).mesh), size)


def seen(mesh: Mesh) -> float:
    """The colour's PSNR against the field that the ball's colour comes from, over its own points."""
    from digitize.measure.colour import Painter
    from digitize.measure.sample import by_area

    drawn = by_area(mesh.positions, mesh.faces, 20_000, 3)
    shown = Painter(mesh).colours(drawn.face, drawn.weights)
    direction = drawn.points / np.linalg.norm(drawn.points, axis=1, keepdims=True)
    return float(10 * np.log10(255**2 / np.mean((shown - colour(direction)) ** 2)))


def test_the_old_layout_painted_anew_measures_better(scan: Mesh, chooser: Chooser) -> None:
    level = simplify(scan, 3000).mesh
    assert resolvable(level)
    chosen = chooser.choose(level, asked=3000, limit=512)
    kept, resolved = chosen.candidates
    assert (kept["method"], resolved["method"], chosen.method) == (KEPT, RESOLVED, RESOLVED)
    assert resolved["colour_psnr"] > kept["colour_psnr"] + 0.5
    stated = compare(reference(scan, 20_000), chosen.mesh)["colour_psnr"]
    assert stated > resolved["colour_psnr"] - 2.5  # what encoding adds is bounded
    assert stated > kept["colour_psnr"]


def test_an_atlas_of_many_charts_reaches_its_number_by_a_new_layout(scan: Mesh, chooser: Chooser) -> None:
    level = simplify(scan, 500).mesh
    assert level.triangles > 1000  # its seams leave no more to take
    chosen = chooser.choose(level, asked=500, limit=512, free=lambda: unwrapped(scan, 500, 512))
    assert (chosen.method, [one["method"] for one in chosen.candidates]) == (REBAKED, [KEPT, REBAKED])
    assert chosen.candidates[0]["triangles"] == level.triangles
    assert chosen.mesh.triangles <= 525
    assert seen(chosen.mesh) > seen(scan) - 2
    assert {(t.width, t.height) for t in chosen.mesh.textures} == {(512, 512)}


def test_without_open3d_the_maps_are_nearly_the_same(scan: Mesh, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(EmbreeSurface, "rays", None)
    plain = Chooser(scan).choose(simplify(scan, 3000).mesh, asked=3000, limit=128)
    monkeypatch.undo()
    cast = Chooser(scan).choose(simplify(scan, 3000).mesh, asked=3000, limit=128)
    assert abs(plain.candidates[1]["colour_psnr"] - cast.candidates[1]["colour_psnr"]) < 0.5


def test_a_second_bake_gives_the_same_bytes(scan: Mesh) -> None:
    one, two = (Chooser(scan).choose(simplify(scan, 3000).mesh, asked=3000, limit=512) for _ in range(2))
    assert one.mesh.textures[0].data == two.mesh.textures[0].data
    assert np.array_equal(one.mesh.uv, two.mesh.uv)


def test_what_cannot_be_seen_to_change_is_left_as_it_is() -> None:
    mesh = smooth_normals(grid(40, texture=checker()))
    chosen = Chooser(mesh).choose(mesh, asked=3200, limit=64)
    assert (chosen.method, len(chosen.candidates)) == (KEPT, 1)
    assert np.array_equal(pixels(chosen.mesh.textures[0]), pixels(mesh.textures[0]))


def test_a_layout_that_overlaps_or_repeats_is_not_painted() -> None:
    mesh = grid(8, texture=checker())
    assert resolvable(mesh)
    assert not resolvable(replace(mesh, uv=mesh.uv * np.float32(2)))
    assert not resolvable(replace(mesh, uv=np.abs(mesh.uv - np.float32(0.5))))
    assert not resolvable(replace(mesh, uv=mesh.uv * np.float32(1e9)))
    assert not resolvable(replace(mesh, uv=None))


def test_materials_that_share_a_texture_share_a_layout() -> None:
    looks = ({"base_colour": 0}, {"base_colour": 1, "normal": 2}, {"base_colour": 3, "normal": 2}, {})
    mesh = replace(grid(1), materials=tuple(Material(textures=look) for look in looks))
    assert groups(mesh) == {frozenset({0}): [0], frozenset({1, 2, 3}): [1, 2]}


def two_looks() -> Mesh:
    """A ball of two materials, one rough and one of metal, each with its own texture and one that glows."""
    mesh = smooth_normals(seamed(5))
    north = mesh.positions[mesh.faces].mean(axis=1)[:, 2] > 0
    plain = [
        Texture(f"{n}.png", "image/png", 32, 32, png(np.full((32, 32, 3), value, dtype=np.uint8))) for n, value in enumerate((40, 200, 90))
    ]
    one = Material(name="one", roughness=0.25, metallic=0.0, textures={"base_colour": 0, "emissive": 2}, emissive=(1.0, 1.0, 1.0))
    two = Material(name="two", roughness=0.75, metallic=1.0, base_colour=(0.5, 0.5, 0.5, 1.0), textures={"base_colour": 1})
    return replace(mesh, materials=(one, two), textures=tuple(plain), material_of=north.astype(np.int32))


def test_a_new_layout_carries_every_map_of_every_material() -> None:
    mesh = two_looks()
    found = Chooser(mesh)._rebaked(unwrapped(mesh, 2000, 256), 256)
    assert (len(found.mesh.materials), found.mesh.materials[0].textures) == (1, {"base_colour": 0, "metallic_roughness": 1, "emissive": 2})
    north = _values(found.mesh, {n: one.image for n, one in found.painted.items()}, np.array([0, 0, 1.0]))
    south = _values(found.mesh, {n: one.image for n, one in found.painted.items()}, np.array([0, 0, -1.0]))
    half = 255 * (1.055 * (0.5 * ((200 / 255 + 0.055) / 1.055) ** 2.4) ** (1 / 2.4) - 0.055)
    assert [north[0][0], south[0][0]] == pytest.approx([half, 40], abs=1)
    assert [*north[1][1:], *south[1][1:]] == pytest.approx([191, 255, 64, 0], abs=1)
    assert [north[2][0], south[2][0]] == pytest.approx([0, 90], abs=1)


def _values(mesh: Mesh, images: dict[int, np.ndarray], direction: np.ndarray) -> list[np.ndarray]:
    """What each map shows at the vertex furthest in a direction."""
    u, v = mesh.uv[np.argmax(mesh.positions @ direction)]
    return [image[int(v * image.shape[0]) % image.shape[0], int(u * image.shape[1]) % image.shape[1]] for image in images.values()]


def test_alpha_goes_along() -> None:
    mesh = smooth_normals(seamed(4))
    holes = np.full((64, 64, 4), 255, dtype=np.uint8)
    holes[:, :32, 3] = 0
    texture = Texture("holes.png", "image/png", 64, 64, png(holes))
    mesh = replace(mesh, textures=(texture,), materials=(Material(alpha_mode="MASK", textures={"base_colour": 0}),))
    found = Chooser(mesh)._rebaked(unwrapped(mesh, 400, 64), 64)
    alpha = found.painted[0].image[..., 3][found.painted[0].used]
    assert (alpha < 10).mean() == pytest.approx(0.5, abs=0.08)
    assert (alpha > 245).mean() == pytest.approx(0.5, abs=0.08)


def test_a_new_layout_has_no_overlap_and_keeps_the_surface() -> None:
    mesh = smooth_normals(ball(4))
    laid = unwrap(mesh, 256)
    assert resolvable(replace(laid, materials=(Material(textures={"base_colour": 0}),)))
    assert laid.triangles == mesh.triangles
    assert laid.uv.min() >= 0
    assert laid.uv.max() <= 1
    assert {tuple(row) for row in laid.positions.tolist()} == {tuple(row) for row in mesh.positions.tolist()}


@pytest.mark.parametrize("shape", [smooth_normals(ball(4)), smooth_normals(grid(9)), seamed(4), two_looks()])
def test_without_xatlas_a_plain_layout_covers_the_same_surface(shape: Mesh, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unwrapping, "available", lambda: False)
    laid = unwrap(replace(shape, uv=None), 256)
    assert resolvable(replace(laid, materials=(Material(textures={"base_colour": 0}),)))
    assert np.array_equal(laid.positions[laid.faces], shape.positions[shape.faces])
    assert (laid.uv.min() >= 0, laid.uv.max() <= 1) == (True, True)
    used = rasterise(laid.uv, laid.faces, (256, 256))
    assert len(set(used.at.tolist())) > 0.35 * 256 * 256
    one, two = (unwrap(shape, 256).uv for _ in range(2))
    assert np.array_equal(one, two)


def test_a_surface_that_lies_over_itself_is_cut() -> None:
    turn = np.linspace(0, 4 * np.pi, 200)
    line = np.stack([turn * np.cos(turn), turn * np.sin(turn), 3 * np.sin(5 * turn)], axis=1)
    points = np.concatenate([line, line + np.array([0, 0, 1.0]), 0.2 * line * np.array([1, 1, 0]) + np.array([0, 0, 9.0])])
    a = np.arange(199)
    strip = np.concatenate([np.stack([a, a + 1, a + 201], 1), np.stack([a, a + 201, a + 200], 1)])
    faces = np.concatenate([strip, strip + 200]).astype(np.int32)
    laid = unwrap_plain(plain(points, faces), 512, 4)
    assert resolvable(replace(laid, materials=(Material(textures={"base_colour": 0}),)))
    assert laid.triangles == len(faces)


def test_contrasts_are_solved_for_what_is_seen_between_the_texels() -> None:
    """A step between two texels: painted by its samples it is too soft; solved, it fits the step better everywhere."""
    side, edge = 32, 15.8

    def step(x: np.ndarray) -> np.ndarray:
        return np.clip(x - edge + 0.5, 0, 1) * 200 + 20

    image = np.repeat(step(np.arange(side) + 0.5)[None, :], side, axis=0).astype(np.float32)[..., None]
    at = np.arange(side * side)
    solved = sharpen(image.copy(), at, lambda chosen, offset: step(chosen % side + 0.5 + offset[0])[:, None].astype(np.float32))
    line = np.linspace(2, 30, 2000)

    def error(values: np.ndarray) -> float:
        return float(np.mean((np.interp(line, np.arange(side) + 0.5, values) - step(line)) ** 2))

    assert error(solved[16, :, 0]) < 0.8 * error(image[16, :, 0])


def test_encoding_stays_within_its_bound_and_takes_the_smaller_file() -> None:
    random = np.random.default_rng(1)
    photo = np.cumsum(np.cumsum(random.normal(0, 1, (128, 128, 3)), axis=0), axis=1)
    photo = ((photo - photo.min()) / np.ptp(photo) * 255).astype(np.float32) + random.normal(0, 3, photo.shape).astype(np.float32)
    whole = np.ones((128, 128), dtype=bool)
    exact = np.clip(np.rint(photo), 0, 255).astype(np.uint8)
    for bound in (0.0, 0.5, 4.0):
        texture = press("photo", photo, whole, bound)
        assert loss(texture.data, exact, whole) <= bound
    assert (press("photo", photo, whole, 4.0).media_type, press("photo", photo, whole, 0.0).media_type) == ("image/jpeg", "image/png")
    drawn = pixels(checker(128, 16)).astype(np.float32)
    made = press("drawn", drawn, whole, 4.0)
    assert (made.media_type, np.array_equal(pixels(made), drawn)) == ("image/png", True)


def test_a_surface_without_colour_needs_no_texture() -> None:
    assert not resolvable(smooth_normals(sphere(2)))


def test_vertex_colours_become_a_texture_only_where_that_measures_better() -> None:
    mesh = smooth_normals(ball(6))
    direction = mesh.positions / np.linalg.norm(mesh.positions, axis=1, keepdims=True)
    rgba = np.hstack([np.rint(colour(direction)), np.full((len(direction), 1), 255)]).astype(np.uint8)
    mesh = replace(mesh, colours=rgba)
    chooser = Chooser(mesh)
    same = chooser.choose(mesh, asked=mesh.triangles, limit=256, free=lambda: unwrapped(mesh, 2000, 256))
    assert (same.method, same.mesh.textures, np.array_equal(same.mesh.colours, rgba)) == (KEPT, (), True)
    few = simplify(mesh, 1000).mesh
    chosen = chooser.choose(few, asked=1000, limit=256, free=lambda: unwrapped(mesh, 1000, 256))
    kept, rebaked = chosen.candidates
    assert rebaked["colour_psnr"] > kept["colour_psnr"] + 2
    assert (chosen.method, chosen.mesh.colours, len(chosen.mesh.textures)) == (REBAKED, None, 1)
    assert seen(chosen.mesh) > seen(few)
