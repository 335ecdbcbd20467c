# SPDX-License-Identifier: Apache-2.0
"""State how far the tiles lie from the picture."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from digitize.image import tiles
from digitize.image.decode import decoding
from digitize.steps import read_facts, write_facts
from digitize.steps.image import picture_of


def run(
    *,
    inputs: Mapping[str, Path],
    out: Path,
    params: Mapping[str, Any],  # noqa: ARG001 - every step has the same face
    progress: Callable[[float, str], None],
) -> dict[str, Any]:
    """Compare some tiles of `pyramid` with the image in `source`.

    Raises
    ------
    Refusal
        `image.undecodable`, `image.count-mismatch`.
    """
    source = inputs["source"]
    intake = read_facts(source, "intake.json")
    (made,) = read_facts(inputs["pyramid"])["renditions"]
    progress(0.0, "tiles")
    picture, by = picture_of(source, intake, anywhere=True)
    with decoding(source / intake["main"]):
        facts = {"errors": {"pyramid": tiles.error(picture, by, inputs["pyramid"] / made["path"], made)}}
    write_facts(out, facts)
    return facts
