# SPDX-License-Identifier: Apache-2.0
"""Picture the object."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from digitize import mesh as meshes
from digitize.picture.thumbnail import thumbnail
from digitize.steps import write_facts

QUALITY = 80


def run(*, inputs: Mapping[str, Path], out: Path, params: Mapping[str, Any], progress: Callable[[float, str], None]) -> dict[str, Any]:
    """Render the mesh of `normalise` at `side` x `side` pixels, as a WebP with a transparent ground."""
    from PIL import Image

    mesh = meshes.load(inputs["normalise"])
    side = int(params["side"])
    picture = thumbnail(mesh, side, progress)
    Image.fromarray(picture.pixels).save(out / "thumbnail.webp", quality=QUALITY, alpha_quality=90, method=4)
    facts = {
        "renditions": [{"role": "thumbnail", "media_type": "image/webp", "path": "thumbnail.webp", "width": side, "height": side}],
        "method": picture.method,
        "orientation": {"up": picture.stance.up, "evidence": picture.stance.evidence, "rest": picture.stance.rest},
    }
    write_facts(out, facts)
    return facts
