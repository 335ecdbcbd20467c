# SPDX-License-Identifier: Apache-2.0
"""glTF 2.0 and GLB: every node's transform applied, all primitives joined into one mesh that keeps their materials."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from digitize.errors import Refusal
from digitize.mesh import Bytes, Floats, Integers, Material, Mesh, Singles
from digitize.readers import Reading
from digitize.readers.gltf_data import Document, document
from digitize.readers.gltf_materials import materials, uv_transform

DRACO = "KHR_draco_mesh_compression"
Doubts = list[tuple[str, dict[str, object]]]
Part = dict[str, Any]


def read(root: Path, main: str) -> Reading:
    """Read `main` in `root`.

    Raises
    ------
    Refusal
        `mesh.unreadable` where the document holds no triangles or its arrays do not fit; `texture.not-found`.
    """
    source = document(root, main)
    doubts: Doubts = []
    try:
        parts = [part for mesh, matrix in _instances(source) for part in _primitives(source, mesh, matrix, doubts)]
        if not parts:
            raise Refusal("mesh.unreadable", at="meshes", name=main)
        directed = sum(part["normals"] is not None for part in parts)
        if 0 < directed < len(parts) or any(part["undirected"] for part in parts):
            doubts.append(("mesh.normals-left-out", {"count": sum(part["records"] for part in parts if part["normals"] is None)}))
        used, textures = materials(source, doubts)
        mesh = _join(parts, used)
    except (ValueError, KeyError, IndexError, TypeError) as error:
        raise Refusal("mesh.unreadable", at=str(error)[:80], name=main) from error
    doubts += [("gltf.left-out", {"names": kind}) for kind in ("animations", "skins") if source.items(kind)]
    full = Mesh(**mesh, textures=textures, unit="m", unit_evidence="glTF 2.0 §3.4: all linear distances are in metres", up="y")
    return Reading(full, sum(part["records"] for part in parts), tuple(_distinct(doubts)))


def _distinct(doubts: Doubts) -> Iterator[tuple[str, dict[str, object]]]:
    """Drop repeated doubts."""
    seen = set()
    for code, params in doubts:
        key = (code, tuple(sorted(params.items(), key=str)))
        if key not in seen:
            seen.add(key)
            yield code, params


def _instances(source: Document) -> Iterator[tuple[dict[str, Any], Floats]]:
    """Yield every mesh in the scene with its matrix to the world (4, 4), column vectors."""
    nodes, scenes = source.items("nodes"), source.items("scenes")
    if not nodes:
        for mesh in source.items("meshes"):
            yield mesh, np.eye(4)
        return
    children = {child for node in nodes for child in node.get("children", [])}
    roots = scenes[source.json.get("scene", 0)].get("nodes", []) if scenes else [n for n in range(len(nodes)) if n not in children]
    stack = [(index, np.eye(4)) for index in reversed(roots)]
    while stack:
        index, parent = stack.pop()
        node = nodes[index]
        matrix = parent @ _matrix(node)
        if "mesh" in node:
            yield source.json["meshes"][node["mesh"]], matrix
        stack.extend((child, matrix) for child in reversed(node.get("children", [])))


def _matrix(node: dict[str, Any]) -> Floats:
    """Return a node's local matrix (§3.5.3): its own, or translation * rotation * scale."""
    if "matrix" in node:
        return np.array(node["matrix"], dtype=np.float64).reshape(4, 4).T
    x, y, z, w = node.get("rotation", (0.0, 0.0, 0.0, 1.0))
    rotation = np.array([
        [1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)],
        [2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)],
        [2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)],
    ])  # fmt: skip
    matrix = np.eye(4)
    matrix[:3, :3] = rotation * np.array(node.get("scale", (1.0, 1.0, 1.0)), dtype=np.float64)
    matrix[:3, 3] = node.get("translation", (0.0, 0.0, 0.0))
    return matrix


def _primitives(source: Document, mesh: dict[str, Any], matrix: Floats, doubts: Doubts) -> Iterator[Part]:
    """Yield the primitives of a mesh that consist of triangles, placed in the world."""
    for primitive in mesh["primitives"]:
        mode = primitive.get("mode", 4)
        if mode < 4:
            doubts.append(("gltf.left-out", {"names": "points and lines"}))
            continue
        if primitive.get("targets"):
            doubts.append(("gltf.left-out", {"names": "morph targets"}))
        yield _primitive(source, primitive, mode, matrix)


def _primitive(source: Document, primitive: dict[str, Any], mode: int, matrix: Floats) -> Part:
    """Read one primitive's arrays; a mirroring node turns its faces round."""
    arrays, index = _arrays(source, primitive)
    positions = arrays["POSITION"].astype(np.float64)
    _check(positions, index)
    faces, linear = _triangles(index, mode), matrix[:3, :3]
    if np.linalg.det(linear) < 0:
        faces = faces[:, ::-1]
    given, colours = arrays.get("NORMAL"), arrays.get("COLOR_0")
    normals = None if given is None else _unit(given.astype(np.float64) @ np.linalg.inv(linear))
    material = primitive.get("material")
    return {
        "records": len(positions),
        "positions": positions @ linear.T + matrix[:3, 3],
        "faces": faces,
        "normals": normals,
        "undirected": given is not None and normals is None,
        "uv": _uv(source, arrays, material),
        "colours": None if colours is None else _srgb(np.clip(colours.astype(np.float64), 0.0, 1.0)),
        "material": material,
    }


def _arrays(source: Document, primitive: dict[str, Any]) -> tuple[dict[str, NDArray[Any]], Integers]:
    """Return a primitive's attributes by name, normalised ones as singles, and its corners' indices (k,)."""
    names = primitive["attributes"]
    if DRACO in primitive.get("extensions", {}):
        return _from_draco(source, primitive)
    arrays = {name: source.accessor(number) for name, number in names.items() if not name.startswith(("JOINTS", "WEIGHTS", "_"))}
    if "indices" not in primitive:
        return arrays, np.arange(len(arrays["POSITION"]), dtype=np.int32)
    index = source.accessor(primitive["indices"])[:, 0]
    return arrays, np.minimum(index.astype(np.int64), np.iinfo(np.int32).max).astype(np.int32)


def _from_draco(source: Document, primitive: dict[str, Any]) -> tuple[dict[str, NDArray[Any]], Integers]:
    """Return the same from a Draco stream, whose counts must be those of the accessors."""
    from digitize.encode.draco import unpack

    extension, at = primitive["extensions"][DRACO], f"bufferViews/{primitive['extensions'][DRACO]['bufferView']}"
    try:
        faces, found = unpack(bytes(source.view(extension["bufferView"])), extension["attributes"])
    except ValueError as error:
        raise Refusal("gltf.compressed-broken", at=at, extension=DRACO, problem=str(error)) from error
    for number, got in ((primitive["attributes"]["POSITION"], len(found["POSITION"])), (primitive["indices"], faces.size)):
        if (expected := int(source.json["accessors"][number]["count"])) != got:
            raise Refusal("gltf.compressed-count", at=f"accessors/{number}", got=got, expected=expected)
    arrays = {name: source.normalised(primitive["attributes"][name], array) for name, array in found.items()}
    return arrays, faces.ravel()


def _check(positions: Floats, index: Integers) -> None:
    """Refuse what the pre-flight could not look at, for it was compressed."""
    if not np.isfinite(positions).all():
        raise Refusal("mesh.not-finite", at="POSITION", name="POSITION")
    if len(index) and (int(index.min()) < 0 or int(index.max()) >= len(positions)):
        raise Refusal("mesh.index-out-of-range", at="indices", index=int(index.max()), vertices=len(positions))


def _triangles(index: Integers, mode: int) -> Integers:
    """Turn triangles (4), strips (5) and fans (6) into (m, 3)."""
    if mode == 4:
        return index[: len(index) // 3 * 3].reshape(-1, 3)
    if mode == 5:
        faces = np.stack([index[:-2], index[1:-1], index[2:]], axis=1)
        faces[1::2] = faces[1::2][:, [1, 0, 2]]
        return faces
    return np.stack([np.full(len(index) - 2, index[0], dtype=np.int32), index[1:-1], index[2:]], axis=1)


def _unit(normals: Floats) -> Singles | None:
    """Scale normals to length one; None where one has no direction."""
    length = np.linalg.norm(normals, axis=1, keepdims=True)
    return (normals / length).astype(np.float32) if bool((length > 1e-9).all()) else None


def _uv(source: Document, arrays: dict[str, NDArray[Any]], material: int | None) -> Singles | None:
    """Return the uv set that the material's base colour uses, with its KHR_texture_transform applied."""
    chosen, matrix = uv_transform(source, material)
    uv = arrays.get(f"TEXCOORD_{chosen}", arrays.get("TEXCOORD_0"))
    if uv is None:
        return None
    return (np.column_stack([uv.astype(np.float64), np.ones(len(uv))]) @ matrix.T)[:, :2].astype(np.float32)


def _srgb(linear: Floats) -> Bytes:
    """Turn linear RGB(A) into sRGB bytes with alpha."""
    srgb = np.where(linear <= 0.0031308, linear * 12.92, 1.055 * np.power(linear, 1 / 2.4) - 0.055)
    alpha = linear[:, 3:] if linear.shape[1] == 4 else np.ones((len(linear), 1))
    return np.rint(np.hstack([srgb[:, :3], alpha]) * 255.0).astype(np.uint8)


def _join(parts: list[Part], used: tuple[Material, ...]) -> dict[str, Any]:
    """Put the primitives one after the other; what only some of them have is filled in for the others."""
    offsets = np.cumsum([0] + [part["records"] for part in parts])
    fallback = len(used)
    numbers = [fallback if part["material"] is None else part["material"] for part in parts]
    present, material_of = np.unique(
        np.concatenate([np.full(len(p["faces"]), n) for p, n in zip(parts, numbers, strict=True)]), return_inverse=True
    )
    every = (*used, Material(name="default", metallic=1.0, roughness=1.0, double_sided=False))
    return {
        "positions": np.concatenate([part["positions"] for part in parts]),
        "faces": np.concatenate([part["faces"] + offset for part, offset in zip(parts, offsets[:-1], strict=True)]).astype(np.int32),
        "material_of": material_of.ravel().astype(np.int32),
        "materials": tuple(every[number] for number in present),
        "normals": None if any(part["normals"] is None for part in parts) else np.concatenate([part["normals"] for part in parts]),
        "uv": _fill(parts, "uv", np.zeros(2, dtype=np.float32)),
        "colours": _fill(parts, "colours", np.full(4, 255, dtype=np.uint8)),
    }


def _fill(parts: list[Part], name: str, value: NDArray[Any]) -> NDArray[Any] | None:
    """Join an optional attribute; None where no primitive has it."""
    if all(part[name] is None for part in parts):
        return None
    return np.concatenate([np.tile(value, (part["records"], 1)) if part[name] is None else part[name] for part in parts])
