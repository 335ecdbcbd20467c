# SPDX-License-Identifier: Apache-2.0
"""Wavefront OBJ with its material libraries and textures."""

from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from digitize.errors import Refusal
from digitize.mesh import Bytes, Material, Mesh, Singles
from digitize.readers import Reading, declared, mtl
from digitize.readers.corners import fan, wedges
from digitize.readers.obj_text import Index, Statements, read_statements
from digitize.readers.pictures import SUFFIXES, find, texture_file

Doubts = list[tuple[str, dict[str, object]]]


def read(root: Path, main: str) -> Reading:
    """Read `main` in `root`.

    Raises
    ------
    Refusal
        `mesh.unreadable`; `texture.not-found` where a library names a file that is not there.
    """
    found = read_statements(root / main)
    if not found.v or not found.sizes:
        raise Refusal("mesh.unreadable", at="no faces", name=main)
    mesh, doubts = _mesh(found, main)
    library = _library(root, main, found)
    mesh, more = _dress(mesh, list(found.names), library, root, main)
    unit = declared.unit(found.comments)
    evidence = "declared in a comment of the file" if unit else "undeclared"
    marked = replace(mesh, unit=unit, unit_evidence=evidence, up=declared.up(found.comments))
    return Reading(marked, found.counts["v"], tuple(doubts + library.doubts + more))


def _mesh(found: Statements, name: str) -> tuple[Mesh, Doubts]:
    """Triangulate and join corners; materials come later."""
    vertices = _table(found.v)
    corners, sizes = np.concatenate(found.corners), np.concatenate(found.sizes)
    solid = sizes >= 3
    triangles, polygon = fan(sizes[solid])
    chosen = corners.reshape(-1, 3, 3) if bool((sizes == 3).all()) else corners[np.repeat(solid, sizes)][triangles]
    uv, normals = _table(found.vt), _table(found.vn)
    _check(chosen, (len(vertices), len(uv), len(normals)), name)
    has_uv, has_normals = bool((chosen[:, :, 1] >= 0).all()) and len(uv) > 0, bool((chosen[:, :, 2] >= 0).all()) and len(normals) > 0
    some_uv = bool((chosen[:, :, 1] >= 0).any()) and not has_uv
    if some_uv:  # corners without uv among others with it: give them the origin, and say so
        uv = np.vstack([uv, np.zeros((1, uv.shape[1]))])
        chosen[:, :, 1] = np.where(chosen[:, :, 1] < 0, len(uv) - 1, chosen[:, :, 1])
    position, uv_used, normal_used, faces = wedges(
        chosen[:, :, 0], chosen[:, :, 1] if has_uv or some_uv else None, chosen[:, :, 2] if has_normals else None
    )
    mesh = Mesh(
        positions=np.ascontiguousarray(vertices[position, :3]),
        faces=faces,
        material_of=np.concatenate(found.material)[solid][polygon].astype(np.int32),
        materials=(),
        normals=None if normal_used is None else _unit(normals[normal_used, :3]),
        uv=None if uv_used is None else _flip(uv[uv_used, :2]),
        colours=_colours(vertices, position),
    )
    doubts: Doubts = [("obj.uv-partly-missing", {})] if some_uv else []
    left = int((~solid).sum()) + found.lines_left_out
    return mesh, doubts + ([("obj.lines-left-out", {"count": left})] if left else [])


def _table(pieces: list[NDArray[np.float64]]) -> NDArray[np.float64]:
    """Join pieces whose rows may differ in length."""
    if not pieces:
        return np.zeros((0, 3))
    width = max(piece.shape[1] for piece in pieces)
    return np.concatenate([np.pad(piece, ((0, 0), (0, width - piece.shape[1])), constant_values=np.nan) for piece in pieces])


def _check(corners: Index, lengths: tuple[int, int, int], name: str) -> None:
    """Refuse indices beyond the lists."""
    for column, (kind, length) in enumerate(zip(("v", "vt", "vn"), lengths, strict=True)):
        if len(corners) and int(corners[:, :, column].max()) >= length and not (column and length == 0):
            raise Refusal("mesh.unreadable", at=f"f: {kind} {int(corners[:, :, column].max()) + 1}", name=name)


def _unit(normals: NDArray[np.float64]) -> Singles | None:
    """Scale normals to length one; None where one of them has no direction."""
    length = np.linalg.norm(normals, axis=1, keepdims=True)
    return (normals / length).astype(np.float32) if bool((length > 1e-6).all()) else None


def _flip(uv: NDArray[np.float64]) -> Singles:
    """Turn uv with the origin at the bottom left into glTF's with the origin at the top left."""
    return np.stack([uv[:, 0], 1.0 - uv[:, 1]], axis=1).astype(np.float32)


def _colours(vertices: NDArray[np.float64], used: Index) -> Bytes | None:
    """Return the colours behind the coordinates (x y z r g b), which run to 1 or to 255."""
    if vertices.shape[1] not in (6, 7) or not bool(np.isfinite(vertices[:, 3:6]).all()):
        return None
    colours = vertices[used, 3:6]
    scaled = colours if float(colours.max(initial=0.0)) > 1.0 else colours * 255.0
    rgb = np.rint(np.clip(scaled, 0, 255)).astype(np.uint8)
    return np.hstack([rgb, np.full((len(rgb), 1), 255, dtype=np.uint8)])


def _library(root: Path, main: str, found: Statements) -> mtl.Library:
    """Read the libraries that are there; one that is not is a doubt."""
    library = mtl.Library()
    beside = Path(main).parent
    for statement in found.libraries:
        whole = find(root, (beside / statement).as_posix())
        names = [statement] if whole else statement.split()
        for name in names:
            path = find(root, (beside / name).as_posix())
            if path is None:
                library.doubts.append(("obj.library-missing", {"name": name}))
            else:
                mtl.read(root, path, library)
    return library


def _dress(mesh: Mesh, names: list[str], library: mtl.Library, root: Path, main: str) -> tuple[Mesh, Doubts]:
    """Attach the materials in use; without any, a single picture beside the mesh is taken for its texture."""
    used, number = np.unique(mesh.material_of, return_inverse=True)
    materials = tuple(library.materials.get(names[index], Material(name=names[index] or "surface")) for index in used)
    unknown = [names[index] for index in used if names[index] and names[index] not in library.materials]
    doubts: Doubts = [("obj.material-unknown", {"names": ", ".join(unknown)})] if unknown else []
    dressed = replace(mesh, material_of=number.ravel().astype(np.int32), materials=materials, textures=tuple(library.textures))
    if library.textures or mesh.uv is None:
        return dressed, doubts
    pictures = [path for path in sorted(root.iterdir()) if path.suffix.lower() in SUFFIXES]
    if len(pictures) != 1:
        return dressed, doubts
    picture = texture_file(root, pictures[0].name)
    covered = tuple(replace(material, base_colour=(1.0, 1.0, 1.0, 1.0), textures={"base_colour": 0}) for material in materials)
    return replace(dressed, materials=covered, textures=(picture,)), [
        *doubts,
        ("obj.texture-supposed", {"name": picture.name, "mesh": main}),
    ]
