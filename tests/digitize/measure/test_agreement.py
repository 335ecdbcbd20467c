# SPDX-License-Identifier: Apache-2.0
"""The stated error is what somebody else would measure, its percentile too, within a twentieth, on shapes of every sort and on the written file."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from digitize.encode import glb
from digitize.measure.compare import compare, reference
from digitize.measure.readback import read_back
from digitize.mesh import Mesh, select
from digitize.simplify import simplify
from tests.digitize.measure.independent import beyond, distances, points_on
from tests.digitize.shapes import cube, grid, needs_spot, plain, sphere, spot, subdivide

POINTS = 3000


def rough(mesh: Mesh, height: float, seed: int = 1) -> Mesh:
    random = np.random.default_rng(seed)
    return replace(mesh, positions=mesh.positions + random.normal(scale=height, size=mesh.positions.shape), normals=None, uv=None)


def uneven() -> tuple[Mesh, Mesh]:
    """Tiny triangles beside huge ones."""
    fine = grid(24, height=0.02)
    wide = plain([[0, 0, 0], [1.5, 0, 0], [1.5, 1.5, 0], [0, 1.5, 0]], [[0, 1, 2], [0, 2, 3]])
    both = plain(np.vstack([wide.positions, fine.positions]), np.vstack([wide.faces, fine.faces + 4]))
    return both, wide


def pair(name: str) -> tuple[Mesh, Mesh]:
    if name == "noise":
        return rough(sphere(4), 0.01), sphere(3)
    if name == "fewer":
        mesh = rough(sphere(4), 0.003)
        return mesh, simplify(mesh, 400).mesh
    if name == "half missing":
        mesh = replace(sphere(4), uv=None)
        return mesh, select(mesh, mesh.positions[mesh.faces][:, :, 2].min(axis=1) > 0)
    if name == "island lost":
        mesh = replace(cube(), uv=None)
        far = plain(np.vstack([mesh.positions, mesh.positions * 0.7 + 3]), np.vstack([mesh.faces, mesh.faces + 8]))
        return subdivide(subdivide(far)), mesh
    if name == "far from the origin":
        mesh = rough(sphere(4), 0.01)
        return replace(mesh, positions=mesh.positions + 1e5), replace(sphere(3), positions=sphere(3).positions + 1e5)
    return uneven()


@pytest.mark.parametrize("name", ["noise", "fewer", "half missing", "island lost", "far from the origin", "uneven"])
def test_another_measurement_finds_the_same(name: str) -> None:
    agree(*pair(name))


def agree(one: Mesh, two: Mesh, points: int = POINTS) -> None:
    found = compare(reference(one), two)
    there, back = distances(points_on(one, points, 31), two), distances(points_on(two, points, 32), one)
    means = {"forward": there.mean(), "backward": back.mean()}
    squares = {"forward": np.sqrt(np.mean(there**2)), "backward": np.sqrt(np.mean(back**2))}
    for way in ("forward", "backward"):
        assert found[way]["mean"] == pytest.approx(means[way], rel=0.05, abs=1e-5 * found["forward"]["max"]), way
        assert found[way]["rms"] == pytest.approx(squares[way], rel=0.05, abs=1e-5 * found["forward"]["max"]), way
    for way, start, end in (("forward", one, two), ("backward", two, one)):
        if found[way]["p999"] > 1e-3 * found["forward"]["max"]:
            assert found[way]["p999"] == pytest.approx(beyond(start, end), rel=0.05), way
    farthest = max(distances(one.positions, two).max(), distances(two.positions, one).max(), there.max(), back.max())
    assert farthest * 0.999 <= found["max"] <= farthest * 1.05
    assert found["mean"] == max(found["forward"]["mean"], found["backward"]["mean"])


@pytest.mark.parametrize("seed", [2, 4, 5])
def test_the_percentile_of_a_heavy_tail_rests_on_enough_points(seed: int) -> None:
    """Over a plane the distance is the height: two million heights tell the percentile without any search."""
    flat, random = grid(60), np.random.default_rng(seed)
    height = 1e-4 * (1 + random.pareto(1.0, len(flat.positions))).clip(max=3000)
    spiky = replace(flat, positions=flat.positions + height[:, None] * [0, 0, 1], normals=None, uv=None)
    found = compare(reference(spiky), grid(1))["forward"]
    assert found["p999"] == pytest.approx(np.quantile(points_on(spiky, 2_000_000, 3)[:, 2], 0.999), rel=0.05)
    assert 0 < found["p999_error"] < 0.05 * found["p999"]


@pytest.mark.parametrize("codec", [None, glb.Draco(position=9)])
def test_rounding_of_the_written_file_is_in_it(tmp_path: Path, codec: glb.Draco | None) -> None:
    mesh = rough(sphere(4), 0.003)
    glb.write(simplify(mesh, 600).mesh, tmp_path / "a.glb", codec=codec)
    agree(mesh, read_back(tmp_path / "a.glb", mesh), 1500)


@needs_spot
@pytest.mark.slow
def test_on_the_real_scan() -> None:
    agree(spot(), simplify(spot(), 1500).mesh, 2000)
