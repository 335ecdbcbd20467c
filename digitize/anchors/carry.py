# SPDX-License-Identifier: Apache-2.0
"""Carry an anchor to another level of detail or into a later scan, or say plainly that it does not survive."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from digitize.anchors.anchor import Anchor, heights_around, normal_around
from digitize.anchors.near import facing
from digitize.anchors.register import Registration
from digitize.errors import Doubt
from digitize.measure.closest import Surface, surface
from digitize.mesh import Floats, Mesh


@dataclass(frozen=True)
class Limits:
    """What an anchor survives.

    Attributes
    ----------
    distance : how far the surface may have moved, over the anchor's radius.
    turn : by how much its normal may have turned, degrees.
    change : root mean square difference of the heights around, over the radius.
    residual : of a registration, in 1e-4 of the diagonal.
    """

    distance: float = 0.5
    turn: float = 40.0
    change: float = 0.12
    residual: float = 100.0


@dataclass(frozen=True)
class Carried:
    """An anchor found again: on the other mesh, `distance` (its unit) away, `turn` degrees, `change` over the radius."""

    anchor: Anchor
    distance: float
    turn: float
    change: float


@dataclass(frozen=True)
class Lost:
    """An anchor that does not survive, and why: `code` with words in `digitize.messages`."""

    code: str
    params: dict[str, Any]

    def as_json(self) -> dict[str, Any]:
        """Give code, message and parameters."""
        return Doubt(self.code, None, self.params).as_json()


def carry(
    anchor: Anchor,
    original: Mesh,
    derived: Mesh,
    *,
    registration: Registration | None = None,
    limits: Limits | None = None,
    search: Surface | None = None,
) -> Carried | Lost:
    """Find an anchor of `original` on `derived`.

    Parameters
    ----------
    registration : how `original` lies in `derived`'s frame, for a later scan; a level of detail lies as it does.
    search : of `derived`, where several anchors are carried.
    """
    bounds = limits or Limits()
    if not belongs(anchor, original):
        return Lost("anchor.not-of-this", {})
    lost = _doubted(registration, bounds)
    if lost:
        return lost
    placed = _moved(anchor, registration)
    around = search or surface(derived.positions, derived.faces)
    found = facing(np.array(placed.position), np.array(placed.normal), derived, around, reach=bounds.distance * placed.radius)
    if found is None:
        return Lost("anchor.gone", {"radius": f"{placed.radius:.4g}"})
    return _judged(placed, derived, around, found, bounds)


def belongs(anchor: Anchor, mesh: Mesh) -> bool:
    """Tell whether an anchor's triangle and weights lead to its position."""
    if not 0 <= anchor.face < mesh.triangles:
        return False
    position = np.array(anchor.weights) @ mesh.positions[mesh.faces[anchor.face]]
    return float(np.linalg.norm(position - np.array(anchor.position))) <= 1e-3 * anchor.radius


def _doubted(registration: Registration | None, bounds: Limits) -> Lost | None:
    """Say why a registration cannot be trusted."""
    if registration is None:
        return None
    if registration.residual_e4 > bounds.residual:
        return Lost("anchor.not-registered", {"residual": f"{registration.residual_e4:.3g}", "limit": f"{bounds.residual:.3g}"})
    return Lost("anchor.ambiguous", {}) if registration.ambiguous else None


def _moved(anchor: Anchor, registration: Registration | None) -> Anchor:
    """Bring an anchor's place into the other mesh's frame."""
    if registration is None:
        return anchor
    position = registration.moved(np.array([anchor.position]))[0]
    normal, tangent = registration.turned(np.array([anchor.normal, anchor.tangent]))
    return Anchor(
        anchor.face,
        anchor.weights,
        (float(position[0]), float(position[1]), float(position[2])),
        (float(normal[0]), float(normal[1]), float(normal[2])),
        (float(tangent[0]), float(tangent[1]), float(tangent[2])),
        anchor.radius * registration.scale,
        anchor.heights,
        anchor.unit,
    )


def _judged(anchor: Anchor, mesh: Mesh, search: Surface, found: tuple[int, Floats], bounds: Limits) -> Carried | Lost:
    """Compare the surface around the place found with what the anchor remembers."""
    face, weights = found
    position = weights @ mesh.positions[mesh.faces[face]]
    normal = normal_around(mesh, search, position, face, anchor.radius)
    turn = float(np.degrees(np.arccos(np.clip(normal @ np.array(anchor.normal), -1.0, 1.0))))
    if turn > bounds.turn:
        return Lost("anchor.turned", {"turn": f"{turn:.0f}", "limit": f"{bounds.turn:.0f}"})
    frame = (np.array(anchor.normal), np.array(anchor.tangent))
    heights = heights_around(search, mesh, np.array(anchor.position), frame[0], tangent=frame[1], radius=anchor.radius)
    change = float(np.sqrt(np.mean((heights - np.array(anchor.heights)) ** 2)))
    if change > bounds.change:
        return Lost("anchor.changed", {"change": f"{100 * change:.0f}", "limit": f"{100 * bounds.change:.0f}"})
    x, y, z = (float(value) for value in position)
    a, b, c = (float(value) for value in weights)
    now = Anchor(face, (a, b, c), (x, y, z), anchor.normal, anchor.tangent, anchor.radius, anchor.heights, mesh.unit)
    return Carried(now, float(np.linalg.norm(position - np.array(anchor.position))), turn, change)
