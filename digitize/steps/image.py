# SPDX-License-Identifier: Apache-2.0
"""Make the web copy and the thumbnail of a picture; state its colours, rights and what the copy lost."""

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from digitize.image import colour, copies, measure, phash, rights, target
from digitize.image.decode import Picture, opened
from digitize.steps import read_facts, write_facts


def run(*, inputs: Mapping[str, Path], out: Path, params: Mapping[str, Any], progress: Callable[[float, str], None]) -> dict[str, Any]:
    """Derive from the image in `source`.

    Parameters
    ----------
    params : `sides`, role -> pixels of the longer side at most, the largest first; `quality` of WebP, 0 to 100.

    Raises
    ------
    Refusal
        `image.undecodable`, `image.count-mismatch`.
    """
    source = inputs["source"]
    intake = read_facts(source, "intake.json")
    sides = sorted(((int(side), role) for role, side in params["sides"].items()), reverse=True)
    progress(0.0, "decoding")
    path = source / intake["main"]
    picture, small, warned = copies.opened_small(path, intake["format"], intake["counts"], side=sides[0][0])
    by = colour.managed(picture, scratch() / "profile.icc")
    said, doubts = rights.read(picture.blobs)
    blocks = rights.written(said)
    srgb = copies.srgb_of(picture, small, by)
    renditions = list[dict[str, Any]]()
    for number, (side, role) in enumerate(sides):
        progress(0.4 + 0.3 * number / len(sides), role)
        renditions.append({"role": role, **copies.web_copy(srgb, side, int(params["quality"]), out / role, blocks)})
    progress(0.7, "measuring")
    error = measure.copy_error(picture, small, srgb, by, out / renditions[0]["path"])
    facts = {
        "kind": "image",
        "format": intake["format"],
        **described(picture),
        "colour": by.facts,
        "rights": said,
        "phash": phash.of(np.asarray(copies.grey(srgb, phash.SIDE))),
        "renditions": renditions,
        "errors": {sides[0][1]: error},
        "doubts": [doubt.as_json() for doubt in (*warned, *by.doubts, *doubts, *dropped(picture))],
    }
    facts |= target.measured(source, intake, picture, small, by)
    write_facts(out, facts)
    return facts


def picture_of(source: Path, intake: Mapping[str, Any], *, anywhere: bool = False) -> tuple[Picture, colour.Managed]:
    """Open the picture in `source` and choose how its colours are read."""
    path = source / intake["main"]
    picture = opened(path, intake["format"], intake["counts"])
    if anywhere and picture.orientation != 1:
        picture = opened(path, intake["format"], intake["counts"], anywhere=True)
    return picture, colour.managed(picture, scratch() / "profile.icc")


def scratch() -> Path:
    """Give the folder for what does not stay."""
    import tempfile

    return Path(os.environ.get("TMPDIR") or tempfile.mkdtemp(prefix="qilu-image-"))


def described(picture: Picture) -> dict[str, Any]:
    """State a picture's size as it is looked at, and its form as it is stored."""
    width, height = picture.image.width, picture.image.height
    if picture.orientation > 4:
        width, height = height, width
    stored = {"channels": picture.image.bands, "bits": picture.bits, "colour_space": picture.space}
    return {"width": width, "height": height, "exif_orientation": picture.orientation, **stored}


def dropped(picture: Picture) -> list[Any]:
    """Doubt channels that are neither colour nor transparency."""
    from digitize.errors import Doubt

    more = picture.image.bands - picture.colours - 1
    return [Doubt("image.channels-dropped", None, {"count": more})] if more > 0 else []
