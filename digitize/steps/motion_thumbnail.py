# SPDX-License-Identifier: Apache-2.0
"""Picture a motion: the pose in its middle, two earlier ones paler beside it."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from digitize.motion.stance import scene, stance
from digitize.picture.thumbnail import thumbnail
from digitize.steps import write_facts
from digitize.steps.motion import declared, opened

QUALITY = 80


def run(*, inputs: Mapping[str, Path], out: Path, params: Mapping[str, Any], progress: Callable[[float, str], None]) -> dict[str, Any]:
    """Render the motion in `source` at `side` x `side` pixels, as a WebP with a transparent ground."""
    from PIL import Image

    intake, motion = opened(inputs["source"])
    positions, side = str(params["positions"]), int(params["side"])
    standing = stance(motion, declared(intake)[1], positions)
    picture = thumbnail(scene(motion, positions, standing.up), side, progress)
    Image.fromarray(picture.pixels).save(out / "thumbnail.webp", quality=QUALITY, alpha_quality=90, method=6)
    facts = {
        "renditions": [{"role": "thumbnail", "media_type": "image/webp", "path": "thumbnail.webp", "width": side, "height": side}],
        "method": picture.method,
    }
    write_facts(out, facts)
    return facts
