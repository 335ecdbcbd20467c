# SPDX-License-Identifier: Apache-2.0
"""The nodes: a forest, without cycles and without shared children, and how often it shows each mesh."""

from __future__ import annotations

from collections import Counter
from typing import Any

from digitize.errors import Refusal
from digitize.preflight.gltf.document import Document, Json, index
from digitize.preflight.model import LARGEST, Limits

_TRANSFORMS = {"matrix": 16, "translation": 3, "rotation": 4, "scale": 3}


def instances(document: Document, limits: Limits) -> Counter[int]:
    """Count how often the shown scene uses each mesh (§3.5).

    Raises
    ------
    Refusal
        ``gltf.not-a-forest``, ``gltf.index``, ``gltf.structure``.
    """
    del limits  # the lists are bounded where they are read
    nodes, meshes = document.items("nodes"), len(document.items("meshes"))
    if not nodes:
        return Counter(range(meshes))
    parents = _parents(nodes)
    for number, node in enumerate(nodes):
        _check_node(node, f"nodes/{number}", meshes)
    return _shown(nodes, _roots(document, nodes, parents))


def _children(node: Json, at: str, count: int) -> list[int]:
    found = node.get("children", [])
    if not isinstance(found, list):
        raise Refusal("gltf.structure", at=f"{at}/children", problem="it must be a list")
    return [index(child, count, f"{at}/children") for child in found]


def _parents(nodes: list[Json]) -> list[int]:
    """Give each node's parent, -1 for a root; two parents or a cycle are refused."""
    parents = [-1] * len(nodes)
    for number, node in enumerate(nodes):
        for child in _children(node, f"nodes/{number}", len(nodes)):
            if parents[child] >= 0 or child == number:
                raise Refusal("gltf.not-a-forest", at=f"nodes/{child}")
            parents[child] = number
    reached = [number for number, parent in enumerate(parents) if parent < 0]
    for number in reached:  # grows while it is walked: every node below a root is reached exactly once
        reached.extend(nodes[number].get("children", []))
    if len(reached) != len(nodes):
        lost = min(set(range(len(nodes))) - set(reached))
        raise Refusal("gltf.not-a-forest", at=f"nodes/{lost}")
    return parents


def _check_node(node: Json, at: str, meshes: int) -> None:
    """Check a node's mesh and its transform."""
    if "mesh" in node:
        index(node["mesh"], meshes, f"{at}/mesh")
    for name, length in _TRANSFORMS.items():
        if name in node and not _numbers(node[name], length):
            raise Refusal("gltf.structure", at=f"{at}/{name}", problem=f"it must be {length} finite numbers")


def _numbers(value: Any, length: int) -> bool:
    """Say whether a value is so many usable numbers."""
    return (
        isinstance(value, list)
        and len(value) == length
        and all(isinstance(one, int | float) and not isinstance(one, bool) and abs(one) <= LARGEST for one in value)
    )


def _roots(document: Document, nodes: list[Json], parents: list[int]) -> list[int]:
    """Give the roots of the scene that is shown; without scenes, all roots."""
    scenes = document.items("scenes")
    if not scenes:
        return [number for number, parent in enumerate(parents) if parent < 0]
    for number, scene in enumerate(scenes):
        listed = scene.get("nodes", [])
        if not isinstance(listed, list):
            raise Refusal("gltf.structure", at=f"scenes/{number}/nodes", problem="it must be a list")
        for root in listed:
            if parents[index(root, len(nodes), f"scenes/{number}/nodes")] >= 0:
                raise Refusal("gltf.not-a-forest", at=f"scenes/{number}/nodes")
        if len(set(listed)) != len(listed):
            raise Refusal("gltf.not-a-forest", at=f"scenes/{number}/nodes")
    shown = index(document.data.get("scene", 0), len(scenes), "scene")
    roots: list[int] = scenes[shown].get("nodes", [])
    return roots


def _shown(nodes: list[Json], roots: list[int]) -> Counter[int]:
    """Walk the scene and count meshes."""
    used: Counter[int] = Counter()
    waiting = list(roots)
    while waiting:
        node = nodes[waiting.pop()]
        if "mesh" in node:
            used[node["mesh"]] += 1
        waiting.extend(node.get("children", []))
    return used
