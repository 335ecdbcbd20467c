# SPDX-License-Identifier: Apache-2.0
"""Positions moved to a coarse lattice along the surface rather than off it: few bits, little error.

A vertex need not go to the nearest lattice point: among those around it the one is taken that lies nearest to the planes of the
vertex's own faces. Where a surface is smooth, moving along it costs nothing, so two to three bits less give the same error.

Source of the measure of distance: M. Garland, P. Heckbert, "Surface Simplification Using Quadric Error Metrics", 1997.
"""

from dataclasses import dataclass, replace
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from digitize.encode.parts import Placement
from digitize.errors import Refusal
from digitize.mesh import Floats, Integers, Mesh, select
from digitize.topology import edges, face_normals, identical_rows

Numbers = NDArray[np.int64]
# What moving along the surface costs against moving off it; where there is a texture, it moves along.
SLIDE, SLIDE_TEXTURED = 0.002, 0.1
FIRST_BITS = 12
_REACH = 2
_TINY = 1e-300


@dataclass(frozen=True)
class Lattice:
    """Points `origin` + `step` · (0 … 2^bits - 1) on each axis; `origin` (3,) and `step` in one unit of length."""

    origin: Floats
    step: float
    bits: int

    @classmethod
    def over(cls, mesh: Mesh, bits: int) -> "Lattice":
        """Lay one over a mesh, as wide as its longest side."""
        low, high = mesh.bounds()
        return cls(low, float((high - low).max()) / (2**bits - 1) or 1.0, bits)

    @property
    def last(self) -> int:
        """Return the highest number on an axis."""
        return (1 << self.bits) - 1

    def placed(self, place: Placement) -> "Lattice":
        """Return it in the frame and unit of a file's node."""
        return replace(self, origin=(self.origin - np.array(place.offset)) * place.scale, step=self.step * place.scale)

    def numbers(self, positions: NDArray[Any]) -> Numbers:
        """Return the numbers of the nearest points, (n, 3)."""
        return np.rint((positions.astype(np.float64) - self.origin) / self.step).astype(np.int64)


@dataclass(frozen=True)
class Snapped:
    """A mesh on a lattice.

    Attributes
    ----------
    rms : root mean square distance between the surface before and after, in the mesh's unit.
    collapsed : triangles that were smaller than the lattice and are left out.
    """

    mesh: Mesh
    lattice: Lattice
    rms: float
    collapsed: int


def fit(mesh: Mesh, allowed: float, *, least: int, most: int) -> Snapped:
    """Snap to the coarsest lattice of `least` to `most` bits that moves the surface by no more than `allowed` (rms).

    Raises
    ------
    Refusal
        `mesh.too-thin` where no triangle is as wide as a step of the finest lattice.
    """
    found = snap(mesh, min(max(FIRST_BITS, least), most))
    more = int(np.ceil(np.log2(max(found.rms, _TINY) / max(allowed, _TINY))))
    bits = min(max(found.lattice.bits + more, least), most)
    if bits != found.lattice.bits:
        found = snap(mesh, bits)
    while (found.rms > allowed or not found.mesh.triangles) and found.lattice.bits < most:
        found = snap(mesh, found.lattice.bits + 1)
    if not found.mesh.triangles:
        raise Refusal("mesh.too-thin", steps=found.lattice.last)
    return found


def snap(mesh: Mesh, bits: int) -> Snapped:
    """Move every vertex to the lattice point near it that lies closest to its faces; equal positions move together."""
    lattice = Lattice.over(mesh, bits)
    first, number = identical_rows(mesh.positions)
    placed, faces = (mesh.positions[first] - lattice.origin) / lattice.step, number[mesh.faces]
    normals = face_normals(placed, faces)
    area = np.linalg.norm(normals, axis=1)
    unit, weight = normals / np.maximum(area, _TINY)[:, None], area / max(float(area.mean()), _TINY)
    slide = SLIDE_TEXTURED if mesh.textures else SLIDE
    chosen = _nearest(placed, _quadrics(placed, faces, unit, weight, slide), lattice.last)
    chosen = _unturned(chosen, placed, faces, unit)
    rms = _distance(chosen - placed, faces, unit, weight) * lattice.step
    moved = replace(mesh, positions=lattice.origin + lattice.step * chosen[number])
    corner = identical_rows(chosen)[1][faces]
    a, b, c = corner.T
    sound = (a != b) & (b != c) & (c != a)
    return Snapped(moved if sound.all() else select(moved, sound), lattice, rms, int((~sound).sum()))


def _quadrics(placed: Floats, faces: Integers, unit: Floats, weight: Floats, slide: float) -> Floats:
    """Return each vertex's (n, 3, 3) form of weighted squared distances to the planes of its faces and of its open edges."""
    found = edges(faces)
    rim = np.flatnonzero(found.uses[found.of_corner] == 1)
    start, end = faces.ravel()[rim], np.roll(faces, -1, axis=1).ravel()[rim]
    across = np.cross(placed[end] - placed[start], unit[rim // 3])
    # An open edge holds its place as much as the face behind it.
    across *= (np.sqrt(weight[rim // 3]) / np.maximum(np.linalg.norm(across, axis=1), _TINY))[:, None]
    planes = np.concatenate([*[unit * np.sqrt(weight)[:, None]] * 3, across, across])
    vertex = np.concatenate([faces.T.ravel(), start, end])
    forms = np.zeros((len(placed), 3, 3))
    for i, j in ((0, 0), (1, 1), (2, 2), (0, 1), (0, 2), (1, 2)):
        forms[:, i, j] = forms[:, j, i] = np.bincount(vertex, planes[:, i] * planes[:, j], len(placed))
    size = np.einsum("vii->v", forms)
    forms[:, range(3), range(3)] += (slide * size + _TINY)[:, None]
    return forms


def _nearest(placed: Floats, forms: Floats, last: int) -> Floats:
    """Choose among the lattice points up to two steps away the one of least form.

    Two axes are tried out; on the third, the one that the form holds fastest, the best place follows from the other two.
    """
    nearest = np.rint(placed)
    rest = placed - nearest
    order = np.argsort(np.einsum("vii->vi", forms), axis=1, kind="stable")
    own = np.take_along_axis(rest, order, axis=1)
    turned = np.take_along_axis(np.take_along_axis(forms, order[:, :, None], axis=1), order[:, None, :], axis=2)
    low, high = (np.take_along_axis(bound, order, axis=1) for bound in (np.maximum(-_REACH, -nearest), np.minimum(_REACH, last - nearest)))
    best, chosen = np.full(len(placed), np.inf), np.zeros_like(placed)
    (a, b, c), (d, e, f) = (turned[:, 0, k] for k in range(3)), (turned[:, 1, 1], turned[:, 1, 2], turned[:, 2, 2])
    for i, j in product(range(-_REACH, _REACH + 1), repeat=2):
        x, y = i - own[:, 0], j - own[:, 1]
        k = np.clip(np.rint(own[:, 2] - (c * x + e * y) / f), low[:, 2], high[:, 2])
        z = k - own[:, 2]
        cost = a * x * x + d * y * y + f * z * z + 2 * (b * x * y + c * x * z + e * y * z)
        inside = (low[:, 0] <= i) & (i <= high[:, 0]) & (low[:, 1] <= j) & (j <= high[:, 1])
        better = inside & (cost < best)
        best[better] = cost[better]
        chosen[better] = np.stack([np.full(len(k), i), np.full(len(k), j), k], axis=1)[better]
    back = np.empty_like(chosen)
    np.put_along_axis(back, order, chosen, axis=1)
    return nearest + back


def _unturned(chosen: Floats, placed: Floats, faces: Integers, unit: Floats) -> Floats:
    """Give the vertices of faces that were turned over the nearest lattice point instead, a few times."""
    for _ in range(3):
        turned = np.einsum("fi,fi->f", face_normals(chosen, faces), unit) < 0
        if not turned.any():
            break
        back = np.unique(faces[turned])
        chosen = chosen.copy()
        chosen[back] = np.rint(placed[back])
    return chosen


def _distance(moved: Floats, faces: Integers, unit: Floats, weight: Floats) -> float:
    """Return the root mean square over the surface of how far it moved off its own planes."""
    height = np.einsum("fij,fj->fi", moved[faces], unit)
    pairs = height[:, 0] * height[:, 1] + height[:, 1] * height[:, 2] + height[:, 2] * height[:, 0]
    square = ((height**2).sum(axis=1) + pairs) / 6
    return float(np.sqrt((square * weight).sum() / max(float(weight.sum()), _TINY)))
