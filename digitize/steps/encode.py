# SPDX-License-Identifier: Apache-2.0
"""Write every level as GLB, plain, with Draco and with meshoptimizer's compression, and the version for augmented reality as USDZ too."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from digitize import mesh as meshes
from digitize.encode import glb, textures, usdz
from digitize.encode.meshopt import Meshopt
from digitize.errors import Doubt
from digitize.mesh import Mesh
from digitize.steps import read_facts, write_facts

GLB, USDZ = "model/gltf-binary", "model/vnd.usdz+zip"


def run(*, inputs: Mapping[str, Path], out: Path, params: Mapping[str, Any], progress: Callable[[float, str], None]) -> dict[str, Any]:
    """Encode the meshes of `levels`.

    Parameters
    ----------
    params : `texture`, role -> pixels a side at most; `quality` of JPEG; `draco`, bits by attribute and level;
        `meshopt`, bits by attribute; `usdz`, the role that USDZ is made from.
    """
    levels = read_facts(inputs["levels"])["levels"]
    renditions, doubts = list[dict[str, Any]](), list[dict[str, Any]]()
    for place, level in enumerate(levels):
        role = level["role"]
        progress(place / len(levels), role)
        mesh = textures.fit(meshes.load(inputs["levels"] / level["folder"]), int(params["texture"][role]), int(params["quality"]))
        renditions.append(_glb(mesh, out, role, None))
        renditions.append(_glb(mesh, out, f"{role}-compressed", glb.Draco(**params["draco"])))
        if "meshopt" in params:
            renditions.append(_glb(mesh, out, f"{role}-meshopt", Meshopt(**params["meshopt"])))
        if role == params.get("usdz"):
            try:
                counts = usdz.write(mesh, out / "usdz.usdz")
                renditions.append(_fact("usdz", USDZ, "usdz.usdz", mesh, counts))
            except ImportError:  # there are platforms without a wheel of usd-core
                doubts.append(Doubt("usdz.unavailable").as_json())
    facts = {"renditions": renditions, "doubts": doubts}
    write_facts(out, facts)
    return facts


def _glb(mesh: Mesh, out: Path, role: str, codec: glb.Draco | Meshopt | None) -> dict[str, Any]:
    """Write one GLB and describe it."""
    counts = glb.write(mesh, out / f"{role}.glb", codec=codec)
    return _fact(role, GLB, f"{role}.glb", mesh, counts)


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
