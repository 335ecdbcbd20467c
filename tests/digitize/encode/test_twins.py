# SPDX-License-Identifier: Apache-2.0
"""Compressed twins: as coarse as a level's own error allows, no coarser."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from digitize.encode import glb, twins
from digitize.encode.meshopt import Meshopt
from digitize.measure.readback import read_back
from digitize.mesh import Mesh
from digitize.simplify import simplify_free
from tests.digitize.encode.test_lattice import distance
from tests.digitize.shapes import checker, seamed, sphere


def bumpy() -> Mesh:
    """A sphere with waves, finer than any level."""
    mesh = sphere(6)
    height = 1 + 0.02 * np.sin(9 * mesh.positions[:, :1]) * np.sin(11 * mesh.positions[:, 1:2])
    return replace(mesh, positions=mesh.positions * height)


@pytest.mark.parametrize("spread", [0.01, 0.1, 0.7])
def test_the_allowed_error_raises_the_mean_as_stated(spread: float) -> None:
    rng = np.random.default_rng(5)
    distances = np.abs(rng.normal(size=200_000)) * (rng.random(200_000) < 0.3)
    allowed = twins.allowed(distances, spread)
    raised = np.abs(distances + rng.normal(size=len(distances)) * allowed).mean() / distances.mean()
    assert raised == pytest.approx(1 + spread, rel=0.01)


def test_where_there_is_no_error_the_floor_decides() -> None:
    mesh = sphere(5)
    found = twins.snapped(mesh, mesh.positions, twins.Bits(floor=0.05))
    assert found.rms <= 0.05e-4 * mesh.diagonal()
    assert twins.snapped(mesh, mesh.positions, twins.Bits(floor=5.0)).lattice.bits < found.lattice.bits


def test_a_twin_is_hardly_worse_than_its_level() -> None:
    mesh = bumpy()
    level = simplify_free(mesh, 3000).mesh
    found = twins.snapped(level, mesh.positions, twins.Bits(added=0.05))
    plain, twin = distance(mesh, level), distance(mesh, found.mesh)
    assert plain < twin < 1.12 * plain
    assert found.lattice.bits < 14


def test_both_twins_lie_on_one_lattice(tmp_path: Path) -> None:
    mesh = replace(sphere(4), unit="mm")
    found = twins.snapped(mesh, mesh.positions, twins.Bits())
    surfaces = []
    for name, codec in (("draco", glb.Draco()), ("meshopt", Meshopt())):
        glb.write(found.mesh, tmp_path / f"{name}.glb", codec=codec, lattice=found.lattice)
        again = read_back(tmp_path / f"{name}.glb", mesh)
        surfaces.append({tuple(row) for row in found.lattice.numbers(again.positions).tolist()})
        assert np.abs((again.positions - found.lattice.origin) / found.lattice.step % 1 - 0.5).min() > 0.49
    assert surfaces[0] == surfaces[1]


@pytest.mark.parametrize(("side", "tiles", "bits"), [(64, 1, 10), (1024, 1, 14), (4096, 1, 16), (4096, 3, 16), (16384, 9, 16)])
def test_uv_are_written_to_a_sixteenth_of_a_texel(side: int, tiles: float, bits: int) -> None:
    mesh = seamed(2)
    span = np.ptp(mesh.uv, axis=0).max()
    mesh = replace(mesh, uv=(mesh.uv * tiles / span).astype(np.float32), textures=(replace(checker(), width=side, height=side),))
    assert twins.uv_bits(mesh) == bits
    assert twins.uv_bits(replace(mesh, textures=())) == 8


def test_a_lattice_is_finer_than_the_texels_that_lie_on_it() -> None:
    mesh = seamed(4)
    large = replace(mesh, textures=(replace(mesh.textures[0], width=4096, height=4096),))
    assert twins.texel(mesh) == pytest.approx(64 * twins.texel(large))
    assert twins.texel(replace(mesh, textures=())) == float("inf")
    coarse, fine = (twins.snapped(each, mesh.positions, twins.Bits(least=4)).lattice for each in (replace(mesh, textures=()), large))
    assert fine.step < coarse.step
    assert fine.step < 0.1 * twins.texel(large)
