# SPDX-License-Identifier: Apache-2.0
"""Anchor what was pointed at, carry what hung on an earlier scan, and find every anchor on each level of detail."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from digitize import mesh as meshes
from digitize.anchors import Anchor, Carried, Limits, Lost, Registration, belongs, carry, in_file, place, register
from digitize.measure.closest import Surface, surface
from digitize.mesh import METRES, Mesh
from digitize.readers import gltf
from digitize.steps import write_facts

LEVELS, EARLIER = "levels", "earlier"
Found = dict[str, Any]
# A level is the same object by its making, and its error is measured: what it smooths away around a place does not make that another place.
ON_LEVEL = Limits(turn=80.0, change=0.5)


def run(*, inputs: Mapping[str, Path], out: Path, params: Mapping[str, Any], progress: Callable[[float, str], None]) -> dict[str, Any]:
    """Settle anchors on the surface of `normalise`.

    Parameters
    ----------
    params : `asked`, {`key`, `position`, `normal` or null} in the frame of the GLB files; `known`, {`key`, `anchor`} on this surface;
        `carried`, {`key`, `anchor`, `from`, `unit`}, an anchor on the file `from` below `earlier/` of `source` and the unit of the scan
        that it was made of; `levels`, role -> file below
        `levels/` of `source`.

    Returns
    -------
    `anchors`: key -> {`state`: "placed", "carried" or "lost"; `anchor`; `carried`: distance, turn, change, unit and registration;
    `lost`; `levels`: role -> the anchor there without its heights, or {`lost`}}. Places of levels are in the frame of the GLB files.
    """
    own = _Ground(meshes.load(inputs["normalise"]))
    progress(0.1, "placing")
    anchors = {**dict(_placed(own, params)), **dict(_carried(own, inputs["source"] / EARLIER, params, progress))}
    for number, (role, name) in enumerate(sorted(params.get("levels", {}).items())):
        progress(0.6 + 0.4 * number / len(params["levels"]), role)
        level = _Ground(gltf.read(inputs["source"] / LEVELS, name).mesh)
        for found in anchors.values():
            if found["anchor"] is not None:
                found["levels"][role] = _on_level(Anchor.from_json(found["anchor"]), own, level)
    counts = {state: sum(found["state"] == state for found in anchors.values()) for state in ("placed", "carried", "lost")}
    facts = {**counts, "anchors": anchors}
    write_facts(out, facts)
    return facts


class _Ground:
    """A mesh and the search for its closest points."""

    def __init__(self, mesh: Mesh) -> None:
        self.mesh = mesh

    @cached_property
    def search(self) -> Surface:
        """Give the search, built when it is first asked for."""
        return surface(self.mesh.positions, self.mesh.faces)


def _placed(own: _Ground, params: Mapping[str, Any]) -> Iterator[tuple[str, Found]]:
    """Anchor what was pointed at; what is known already stays, if it is still of this surface."""
    motion = in_file(own.mesh)
    for wish in params.get("asked", ()):
        position = motion.rotation.T @ np.array(wish["position"], dtype=np.float64) / motion.scale
        normal = None if wish.get("normal") is None else motion.rotation.T @ np.array(wish["normal"], dtype=np.float64)
        found = place(own.mesh, position, normal, own.search)
        yield wish["key"], _lost(found) if isinstance(found, Lost) else _settled("placed", found)
    for wish in params.get("known", ()):
        known = replace(Anchor.from_json(wish["anchor"]), unit=own.mesh.unit)
        yield wish["key"], _settled("placed", known) if belongs(known, own.mesh) else _lost(Lost("anchor.not-of-this", {}))


def _carried(own: _Ground, folder: Path, params: Mapping[str, Any], progress: Callable[[float, str], None]) -> Iterator[tuple[str, Found]]:
    """Carry anchors of earlier scans; each scan is registered once."""
    wishes = params.get("carried", ())
    for name in sorted({wish["from"] for wish in wishes}):
        progress(0.2, "registering")
        unit = next(wish["unit"] for wish in wishes if wish["from"] == name)
        scale = 1.0 / METRES[unit] if unit else 1.0
        earlier = gltf.read(folder, name).mesh
        earlier = replace(earlier, positions=earlier.positions * scale, unit=unit)  # numbers without a unit can only be taken as they are
        motion = register(earlier, own.mesh, search=own.search)
        for wish in wishes:
            if wish["from"] == name:
                found = carry(_scaled(Anchor.from_json(wish["anchor"]), scale), earlier, own.mesh, registration=motion, search=own.search)
                yield wish["key"], _lost(found, motion) if isinstance(found, Lost) else _moved(found, motion)


def _scaled(anchor: Anchor, scale: float) -> Anchor:
    """Bring an anchor from the frame of a file back to the unit of the scan."""
    x, y, z = (scale * part for part in anchor.position)
    return replace(anchor, position=(x, y, z), radius=scale * anchor.radius)


def _on_level(anchor: Anchor, own: _Ground, level: _Ground) -> Found:
    """Find an anchor on a level's own surface."""
    found = carry(anchor, own.mesh, level.mesh, registration=in_file(own.mesh), limits=ON_LEVEL, search=level.search)
    if isinstance(found, Lost):
        return {"lost": found.as_json()}
    return {**{name: value for name, value in found.anchor.as_json().items() if name != "heights"}, **_figures(found)}


def _settled(state: str, anchor: Anchor, carried: Found | None = None) -> Found:
    """Describe an anchor that stands."""
    return {"state": state, "anchor": anchor.as_json(), "carried": carried, "lost": None, "levels": {}}


def _moved(found: Carried, motion: Registration) -> Found:
    """Describe an anchor that was carried, with its figures."""
    return _settled("carried", found.anchor, {**_figures(found), "unit": found.anchor.unit, "registration": motion.as_json()})


def _lost(found: Lost, motion: Registration | None = None) -> Found:
    """Describe an anchor that does not stand, and why."""
    carried = {"registration": motion.as_json()} if motion else None
    return {"state": "lost", "anchor": None, "carried": carried, "lost": found.as_json(), "levels": {}}


def _figures(found: Carried) -> Found:
    """Give how far an anchor moved, turned and how much its surroundings changed."""
    return {"distance": found.distance, "turn": found.turn, "change": found.change}
