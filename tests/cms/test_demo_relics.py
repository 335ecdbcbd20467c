# SPDX-License-Identifier: Apache-2.0
import zipfile
from functools import lru_cache
from importlib import import_module

import numpy as np
import pytest

from cms.demo import originals
from cms.demo.mesh import Mesh, double_areas, grid, join, normals, snapped, unpaired_edges, upright, volume, weld
from cms.demo.relics import NAMES, cup

SMALL = 0.06

BOUNDS = {
    # name: least and most triangles, size in mm along x, y, z, closed shells
    "cup": (300_000, 600_000, (92.4, 226.3, 92.4), 2),
    "ding": (400_000, 900_000, (217.6, 243.6, 208.4), 6),
    "relief": (500_000, 1_000_000, (1001.9, 522.3, 130.1), 1),
    "tile": (100_000, 300_000, (160.0, 160.0, 29.1), 1),
}


@lru_cache
def full(name: str) -> Mesh:
    return import_module(f"cms.demo.relics.{name}").mesh(1.0, 1)


def shells(mesh: Mesh) -> int:
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    faces = weld(mesh.points)[mesh.faces]
    count = int(faces.max()) + 1
    links = coo_matrix((np.ones(faces.size), (faces.ravel(), np.roll(faces, 1, axis=1).ravel())), shape=(count, count))
    return connected_components(links, directed=False)[0]


@pytest.mark.parametrize("name", NAMES)
def test_a_relic_has_the_triangles_and_the_size_its_record_names(name: str) -> None:
    least, most, size, _ = BOUNDS[name]
    mesh = full(name)
    assert least <= len(mesh.faces) <= most
    assert np.round(np.ptp(mesh.points, axis=0), 1) == pytest.approx(size, abs=0.15)


@pytest.mark.parametrize("name", NAMES)
def test_a_relic_is_closed_and_has_no_degenerate_face(name: str) -> None:
    mesh = full(name)
    assert unpaired_edges(mesh) == 0
    assert double_areas(mesh).min() > 0


@pytest.mark.parametrize("name", NAMES)
def test_a_relic_is_finite_with_texture_coordinates_inside_the_picture(name: str) -> None:
    mesh = full(name)
    assert np.isfinite(mesh.points).all()
    assert np.isfinite(mesh.uv).all()
    assert mesh.uv.min() >= 0.0
    assert mesh.uv.max() <= 1.0
    assert np.array_equal(np.unique(mesh.faces), np.arange(len(mesh.points)))


@pytest.mark.parametrize("name", NAMES)
def test_no_triangle_of_a_relic_reaches_across_the_texture(name: str) -> None:
    mesh = full(name)
    assert np.ptp(mesh.uv[mesh.faces], axis=1).max() < 0.12


@pytest.mark.parametrize("name", originals.NAMES)
def test_equal_seeds_give_equal_bytes_and_others_do_not(name: str, tmp_path) -> None:
    first = originals.make(name, tmp_path / "a", seed=1, detail=SMALL)
    again = originals.make(name, tmp_path / "b", seed=1, detail=SMALL)
    other = originals.make(name, tmp_path / "c", seed=2, detail=SMALL)
    assert first.name == again.name == other.name
    assert first.read_bytes() == again.read_bytes()
    assert first.read_bytes() != other.read_bytes()


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("detail", [0.02, 0.2])
def test_a_coarser_relic_is_closed_too_in_as_many_shells(name: str, detail: float) -> None:
    mesh = import_module(f"cms.demo.relics.{name}").mesh(detail, 3)
    assert unpaired_edges(mesh) == 0
    assert volume(mesh) > 0
    assert shells(mesh) == BOUNDS[name][3]
    assert len(mesh.faces) < BOUNDS[name][0]


def test_the_cup_is_pierced_by_every_hole() -> None:
    mesh = full("cup")
    places, edges, faces = len(np.unique(weld(mesh.points))), 3 * len(mesh.faces) // 2, len(mesh.faces)
    holes = len(cup._holes(cup._wall()))
    assert holes == 56
    # Euler: the cup's shell has one handle for every hole, the pellet inside is a sphere.
    assert places - edges + faces == (2 - 2 * holes) + 2


def test_the_cups_wall_is_thinner_than_half_a_millimetre() -> None:
    wall = cup._wall()
    s = np.linspace(0, wall.length[-1], 500)
    outer, inner = np.stack(wall.at(s, 0.0)), np.stack(wall.at(s, cup.WALL))
    assert np.hypot(*(outer - inner)).max() == pytest.approx(0.4, abs=0.001)


@pytest.mark.parametrize("name", NAMES)
def test_the_file_holds_what_was_built(name: str, tmp_path) -> None:
    import trimesh

    path = originals.make(name, tmp_path, detail=SMALL)
    built = import_module(f"cms.demo.relics.{name}").mesh(SMALL, 1)
    if path.suffix == ".zip":
        with zipfile.ZipFile(path) as archive:
            assert archive.namelist() == ["bronze-ding.obj", "bronze-ding.mtl", "bronze-ding.png"]
            archive.extractall(tmp_path)
        path = tmp_path / "bronze-ding.obj"
    read = trimesh.load(path, process=False, force="mesh")
    unit = 1000.0 if path.suffix == ".glb" else 1.0
    assert len(read.faces) == len(built.faces)
    corners = np.asarray(read.vertices)[np.asarray(read.faces)] * unit
    assert corners == pytest.approx(built.points[built.faces], abs=1e-3)


@pytest.mark.parametrize(
    ("name", "form"),
    [("cup", "glb"), ("ding", "obj"), ("relief", "glb"), ("tile", "ply"), ("papercut", "png"), ("scissors", "wav"), ("dance", "bvh")],
)
def test_the_pre_flight_takes_every_original_without_a_doubt(name: str, form: str, tmp_path) -> None:
    from digitize.preflight import Limits, inspect

    intake = inspect(originals.make(name, tmp_path, detail=SMALL), limits=Limits())
    assert intake.format == form
    assert intake.doubts == ()


@pytest.mark.parametrize("word", [b"comment unit: mm\n", b"comment up: +Z\n", b"not a scan of a real object"])
def test_the_tile_says_its_unit_its_up_and_that_it_is_synthetic(word: bytes, tmp_path) -> None:
    head = originals.make("tile", tmp_path, detail=SMALL).read_bytes().partition(b"end_header\n")[0]
    assert head.count(word) == 1


def test_an_unknown_original_is_refused_by_name(tmp_path) -> None:
    with pytest.raises(ValueError, match="there is no relic 'vase'; there are cup, ding, relief, tile"):
        originals.make("vase", tmp_path)


def test_an_open_grid_counts_its_border_and_a_collapsed_face_is_dropped() -> None:
    x, y = np.meshgrid(np.arange(3.0), np.arange(3.0))
    flat = np.stack([x, y, 0 * x], axis=-1)
    assert unpaired_edges(grid(flat, flat[..., :2] / 2)) == 16
    flat[0] = flat[0, 0]
    assert len(join(grid(flat, flat[..., :2] / 2)).faces) == 6


def test_upright_turns_z_to_y_and_normals_follow_the_faces() -> None:
    x, y = np.meshgrid(np.arange(2.0), np.arange(2.0))
    mesh = upright(grid(np.stack([x, y, 0 * x], axis=-1), np.zeros((2, 2, 2))))
    assert np.array_equal(normals(mesh), np.tile([0.0, 1.0, 0.0], (4, 1)))


def test_a_point_a_metre_away_cannot_be_welded() -> None:
    with pytest.raises(ValueError, match="farther than a metre"):
        weld(snapped(np.array([[0.0, 0.0, 1100.0]])))
