# SPDX-License-Identifier: Apache-2.0
"""A 3MF's XML, read as a stream by expat: no document types, no entities, bounded depth and length of a tag."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pyexpat import ExpatError, ParserCreate
from typing import Any

from digitize.errors import Refusal
from digitize.preflight.model import LARGEST, Limits
from digitize.preflight.threemf.model import IDENTITY, Group, Model, Thing, Use

CORE = "http://schemas.microsoft.com/3dmanufacturing/core/2015/02"
MATERIAL = "http://schemas.microsoft.com/3dmanufacturing/material/2015/02"
PRODUCTION = "http://schemas.microsoft.com/3dmanufacturing/production/2015/06"
READ = frozenset({CORE, MATERIAL, PRODUCTION})
_UNITS = {"micron": "um", "millimeter": "mm", "centimeter": "cm", "inch": "in", "foot": "ft", "meter": "m"}
_DEPTH, _TAG = 32, 1 << 20
_GROUPS = {"basematerials": "base", "colorgroup": "colour", "texture2dgroup": "uv"}
_PLAIN = frozenset({"metadata", "metadatagroup", "resources", "mesh", "vertices", "triangles", "components", "build"})
Attributes = dict[str, str]


@dataclass(slots=True)
class Place:
    """Where the parser stands: the line, and the namespaces by prefix."""

    line: int = 1
    namespaces: dict[str, str] = field(default_factory=dict)


def feed(pieces: Iterable[bytes], start: Callable[[str, Attributes, Place], None], name: str) -> None:
    """Parse XML in pieces and call `start` with each element's name (namespace, blank, local name), attributes and place.

    Raises
    ------
    Refusal
        ``3mf.xml`` with the line.
    """
    parser, depth, place = ParserCreate(namespace_separator=" "), 0, Place()

    def refused(problem: str) -> Refusal:
        return Refusal("3mf.xml", at=f"line {parser.CurrentLineNumber}", name=name, problem=problem)

    def no_types(*_: Any) -> None:
        raise refused("it has a document type")

    def begin(tag: str, attributes: Attributes) -> None:
        nonlocal depth
        depth += 1
        if depth > _DEPTH:
            raise refused(f"it is nested deeper than {_DEPTH} levels")
        place.line = parser.CurrentLineNumber
        start(tag, attributes, place)

    def end(_: str) -> None:
        nonlocal depth
        depth -= 1

    parser.StartElementHandler, parser.EndElementHandler = begin, end
    parser.StartNamespaceDeclHandler = lambda prefix, uri: place.namespaces.update({prefix or "": uri})
    parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = no_types
    fed = 0
    try:
        for piece in pieces:
            parser.Parse(piece, False)
            fed += len(piece)
            if fed - parser.CurrentByteIndex > _TAG:
                raise refused("a tag is longer than a mebibyte")
        parser.Parse(b"", True)
    except (ExpatError, ValueError, LookupError) as error:
        raise refused(str(error)[:80]) from error


class Reader:
    """One model part on its way into the model."""

    def __init__(self, model: Model, part: str, limits: Limits, *, root: bool) -> None:
        self._model, self._part, self._limits, self._root = model, part, limits, root
        self._thing: Thing | None = None
        self._group: Group | None = None
        self._line = 0
        self._namespaces: dict[str, str] = {}
        self.elsewhere: list[str] = []
        self.seen = False

    def start(self, tag: str, attributes: Attributes, place: Place) -> None:
        """Take in an element."""
        space, _, name = tag.rpartition(" ")
        self._line, self._namespaces = place.line, place.namespaces
        if name == "vertex" and space == CORE:  # the two that come by the million go first
            self._vertex(attributes)
        elif name == "triangle" and space == CORE:
            self._triangle(attributes)
        elif space not in READ:
            self._model.left.add(space.rpartition("/")[2][:40] + ":" + name if space else name)
        elif (handler := getattr(self, f"_on_{name}", None)) is not None:
            handler(attributes)
        elif name not in _PLAIN:
            self._model.left.add(name)

    def _wrong(self, problem: str) -> Refusal:
        return Refusal("3mf.structure", at=f"line {self._line}", problem=problem)

    def _on_model(self, attributes: Attributes) -> None:
        for prefix in attributes.get("requiredextensions", "").split():
            if (needed := self._namespaces.get(prefix, prefix)) not in READ:
                raise Refusal("3mf.extension", at=f"line {self._line}", extension=needed[-80:])
        unit = attributes.get("unit", "millimeter")
        if unit not in _UNITS:
            raise self._wrong(f"there is no unit {unit[:20]}")
        if self._root:
            self._model.unit = _UNITS[unit]
        elif self._model.unit != _UNITS[unit]:
            raise self._wrong("its parts differ in their unit")
        self.seen = True

    def _on_object(self, attributes: Attributes) -> None:
        key = (self._part, self._text(attributes, "id"))
        if key in self._model.things or len(self._model.things) >= self._limits.json_items:
            raise self._wrong(f"object {key[1][:20]} stands there twice, or there are too many")
        default = (attributes.get("pid", ""), self._whole(attributes.get("pindex", "0"), "pindex"))
        self._thing = self._model.things[key] = Thing(key, self._line, default=default)

    def _vertex(self, attributes: Attributes) -> None:
        thing = self._thing
        try:
            values = [float(attributes["x"]), float(attributes["y"]), float(attributes["z"])]
        except (KeyError, ValueError) as error:
            raise self._wrong("a vertex lacks x, y or z") from error
        if thing is None or "_" in attributes["x"] + attributes["y"] + attributes["z"]:
            raise self._wrong("a vertex stands outside of a mesh, or is no number")
        if not sum(map(abs, values)) <= LARGEST:
            raise Refusal("mesh.not-finite", at=f"line {self._line}", name="vertex")
        thing.points.extend(values)
        if len(thing.points) > 3 * self._limits.vertices:
            raise Refusal("mesh.too-many-vertices", at=f"line {self._line}", limit=self._limits.vertices)

    def _triangle(self, attributes: Attributes) -> None:
        thing = self._thing
        if thing is None:
            raise self._wrong("a triangle stands outside of a mesh")
        corners, count = [self._whole(attributes.get(name, ""), name) for name in ("v1", "v2", "v3")], len(thing.points) // 3
        if max(corners) >= count:
            raise Refusal("mesh.index-out-of-range", at=f"line {self._line}", index=max(corners), vertices=count)
        thing.corners.extend(corners)
        self._properties(thing, attributes)
        if thing.triangles > self._limits.faces:
            raise Refusal("mesh.too-many-triangles", at=f"line {self._line}", limit=self._limits.faces)

    def _properties(self, thing: Thing, attributes: Attributes) -> None:
        """Note which property each corner has: its own, else the object's."""
        group, first = attributes.get("pid", thing.default[0]), attributes.get("p1")
        if not group:
            thing.properties.extend((-1, 0, 0, 0))
            return
        number = thing.numbers.setdefault(group, len(thing.groups))
        if number == len(thing.groups):
            thing.groups.append(group)
        one = thing.default[1] if first is None else self._whole(first, "p1")
        others = [self._whole(attributes.get(name, ""), name) if name in attributes else one for name in ("p2", "p3")]
        thing.properties.extend((number, one, *others))

    def _on_component(self, attributes: Attributes) -> None:
        if self._thing is None:
            raise self._wrong("a component stands outside of an object")
        use = self._use(attributes)
        if (use.key[0] == self._part and use.key not in self._model.things) or use.key == self._thing.key:
            raise self._wrong(f"object {use.key[1][:20]} is not there, or not before it")
        self._thing.parts.append(use)
        if len(self._thing.parts) > self._limits.json_items:
            raise self._wrong("it has too many components")

    def _on_item(self, attributes: Attributes) -> None:
        if self._root:
            self._model.items.append(self._use(attributes))
            if len(self._model.items) > self._limits.json_items:
                raise self._wrong("it builds too many objects")

    def _use(self, attributes: Attributes) -> Use:
        path = attributes.get(f"{PRODUCTION} path", "").lstrip("/")
        if path and not self._root:
            raise self._wrong("only the root part may name other parts")
        if path and path != self._part:
            self.elsewhere.append(path)
        return Use((path or self._part, self._text(attributes, "objectid")), self._transform(attributes.get("transform")))

    def _transform(self, text: str | None) -> tuple[float, ...]:
        if text is None:
            return IDENTITY
        try:
            values = tuple(float(word) for word in text.split())
        except ValueError as error:
            raise self._wrong("a transform is no list of numbers") from error
        if len(values) != 12 or "_" in text or not sum(map(abs, values)) <= LARGEST:
            raise self._wrong("a transform needs twelve usable numbers")
        return values

    def _begin_group(self, kind: str, attributes: Attributes) -> None:
        key = (self._part, self._text(attributes, "id"))
        if len(self._model.groups) >= self._limits.json_items:
            raise self._wrong("it has too many property groups")
        self._group = self._model.groups[key] = Group(_GROUPS.get(kind, kind), texture=attributes.get("texid", ""))
        if kind not in _GROUPS:
            self._model.left.add(kind)

    def _on_basematerials(self, attributes: Attributes) -> None:
        self._begin_group("basematerials", attributes)

    def _on_colorgroup(self, attributes: Attributes) -> None:
        self._begin_group("colorgroup", attributes)

    def _on_texture2dgroup(self, attributes: Attributes) -> None:
        self._begin_group("texture2dgroup", attributes)

    def _on_compositematerials(self, attributes: Attributes) -> None:
        self._begin_group("compositematerials", attributes)

    def _on_multiproperties(self, attributes: Attributes) -> None:
        self._begin_group("multiproperties", attributes)

    def _on_composite(self, _: Attributes) -> None:
        return

    _on_multi = _on_composite

    def _on_base(self, attributes: Attributes) -> None:
        self._entry("base", _colour(attributes.get("displaycolor", ""), self._wrong), attributes.get("name", ""))

    def _on_color(self, attributes: Attributes) -> None:
        self._entry("colour", _colour(attributes.get("color", ""), self._wrong))

    def _on_tex2coord(self, attributes: Attributes) -> None:
        try:
            values = (float(attributes["u"]), float(attributes["v"]))
        except (KeyError, ValueError) as error:
            raise self._wrong("a texture coordinate lacks u or v") from error
        if not sum(map(abs, values)) <= LARGEST:
            raise Refusal("mesh.not-finite", at=f"line {self._line}", name="tex2coord")
        self._entry("uv", values)

    def _entry(self, kind: str, values: tuple[float, ...], name: str = "") -> None:
        if self._group is None or self._group.kind != kind:
            raise self._wrong("a property stands outside of its group")
        self._group.values.append(values)
        self._group.names.append(name)
        if len(self._group.values) > 3 * self._limits.faces:
            raise Refusal("mesh.too-many-triangles", at=f"line {self._line}", limit=self._limits.faces)

    def _on_texture2d(self, attributes: Attributes) -> None:
        if len(self._model.textures) >= self._limits.members:
            raise self._wrong("it has too many textures")
        self._model.textures[self._part, self._text(attributes, "id")] = self._text(attributes, "path").lstrip("/")

    def _text(self, attributes: Attributes, name: str) -> str:
        value = attributes.get(name, "")
        if not value:
            raise self._wrong(f"{name} is missing")
        return value

    def _whole(self, text: str, name: str) -> int:
        if not text.isascii() or not text.isdigit() or len(text) > 9:
            raise self._wrong(f"{name} must be a whole number")
        return int(text)


def _colour(text: str, wrong: Callable[[str], Refusal]) -> tuple[float, ...]:
    """Read #RRGGBB or #RRGGBBAA."""
    try:
        values = bytes.fromhex(text.removeprefix("#")) if text.startswith("#") else b""
    except ValueError:
        values = b""
    if len(values) not in (3, 4):
        raise wrong("a colour must be #RRGGBB or #RRGGBBAA")
    return (*values, 255)[:4]
