# SPDX-License-Identifier: Apache-2.0
"""Write every level as GLB, plain, with Draco and with meshoptimizer's compression, and the version for augmented reality as USDZ too."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from digitize import mesh as meshes
from digitize.encode import glb, textures, twins, usdz, usdz_check
from digitize.encode.lattice import Lattice, Snapped
from digitize.encode.meshopt import Meshopt
from digitize.errors import Doubt
from digitize.mesh import Mesh
from digitize.steps import read_facts, write_facts

GLB, USDZ = "model/gltf-binary", "model/vnd.usdz+zip"


def run(*, inputs: Mapping[str, Path], out: Path, params: Mapping[str, Any], progress: Callable[[float, str], None]) -> dict[str, Any]:
    """Encode the meshes of `bake`, or of `levels` where nothing was baked.

    Parameters
    ----------
    params : `bits`, see `twins.Bits`; `draco` and `meshopt`, their bits of normals and more; `webp`, see `textures.webp`, for the
        meshopt twin; `usdz`, the role that USDZ is made from; for what was not baked, `texture`, role -> pixels a side at
        most, and `quality` of JPEG.
    """
    made = inputs["bake"] if "bake" in inputs else inputs["levels"]
    levels = read_facts(made)["levels"]
    original = np.load(inputs["normalise"] / "positions.npy", mmap_mode="r", allow_pickle=False)
    renditions, doubts, laid = list[dict[str, Any]](), list[dict[str, Any]](), dict[tuple[str, bool], Snapped]()
    for place, level in enumerate(levels):
        role = level["role"]
        progress(place / len(levels), role)
        mesh = meshes.load(made / level["folder"])
        if not level.get("textures_pressed") and "texture" in params:
            mesh = textures.fit(mesh, int(params["texture"][role]), int(params["quality"]))
        renditions.append(_glb(mesh, out, role))
        key = (level["folder"], bool(mesh.textures))
        if key not in laid:
            laid[key] = twins.snapped(mesh, original, twins.Bits(**params.get("bits", {})))
        renditions += _twins(replace(laid[key].mesh, textures=mesh.textures, materials=mesh.materials), laid[key], out, role, params)
        if role == params.get("usdz"):
            try:
                renditions.append(_usdz(mesh, out))
            except ImportError:  # there are platforms without a wheel of usd-core
                doubts.append(Doubt("usdz.unavailable").as_json())
    facts = {"renditions": renditions, "doubts": doubts}
    write_facts(out, facts)
    return facts


def _twins(mesh: Mesh, found: Snapped, out: Path, role: str, params: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Write a level in each compression, both on one lattice."""
    uv, light = twins.uv_bits(mesh), mesh
    if "webp" in params:  # for the browser's own viewer; what a phone opens by itself may not know WebP
        light = replace(mesh, textures=tuple(textures.webp(texture, **params["webp"]) for texture in mesh.textures))
    codecs: dict[str, tuple[Mesh, glb.Draco | Meshopt]] = {
        "compressed": (mesh, glb.Draco(**{**params.get("draco", {}), "uv": uv})),
        "meshopt": (light, Meshopt(**{**params.get("meshopt", {}), "uv": uv})),
    }
    return [
        {**_glb(own, out, f"{role}-{name}", codec, found.lattice), **twins.facts(found, uv, codec.normal)}
        for name, (own, codec) in codecs.items()
    ]


def _glb(mesh: Mesh, out: Path, role: str, codec: glb.Draco | Meshopt | None = None, lattice: Lattice | None = None) -> dict[str, Any]:
    """Write one GLB and describe it."""
    counts = glb.write(mesh, out / f"{role}.glb", codec=codec, lattice=lattice)
    return _fact(role, GLB, f"{role}.glb", mesh, counts)


def _usdz(mesh: Mesh, out: Path) -> dict[str, Any]:
    """Write the USDZ, check it, and describe it."""
    counts = usdz.write(mesh, out / "usdz.usdz")
    checks = usdz_check.check(out / "usdz.usdz", triangles=counts["triangles"], metric=mesh.unit is not None)
    return {**_fact("usdz", USDZ, "usdz.usdz", mesh, counts), "usdz_checks": checks}


def _fact(role: str, media_type: str, path: str, mesh: Mesh, counts: Mapping[str, int]) -> dict[str, Any]:
    """Describe a rendition."""
    maps = [{"media_type": t.media_type, "width": t.width, "height": t.height, "bytes": len(t.data)} for t in mesh.textures]
    return {
        "role": role,
        "media_type": media_type,
        "path": path,
        "triangles": counts["triangles"],
        "vertices": counts["vertices"],
        "textures": maps,
    }
