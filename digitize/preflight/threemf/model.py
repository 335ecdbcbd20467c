# SPDX-License-Identifier: Apache-2.0
"""What a 3MF's model parts hold, as far as a surface needs it.

Source: 3D Manufacturing Format, Core Specification 1.3; Materials and Properties Extension 1.2; Production Extension 1.1.
"""

from __future__ import annotations

from array import array
from dataclasses import dataclass, field

from digitize.errors import Refusal
from digitize.preflight.model import Limits

IDENTITY = (1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0)
Key = tuple[str, str]  # a part's path and an identifier within it


@dataclass(slots=True)
class Group:
    """A group of properties.

    Attributes
    ----------
    kind : ``base`` (a material each), ``colour`` or ``uv``; anything else is left out.
    values : names and colours (r, g, b, a in bytes), colours, or (u, v).
    texture : identifier of a ``uv`` group's picture.
    """

    kind: str
    values: list[tuple[float, ...]] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    texture: str = ""


@dataclass(slots=True)
class Use:
    """An object placed: by a build item or by a component; `transform` are the 12 numbers of §3.3, by rows."""

    key: Key
    transform: tuple[float, ...]


@dataclass(slots=True)
class Thing:
    """An object: a mesh or components.

    Attributes
    ----------
    points : x, y, z one after the other.
    corners : v1, v2, v3 of each triangle.
    properties : number of the group (-1 for none), p1, p2, p3 of each triangle.
    groups : the identifiers that `properties` number.
    numbers : the same the other way round.
    """

    key: Key
    line: int
    points: array[float] = field(default_factory=lambda: array("d"))
    corners: array[int] = field(default_factory=lambda: array("i"))
    properties: array[int] = field(default_factory=lambda: array("i"))
    groups: list[str] = field(default_factory=list)
    numbers: dict[str, int] = field(default_factory=dict)
    parts: list[Use] = field(default_factory=list)
    default: tuple[str, int] = ("", 0)

    @property
    def triangles(self) -> int:
        """Count its own triangles."""
        return len(self.corners) // 3


@dataclass(slots=True)
class Model:
    """All model parts of a package together.

    Attributes
    ----------
    unit : of the root part; a key of ``digitize.mesh.METRES``.
    textures : (part, identifier) -> path of a picture in the package.
    left : names of what is not read.
    """

    unit: str = "mm"
    things: dict[Key, Thing] = field(default_factory=dict)
    groups: dict[Key, Group] = field(default_factory=dict)
    textures: dict[Key, str] = field(default_factory=dict)
    items: list[Use] = field(default_factory=list)
    left: set[str] = field(default_factory=set)

    def count(self, limits: Limits) -> tuple[int, int]:
        """Count vertices and triangles of all build items together.

        An object may only name earlier ones, so that one pass over them in their order knows every sum.

        Raises
        ------
        Refusal
            Where that is nothing or too much, or an item names what is not there.
        """
        sums: dict[Key, tuple[int, int, int]] = {}
        for key, thing in self.things.items():
            # Points without a triangle are no surface, and the reader passes over them.
            own = [(len(thing.points) // 3 if thing.triangles else 0, thing.triangles, 1)]
            sums[key] = _added(own + [_known(sums, part.key, thing.line) for part in thing.parts], limits)
        total = _added([_known(sums, item.key, 0) for item in self.items], limits)
        if not total[1]:
            raise Refusal("mesh.no-faces")
        return total[0], total[1]


def _known(sums: dict[Key, tuple[int, int, int]], key: Key, line: int) -> tuple[int, int, int]:
    """Look an object's sums up."""
    if key not in sums:
        raise Refusal(
            "3mf.structure", at=f"line {line}" if line else "build", problem=f"object {key[1][:20]} is not there, or not before it"
        )
    return sums[key]


def _added(parts: list[tuple[int, int, int]], limits: Limits) -> tuple[int, int, int]:
    """Add up vertices, triangles and placings, within bounds."""
    vertices, triangles, placed = (sum(part[k] for part in parts) for k in range(3))
    if triangles > limits.faces:
        raise Refusal("mesh.too-many-triangles", at="build", limit=limits.faces)
    if vertices > limits.vertices:
        raise Refusal("mesh.too-many-vertices", at="build", limit=limits.vertices)
    if placed > limits.json_items:
        raise Refusal("3mf.structure", at="build", problem=f"more than {limits.json_items} objects are placed")
    return vertices, triangles, placed
