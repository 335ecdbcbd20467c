# SPDX-License-Identifier: Apache-2.0
"""Make the web copy and the thumbnail of a photograph."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from digitize.picture.derive import opened, web_copy
from digitize.steps import read_facts, write_facts


def run(*, inputs: Mapping[str, Path], out: Path, params: Mapping[str, Any], progress: Callable[[float, str], None]) -> dict[str, Any]:
    """Derive from the image in `source`.

    Parameters
    ----------
    params : `sides`, role -> pixels of the longer side at most; `quality` of WebP, 0 to 100.

    Raises
    ------
    Refusal
        `image.undecodable`.
    """
    source = inputs["source"]
    photograph = opened(source / read_facts(source, "intake.json")["main"])
    renditions = list[dict[str, Any]]()
    for role, side in params["sides"].items():
        progress(len(renditions) / len(params["sides"]), role)
        renditions.append({"role": role, **web_copy(photograph.picture, int(side), int(params["quality"]), out / role)})
    facts = {**photograph.facts, "renditions": renditions}
    write_facts(out, facts)
    return facts
