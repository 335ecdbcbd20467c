# SPDX-License-Identifier: Apache-2.0
"""Readers of pre-flighted files: each yields the canonical mesh and says what it could not carry over."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from digitize.mesh import Mesh, Texture


@dataclass(frozen=True)
class Reading:
    """A mesh as read, before anything was cleaned.

    Attributes
    ----------
    mesh : the mesh.
    vertices : number of vertex records in the file (not of wedges).
    doubts : (code, parameters) of everything that was not carried over or had to be supposed.
    """

    mesh: Mesh
    vertices: int
    doubts: tuple[tuple[str, Mapping[str, object]], ...] = field(default=())


def read(root: Path, main: str, form: str) -> Reading:
    """Read the mesh `main` in folder `root`; `form` is the pre-flight's name of the format.

    Raises
    ------
    Refusal
        Where the file cannot be read whole.
    """
    from digitize.readers import gltf, obj, off, ply, stl, threemf

    readers: dict[str, Callable[[Path, str], Reading]] = {
        "ply": ply.read,
        "obj": obj.read,
        "stl": stl.read,
        "off": off.read,
        "3mf": threemf.read,
        "glb": gltf.read,
        "gltf": gltf.read,
    }
    reading = readers[form](root, main)
    deep = tuple(("texture.sixteen-bits", {"name": texture.name}) for texture in reading.mesh.textures if _is_deep(texture))
    return replace(reading, doubts=(*reading.doubts, *deep))


def _is_deep(texture: Texture) -> bool:
    """Tell a PNG of 16 bits a channel by its header (PNG specification §11.2.2)."""
    return texture.media_type == "image/png" and texture.data[24:25] == b"\x10"
