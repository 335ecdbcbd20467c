# SPDX-License-Identifier: Apache-2.0
"""A colour target in the picture: how far the capture's colours lie from those that the target's maker measured.

Whoever knows where the target lies gives a text beside the picture (see ``digitize.preflight.target``): rectangles in pixels of the
upright picture and each one's L*a*b* (D50). The middle of each rectangle is compared; the colours are read by the picture's profile.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from digitize.image.colour import Managed, lab_of
from digitize.image.decode import Picture, vips

_INSET = 0.2
_LEAST = 2


def measured(source: Path, intake: Mapping[str, Any], picture: Picture, small: Any, by: Managed) -> dict[str, Any]:
    """Measure the target that was given with a picture; nothing where none was.

    Parameters
    ----------
    small
        The upright picture in its own colours, scaled down.

    Returns
    -------
    ``target``: its name, ``patches``, ``delta_e_mean`` and ``delta_e_max`` (CIEDE2000), the worst patch, and how many
    are too small to be measured at this size.
    """
    given = [name for name in intake["members"][1:] if name.lower().endswith(".json")]
    if not given:
        return {}
    target = json.loads((source / given[0]).read_bytes())
    width = picture.image.height if picture.orientation > 4 else picture.image.width
    lab, scale = lab_of(picture, small, by).numpy(), small.width / width
    read, wanted, names = list[Any](), list[Any](), list[str]()
    for patch in target["patches"]:
        part = _middle(lab, patch, scale)
        if part is not None:
            read.append(part.reshape(-1, 3).mean(axis=0))
            wanted.append(patch["lab"])
            names.append(str(patch["name"]))
    left_out = len(target["patches"]) - len(names)
    facts: dict[str, Any] = {"name": str(target["target"]), "patches": len(names), "too_small": left_out}
    if names:
        apart = _apart(np.array(read), np.array(wanted))
        worst = int(np.argmax(apart))
        facts |= {"delta_e_mean": round(float(apart.mean()), 2), "delta_e_max": round(float(apart.max()), 2), "worst": names[worst]}
    return {"target": facts}


def _middle(lab: Any, patch: Mapping[str, Any], scale: float) -> Any | None:
    """Cut out the middle of a patch (rows, columns, 3), away from its edges; None where too little is left."""
    left, top = (patch["x"] + _INSET * patch["width"]) * scale, (patch["y"] + _INSET * patch["height"]) * scale
    right, bottom = left + (1 - 2 * _INSET) * patch["width"] * scale, top + (1 - 2 * _INSET) * patch["height"] * scale
    part = lab[int(np.ceil(top)) : int(bottom), int(np.ceil(left)) : int(right)]
    return part if min(part.shape[:2]) >= _LEAST else None


def _apart(read: Any, wanted: Any) -> Any:
    """Compare colours (N, 3) in L*a*b* by CIEDE2000; (N,)."""
    pyvips = vips()
    one, other = (
        pyvips.Image.new_from_memory(colours.astype(np.float32).tobytes(), len(colours), 1, 3, "float").copy(interpretation="lab")
        for colours in (read, wanted)
    )
    return one.dE00(other).numpy().ravel()
