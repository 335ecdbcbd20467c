# SPDX-License-Identifier: Apache-2.0
"""glTF 2.0 and GLB, in plain Python and numpy.

Source: Khronos, glTF 2.0 Specification (ISO/IEC 12113); the sections are named where they are checked.
"""

from pathlib import Path

from digitize.errors import Doubt
from digitize.preflight.gltf.arrays import Arrays
from digitize.preflight.gltf.document import Document, read_glb, read_text
from digitize.preflight.gltf.graph import instances
from digitize.preflight.gltf.meshes import Counted, count_mesh
from digitize.preflight.gltf.pictures import check_pictures
from digitize.preflight.model import Findings, Limits


def inspect_glb(root: Path, main: str, limits: Limits) -> Findings:
    """Check a GLB.

    Raises
    ------
    Refusal
        With the first thing that is wrong, and where.
    """
    return _inspect(read_glb(root, main, limits), limits)


def inspect_gltf(root: Path, main: str, limits: Limits) -> Findings:
    """Check a glTF with the files that it names.

    Raises
    ------
    Refusal
        With the first thing that is wrong, and where.
    """
    return _inspect(read_text(root, main, limits), limits)


def _inspect(document: Document, limits: Limits) -> Findings:
    """Check arrays before the meshes that use them, and the graph before its meshes are multiplied."""
    document.check_asset()
    arrays = Arrays(document, limits)
    arrays.check()
    used = instances(document, limits)
    doubts: dict[str, Doubt] = {}
    meshes = [count_mesh(document, arrays, index, limits, doubts) for index in range(len(document.items("meshes")))]
    total = Counted.of_scene(meshes, used, limits)
    pictures, images = check_pictures(document, arrays, limits)
    counts = {
        "vertices": total.vertices,
        "faces": total.triangles,
        "triangles": total.triangles,
        "materials": len(document.items("materials")),
        "images": images,
        "textured": int(bool(images)),
        "nodes": len(document.items("nodes")),
    }
    members = (*document.members, *(name for name in pictures if name not in document.members))
    return Findings(counts, members, (*document.doubts, *doubts.values()))
