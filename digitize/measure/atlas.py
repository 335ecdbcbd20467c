# SPDX-License-Identifier: Apache-2.0
"""How well a mesh's texture is laid over it: texels per length, the atlas' use, and what lies on top of itself."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from digitize.measure.sample import Samples
from digitize.mesh import Floats, Integers, Mesh, Singles
from digitize.topology import face_normals

SIDE = 256  # of the grid of places looked at
_THICK = 0.01  # of the flat copy
_EDGE = 1e-5  # what reaches so far beyond a square only touches it
_SLOT = "base_colour"


def atlas(mesh: Mesh, drawn: Samples, side: int = SIDE) -> dict[str, Any] | None:
    """Measure the base colour texture's layout at `side` x `side` places; None where there is none.

    Returns
    -------
    `texel_density` {"median", "p5"}, texels per unit of length over the surface's area; `uv_coverage`, the share of the
    texture that any triangle uses, and `uv_overlap`, the share of that which more than one uses. The last two are None
    where Embree is missing.
    """
    sizes = {n: mesh.textures[m.textures[_SLOT]] for n, m in enumerate(mesh.materials) if _SLOT in m.textures}
    if mesh.uv is None or not sizes:
        return None
    density = _density(mesh, drawn, {n: (texture.width, texture.height) for n, texture in sizes.items()})
    texture_of = {n: m.textures[_SLOT] for n, m in enumerate(mesh.materials) if _SLOT in m.textures}
    covered, doubled = _uses(mesh, texture_of, side)
    return {
        "texel_density": {"median": float(np.median(density)), "p5": float(np.quantile(density, 0.05))} if len(density) else None,
        "uv_coverage": covered,
        "uv_overlap": doubled,
    }


def _density(mesh: Mesh, drawn: Samples, sizes: dict[int, tuple[int, int]]) -> Floats:
    """Return the texels per unit of length at each sample that a texture covers."""
    assert mesh.uv is not None
    table = np.zeros((len(mesh.materials), 2))
    for number, size in sizes.items():
        table[number] = size
    material = np.take(mesh.material_of, drawn.face)
    textured = table[material, 0] > 0
    face, scale = drawn.face[textured], table[material[textured]]
    corners = np.take(mesh.faces, face, axis=0)
    start, one, two = (np.take(mesh.uv, corners[:, corner], axis=0).astype(np.float64) * scale for corner in range(3))
    one, two = one - start, two - start
    texels = np.abs(one[:, 0] * two[:, 1] - one[:, 1] * two[:, 0])
    normals = face_normals(mesh.positions, corners)
    area = np.sqrt(np.einsum("kd,kd->k", normals, normals))
    return np.sqrt(texels[area > 0] / area[area > 0])


def _uses(mesh: Mesh, texture_of: dict[int, int], side: int) -> tuple[float | None, float | None]:
    """Return the share of the textures that is used, and the share of it used more than once; weighted by pixels."""
    assert mesh.uv is not None
    used, twice, whole = 0.0, 0.0, 0.0
    lookup = np.full(len(mesh.materials), -1)
    for material, texture in texture_of.items():
        lookup[material] = texture
    for number in sorted(set(texture_of.values())):
        faces = mesh.faces[lookup[mesh.material_of] == number]
        if len(faces) == 0:
            continue
        try:
            counts = layers(mesh.uv, faces, side)
        except ImportError:
            return None, None
        pixels = mesh.textures[number].width * mesh.textures[number].height
        used += pixels * float((counts > 0).mean())
        twice += pixels * float((counts > 1).mean())
        whole += pixels
    return (used / whole, twice / used) if used else (0.0, 0.0)


def layers(uv: Singles, faces: Integers, side: int = SIDE) -> NDArray[np.int64]:
    """Count the triangles over each of `side` x `side` places of the unit square; what lies beyond it repeats.

    Rays from above through a flat copy of the layout, by Embree.

    Raises
    ------
    ImportError
        Where there is no open3d.
    """
    from digitize.native import open3d

    o3d = open3d()
    corners = [np.take(uv, faces[:, corner], axis=0) for corner in range(3)]
    first = np.floor(np.minimum(np.minimum(corners[0], corners[1]), corners[2]) + _EDGE)
    # Each triangle lies at a height of its own, for what a ray meets at one distance counts but once.
    flat = np.empty((len(faces), 3, 3), dtype=np.float32)
    flat[:, :, 2] = (_THICK * ((np.arange(len(faces)) * 0.6180339887498949) % 1.0))[:, None]
    for number, corner in enumerate(corners):
        flat[:, number, :2] = corner - first
    rays, counts = _rays(side), np.zeros(side * side, dtype=np.int64)
    for right, down in _squares(flat):
        reaching = flat[(flat[:, :, 0].max(axis=1) > right) & (flat[:, :, 1].max(axis=1) > down)] if right or down else flat
        if len(reaching) == 0:
            continue
        moved = rays + np.array([right, down, 0, 0, 0, 0], dtype=np.float32)
        within = _within(moved, reaching)
        scene = o3d.t.geometry.RaycastingScene()
        index = np.arange(3 * len(reaching), dtype=np.uint32).reshape(-1, 3)
        scene.add_triangles(o3d.core.Tensor(reaching.reshape(-1, 3)), o3d.core.Tensor(index))
        counts[within] += scene.count_intersections(o3d.core.Tensor(moved[within])).numpy()
    return counts


def _within(rays: NDArray[np.float32], flat: NDArray[np.float32]) -> NDArray[np.intp]:
    """Return the rays that pass the triangles' bounding box."""
    points = flat.reshape(-1, 3)[:, :2]
    low, high = (np.array([edge(points[:, 0]), edge(points[:, 1])]) for edge in (np.min, np.max))
    return np.flatnonzero(((rays[:, :2] >= low) & (rays[:, :2] <= high)).all(axis=1))


def _squares(flat: NDArray[np.float32]) -> list[tuple[int, int]]:
    """Return the unit squares that triangles, each begun in the first one, reach into; those of the first eight a side."""
    across, down = (int(np.clip(np.ceil(flat[:, :, axis].max(initial=1.0) - _EDGE), 1, 8)) for axis in (0, 1))
    return [(x, y) for x in range(across) for y in range(down)]


def _rays(side: int) -> NDArray[np.float32]:
    """Return rays (side², 6) straight down on the unit square.

    Their grid is shifted by an irrational part of its step and a little askew, so that it avoids the edges that charts
    are fond of.
    """
    at = (np.arange(side) + 0.38196601) / side
    x, y = np.meshgrid(at, at)
    rays = np.zeros((side * side, 6), dtype=np.float32)
    rays[:, 0], rays[:, 1] = (x + 0.00037 * y).ravel() % 1.0, (y + 0.00053 * x).ravel() % 1.0
    rays[:, 2], rays[:, 5] = 2 * _THICK, -1.0
    return rays
