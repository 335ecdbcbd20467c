# SPDX-License-Identifier: Apache-2.0
"""What a USDZ must be for phones to open it rightly, checked on the written file by other means than wrote it.

Source: "USDZ File Format Specification"; AOUSD core schemas for UsdGeom (metersPerUnit, upAxis, primvars).
"""

import struct
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from digitize.errors import StepFailure

ALIGNED = 64
PICTURES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")
_UV_MAPS = "UsdUVTexture"


def check(path: Path, *, triangles: int, metric: bool) -> dict[str, Any]:
    """Check a written USDZ; return what holds, as facts.

    Parameters
    ----------
    triangles : that it was written with.
    metric : whether its unit is known, so that `metersPerUnit` 1 says the truth.

    Raises
    ------
    StepFailure
        `usdz.unsound`, naming the first thing that does not hold.
    """
    names = _package(path)
    stage = _stage(path)
    meshes = [_mesh(prim) for prim in stage.Traverse() if prim.GetTypeName() == "Mesh"]
    if sum(meshes) != triangles:
        raise _unsound(f"{sum(meshes)} triangles instead of {triangles}")
    named = {asset for prim in stage.Traverse() for asset in _textures(prim)}
    if named != set(names[1:]):
        raise _unsound("the textures named are not those inside")
    return {
        "stored": True,
        "aligned": ALIGNED,
        "members": len(names),
        "meters_per_unit": 1.0,
        "metric": metric,
        "up": "Y",
        "meshes": len(meshes),
        "triangles": triangles,
        "textures": len(named),
    }


def _unsound(problem: str) -> StepFailure:
    return StepFailure("usdz.unsound", problem=problem)


def _package(path: Path) -> list[str]:
    """Check the zip: stored members at multiples of 64 bytes, the layer first, pictures as their names say; return the names."""
    data = path.read_bytes()
    with zipfile.ZipFile(path) as package:
        infos = package.infolist()
        for info in infos:
            name, extra = struct.unpack_from("<HH", data, info.header_offset + 26)
            begin = info.header_offset + 30 + name + extra
            if info.compress_type != zipfile.ZIP_STORED or begin % ALIGNED:
                raise _unsound(f"{info.filename} is compressed or not at a multiple of {ALIGNED} bytes")
            if info.filename.startswith("textures/") and not data[begin : begin + 8].startswith(PICTURES):
                raise _unsound(f"{info.filename} is neither PNG nor JPEG")
        if package.testzip() is not None:
            raise _unsound("a checksum is wrong")
    names = [info.filename for info in infos]
    if not names or not names[0].endswith(".usdc") or len(set(names)) != len(names):
        raise _unsound("its first member is no layer, or a name stands twice")
    return names


def _stage(path: Path) -> Any:
    """Open the stage and check what stands at its head."""
    from pxr import Usd, UsdGeom

    stage = Usd.Stage.Open(str(path))
    if not stage or not stage.GetDefaultPrim():
        raise _unsound("it has no default prim")
    if not stage.HasAuthoredMetadata("metersPerUnit") or UsdGeom.GetStageMetersPerUnit(stage) != 1.0:
        raise _unsound("metersPerUnit is not 1")
    if UsdGeom.GetStageUpAxis(stage) != "Y":
        raise _unsound("its up axis is not Y")
    return stage


def _mesh(prim: Any) -> int:
    """Check one mesh's arrays; return its triangles."""
    from pxr import UsdGeom

    mesh, path = UsdGeom.Mesh(prim), prim.GetPath()
    points, corners = np.array(mesh.GetPointsAttr().Get()), np.array(mesh.GetFaceVertexIndicesAttr().Get())
    sizes = np.array(mesh.GetFaceVertexCountsAttr().Get())
    if not len(points) or not np.isfinite(points).all() or (sizes != 3).any() or sizes.sum() != len(corners):
        raise _unsound(f"{path} has no whole triangles, or points that are no numbers")
    if corners.min() < 0 or corners.max() >= len(points):
        raise _unsound(f"{path} names a point that is not there")
    for name, values in _by_vertex(prim, mesh):
        if len(values) != len(points) or not np.isfinite(values).all():
            raise _unsound(f"{path} has {len(values)} {name} for {len(points)} points")
    extent = np.array(mesh.GetExtentAttr().Get())
    if extent.shape != (2, 3) or (points < extent[0]).any() or (points > extent[1]).any():
        raise _unsound(f"{path} leaves its extent")
    if not prim.HasAPI("MaterialBindingAPI"):
        raise _unsound(f"{path} has no material")
    return len(sizes)


def _by_vertex(prim: Any, mesh: Any) -> Iterator[tuple[str, NDArray[Any]]]:
    """Give what a mesh holds for each point."""
    from pxr import UsdGeom

    normals = mesh.GetNormalsAttr().Get()
    if normals is not None:
        yield "normals", np.array(normals)
    primvars = UsdGeom.PrimvarsAPI(prim)
    for name in ("st", "displayColor"):
        values = primvars.GetPrimvar(name).Get() if primvars.HasPrimvar(name) else None
        if values is not None:
            yield name, np.array(values)


def _textures(prim: Any) -> Iterator[str]:
    """Give the pictures that a shader names; each must know where its uv come from."""
    from pxr import UsdShade

    shader = UsdShade.Shader(prim) if prim.GetTypeName() == "Shader" else None
    if shader is None or shader.GetIdAttr().Get() != _UV_MAPS:
        return
    if not shader.GetInput("st") or not shader.GetInput("st").HasConnectedSource():
        raise _unsound(f"{prim.GetPath()} has no texture coordinates")
    yield shader.GetInput("file").Get().path
