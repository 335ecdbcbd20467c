# SPDX-License-Identifier: Apache-2.0
"""Fewer triangles under the same texture: uv, colours, normals and materials stay where they were on the surface."""

from dataclasses import dataclass, replace

import numpy as np

from digitize.mesh import Bytes, Floats, Material, Mesh, Singles, compact, take
from digitize.meshopt import simplifier
from digitize.normals import smooth_normals
from digitize.refine import POINTS_A_TRIANGLE, Target, has_fins, refine, spots, target, without_fins
from digitize.refine.fit import unit, vertex_normals
from digitize.topology import face_normals, identical_rows

UV_WEIGHT, COLOUR_WEIGHT = 32.0, 0.5  # measured: +2 to +9 dB of texture against 0.5, at the same shape
FAR, STRIDE = 2.0, 1.5
WORTH = 3  # points of the original to a triangle, below which there is nothing to draw to
FOLDED, FEW = -0.2, 0.02  # cosine between a face and its vertex' normal; share of the triangles
METHOD = "meshoptimizer; edges flipped and vertices moved by least squares"


@dataclass(frozen=True)
class Level:
    """A simplified mesh, how many triangles were asked for, and how it was reached."""

    mesh: Mesh
    asked: int
    method: str


def simplify(mesh: Mesh, triangles: int, original: Target | None = None) -> Level:
    """Reduce a mesh to `triangles`, with every uv seam locked to itself, and draw the result to the original.

    Where seams keep the target out of reach more triangles are left, which the caller can see. Normals are taken anew
    from the original: they would lock seams of their own, and cost error (1.03 of the mean) and time (1.6).

    Parameters
    ----------
    original : the points to draw to, where `mesh` is itself a simplified one.

    Raises
    ------
    StepFailure
        `meshopt.memory`, `meshopt.trap`, `meshopt.missing`.
    """
    if mesh.triangles <= triangles:
        return Level(mesh, triangles, "as it is")
    return draw(_mended(reduce(mesh, triangles), mesh), original or target(mesh, POINTS_A_TRIANGLE * triangles), triangles)


def simplify_free(mesh: Mesh, triangles: int, original: Target | None = None) -> Level:
    """Reduce the shape alone: equal positions joined, no uv, normals, colours or materials that could stand in the way.

    What hung on the surface must be baked anew; `material_of` is all zero, over one plain material.

    Raises
    ------
    StepFailure
        `meshopt.memory`, `meshopt.trap`, `meshopt.missing`.
    """
    shape = bare(mesh)
    if mesh.triangles <= triangles:
        return Level(compact(shape), triangles, "as it is")
    return draw(_mended(reduce(shape, triangles), shape, welded=True), original or target(shape, POINTS_A_TRIANGLE * triangles), triangles)


def bare(mesh: Mesh) -> Mesh:
    """Give the shape alone, its equal positions joined, under one plain material."""
    first, number = identical_rows(mesh.positions)
    return replace(
        mesh,
        positions=mesh.positions[first],
        faces=number[mesh.faces],
        material_of=np.zeros(mesh.triangles, dtype=np.int32),
        materials=(Material(double_sided=any(material.double_sided for material in mesh.materials)),),
        textures=(),
        normals=None,
        uv=None,
        colours=None,
    )


def reduce(mesh: Mesh, triangles: int) -> Mesh:
    """Reduce without drawing to the original, but for what that may add; the result has no normals.

    What is far away is reached in two strides: the simplifier measures each from where it starts, and the shorter
    second one then chooses better (0.94 of the mean error in 1.2 times the time).
    """
    loose, triangles = split_materials(unshaded(mesh)), triangles - 2 * spots(triangles)
    if loose.triangles > FAR * triangles:
        loose = _run(loose, int(STRIDE * triangles))
        return _run(loose, triangles, _folded(loose, triangles))
    return _run(loose, triangles) if loose.triangles > triangles else loose


def unshaded(mesh: Mesh) -> Mesh:
    """Take the normals away, and join the vertices that only their normals kept apart."""
    if mesh.normals is None:
        return mesh
    rows: list[Floats] = [mesh.positions]
    rows += [] if mesh.uv is None else [mesh.uv.astype(np.float64)]
    rows += [] if mesh.colours is None else [mesh.colours.astype(np.float64)]
    first, number = identical_rows(np.hstack(rows))
    return take(replace(mesh, normals=None), first, number[mesh.faces], mesh.material_of)


def draw(mesh: Mesh, original: Target, asked: int) -> Level:
    """Draw a reduced mesh to its original; where that had normals, take them.

    Where the original has fewer than `WORTH` points for each triangle there is little to gain, and it is left as it is.
    """
    if len(original.points) < WORTH * mesh.triangles:
        return Level(smooth_normals(mesh) if original.shaded else mesh, asked, "meshoptimizer")
    refined = refine(mesh, original)
    shaded = smooth_normals(refined.mesh, shading=refined.shading) if original.shaded else refined.mesh
    return Level(shaded, asked, METHOD)


def _mended(reduced: Mesh, before: Mesh, *, welded: bool = False) -> Mesh:
    """Drop the fins that the simplifier has made, where there were none before."""
    mended = without_fins(reduced)
    return reduced if mended is not reduced and has_fins(before, welded=welded) else mended


def _folded(mesh: Mesh, triangles: int) -> Bytes | None:
    """Mark the vertices around which the surface folds over itself, where the second stride would go astray; None if too many."""
    first, number = identical_rows(mesh.positions)
    positions, faces = mesh.positions[first], number[mesh.faces]
    cosine = np.einsum("mcd,md->mc", vertex_normals(positions, faces)[faces], unit(face_normals(positions, faces)))
    folded = np.zeros(len(first), dtype=bool)
    folded[faces[cosine < FOLDED]] = True
    return folded[number].astype(np.uint8) if folded.sum() < FEW * triangles else None


def _run(mesh: Mesh, triangles: int, lock: Bytes | None = None) -> Mesh:
    """Call the simplifier within the unit cube, and bring its result back."""
    low, high = mesh.bounds()
    centre, extent = (low + high) / 2, float((high - low).max())
    attributes, weights = _attributes(mesh)
    scaled = ((mesh.positions - centre) / extent).astype(np.float32)
    result = simplifier.simplify(mesh.faces, scaled, attributes, weights, triangles=triangles, lock=lock)
    of_vertex = np.zeros(len(mesh.positions), dtype=np.int32)
    of_vertex[mesh.faces.ravel()] = np.repeat(mesh.material_of, 3)
    moved = _with_attributes(replace(mesh, positions=result.positions.astype(np.float64) * extent + centre), result.attributes)
    return compact(replace(moved, faces=result.faces, material_of=of_vertex[result.faces[:, 0]]))


def split_materials(mesh: Mesh) -> Mesh:
    """Give each material vertices of its own, so that a vertex tells its faces' material."""
    if len(mesh.materials) < 2:
        return mesh
    corner = mesh.faces.ravel().astype(np.int64) << np.int64(32) | np.repeat(mesh.material_of, 3)
    distinct, inverse = np.unique(corner, return_inverse=True)
    return take(mesh, (distinct >> np.int64(32)).astype(np.intp), inverse.reshape(-1, 3).astype(np.int32), mesh.material_of)


def _attributes(mesh: Mesh) -> tuple[Singles, tuple[float, ...]]:
    """Put uv and colours side by side, each with its weight."""
    parts, weights = list[Singles](), list[float]()
    if mesh.uv is not None:
        parts.append(mesh.uv)
        weights += [UV_WEIGHT] * 2
    if mesh.colours is not None:
        parts.append(mesh.colours.astype(np.float32) / np.float32(255))
        weights += [COLOUR_WEIGHT] * 4
    empty = np.zeros((len(mesh.positions), 0), dtype=np.float32)
    return np.ascontiguousarray(np.hstack([*parts, empty]), dtype=np.float32), tuple(weights)


def _with_attributes(mesh: Mesh, values: Singles) -> Mesh:
    """Take the attributes apart again."""
    at = 0
    if mesh.uv is not None:
        mesh = replace(mesh, uv=np.ascontiguousarray(values[:, at : at + 2]))
        at += 2
    if mesh.colours is not None:
        mesh = replace(mesh, colours=np.rint(np.clip(values[:, at : at + 4], 0, 1) * 255).astype(np.uint8))
    return mesh
