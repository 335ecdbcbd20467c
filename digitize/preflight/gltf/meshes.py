# SPDX-License-Identifier: Apache-2.0
"""The primitives: attributes that fit together, indices in range, coordinates that are numbers."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np

from digitize.errors import Doubt, Refusal
from digitize.preflight.gltf.arrays import Arrays
from digitize.preflight.gltf.document import Document, Json, index
from digitize.preflight.gltf.packed import DRACO, DRACO_HEAD, check_draco, extension
from digitize.preflight.model import Limits


@dataclass(frozen=True, slots=True)
class Counted:
    """Vertices and triangles of a mesh, or of a whole scene."""

    vertices: int
    triangles: int

    @classmethod
    def of_scene(cls, meshes: list[Counted], used: Counter[int], limits: Limits) -> Counted:
        """Add up meshes as often as the scene shows them.

        Raises
        ------
        Refusal
            Where that is nothing, or too much.
        """
        vertices = sum(meshes[number].vertices * times for number, times in used.items())
        triangles = sum(meshes[number].triangles * times for number, times in used.items())
        if triangles > limits.faces:
            raise Refusal("mesh.too-many-triangles", at="scenes", limit=limits.faces)
        if vertices > limits.vertices:
            raise Refusal("mesh.too-many-vertices", at="scenes", limit=limits.vertices)
        if not triangles:
            raise Refusal("mesh.no-faces")
        return cls(vertices, triangles)


def count_mesh(document: Document, arrays: Arrays, number: int, limits: Limits, doubts: dict[str, Doubt]) -> Counted:
    """Check a mesh's primitives and count them (§3.7.2).

    Raises
    ------
    Refusal
        With the primitive that is wrong.
    """
    at = f"meshes/{number}"
    primitives = document.items("meshes")[number].get("primitives")
    if not isinstance(primitives, list) or not primitives or len(primitives) > limits.json_items:
        raise Refusal("gltf.structure", at=f"{at}/primitives", problem="it must be a list with something in it")
    counted = [_Primitive(document, arrays, item, f"{at}/primitives/{i}").count(doubts) for i, item in enumerate(primitives)]
    return Counted(sum(one.vertices for one in counted), sum(one.triangles for one in counted))


class _Primitive:
    """One primitive under check."""

    def __init__(self, document: Document, arrays: Arrays, item: object, at: str) -> None:
        if not isinstance(item, dict):
            raise Refusal("gltf.structure", at=at, problem="it must be an object")
        self._document, self._arrays, self._at = document, arrays, at
        self._item: Json = item
        self._accessors = document.items("accessors")

    def count(self, doubts: dict[str, Doubt]) -> Counted:
        """Check it and count its triangles; points and lines are left out with a doubt."""
        self._check_forms()
        mode = self._item.get("mode", 4)
        if not isinstance(mode, int) or not 0 <= mode <= 6:
            raise Refusal("gltf.structure", at=f"{self._at}/mode", problem="it must be a number from 0 to 6")
        vertices = self._attributes()
        corners = self._indices(vertices) if "indices" in self._item else vertices
        if (packed := extension(self._item, (DRACO,), self._at)) is not None:
            self._draco(packed[1], vertices, corners, mode)
        if mode < 4:
            doubts.setdefault("points and lines", Doubt("gltf.not-carried", self._at, {"name": "points and lines"}))
            return Counted(0, 0)
        if "targets" in self._item:
            doubts.setdefault("morph targets", Doubt("gltf.not-carried", self._at, {"name": "morph targets"}))
        triangles = corners // 3 if mode == 4 else max(corners - 2, 0)
        if corners < 3 or (mode == 4 and corners % 3):
            raise Refusal("gltf.structure", at=self._at, problem=f"{corners} corners do not make whole triangles")
        return Counted(vertices, triangles)

    def _draco(self, packed: Json, vertices: int, corners: int, mode: int) -> None:
        """Check a Draco stream's place, its attributes' names and what its head counts."""
        at, attributes = f"{self._at}/extensions/{DRACO}", packed.get("attributes")
        view = index(packed.get("bufferView"), len(self._document.items("bufferViews")), f"{at}/bufferView")
        if not isinstance(attributes, dict) or "POSITION" not in attributes or not set(attributes) <= set(self._item["attributes"]):
            raise Refusal("gltf.structure", at=f"{at}/attributes", problem="they must be those of the primitive, POSITION among them")
        if any(not isinstance(value, int) or isinstance(value, bool) or value < 0 for value in attributes.values()):
            raise Refusal("gltf.structure", at=f"{at}/attributes", problem="they must be whole numbers")
        if mode != 4 or "indices" not in self._item:
            raise Refusal("gltf.structure", at=self._at, problem="a Draco primitive needs indices of plain triangles")
        check_draco(self._arrays.view_head(view, DRACO_HEAD), vertices, corners, at)

    def _check_forms(self) -> None:
        """Refuse materials that are not there."""
        if "material" in self._item:
            index(self._item["material"], len(self._document.items("materials")), f"{self._at}/material")

    def _attributes(self) -> int:
        """Check that all attributes have one length; coordinates must be numbers."""
        attributes = self._item.get("attributes")
        if not isinstance(attributes, dict) or "POSITION" not in attributes:
            raise Refusal("gltf.structure", at=f"{self._at}/attributes", problem="it lacks POSITION")
        chosen = {name: index(value, len(self._accessors), f"{self._at}/attributes/{name}") for name, value in attributes.items()}
        counts = {name: self._accessors[number]["count"] for name, number in chosen.items()}
        if len(set(counts.values())) > 1:
            raise Refusal("gltf.structure", at=f"{self._at}/attributes", problem="its attributes differ in length")
        self._check_form("POSITION", chosen["POSITION"], {"VEC3"})
        self._finite("POSITION", chosen["POSITION"])
        for name in sorted(chosen):
            if name.startswith("TEXCOORD_"):
                self._check_form(name, chosen[name], {"VEC2"})
                self._finite(name, chosen[name])
            elif name == "NORMAL":
                self._check_form(name, chosen[name], {"VEC3"})
            elif name.startswith("COLOR_"):
                self._check_form(name, chosen[name], {"VEC3", "VEC4"})
        return int(counts["POSITION"])

    def _check_form(self, name: str, number: int, kinds: set[str]) -> None:
        """Check that an attribute has a form in which it may be stored."""
        item = self._accessors[number]
        quantized = "KHR_mesh_quantization" in self._document.names("extensionsUsed")
        small = name.startswith(("TEXCOORD_", "COLOR_")) or quantized
        good = item["componentType"] == 5126 or (small and item["componentType"] != 5125)
        if item["type"] not in kinds or not good:
            raise Refusal("gltf.structure", at=f"{self._at}/attributes/{name}", problem="it has a form that this attribute cannot have")

    def _finite(self, name: str, number: int) -> None:
        """Refuse coordinates that are no numbers."""
        if self._accessors[number]["componentType"] != 5126 or not self._arrays.readable(number):
            return
        if (vertex := self._arrays.first_unbounded(number)) >= 0:
            raise Refusal("mesh.not-finite", at=f"{self._at}, vertex {vertex}", name=name)

    def _indices(self, vertices: int) -> int:
        """Check that every index names a vertex; the highest value of a type is reserved (§3.7.2.1)."""
        number = index(self._item["indices"], len(self._accessors), f"{self._at}/indices")
        item = self._accessors[number]
        if item["type"] != "SCALAR" or item["componentType"] not in {5121, 5123, 5125}:
            raise Refusal("gltf.structure", at=f"{self._at}/indices", problem="it has a form that indices cannot have")
        if not self._arrays.readable(number):
            return int(item["count"])
        if self._arrays.highest(number) >= vertices:
            values = self._arrays.values(number)[:, 0]
            place = int(np.argmax(values >= vertices))
            raise Refusal("mesh.index-out-of-range", at=f"{self._at}, index {place}", index=int(values[place]), vertices=vertices)
        return int(item["count"])
