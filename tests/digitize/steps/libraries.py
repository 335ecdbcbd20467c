# SPDX-License-Identifier: Apache-2.0
"""Use each heavy library once, inside the locked process."""

from __future__ import annotations

import ctypes
import importlib.util
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any


def run(*, inputs: Mapping[str, Path], out: Path, params: Mapping[str, Any], progress: Callable[[float, str], None]) -> dict[str, Any]:
    return {name: globals()["use_" + name](out) for name in params["use"]}


def use_open3d(_out: Path) -> int:
    import libusb_package

    ctypes.CDLL(str(libusb_package.get_library_path()), mode=ctypes.RTLD_GLOBAL)
    import open3d

    scene = open3d.t.geometry.RaycastingScene()
    scene.add_triangles(open3d.t.geometry.TriangleMesh.create_box())
    rays = open3d.core.Tensor([[0.5, 0.5, 2.0, 0.0, 0.0, -1.0]], dtype=open3d.core.float32)
    return round(float(scene.cast_rays(rays)["t_hit"].numpy()[0]))


def use_wasmtime(_out: Path) -> int:
    import wasmtime

    store = wasmtime.Store()
    module = wasmtime.Module(store.engine, '(module (memory 1) (func (export "f") (result i32) i32.const 42))')
    return int(wasmtime.Instance(store, module, []).exports(store)["f"](store))


def use_usd(out: Path) -> bool:
    from pxr import Usd

    stage = Usd.Stage.CreateNew(str(out / "stage.usdc"))
    stage.GetRootLayer().Save()
    return (out / "stage.usdc").exists()


def use_draco(_out: Path) -> int:
    import DracoPy
    import numpy as np

    points = np.random.default_rng(1).random((50, 3))
    faces = np.arange(48).reshape(-1, 3).astype(np.uint32)
    return len(DracoPy.decode(DracoPy.encode(points, faces)).faces)


def use_pillow(out: Path) -> bool:
    from PIL import Image

    Image.new("RGB", (8, 8)).save(out / "picture.webp")
    return (out / "picture.webp").exists()


def use_scipy(_out: Path) -> int:
    from scipy.spatial import cKDTree

    return int(cKDTree([[0.0, 0.0], [1.0, 1.0]]).query([0.9, 0.9])[1])


def use_trimesh(_out: Path) -> int:
    import trimesh

    return len(trimesh.creation.box().faces) if importlib.util.find_spec("trimesh") else 0
