# SPDX-License-Identifier: Apache-2.0
"""Cut a picture into tiles for deep zoom."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from digitize import bundle
from digitize.image import pyramid, rights
from digitize.image.decode import decoding
from digitize.steps import read_facts, write_facts
from digitize.steps.image import picture_of, scratch


def run(*, inputs: Mapping[str, Path], out: Path, params: Mapping[str, Any], progress: Callable[[float, str], None]) -> dict[str, Any]:
    """Cut the image in `source`.

    Parameters
    ----------
    params : `quality` of JPEG, 1 to 100.

    Raises
    ------
    Refusal
        `image.undecodable`, `image.count-mismatch`.
    """
    source = inputs["source"]
    intake = read_facts(source, "intake.json")
    picture, by = picture_of(source, intake, anywhere=True)
    progress(0.0, "tiles")
    blocks = rights.written(rights.read(picture.blobs)[0])
    with decoding(source / intake["main"]):
        made = pyramid.write(picture, by, out / "pyramid.zip", scratch(), quality=int(params["quality"]), rights=blocks)
    facts = {"renditions": [{"role": "pyramid", "media_type": bundle.MEDIA_TYPE, "path": "pyramid.zip", **made}]}
    write_facts(out, facts)
    return facts
