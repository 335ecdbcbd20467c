# SPDX-License-Identifier: Apache-2.0
"""Picture the object."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from digitize import mesh as meshes
from digitize.picture.thumbnail import thumbnail
from digitize.steps import read_facts, write_facts

QUALITY = 80
ALIKE = 0.5  # mean error in 1e-4 of the diagonal: a twentieth of a pixel


def run(*, inputs: Mapping[str, Path], out: Path, params: Mapping[str, Any], progress: Callable[[float, str], None]) -> dict[str, Any]:
    """Render the mesh of `normalise`, or a level of `levels` that looks the same, at `side` x `side` pixels: a WebP without ground."""
    from PIL import Image

    mesh = meshes.load(_alike(inputs))
    side = int(params["side"])
    picture = thumbnail(mesh, side, progress)
    Image.fromarray(picture.pixels).save(out / "thumbnail.webp", quality=QUALITY, alpha_quality=90, method=4)
    facts = {
        "renditions": [{"role": "thumbnail", "media_type": "image/webp", "path": "thumbnail.webp", "width": side, "height": side}],
        "method": picture.method,
        "orientation": picture.stance.as_json(),
    }
    write_facts(out, facts)
    return facts


def _alike(inputs: Mapping[str, Path]) -> Path:
    """Choose the coarsest level that no pixel can tell from the original."""
    levels = read_facts(inputs["levels"])["levels"] if "levels" in inputs else []
    alike = [level for level in levels if level.get("error_expected") is not None and level["error_expected"] <= ALIKE]
    if not alike:
        return inputs["normalise"]
    return inputs["levels"] / str(min(alike, key=lambda level: level["triangles"])["folder"])
