# SPDX-License-Identifier: Apache-2.0
"""What whoever gives an input may say of it that the input does not say itself."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from digitize import scale
from digitize.errors import Refusal
from digitize.mesh import METRES
from digitize.photos import markers

AXES = ("x", "-x", "y", "-y", "z", "-z")
WORDS: Mapping[str, tuple[str, ...]] = {"unit": tuple(METRES), "up": AXES}
SCALE, MARKERS = "scale", "markers"
# kind -> what of an input of this kind may be declared; its steps apply each of these and nothing else.
TAKEN: Mapping[str, tuple[str, ...]] = {
    "mesh": ("unit", "up", SCALE),
    "points": ("unit", "up"),
    "splats": ("unit", "up"),
    "motion": ("unit", "up"),
    "photos": (MARKERS,),
}


def check(declared: Mapping[str, Any], *, kind: str) -> None:
    """Refuse what cannot be declared of an input of this kind, for nothing would apply it.

    Parameters
    ----------
    declared
        See `Intake.declared`.

    Raises
    ------
    Refusal
        ``declared.unused`` for a name that nothing of this kind takes, ``declared.unknown`` for a value that is none of the
        known ones, ``scale.invalid``, ``markers.invalid``.
    """
    for name, said in declared.items():
        if name not in TAKEN.get(kind, ()):
            raise Refusal("declared.unused", at=name, name=name, kind=kind, taken=", ".join(TAKEN.get(kind, ())) or "–")
        if name == SCALE:
            _check_scale(said)
        elif name == MARKERS:
            markers.found({name: said}, Path(), [])
        elif said not in WORDS[name]:
            raise Refusal("declared.unknown", at=name, name=name, said=str(said)[:80], known=", ".join(WORDS[name]))


def _check_scale(said: Any) -> None:
    """Read the bars, as the steps will."""
    try:
        scale.parse(json.loads(said) if isinstance(said, str) else said)
    except (ValueError, RecursionError) as error:
        raise Refusal("scale.invalid", at=SCALE, problem=str(error)[:200]) from error
