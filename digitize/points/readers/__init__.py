# SPDX-License-Identifier: Apache-2.0
"""Readers of pre-flighted clouds: each yields its scans and says what it could not carry over."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path

from digitize.errors import Refusal
from digitize.points.cloud import Cloud

MESHES = frozenset({"obj", "stl", "off", "3mf", "glb", "gltf"})
_MODULES = {"las": "las", "e57": "e57", "xyz": "text", "ply": "ply"}
Doubts = tuple[tuple[str, Mapping[str, object]], ...]


@dataclass(frozen=True)
class Reading:
    """One file's scans, as read: each by its name, in the frame that the file gives them; `framed` where it gives one.

    `records` are the points as the file counts them, the invalid ones among them.
    """

    scans: tuple[tuple[str, Cloud], ...]
    records: int
    doubts: Doubts = field(default=())
    framed: bool = False
    facts: Mapping[str, object] = field(default_factory=dict)


def read(root: Path, name: str, form: str) -> Reading:
    """Read the cloud `name` in folder `root`; `form` is the pre-flight's name of the format.

    Raises
    ------
    Refusal
        Where the file cannot be read whole.
    """
    module = "surface" if form in MESHES else _MODULES.get(form)
    if module is None:
        raise Refusal("points.unreadable", name=name, problem=form)
    reader: Callable[..., Reading] = import_module(f"digitize.points.readers.{module}").read
    return reader(root, name, form) if module == "surface" else reader(root, name)
