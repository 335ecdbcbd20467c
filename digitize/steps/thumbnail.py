# SPDX-License-Identifier: Apache-2.0
"""Picture the object."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from digitize import mesh as meshes
from digitize.picture.thumbnail import thumbnail
from digitize.steps import write_facts


def run(*, inputs: Mapping[str, Path], out: Path, params: Mapping[str, Any], progress: Callable[[float, str], None]) -> dict[str, Any]:
    """Render the mesh of `normalise` at `side` x `side` pixels, as a PNG with a transparent ground."""
    from PIL import Image

    mesh = meshes.load(inputs["normalise"])
    side = int(params["side"])
    picture = thumbnail(mesh, side, progress)
    Image.fromarray(picture.pixels).save(out / "thumbnail.png", compress_level=9)
    facts = {
        "renditions": [{"role": "thumbnail", "media_type": "image/png", "path": "thumbnail.png", "width": side, "height": side}],
        "method": picture.method,
        "orientation": {"up": picture.stance.up, "evidence": picture.stance.evidence, "rest": picture.stance.rest},
    }
    write_facts(out, facts)
    return facts
