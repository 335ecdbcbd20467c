# SPDX-License-Identifier: Apache-2.0
"""Meshes whose measures are known, and the real scan, for the tests of geometry."""

import io
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from digitize import readers
from digitize.mesh import Material, Mesh, Texture
from digitize.normals import smooth_normals

SPOT = Path(__file__).resolve().parents[3] / "shared" / "data" / "scans" / "spot"
needs_spot = pytest.mark.skipif(not SPOT.is_dir(), reason="the real scan ../shared/data/scans/spot is not here")


def png(pixels: np.ndarray) -> bytes:
    stream = io.BytesIO()
    Image.fromarray(pixels).save(stream, "PNG")
    return stream.getvalue()


def checker(side: int = 64, cells: int = 8) -> Texture:
    y, x = np.mgrid[0:side, 0:side] * cells // side
    pixels = np.where(((x + y) % 2 == 0)[..., None], [200, 60, 40], [40, 60, 200]).astype(np.uint8)
    return Texture("checker.png", "image/png", side, side, png(pixels))


def plain(positions: np.ndarray, faces: np.ndarray, **more: object) -> Mesh:
    faces = np.asarray(faces, dtype=np.int32)
    return Mesh(np.asarray(positions, dtype=np.float64), faces, np.zeros(len(faces), dtype=np.int32), (Material(name="surface"),), **more)


def cube(side: float = 1.0) -> Mesh:
    positions = np.array([[x, y, z] for x in (0, side) for y in (0, side) for z in (0, side)])
    quads = [[0, 1, 3, 2], [4, 6, 7, 5], [0, 4, 5, 1], [2, 3, 7, 6], [0, 2, 6, 4], [1, 5, 7, 3]]
    return plain(positions, np.array([t for a, b, c, d in quads for t in ([a, b, c], [a, c, d])]))


def grid(count: int, height: float = 0.0, texture: Texture | None = None) -> Mesh:
    """A unit square of 2 * count² triangles at z = height, uv equal to x and 1 - y."""
    line = np.linspace(0, 1, count + 1)
    x, y = (part.ravel() for part in np.meshgrid(line, line))
    a = (np.arange(count)[:, None] * (count + 1) + np.arange(count)).ravel()
    b, c, d = a + 1, a + count + 2, a + count + 1
    faces = np.concatenate([np.stack([a, b, c], axis=1), np.stack([a, c, d], axis=1)])
    mesh = plain(np.stack([x, y, np.full_like(x, height)], axis=1), faces, uv=np.stack([x, 1 - y], axis=1).astype(np.float32))
    if texture is None:
        return mesh
    return replace(mesh, textures=(texture,), materials=(Material(name="surface", textures={"base_colour": 0}),))


def sphere(rounds: int, radius: float = 1.0) -> Mesh:
    """A subdivided octahedron with its vertices on a sphere."""
    mesh = plain(
        np.array([[1, 0, 0], [-1, 0, 0], [0, 1, 0], [0, -1, 0], [0, 0, 1], [0, 0, -1]]),
        np.array([[0, 2, 4], [2, 1, 4], [1, 3, 4], [3, 0, 4], [2, 0, 5], [1, 2, 5], [3, 1, 5], [0, 3, 5]]),
    )
    for _ in range(rounds):
        mesh = subdivide(mesh)
    return replace(mesh, positions=mesh.positions / np.linalg.norm(mesh.positions, axis=1, keepdims=True) * radius)


def seamed(rounds: int) -> Mesh:
    """A sphere with a texture whose map has a seam from pole to pole; the surface stays closed."""
    mesh = sphere(rounds)
    corners = mesh.positions[mesh.faces]
    turn = np.arctan2(corners[..., 1], corners[..., 0]) / (2 * np.pi)
    turn = np.where((turn - turn[:, :1]) > 0.5, turn - 1, np.where((turn - turn[:, :1]) < -0.5, turn + 1, turn))
    uv = np.stack([turn * 0.5 + 0.5, np.arccos(np.clip(corners[..., 2], -1, 1)) / np.pi], axis=-1).reshape(-1, 2).astype(np.float32)
    key = np.hstack([mesh.faces.reshape(-1, 1), np.rint(uv * 1e6)])
    _, first, number = np.unique(key, axis=0, return_index=True, return_inverse=True)
    positions = mesh.positions[mesh.faces.ravel()[first]]
    whole = plain(positions, number.reshape(-1, 3), uv=uv[first])
    return replace(whole, textures=(checker(),), materials=(Material(name="surface", textures={"base_colour": 0}),))


def subdivide(mesh: Mesh) -> Mesh:
    """Cut every triangle in four at the middles of its edges; uv goes along."""
    faces, count = mesh.faces, len(mesh.positions)
    pairs = np.sort(np.concatenate([faces[:, [0, 1]], faces[:, [1, 2]], faces[:, [2, 0]]]), axis=1)
    edges, number = np.unique(pairs, axis=0, return_inverse=True)
    ab, bc, ca = np.split(number.ravel() + count, 3)
    a, b, c = faces.T
    parts = [np.stack(each, axis=1) for each in ([a, ab, ca], [ab, b, bc], [ca, bc, c], [ab, bc, ca])]
    middle = mesh.positions[edges].mean(axis=1)
    return replace(
        mesh,
        positions=np.concatenate([mesh.positions, middle]),
        faces=np.concatenate(parts).astype(np.int32),
        material_of=np.tile(mesh.material_of, 4),
        uv=None if mesh.uv is None else np.concatenate([mesh.uv, mesh.uv[edges].mean(axis=1, dtype=np.float32)]),
        normals=None,
    )


def spot(triangles: int = 0) -> Mesh:
    """The real scan, subdivided until it has more than so many triangles."""
    mesh = readers.read(SPOT, "spot_triangulated.obj", "obj").mesh
    while mesh.triangles < triangles:
        mesh = subdivide(mesh)
    return smooth_normals(mesh)


def corners(mesh: Mesh) -> np.ndarray:
    """The triangles as (m, 3, 3) positions, rotated so that the smallest corner leads and sorted: independent of numbering."""
    triangles = mesh.positions[mesh.faces]
    lead = [min(range(3), key=lambda k: tuple(t[k])) for t in triangles]
    turned = np.array([np.roll(t, -k, axis=0) for t, k in zip(triangles, lead, strict=True)])
    return turned[np.lexsort(turned.reshape(len(turned), -1).T[::-1])]


def write_obj(mesh: Mesh, folder: Path, name: str = "model") -> Path:
    """Write a mesh with its first texture as OBJ, MTL and PNG."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = [f"mtllib {name}.mtl"] if mesh.textures else []
    lines += [f"v {x!r} {y!r} {z!r}" for x, y, z in mesh.positions.tolist()]
    if mesh.uv is not None:
        lines += [f"vt {u!r} {1 - v!r}" for u, v in mesh.uv.astype(np.float64).tolist()]
    lines += ["usemtl surface"] if mesh.textures else []
    form = "{0}/{0}" if mesh.uv is not None else "{0}"
    lines += ["f " + " ".join(form.format(corner + 1) for corner in face) for face in mesh.faces.tolist()]
    (folder / f"{name}.obj").write_text("\n".join(lines) + "\n")
    for texture in mesh.textures[:1]:
        (folder / texture.name).write_bytes(texture.data)
        (folder / f"{name}.mtl").write_text(f"newmtl surface\nmap_Kd {texture.name}\n")
    return folder / f"{name}.obj"
