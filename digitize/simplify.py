# SPDX-License-Identifier: Apache-2.0
"""Fewer triangles under the same texture: uv, colours, normals and materials stay where they were on the surface."""

from dataclasses import dataclass, replace

import numpy as np

from digitize.mesh import Bytes, Material, Mesh, Singles, compact, take
from digitize.meshopt import simplifier
from digitize.topology import identical_rows

NORMAL_WEIGHT, UV_WEIGHT, COLOUR_WEIGHT = 0.02, 32.0, 0.5  # measured: +2 to +9 dB of texture against 0.5, at the same shape


@dataclass(frozen=True)
class Level:
    """A simplified mesh, how many triangles were asked for, and how it was reached."""

    mesh: Mesh
    asked: int
    method: str
    estimate: float


def simplify(mesh: Mesh, triangles: int) -> Level:
    """Reduce a mesh to `triangles`, with every uv seam locked to itself.

    Where seams of normals alone keep the target out of reach they are given up; where that does not help either, more
    triangles are left, which the caller can see.

    Raises
    ------
    StepFailure
        `meshopt.memory`, `meshopt.trap`, `meshopt.missing`.
    """
    if mesh.triangles <= triangles:
        return Level(mesh, triangles, "as it is", 0.0)
    split = split_materials(mesh)
    level = _run(split, triangles, 0, None, "meshoptimizer")
    if level.mesh.triangles > 1.05 * triangles and mesh.normals is not None:
        free = _run(split, triangles, simplifier.PERMISSIVE, _protected(split), "meshoptimizer, normals' seams given up")
        level = min(level, free, key=lambda each: each.mesh.triangles)
    return level


def simplify_free(mesh: Mesh, triangles: int) -> Level:
    """Reduce the shape alone: equal positions joined, no uv, normals, colours or materials that could stand in the way.

    What hung on the surface must be baked anew; `material_of` is all zero, over one plain material.

    Raises
    ------
    StepFailure
        `meshopt.memory`, `meshopt.trap`, `meshopt.missing`.
    """
    first, number = identical_rows(mesh.positions)
    shape = replace(
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
    if mesh.triangles <= triangles:
        return Level(compact(shape), triangles, "as it is", 0.0)
    return _run(shape, triangles, 0, None, "meshoptimizer, shape alone")


def _run(mesh: Mesh, triangles: int, options: int, lock: Bytes | None, method: str) -> Level:
    """Call the simplifier within the unit cube, and bring its result back."""
    low, high = mesh.bounds()
    centre, extent = (low + high) / 2, float((high - low).max())
    attributes, weights = _attributes(mesh)
    scaled = ((mesh.positions - centre) / extent).astype(np.float32)
    result = simplifier.simplify(mesh.faces, scaled, attributes, weights, triangles=triangles, options=options, lock=lock)
    of_vertex = np.zeros(len(mesh.positions), dtype=np.int32)
    of_vertex[mesh.faces.ravel()] = np.repeat(mesh.material_of, 3)
    moved = _with_attributes(replace(mesh, positions=result.positions.astype(np.float64) * extent + centre), result.attributes)
    return Level(compact(replace(moved, faces=result.faces, material_of=of_vertex[result.faces[:, 0]])), triangles, method, result.estimate)


def split_materials(mesh: Mesh) -> Mesh:
    """Give each material vertices of its own, so that a vertex tells its faces' material."""
    if len(mesh.materials) < 2:
        return mesh
    corner = mesh.faces.ravel().astype(np.int64) << np.int64(32) | np.repeat(mesh.material_of, 3)
    distinct, inverse = np.unique(corner, return_inverse=True)
    return take(mesh, (distinct >> np.int64(32)).astype(np.intp), inverse.reshape(-1, 3).astype(np.int32), mesh.material_of)


def _attributes(mesh: Mesh) -> tuple[Singles, tuple[float, ...]]:
    """Put normals, uv and colours side by side, each with its weight."""
    parts, weights = list[Singles](), list[float]()
    if mesh.normals is not None:
        parts.append(mesh.normals)
        weights += [NORMAL_WEIGHT] * 3
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
    if mesh.normals is not None:
        normals = values[:, at : at + 3]
        length = np.linalg.norm(normals, axis=1, keepdims=True)
        mesh = replace(mesh, normals=np.where(length > 1e-6, normals / np.maximum(length, 1e-6), mesh.normals).astype(np.float32))
        at += 3
    if mesh.uv is not None:
        mesh = replace(mesh, uv=np.ascontiguousarray(values[:, at : at + 2]))
        at += 2
    if mesh.colours is not None:
        mesh = replace(mesh, colours=np.rint(np.clip(values[:, at : at + 4], 0, 1) * 255).astype(np.uint8))
    return mesh


def _protected(mesh: Mesh) -> Bytes:
    """Mark the vertices whose position has more than one uv or material: only those seams must stay."""
    position = identical_rows(mesh.positions)[1]
    look = np.zeros((len(position), 3), dtype=np.float32)
    if mesh.uv is not None:
        look[:, :2] = mesh.uv
    look[mesh.faces.ravel(), 2] = np.repeat(mesh.material_of, 3)
    kind = identical_rows(look)[1]
    pairs = np.unique(position.astype(np.int64) << np.int64(32) | kind)
    several = np.bincount((pairs >> np.int64(32)).astype(np.intp), minlength=int(position.max()) + 1) > 1
    return np.where(several[position], simplifier.PROTECT, 0).astype(np.uint8)


def target(triangles: int, *, most: int, share: float, floor: int) -> int:
    """Choose a level's number of triangles: `most`, and `share` of the original but not below `floor`, at most."""
    return min(triangles, most, max(int(triangles * share), floor))
