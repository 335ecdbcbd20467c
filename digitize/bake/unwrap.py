# SPDX-License-Identifier: Apache-2.0
"""A new texture layout for a surface that has none, or one in too many pieces."""

from dataclasses import replace
from importlib.util import find_spec

import numpy as np

from digitize.bake.charts import unwrap_plain
from digitize.mesh import Mesh

PADDING = 4  # texels between charts, at the size that the layout is packed for
XATLAS = 20_000  # triangles; for more it takes several times as long as all else together, for 1 dB of colour


def available() -> bool:
    """Tell whether this machine has xatlas."""
    return find_spec("xatlas") is not None


def unwrap(mesh: Mesh, size: int) -> Mesh:
    """Cut a surface into charts, flatten them and pack them into one map of `size` texels a side.

    The mesh comes back with `uv` 0..1 and its vertices split along the charts' borders.
    """
    return _xatlas(mesh, size) if mesh.triangles <= XATLAS and available() else unwrap_plain(mesh, size, PADDING)


def _xatlas(mesh: Mesh, size: int) -> Mesh:
    """Let xatlas lay a surface out."""
    import xatlas  # type: ignore[import-not-found]

    charts, packing = xatlas.ChartOptions(), xatlas.PackOptions()
    packing.resolution, packing.padding = size, PADDING
    low, high = mesh.bounds()
    atlas = xatlas.Atlas()
    scaled = ((mesh.positions - (low + high) / 2) / float((high - low).max())).astype(np.float32)
    atlas.add_mesh(scaled, mesh.faces.astype(np.uint32))
    atlas.generate(charts, packing, False)
    vertex, faces, uv = atlas[0]
    return replace(
        mesh,
        positions=mesh.positions[vertex],
        faces=faces.astype(np.int32),
        normals=None if mesh.normals is None else mesh.normals[vertex],
        colours=None if mesh.colours is None else mesh.colours[vertex],
        uv=uv.astype(np.float32),
    )
