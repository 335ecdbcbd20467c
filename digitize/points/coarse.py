# SPDX-License-Identifier: Apache-2.0
"""A first guess of how two scans lie, from the shape around their points; the same guess each time.

Source: Rusu et al. 2009 (fast point feature histograms, by open3d); Fischler and Bolles 1981 (random samples); Kabsch 1976.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from digitize.mesh import Floats
from digitize.points import align
from digitize.points.align import Scan, measure
from digitize.points.cloud import turned

_REACH = 6.0  # of a feature, in spacings
_NEIGHBOURS = 120
_DRAWS, _BATCH = 60_000, 6_000
_STIFF = 0.9  # how alike the sides of two triangles must be
_KEPT = 40
_TRIED = 4
_APART = np.radians(10.0)
_SEED = 7
Index = NDArray[np.intp]


def guesses(source: Scan, target: Scan, spacing: float) -> list[Floats]:
    """Return rigid (4, 4) matrices that bring `source` near `target`, the most likely first; none where nothing agrees."""
    pairs = _pairs(_features(source, spacing), _features(target, spacing))
    if len(pairs) < 3:
        return []
    one, two = source.positions[pairs[:, 0]], target.positions[pairs[:, 1]]
    likely = _drawn(one, two, spacing)
    scored = [align.likeness(*measure(source, target, matrix, 2 * spacing), 2 * spacing) for matrix in likely]
    found: list[Floats] = []
    for place in sorted(range(len(likely)), key=lambda place: (-scored[place], place)):
        if len(found) < _TRIED and all(_apart(likely[place], one) for one in found):
            found.append(likely[place])
    return found


def _apart(one: Floats, two: Floats) -> bool:
    """Say whether two motions turn differently, so that both are worth a trial."""
    return float(np.einsum("ij,ij->", one[:3, :3], two[:3, :3])) < 1 + 2 * np.cos(_APART)


def _features(scan: Scan, spacing: float) -> NDArray[np.float64]:
    """Describe the shape around each point: (n, 33)."""
    from digitize.native import open3d

    o3d = open3d()
    cloud = o3d.geometry.PointCloud(o3d.utility.Vector3dVector(scan.positions))
    cloud.normals = o3d.utility.Vector3dVector(scan.normals)
    search = o3d.geometry.KDTreeSearchParamHybrid(radius=_REACH * spacing, max_nn=_NEIGHBOURS)
    return np.ascontiguousarray(np.asarray(o3d.pipelines.registration.compute_fpfh_feature(cloud, search).data).T)


def _pairs(one: NDArray[np.float64], two: NDArray[np.float64]) -> Index:
    """Pair the points (k, 2) that are most alike both ways; one way where hardly any are."""
    from scipy.spatial import cKDTree

    there, back = cKDTree(two).query(one)[1], cKDTree(one).query(two)[1]
    index = np.arange(len(one))
    mutual = back[there] == index
    chosen = index[mutual] if int(mutual.sum()) >= 60 else index
    return np.stack([chosen, there[chosen]], axis=1)


def _drawn(one: Floats, two: Floats, spacing: float) -> list[Floats]:
    """Draw triples of pairs, keep those whose triangles are alike, and return the motions on which most pairs agree."""
    random = np.random.Generator(np.random.PCG64(_SEED))
    best: list[tuple[int, int, Floats]] = []
    for batch in range(_DRAWS // _BATCH):
        triples = random.integers(0, len(one), (_BATCH, 3))
        triples = triples[_alike(one[triples], two[triples], 4 * spacing)]
        if not len(triples):
            continue
        matrices = kabsch(one[triples], two[triples])
        agree = np.array([_agreeing(one, two, matrix, 3 * spacing) for matrix in matrices])
        first = np.argsort(-agree, kind="stable")[:_KEPT]
        best += [(-int(agree[place]), batch * _BATCH + int(place), matrices[place]) for place in first]
    best.sort(key=lambda item: item[:2])
    return [matrix for _, _, matrix in best[:_KEPT]]


def _alike(one: Floats, two: Floats, least: float) -> NDArray[np.bool_]:
    """Tell which triangles (k, 3, 3) have like sides, none of them too short to tell a direction."""
    sides = [np.linalg.norm(part - np.roll(part, 1, axis=1), axis=2) for part in (one, two)]
    ratio = np.minimum(*sides) / np.maximum(np.maximum(*sides), 1e-300)
    return np.asarray((ratio > _STIFF).all(axis=1) & (np.minimum(*sides) > least).all(axis=1))


def kabsch(one: Floats, two: Floats) -> Floats:
    """Return the rigid motions (k, 4, 4) that bring point sets (k, m, 3) best onto others."""
    middle_one, middle_two = one.mean(axis=1, keepdims=True), two.mean(axis=1, keepdims=True)
    u, _, v = np.linalg.svd(np.einsum("kmi,kmj->kij", one - middle_one, two - middle_two))
    sign = np.sign(np.linalg.det(np.einsum("kij,kjl->kil", u, v)))
    u[:, :, 2] *= sign[:, None]
    turn = np.einsum("kji,klj->kil", v, u)
    result = np.tile(np.eye(4), (len(one), 1, 1))
    result[:, :3, :3] = turn
    result[:, :3, 3] = middle_two[:, 0] - np.einsum("kij,kj->ki", turn, middle_one[:, 0])
    return result


def _agreeing(one: Floats, two: Floats, matrix: Floats, reach: float) -> int:
    """Count the pairs that a motion brings together."""
    return int((((turned(one, matrix[:3, :3]) + matrix[:3, 3] - two) ** 2).sum(axis=1) < reach**2).sum())
