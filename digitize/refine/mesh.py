# SPDX-License-Identifier: Apache-2.0
"""A simplified mesh drawn closer to its original."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from digitize.measure.closest import surface
from digitize.mesh import Floats, Integers, Mesh
from digitize.refine import fit
from digitize.refine.flips import Seats, flip
from digitize.refine.near import in_line, stood_on
from digitize.refine.patch import Cloth, patch
from digitize.refine.target import Target, chosen
from digitize.topology import face_normals, identical_rows

POINTS_A_TRIANGLE = 5  # of the simplified mesh
FLIPS = 1
LEAST = 0.2  # cosine between a face before and after a move, at least
HALVINGS = 4


@dataclass(frozen=True)
class Refined:
    """A refined mesh and what is known of it.

    Attributes
    ----------
    flips : how many edges were flipped.
    shading : (3m, 3) for every corner the sum of the original's normals around it, null where no point stands; None where
        the original has no normals of its own.
    """

    mesh: Mesh
    flips: int
    shading: Floats | None


def refine(mesh: Mesh, original: Target) -> Refined:
    """Flip edges and move vertices along their normals so that the original's points fit best; add a few where it lies furthest.

    Vertices of equal position move together; seams, materials and open borders stay; uv and colours stay with their
    vertex. No face turns by more than acos(`LEAST`). Where nothing gets better the vertices stay.
    """
    low, high = mesh.bounds()
    centre, extent = (low + high) / 2, float((high - low).max())
    first, number = identical_rows(mesh.positions)
    positions, faces = (mesh.positions[first] - centre) / extent, number[mesh.faces]
    search = surface(positions, faces)
    sample = chosen(original, min(POINTS_A_TRIANGLE * mesh.triangles, search.budget))
    order = in_line(sample.points)
    points, normals = np.asfortranarray((sample.points[order] - centre) / extent), sample.normals[order]
    face = stood_on(search, points, normals)
    crowd = fit.Crowd(points, face, _weights(normals, face_normals(positions, faces)[face]))
    corners, crowd, flips = _flipped(mesh, positions, faces, crowd)
    faces = faces.ravel()[corners]
    moved, footing = _moved(positions, faces, crowd)
    whole = replace(mesh, positions=moved[number], normals=None, faces=mesh.faces.ravel()[corners])
    cloth = patch(Cloth(whole, moved, faces, crowd), footing)
    whole = replace(cloth.mesh, positions=cloth.mesh.positions * extent + centre)
    return Refined(whole, flips, _shading(cloth, normals) if original.shaded else None)


def _weights(original: Floats, simplified: Floats) -> Floats:
    """Weigh points by their face's area; what stands on a face turned the other way (a thin wall's other side) counts nothing."""
    area = fit.length(original)
    agree = np.einsum("kd,kd->k", original, simplified) > 0.0
    return np.where(agree, area / max(float(area.mean()), fit.TINY), 0.0)


def _flipped(mesh: Mesh, positions: Floats, faces: Integers, crowd: fit.Crowd) -> tuple[NDArray[np.intp], fit.Crowd, int]:
    """Flip in `FLIPS` rounds; return the corners that make up the faces (m, 3), the points as they then stand, the number of flips."""
    corners, count = np.arange(faces.size).reshape(-1, 3), 0
    for _round in range(FLIPS):
        seats = Seats(mesh.faces.ravel()[corners.ravel()], mesh.material_of, mesh.uv)
        made, crowd = flip(positions, faces.ravel()[corners], seats, crowd)
        count += int((made[:, 1] != np.arange(1, faces.size, 3)).sum()) // 2
        corners = corners.ravel()[made]
    return corners, crowd, count


def _moved(positions: Floats, faces: Integers, crowd: fit.Crowd) -> tuple[Floats, fit.Footing]:
    """Move the vertices, less where a face would turn over; return them and how the points then stand."""
    footing = fit.stand(positions, faces, crowd)
    moved = positions + _tamed(positions, faces, fit.moves(positions, faces, crowd, footing))
    after = fit.stand(moved, faces, crowd)
    return (moved, after) if _squares(after, crowd.weight) < _squares(footing, crowd.weight) else (positions, footing)


def _tamed(positions: Floats, faces: Integers, move: Floats) -> Floats:
    """Halve, and in the end drop, the moves of the faces that would turn too far."""
    flat = face_normals(positions, faces)
    size = fit.length(flat)
    for halving in range(HALVINGS):
        turned = face_normals(positions + move, faces)
        bad = np.einsum("md,md->m", flat, turned) < LEAST * size * fit.length(turned)
        if not bad.any():
            return move
        move[np.unique(faces[bad])] *= 0.5 if halving < HALVINGS - 1 else 0.0
    turned = face_normals(positions + move, faces)
    still = np.einsum("md,md->m", flat, turned) < LEAST * size * fit.length(turned)
    return np.zeros_like(move) if still.any() else move


def _squares(footing: fit.Footing, weight: Floats) -> float:
    """Return the weighted sum of squared heights."""
    return float(np.sum(weight * footing.height * footing.height))


def _shading(cloth: Cloth, normals: Floats) -> Floats:
    """Spread the normals (k, 3) of the points that count over the corners of the faces they stand on: (3m, 3)."""
    crowd, footing = cloth.crowd, fit.stand(cloth.positions, cloth.faces, cloth.crowd)
    result = np.empty((len(cloth.faces), 3, 3))
    for corner in range(3):
        share = np.where(crowd.weight > 0.0, footing.weights[:, corner], 0.0)
        for axis in range(3):
            result[:, corner, axis] = np.bincount(crowd.face, weights=share * normals[:, axis], minlength=len(cloth.faces))
    return result.reshape(-1, 3)
