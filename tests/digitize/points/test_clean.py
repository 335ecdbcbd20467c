# SPDX-License-Identifier: Apache-2.0
"""Outliers go, the surface stays; thinning keeps measured points; normals look outwards."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digitize.points import clean, normals
from digitize.points.cloud import Cloud, joined
from tests.digitize.points import scans


@pytest.mark.parametrize("share", [0.0, 0.01, 0.05])
def test_what_stands_apart_goes_and_what_lies_on_the_surface_stays(share: float):
    positions, _, stray = scans.whole(20_000, share)
    kept = clean.inliers(clean.spread(positions, 12, 4.0))
    towards = positions[stray] / np.linalg.norm(positions[stray], axis=1, keepdims=True)
    radius = np.linalg.norm(positions[stray], axis=1)
    # A stray point that fell near the surface is none.
    apart = (
        np.abs(radius - np.linalg.norm(scans.surface(_of_ellipsoid(towards)), axis=1)) > 0.15 if stray.any() else np.zeros(0, dtype=bool)
    )
    assert kept[~stray].mean() > 0.9995
    assert not kept[stray][apart].any()


def _of_ellipsoid(towards: np.ndarray) -> np.ndarray:
    """The direction whose surface point lies in a direction, for an ellipsoid with these axes."""
    found = towards / [1.0, 0.8, 1.3]
    return found / np.linalg.norm(found, axis=1, keepdims=True)


def test_two_densities_are_no_reason_to_drop_the_thinner_one():
    dense, thin = scans.whole(20_000, 0)[0], scans.whole(1_200, 0, seed=5)[0] + [4.0, 0.0, 0.0]
    kept = clean.inliers(clean.spread(np.concatenate([dense[:2000], thin]), 12, 4.0))
    assert kept[2000:].mean() > 0.97


@settings(max_examples=25, deadline=None)
@given(most=st.integers(1, 400), seed=st.integers(0, 5))
def test_thinning_keeps_measured_points_and_its_limit(most: int, seed: int):
    positions, rgb, _ = scans.whole(500, seed=seed)
    cloud = Cloud(positions, rgb)
    thin, cell = clean.thinned(cloud, most)
    assert len(thin) <= most
    assert cell > 0
    rows = {tuple(row) for row in np.hstack([positions, rgb]).tolist()}
    assert {tuple(row) for row in np.hstack([thin.positions, thin.colours]).tolist()} <= rows
    low = cloud.bounds()[0]
    cells = np.floor((thin.positions - low) / cell)
    assert len(np.unique(cells, axis=0)) == len(thin)


def test_nothing_is_thinned_that_is_thin_enough():
    cloud = Cloud(scans.whole(500)[0])
    assert clean.thinned(cloud, 500) == (cloud, 0.0)


def test_spacing_of_a_lattice_is_its_side():
    x, y = np.meshgrid(np.arange(60) * 0.25, np.arange(60) * 0.25)
    assert clean.spacing_of(np.stack([x.ravel(), y.ravel(), 0 * x.ravel()], axis=1)) == pytest.approx(0.25)


def test_normals_look_outwards_and_say_how_sure_that_is():
    towards = scans.directions(15_000)
    sided = normals.normals(Cloud(scans.surface(towards)), 16)
    agrees = (sided.normals * scans.outward(towards)).sum(axis=1)
    assert (agrees > 0).all()
    assert np.median(agrees) > 0.999
    assert sided.agreement is not None
    assert sided.agreement > 0.99


def test_a_flat_sheet_says_nothing_about_its_outside():
    random = np.random.default_rng(3)
    sheet = np.column_stack([random.uniform(0, 1, (3000, 2)), np.zeros(3000)])
    sided = normals.normals(Cloud(sheet), 12)
    assert len({*np.sign(sided.normals[:, 2])}) == 1
    assert sided.agreement is not None
    assert sided.agreement <= 1.0


def test_a_scanner_s_place_decides_the_side():
    towards = scans.directions(4000)
    inside = Cloud(scans.surface(towards), station=np.zeros((4000, 3), dtype=np.float32))
    sided = normals.normals(inside, 16)
    assert ((sided.normals * towards).sum(axis=1) < 0).all()
    assert sided.agreement is None


def test_joining_keeps_what_all_have():
    one, two = Cloud(np.zeros((2, 3)), np.full((2, 3), 7, dtype=np.uint8)), Cloud(np.ones((1, 3)))
    both = joined([one, two])
    assert (len(both), both.normals) == (3, None)
    assert both.colours is not None
    assert both.colours.tolist() == [[7, 7, 7], [7, 7, 7], [160, 160, 160]]
