# SPDX-License-Identifier: Apache-2.0
"""Make a surface of a cleaned cloud, in the form in which `normalise` leaves meshes, and measure how far the points lie from it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from digitize import mesh as meshes
from digitize.errors import Doubt
from digitize.measure.closest import surface
from digitize.mesh import Floats, Mesh
from digitize.normals import smooth_normals
from digitize.points import cloud, reconstruct
from digitize.steps import normalise, read_facts, write_facts


def run(*, inputs: Mapping[str, Path], out: Path, params: Mapping[str, Any], progress: Callable[[float, str], None]) -> dict[str, Any]:
    """Reconstruct the cloud of `points`.

    Parameters
    ----------
    params : `depth` of the octree at most; `trim` (see `digitize.points.reconstruct.Trim`); `poor`, the share of points
        farther than the trim's reach from the surface above which the surface is doubted; `crease` as in `normalise`.

    Raises
    ------
    Refusal
        ``points.no-surface``.
    """
    said = read_facts(inputs["points"])
    progress(0.0, "reconstructing")
    trim, spacing = reconstruct.Trim(**params["trim"]), float(said["published_spacing"])
    built = reconstruct.rebuild(cloud.load(inputs["points"] / "cloud"), spacing, finest=int(params["depth"]), trim=trim)
    progress(0.7, "checking")
    mesh, welded, dropped = normalise.clean(built.mesh)
    shape = normalise.shape_of(mesh, welded)
    mesh = normalise.sided(smooth_normals(mesh, float(params.get("crease", 180.0)), welded), said["format"], bool(shape["watertight"]))
    progress(0.8, "measuring")
    measured = distances(mesh, cloud.load(inputs["points"] / "sample").positions, trim.reach * spacing)
    meshes.save(mesh, out)
    doubts = _doubts(built, measured, float(params["poor"]), shape, f"{trim.reach * spacing:.3g} {mesh.unit or ''}".strip())
    facts = {
        **normalise.describe(mesh, said),
        **shape,
        "dropped_degenerate": dropped,
        "reconstruction": {
            "method": "screened Poisson (open3d), one thread",
            "depth": built.depth,
            "trimmed_share": built.trimmed,
            "islands_dropped": built.islands,
            "islands_share": built.island_share,
            "points_to_surface": measured,
        },
        "doubts": [doubt.as_json() for doubt in doubts],
    }
    write_facts(out, facts)
    return facts


def distances(mesh: Mesh, points: Floats, reach: float) -> dict[str, Any]:
    """Measure how far points (n, 3) lie from the surface, in the source's unit and in ten-thousandths of the diagonal."""
    search = surface(mesh.positions, mesh.faces)
    chosen = points[:: -(-len(points) // search.budget)]
    distance = search.closest(chosen).distance
    values = {
        "mean": float(distance.mean()),
        "rms": float(np.sqrt(np.mean(distance**2))),
        "p999": float(np.quantile(distance, 0.999)),
        "max": float(distance.max()),
    }
    diagonal = mesh.diagonal()
    relative = {f"{name}_relative": value / diagonal for name, value in values.items()}
    far = float((distance > reach).mean())
    return {**values, **relative, "unit": mesh.unit, "samples": len(chosen), "method": search.method, "reach": reach, "far_share": far}


def _doubts(built: reconstruct.Rebuilt, measured: Mapping[str, Any], poor: float, shape: Mapping[str, Any], reach: str) -> list[Doubt]:
    """Say what the surface leaves out."""
    found = []
    if measured["far_share"] > poor:
        found.append(Doubt("points.surface-poor", None, {"share": f"{100 * measured['far_share']:.3g}", "reach": reach}))
    if built.islands:
        found.append(Doubt("points.surface-islands", None, {"count": built.islands, "share": f"{100 * built.island_share:.2g}"}))
    if shape["volume"] is not None and shape["volume"] < 0:
        found.append(Doubt("mesh.inside-out"))
    return found
