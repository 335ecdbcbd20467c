# SPDX-License-Identifier: Apache-2.0
"""OBJ with its material libraries and textures.

Source: Wavefront's Advanced Visualizer manual, appendix B1 (object files) and its MTL part.
"""

from pathlib import Path

from digitize.errors import Doubt
from digitize.preflight.model import Findings, Limits
from digitize.preflight.obj.mtl import read_libraries
from digitize.preflight.obj.statements import Statements, scan_statements
from digitize.preflight.source import open_end
from digitize.preflight.texture import check_textures

_PICTURES = frozenset({".png", ".jpg", ".jpeg"})


def inspect_obj(root: Path, main: str, limits: Limits) -> Findings:
    """Read a whole OBJ once, then the libraries it names, then the headers of their pictures.

    Raises
    ------
    Refusal
        With the first thing that is wrong, and its line.
    """
    with (root / main).open("rb") as file:
        found = scan_statements(file, limits)
    libraries, materials, references, missing = read_libraries(root, main, found.libraries, limits)
    pictures: dict[str, None] = {}
    for library, names in references.items():
        pictures |= dict.fromkeys(check_textures(root, library, names, limits=limits)[0])
    beside = () if pictures or not found.uv else _beside(root, main, limits)
    members = (*libraries, *pictures, *beside)
    return Findings(
        _counts(found, len(materials), len(pictures) + len(beside)), members, (*missing, *_doubts(found, materials), *open_end(root / main))
    )


def _counts(found: Statements, materials: int, images: int) -> dict[str, int]:
    counts = {"vertices": found.vertices, "faces": found.faces, "triangles": found.triangles, "materials": materials}
    return {**counts, "uv": found.uv, "normals": found.normals, "images": images, "textured": int(bool(images))}


def _beside(root: Path, main: str, limits: Limits) -> tuple[str, ...]:
    """Take the only picture next to a mesh that has texture coordinates and names no picture; the reader says so as a doubt."""
    folder = (root / main).parent
    found = [path for path in sorted(folder.iterdir()) if path.suffix.lower() in _PICTURES and path.is_file() and not path.is_symlink()]
    if len(found) != 1:
        return ()
    return check_textures(root, main, [(found[0].name, "")], limits=limits)[0]


def _doubts(found: Statements, materials: set[str]) -> list[Doubt]:
    """Give what was let pass."""
    doubts = []
    if unknown := sorted(found.used - materials):
        doubts.append(Doubt("obj.unknown-materials", None, {"names": ", ".join(unknown[:8])}))
    if found.left_out:
        doubts.append(Doubt("obj.statements-left-out", None, {"names": ", ".join(sorted(found.left_out)[:8])}))
    if found.small:
        doubts.append(Doubt("mesh.small-polygons", None, {"count": found.small}))
    return doubts
