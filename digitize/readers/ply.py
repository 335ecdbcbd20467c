# SPDX-License-Identifier: Apache-2.0
"""PLY: polygons, vertex colours, normals, uv by vertex or by corner, and textures named in comments."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from digitize.errors import Refusal
from digitize.mesh import Bytes, Floats, Material, Mesh, Singles, Texture
from digitize.readers import Reading, declared
from digitize.readers.corners import Index, fan, wedges
from digitize.readers.pictures import texture_file
from digitize.readers.ply_table import Column, Table, read_table

_UV = (("u", "v"), ("s", "t"), ("texture_u", "texture_v"), ("texture_s", "texture_t"))
_RGB = (("red", "green", "blue"), ("r", "g", "b"), ("diffuse_red", "diffuse_green", "diffuse_blue"))
Doubts = list[tuple[str, dict[str, object]]]
_NONE = Column(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64))


def read(root: Path, main: str) -> Reading:
    """Read `main` in `root`.

    Raises
    ------
    Refusal
        `mesh.unreadable` where the file holds no triangle mesh; `texture.not-found`.
    """
    table, comments = read_table(root / main)
    vertex, face = table.get("vertex", {}), table.get("face", {})
    lists, strips = _lists(face), _lists(table.get("tristrips", {}))
    if not {"x", "y", "z"} <= vertex.keys() or (lists is None and strips is None):
        raise Refusal("mesh.unreadable", at="header", name=main)
    textures = tuple(texture_file(root, name) for name in _texture_names(comments))
    mesh, doubts = _mesh(vertex, face, lists or _NONE, _strips(strips or _NONE), textures)
    unit = declared.unit(comments)
    evidence = "declared in a comment of the file" if unit else "undeclared"
    marked = Mesh(**{**mesh, "unit": unit, "unit_evidence": evidence, "up": declared.up(comments)})
    return Reading(marked, len(vertex["x"].values), tuple(doubts + _left_out(table)))


def _lists(element: dict[str, Column]) -> Column | None:
    """Return an element's lists of indices; None where it has none."""
    found = element.get("vertex_indices", element.get("vertex_index"))
    return found if found is not None and found.sizes is not None else None


def _strips(lists: Column) -> Index:
    """Cut triangle strips into triangles (t, 3); every second one is turned round, -1 and the end of a row begin anew."""
    assert lists.sizes is not None
    flat = np.insert(lists.values.astype(np.int64), np.cumsum(lists.sizes), -1)
    place = np.arange(len(flat))
    start = np.maximum.accumulate(np.where(flat < 0, place + 1, 0))
    first = np.flatnonzero((flat[:-2] >= 0) & (flat[1:-1] >= 0) & (flat[2:] >= 0))
    odd = (first - start[first]) % 2
    return np.stack([flat[first + odd], flat[first + 1 - odd], flat[first + 2]], axis=1)


def _texture_names(comments: Iterable[str]) -> list[str]:
    """Return the files that "comment TextureFile NAME" lines name."""
    return [comment[11:].strip() for comment in comments if comment.lower().startswith("texturefile")]


def _mesh(
    vertex: dict[str, Column], face: dict[str, Column], lists: Column, strips: Index, textures: tuple[Texture, ...]
) -> tuple[dict[str, Any], Doubts]:
    """Triangulate, join corners and gather what hangs on them; return the arguments of a Mesh."""
    assert lists.sizes is not None
    solid = lists.sizes >= 3
    corners, polygon = fan(lists.sizes[solid])
    flat = lists.values[np.repeat(solid, lists.sizes)].astype(np.int64)
    uv, uv_index = _uv(vertex, face, corners, solid, lists.sizes)
    if uv is not None and uv_index is not None and len(strips):  # strips have no corners of their own: they show the texture's corner
        uv_index = np.concatenate([uv_index, np.full(strips.shape, len(uv))])
        uv = np.concatenate([uv, np.zeros((1, 2), dtype=np.float32)])
    position, uv_used, _, faces = wedges(np.concatenate([flat[corners], strips]), uv_index, None)
    if uv is not None:
        uv = uv[uv_used if uv_used is not None else position]
    of_polygon, materials = _materials(face, polygon, solid, textures)
    material_of = np.concatenate([of_polygon, np.zeros(len(strips), dtype=np.int32)])
    doubts: Doubts = [] if solid.all() else [("ply.lines-left-out", {"count": int((~solid).sum())})]
    arguments: dict[str, Any] = {
        "positions": _stack(vertex, ("x", "y", "z"))[position],
        "faces": faces,
        "normals": _normals(vertex, position, doubts),
        "uv": uv,
        "colours": _colours(vertex, position, doubts),
        "material_of": material_of,
        "materials": materials,
        "textures": textures,
    }
    return arguments, doubts


def _stack(columns: dict[str, Column], names: Iterable[str]) -> Floats:
    """Put scalar columns side by side as float64."""
    return np.stack([columns[name].values.astype(np.float64) for name in names], axis=1)


def _uv(
    vertex: dict[str, Column], face: dict[str, Column], corners: Index, solid: NDArray[np.bool_], sizes: Index
) -> tuple[Singles | None, Index | None]:
    """Return uv with the origin at the top, by vertex (no index) or by corner (with the corners' index)."""
    by_corner = face.get("texcoord")
    if by_corner is not None and by_corner.sizes is not None and bool((by_corner.sizes == 2 * sizes).all()):
        values = by_corner.values.reshape(-1, 2).astype(np.float64)[np.repeat(solid, sizes)]
        distinct, index = np.unique(values, axis=0, return_inverse=True)
        return _flip(distinct), index.ravel().astype(np.int64)[corners]
    for names in _UV:
        if set(names) <= vertex.keys():
            return _flip(_stack(vertex, names)), None
    return None, None


def _flip(uv: Floats) -> Singles:
    """Turn uv with the origin at the bottom left into glTF's with the origin at the top left."""
    return np.stack([uv[:, 0], 1.0 - uv[:, 1]], axis=1).astype(np.float32)


def _normals(vertex: dict[str, Column], used: Index, doubts: Doubts) -> Singles | None:
    """Return unit normals where every vertex has one."""
    if not {"nx", "ny", "nz"} <= vertex.keys():
        return None
    normals = _stack(vertex, ("nx", "ny", "nz"))[used]
    length = np.linalg.norm(normals, axis=1, keepdims=True)
    if bool((length > 0.5).all()):
        return (normals / length).astype(np.float32)
    doubts.append(("mesh.normals-left-out", {"count": int((~(length > 0.5)).sum())}))
    return None


def _colours(vertex: dict[str, Column], used: Index, doubts: Doubts) -> Bytes | None:
    """Return vertex colours as sRGB bytes; fractional ones run from 0 to 1, or to 255 with a doubt."""
    names = next((names for names in _RGB if set(names) <= vertex.keys()), None)
    if names is None:
        return None
    alpha = [name for name in ("alpha", "a", "diffuse_alpha") if name in vertex][:1]
    channels = [vertex[name].values[used] for name in (*names, *alpha)]
    most = max((float(values.max(initial=0)) for values in channels if values.dtype.kind == "f"), default=0.0)
    if not most <= 255.0:
        doubts.append(("mesh.colours-left-out", {"most": f"{most:g}"}))
        return None
    if most > 1.0:
        doubts.append(("mesh.colours-supposed", {}))
    table = [_byte(values, 255.0 if most <= 1.0 else 1.0) for values in channels]
    return np.stack(table if alpha else [*table, np.full(len(used), 255, dtype=np.uint8)], axis=1)


def _byte(values: NDArray[Any], scale: float) -> Bytes:
    """Bring one channel to 0..255; `scale` is what fractional ones are multiplied with."""
    if values.dtype.kind == "f":
        values = np.rint(values * scale)
    elif values.dtype.itemsize == 2:
        values = np.rint(values / 257.0)
    return np.clip(values, 0, 255).astype(np.uint8)


def _materials(
    face: dict[str, Column], polygon: Index, solid: NDArray[np.bool_], textures: tuple[Texture, ...]
) -> tuple[NDArray[np.int32], tuple[Material, ...]]:
    """Give each triangle the texture that `texnumber` names, else the first."""
    if not textures:
        return np.zeros(len(polygon), dtype=np.int32), (Material(name="surface"),)
    materials = tuple(Material(name=f"surface-{n}", textures={"base_colour": n}) for n in range(len(textures)))
    number = face.get("texnumber")
    if number is None or len(textures) == 1:
        return np.zeros(len(polygon), dtype=np.int32), materials
    chosen = number.values[solid].astype(np.int64)[polygon]
    bare = len(materials)
    of_face = np.where((chosen >= 0) & (chosen < bare), chosen, bare).astype(np.int32)
    return of_face, (*materials, Material(name="bare")) if bool((of_face == bare).any()) else materials


def _left_out(table: Table) -> Doubts:
    """Name what the file holds and the mesh does not carry."""
    left = sorted(name for name in table if name not in ("vertex", "face", "tristrips"))
    doubts: Doubts = [("ply.elements-left-out", {"names": ", ".join(left)})] if left else []
    if any(set(names) <= table.get("face", {}).keys() for names in _RGB):
        doubts.append(("ply.face-colours-left-out", {}))
    return doubts
