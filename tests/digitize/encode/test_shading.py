# SPDX-License-Identifier: Apache-2.0
"""Normals: kept where they say more than the shape, free where they do not."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from digitize.encode import glb
from digitize.encode.lattice import Lattice, snap
from digitize.encode.shading import foretold
from digitize.measure.readback import read_back
from digitize.mesh import Mesh
from digitize.normals import smooth_normals
from tests.digitize.shapes import cube, sphere


def degrees(one: np.ndarray, two: np.ndarray) -> np.ndarray:
    return np.degrees(np.arccos(np.clip(np.einsum("ij,ij->i", one.astype(float), two.astype(float)), -1, 1)))


def lay(mesh: Mesh, bits: int = 11) -> tuple[np.ndarray, Lattice, Mesh]:
    found = snap(mesh, bits)
    return found.lattice.numbers(found.mesh.positions), found.lattice, found.mesh


@pytest.mark.parametrize("slack", [0.0, 1.0, 4.0])
def test_no_normal_moves_further_than_it_may(slack: float) -> None:
    numbers, _, mesh = lay(smooth_normals(sphere(4)))
    found = foretold(numbers, mesh.faces, mesh.normals, 8, slack)
    assert degrees(found, mesh.normals).max() <= slack + 0.05
    assert np.allclose(np.linalg.norm(found, axis=1), 1, atol=1e-6)


def test_what_is_far_from_the_shape_is_left_alone() -> None:
    numbers, _, mesh = lay(smooth_normals(sphere(3)))
    aside = np.roll(mesh.normals, 1, axis=1)
    far = degrees(aside, mesh.normals) > 20
    assert np.array_equal(foretold(numbers, mesh.faces, aside, 8, 5.0)[far], aside[far])


def test_corners_of_a_crease_keep_their_own_sides() -> None:
    numbers, _, mesh = lay(smooth_normals(cube()))
    assert degrees(foretold(numbers, mesh.faces, mesh.normals, 8, 5.0), mesh.normals).max() < 1.0


def test_what_is_foretold_costs_draco_next_to_nothing(tmp_path: Path) -> None:
    mesh = smooth_normals(sphere(6))
    bare, given, free = replace(mesh, normals=None), glb.Draco(position=12, slack=0.0), glb.Draco(position=12, slack=5.0)
    sizes = {}
    for name, (what, codec) in {"bare": (bare, free), "given": (mesh, given), "free": (mesh, free)}.items():
        glb.write(what, tmp_path / f"{name}.glb", codec=codec)
        sizes[name] = (tmp_path / f"{name}.glb").stat().st_size
    assert sizes["free"] - sizes["bare"] < 0.25 * (sizes["given"] - sizes["bare"])
    again = read_back(tmp_path / "free.glb", mesh)
    outward = again.positions / np.linalg.norm(again.positions, axis=1, keepdims=True)
    assert degrees(again.normals, outward).mean() < 3.0
