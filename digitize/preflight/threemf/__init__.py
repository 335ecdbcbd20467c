# SPDX-License-Identifier: Apache-2.0
"""3MF: a zip of XML, every member, tag, index and picture checked."""

from __future__ import annotations

from pathlib import Path

from digitize.errors import Doubt
from digitize.preflight import image
from digitize.preflight.model import Findings, Limits
from digitize.preflight.threemf.package import load


def inspect_3mf(root: Path, main: str, limits: Limits) -> Findings:
    """Check a 3MF and count what its build items show.

    Raises
    ------
    Refusal
        With the first thing that is wrong, and where.
    """
    model, pictures = load(root / main, limits)
    vertices, triangles = model.count(limits)
    for key, data in pictures.items():
        image.scan_bytes(data, model.textures[key], limits)
    counts = {
        "vertices": vertices,
        "faces": triangles,
        "triangles": triangles,
        "objects": len(model.things),
        "images": len(pictures),
        "textured": int(bool(pictures)),
    }
    doubts = (Doubt("3mf.left-out", None, {"names": ", ".join(sorted(model.left)[:8])}),) if model.left else ()
    return Findings(counts, (), doubts)
