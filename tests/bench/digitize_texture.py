# SPDX-License-Identifier: Apache-2.0
"""A textured scan with a twentieth of its triangles: colour error, bytes and time beside gltfpack's, both files measured by the same means."""

from __future__ import annotations

import io
import shutil
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from django.conf import settings
from numpy.typing import NDArray

from digitize import recipe
from digitize.encode import glb
from digitize.measure.compare import Reference, compare, reference
from digitize.measure.readback import read_back
from digitize.mesh import Material, Mesh, Texture
from digitize.normals import smooth_normals
from digitize.preflight import prepare
from digitize.runner import Result, StepLimits, run_recipe
from tests.bench.children import Used, measure
from tests.bench.rows import Row
from tests.bench.scans import SPOT, read_obj, subdivide

ROUNDS, SIDE, TRIANGLES, SAMPLES = 3, 2048, 20_000, 100_000
GLTFPACK = settings.BASE_DIR / "node_modules" / "gltfpack" / "cli.js"
STEPS = ("levels", "bake", "encode")
LEAN = "lod-0-ktx2"
OURS = ("lod-0-compressed", "lod-0-meshopt")


def rows() -> list[Row]:
    """Measure both; our smaller file counts."""
    with tempfile.TemporaryDirectory(prefix="qilu-bench-") as name:
        folder = Path(name)
        mesh = scan()
        glb.write(mesh, folder / "in.glb")
        original = reference(mesh, SAMPLES)
        result = _run(folder)
        ours, bytes_, seconds, peak = _ours(result, original)
        peer, theirs, told = _gltfpack(folder, original)
        work = f"{mesh.triangles:,} -> {TRIANGLES:,} textured"
        return [
            Row(f"{work}: PSNR", round(ours["colour_psnr"], 2), peer and round(peer["colour_psnr"], 2), told, "dB"),
            Row(f"{work}: off by > 30/255", ours["colour_off"], peer and peer["colour_off"], told, "share of points"),
            Row(f"{work}: mean error", _relative(ours), peer and _relative(peer), told, "1e-4 of the diagonal"),
            Row(f"{work}: file", bytes_, theirs and (folder / "peer.glb").stat().st_size, told, "bytes"),
            Row(f"{work}: simplify, bake, encode", seconds, theirs and round(theirs.cpu_seconds, 2), told, "CPU s"),
            *_lean(work, result, original),
            Row(f"{work}: process", peak, theirs and round(theirs.peak_bytes / 2**20), told, "MiB"),
        ]


def _relative(found: dict[str, Any]) -> float:
    return round(1e4 * found["mean_relative"], 4)


def _run(folder: Path) -> Result:
    """Run our recipe up to the encoded files, each step in its own process."""
    prepare(folder / "in.glb", into=folder / "source")
    whole = recipe.one_level(recipe.load("mesh"), TRIANGLES)
    short = replace(whole, steps=tuple(step for step in whole.steps if step.name in {"normalise", *STEPS, "ktx2"}))
    return run_recipe(short, source=folder / "source", work=folder / "run", limits=StepLimits(), on_event=lambda _: None)


def _lean(work: str, result: Result, original: Reference) -> list[Row]:
    """Put the file with KTX2 textures beside the same one with ordinary ones; no peer from npm writes KTX2 here."""
    by_role = {one.role: one for one in result.renditions}
    if LEAN not in by_role:
        return []
    lean, light = by_role[LEAN], by_role["lod-0-meshopt"]
    near = [round(compare(original, read_back(one.path, original.mesh))["colour_psnr"], 2) for one in (lean, light)]
    taken = lean.facts["device_bytes"]
    spent = next(step.cpu_seconds for step in result.steps if step.step == "ktx2")
    told = "our meshopt file with an ordinary texture"
    return [
        Row(f"{work}: KTX2, PSNR", near[0], near[1], told, "dB"),
        Row(f"{work}: KTX2, file", lean.bytes, light.bytes, told, "bytes"),
        Row(f"{work}: KTX2, textures in graphics memory", taken["textures"], taken["uncompressed"], told, "bytes"),
        Row(f"{work}: KTX2, encode and decode again", round(spent, 2), None, "", "CPU s"),
    ]


def _ours(result: Result, original: Reference) -> tuple[dict[str, Any], int, float, int]:
    """Measure the smaller of the compressed files."""
    best = min((one for one in result.renditions if one.role in OURS), key=lambda one: one.bytes)
    used = [step for step in result.steps if step.step in STEPS]
    found = compare(original, read_back(best.path, original.mesh))
    return found, best.bytes, round(sum(step.cpu_seconds for step in used), 2), round(max(step.peak_bytes for step in used) / 2**20)


def _gltfpack(folder: Path, original: Reference) -> tuple[dict[str, Any] | None, Used | None, str]:
    """Let gltfpack simplify the same file, updating vertices and attributes."""
    node = shutil.which("node")
    if node is None or not GLTFPACK.is_file():
        return None, None, "gltfpack is not installed"
    share = f"{TRIANGLES / original.mesh.triangles:.6f}"
    words: list[str | Path] = [node, GLTFPACK, "-i", folder / "in.glb", "-o", folder / "peer.glb", "-si", share, "-sv"]
    used = measure(words, environment={}, folder=folder)
    return compare(original, read_back(folder / "peer.glb", original.mesh)), used, "gltfpack 1.3 -si -sv, unmeasured"


def scan() -> Mesh:
    """Return the real scan where it lies beside the checkout, else a torus, subdivided, under a texture with detail at every scale."""
    points, uv, corners, texture = read_obj(SPOT / "spot_triangulated.obj") if SPOT.is_dir() else _torus(106, 28)
    for _round in range(ROUNDS):
        points, corners = subdivide(points, corners)
        uv, texture = subdivide(uv, texture)
    key = corners.reshape(-1).astype(np.int64) << np.int64(32) | texture.reshape(-1)
    distinct, number = np.unique(key, return_inverse=True)
    place, look = (distinct >> np.int64(32)).astype(np.intp), (distinct & np.int64(0xFFFFFFFF)).astype(np.intp)
    faces = number.reshape(-1, 3).astype(np.int32)
    material = Material(name="scan", textures={"base_colour": 0})
    flipped = np.stack([uv[look, 0], 1 - uv[look, 1]], axis=1).astype(np.float32)
    mesh = Mesh(points[place], faces, np.zeros(len(faces), dtype=np.int32), (material,), (_texture(),), uv=flipped)
    return smooth_normals(mesh)


def _texture() -> Texture:
    """Draw a checker with noise of three sizes."""
    from PIL import Image
    from scipy.ndimage import gaussian_filter

    random = np.random.default_rng(7)
    y, x = np.mgrid[0:SIDE, 0:SIDE] * 64 // SIDE
    pixels = np.where(((x + y) % 2 == 0)[..., None], [200.0, 60.0, 40.0], [40.0, 60.0, 200.0])
    for size, strength in ((1.5, 12), (4, 16), (16, 24)):
        noise = gaussian_filter(random.standard_normal((SIDE, SIDE, 3)), (size, size, 0), mode="wrap")
        pixels += strength * noise / noise.std()
    stream = io.BytesIO()
    Image.fromarray(np.clip(np.rint(pixels), 0, 255).astype(np.uint8)).save(stream, "PNG")
    return Texture("detail.png", "image/png", SIDE, SIDE, stream.getvalue())


def _torus(around: int, across: int) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any], NDArray[Any]]:
    """Make a torus with one seam each way: points, uv, and the corners' indices into both."""
    i, j = (part.ravel() for part in np.meshgrid(np.arange(around + 1), np.arange(across + 1), indexing="ij"))
    u, v = 2 * np.pi * i / around, 2 * np.pi * j / across
    points = np.stack([(2 + np.cos(v)) * np.cos(u), (2 + np.cos(v)) * np.sin(u), np.sin(v)], axis=1)
    uv = np.stack([i / around, j / across], axis=1) * 0.98 + 0.01
    a = (np.arange(around)[:, None] * (across + 1) + np.arange(across)).ravel()
    texture = np.concatenate([np.stack([a, a + across + 1, a + across + 2], 1), np.stack([a, a + across + 2, a + 1], 1)])
    welded = i % around * across + j % across
    first = np.unique(welded, return_index=True)[1]
    return points[first], uv, welded[texture], texture


def run() -> list[Row]:
    """Measure."""
    return rows()
