# SPDX-License-Identifier: Apache-2.0
"""The painted error: where it is, in colours whose order nobody mistakes, in a file that Khronos accepts."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from digitize.measure import heat
from digitize.measure.colour import to_linear
from digitize.measure.compare import both_ways, reference
from digitize.measure.ramp import legend, ramp
from digitize.mesh import Mesh
from digitize.readers import gltf
from tests.digitize.encode.validator import needs_validator, reports
from tests.digitize.shapes import grid

# sRGB to what people without one of the three cones see, linear light. Source: Viénot, Brettel, Mollon, 1999.
PROTAN = np.array([[0.11238, 0.88762, 0.0], [0.11238, 0.88762, 0.0], [0.00401, -0.00401, 1.0]])
DEUTAN = np.array([[0.29275, 0.70725, 0.0], [0.29275, 0.70725, 0.0], [-0.02234, 0.02234, 1.0]])


def lightness(rgb: np.ndarray) -> np.ndarray:
    y = rgb @ np.array([0.2126, 0.7152, 0.0722])
    return np.where(y > 0.008856, 116 * np.cbrt(np.maximum(y, 0)) - 16, 903.3 * y)


@pytest.mark.parametrize("sight", [np.eye(3), PROTAN, DEUTAN], ids=["all", "no red", "no green"])
def test_lightness_rises_evenly_for_every_sight(sight: np.ndarray) -> None:
    steps = np.diff(lightness(to_linear(ramp(np.linspace(0, 1, 65)).astype(float)) @ sight.T))
    assert steps.min() > 0.2
    assert steps.max() < 3


def test_the_legend_runs_from_end_to_end() -> None:
    assert legend(3) == ["#" + bytes(ramp(np.array([share]))[0].tolist()).hex() for share in (0, 0.5, 1)]
    assert np.array_equal(ramp(np.array([-1.0, 2.0])), ramp(np.array([0.0, 1.0])))


def bent() -> tuple[Mesh, Mesh]:
    """A flat square, and one that rises towards its right side."""
    flat, other = grid(16), grid(16)
    positions = other.positions.copy()
    positions[:, 2] = 0.1 * positions[:, 0] ** 2
    return replace(flat, unit="mm"), replace(other, positions=positions)


def test_vertices_show_the_distance_around_them() -> None:
    one, two = bent()
    found = both_ways(reference(one, samples=40_000), two)
    at = heat.vertex_distances(two, found)
    assert np.abs(at - two.positions[:, 2]).max() < 0.006
    assert at[two.positions[:, 0] == 0].max() < 0.002


def test_a_vertex_that_no_sample_reaches_is_filled_from_around() -> None:
    one, two = bent()
    found = both_ways(reference(one, samples=8), two)
    at = heat.vertex_distances(two, found)
    assert np.isfinite(at).all()
    assert (at > 0).all()


@needs_validator
def test_the_file_is_valid_small_and_shows_the_scale(tmp_path: Path) -> None:
    one, two = bent()
    made = heat.write(reference(one, samples=40_000), two, both_ways(reference(one, samples=40_000), two), tmp_path, "lod-1")
    assert (made["role"], made["of"], made["triangles"]) == ("heat", "lod-1", two.triangles)
    scale = made["scale"]
    assert scale["high"] == pytest.approx(0.1, rel=0.05)
    assert (scale["unit"], scale["high_mm"], scale["low"]) == ("mm", scale["high"], 0.0)
    assert scale["high_per_10000_of_diagonal"] == pytest.approx(1e4 * scale["high"] / 2**0.5)
    assert made["colours"] == legend()
    assert [found["errors"] for found in reports(tmp_path / made["path"])] == [0]
    assert (tmp_path / made["path"]).stat().st_size < 6000
    again = gltf.read(tmp_path, made["path"]).mesh
    assert again.materials[0].unlit
    assert again.colours is not None
    right = again.colours[again.positions[:, 0] > again.positions[:, 0].max() - 1e-5][:, :3].astype(float)
    assert np.abs(right - ramp(np.array([1.0]))).max() < 40
