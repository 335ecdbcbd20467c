# SPDX-License-Identifier: Apache-2.0
"""A 3MF's package: a zip whose relationships name the root part, which may name further parts and pictures.

Source: ECMA-376 part 2 (Open Packaging Conventions) §9.3; 3MF Core Specification §2.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from digitize.archive import opened
from digitize.errors import Refusal
from digitize.preflight.model import MIB, Limits
from digitize.preflight.threemf.model import Key, Model
from digitize.preflight.threemf.parse import Attributes, Place, Reader, feed

RELATIONSHIPS = "_rels/.rels"
START = "http://schemas.microsoft.com/3dmanufacturing/2013/01/3dmodel"
_PICTURE = 256 * MIB
Open = Callable[[str], Iterator[bytes] | None]


def load(path: Path, limits: Limits) -> tuple[Model, dict[Key, bytes]]:
    """Read all model parts of a package, and the pictures that they name.

    Raises
    ------
    Refusal
        ``3mf.*``, ``zip.*``, ``mesh.*``.
    """
    with opened(path, limits) as member:
        root = _root(member)
        model, elsewhere = Model(), Model()
        first = _part(model, root, member, limits, root=True)
        for name in dict.fromkeys(first.elsewhere):
            elsewhere.unit = model.unit
            _part(elsewhere, name, member, limits, root=False)
        # What other parts hold comes before the root that names it.
        model.things = elsewhere.things | model.things
        model.groups |= elsewhere.groups
        model.textures |= elsewhere.textures
        model.left |= elsewhere.left
        read = {name: _whole(member, name) for name in dict.fromkeys(model.textures.values())}
        pictures = {key: read[name] for key, name in model.textures.items()}
    _check_properties(model)
    return model, pictures


def _root(member: Open) -> str:
    """Find the root part by the package's relationships."""
    found: list[str] = []

    def start(tag: str, attributes: Attributes, _: Place) -> None:
        if tag.endswith(" Relationship") and attributes.get("Type") == START and len(found) < 2:
            found.append(attributes.get("Target", "").lstrip("/"))

    feed(_present(member, RELATIONSHIPS), start, RELATIONSHIPS)
    if len(found) != 1:
        raise Refusal("3mf.structure", at=RELATIONSHIPS, problem="it must name one model")
    return found[0]


def _present(member: Open, name: str) -> Iterator[bytes]:
    """Open a member that must be there."""
    pieces = member(name)
    if pieces is None:
        raise Refusal("3mf.part-missing", at=name[:80], name=name[:80])
    return pieces


def _whole(member: Open, name: str) -> bytes:
    """Read a picture."""
    data = bytearray()
    for piece in _present(member, name):
        data += piece
        if len(data) > _PICTURE:
            raise Refusal("input.too-large", at=name[:80], name=name[:80], bytes=len(data), limit=_PICTURE)
    return bytes(data)


def _part(model: Model, name: str, member: Open, limits: Limits, *, root: bool) -> Reader:
    """Read one model part."""
    reader = Reader(model, name, limits, root=root)
    feed(_present(member, name), reader.start, name)
    if not reader.seen:
        raise Refusal("3mf.structure", at=name[:80], problem="it is no model")
    return reader


def _check_properties(model: Model) -> None:
    """Refuse a corner whose property its group does not have."""
    for thing in model.things.values():
        table = np.frombuffer(thing.properties, dtype=np.int32).reshape(-1, 4) if thing.properties else np.zeros((0, 4), np.int32)
        highest = np.zeros(len(thing.groups), np.int32)
        used = table[table[:, 0] >= 0]
        np.maximum.at(highest, used[:, 0], used[:, 1:].max(axis=1, initial=0))
        for number, name in enumerate(thing.groups):
            group = model.groups.get((thing.key[0], name))
            place = f"object {thing.key[1][:20]}"
            if group is None:
                raise Refusal("3mf.structure", at=place, problem=f"property group {name[:20]} is not there")
            most = int(highest[number])
            if group.kind in {"base", "colour", "uv"} and most >= len(group.values):
                raise Refusal("3mf.structure", at=place, problem=f"property {most} of group {name[:20]} is not there")
            if group.kind == "uv" and (thing.key[0], group.texture) not in model.textures:
                raise Refusal("3mf.structure", at=place, problem=f"texture {group.texture[:20]} is not there")
