# SPDX-License-Identifier: Apache-2.0
"""A PLY's header: elements, properties, counts; everything that later sizes rest on."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import IO

from digitize.errors import Refusal
from digitize.preflight.model import Limits
from digitize.preflight.source import decode

# Name in the file -> numpy's code without byte order.
TYPES = {
    "char": "i1", "uchar": "u1", "short": "i2", "ushort": "u2", "int": "i4", "uint": "u4", "float": "f4", "double": "f8",
    "int8": "i1", "uint8": "u1", "int16": "i2", "uint16": "u2", "int32": "i4", "uint32": "u4", "float32": "f4", "float64": "f8",
}  # fmt: skip
SIZES = {code: int(code[1]) for code in TYPES.values()}
ENCODINGS = {"ascii": "ascii", "binary_little_endian": "<", "binary_big_endian": ">"}
INDEX_NAMES = ("vertex_indices", "vertex_index")
STRIPS = "tristrips"
# What every trainer of Gaussian splats writes beside the position (Kerbl et al., 2023, reference implementation).
SPLAT = frozenset({"f_dc_0", "opacity", "scale_0", "rot_0"})
_PROPERTIES = 256


@dataclass(frozen=True, slots=True)
class Property:
    """A scalar (`length` None) or a list whose length has the type `length`."""

    name: str
    type: str
    length: str | None = None


@dataclass(slots=True)
class Element:
    """A table of the file."""

    name: str
    count: int
    properties: list[Property] = field(default_factory=list)

    @property
    def lists(self) -> bool:
        """Say whether its rows vary in length."""
        return any(one.length for one in self.properties)

    @property
    def least_bytes(self) -> int:
        """Give the size in bytes that a row has at least in a binary file."""
        return sum(SIZES[one.length or one.type] for one in self.properties)


@dataclass(slots=True)
class Header:
    """A PLY's header; `encoding` is ``ascii``, ``<`` or ``>``."""

    encoding: str = ""
    elements: list[Element] = field(default_factory=list)
    textures: list[tuple[int, str]] = field(default_factory=list)
    lines: int = 0

    def element(self, name: str) -> Element | None:
        """Find an element by name."""
        return next((one for one in self.elements if one.name == name), None)

    def count(self, name: str) -> int:
        """Give how many rows an element has; none where there is no such element."""
        found = self.element(name)
        return found.count if found else 0

    @property
    def kind(self) -> str:
        """Say what the file holds: ``mesh`` where there are faces or strips, else ``splats`` or ``points``."""
        if self.count("face") or self.count(STRIPS):
            return "mesh"
        vertex = self.element("vertex")
        return "splats" if vertex and {one.name for one in vertex.properties} >= SPLAT else "points"


def read_header(file: IO[bytes], size: int, limits: Limits) -> Header:
    """Read and check the header; the file then stands at the first byte after it.

    Raises
    ------
    Refusal
        ``ply.header`` or one of the counts' refusals, with the line.
    """
    header = Header()
    while True:
        line = file.readline(limits.line_bytes + 1)
        header.lines += 1
        if len(line) > limits.line_bytes or file.tell() > limits.header_bytes:
            raise Refusal("ply.header-too-long", at=f"line {header.lines}", limit=limits.header_bytes)
        if not line.endswith(b"\n"):
            raise _broken(header, "it ends before end_header")
        words = line.split()
        if words == [b"end_header"]:
            break
        _statement(header, words, line)
    _check(header, size - file.tell(), limits)
    return header


def _broken(header: Header, problem: str) -> Refusal:
    return Refusal("ply.header", at=f"line {header.lines}", problem=problem)


def _statement(header: Header, words: list[bytes], line: bytes) -> None:
    """Take in one line of the header."""
    key = words[0] if words else b""
    if header.lines == 1:
        if words != [b"ply"]:
            raise _broken(header, "its first line is not “ply”")
    elif key == b"format":
        _format(header, words)
    elif key == b"comment":
        if len(words) > 2 and words[1].lower() == b"texturefile":
            name = decode(line.strip()[len(b"comment") :].strip()[len(b"texturefile") :].strip())
            header.textures.append((header.lines, name))
    elif key == b"element":
        _element(header, words)
    elif key == b"property":
        _property(header, words)
    elif key not in {b"obj_info", b""}:
        raise _broken(header, f"“{decode(key)}” is no statement of a PLY header")


def _format(header: Header, words: list[bytes]) -> None:
    encoding = ENCODINGS.get(decode(words[1])) if len(words) == 3 else None
    if encoding is None or header.encoding or words[2] != b"1.0":
        raise _broken(header, "its format must be ascii, binary_little_endian or binary_big_endian, version 1.0, once")
    header.encoding = encoding


def _element(header: Header, words: list[bytes]) -> None:
    """Take in an element; a count is a plain run of digits, nothing that one reader takes for another number."""
    if len(words) != 3:
        raise _broken(header, "an element needs a name and a count")
    if not words[2].isdigit() or len(words[2]) > 18:
        raise Refusal("ply.count", at=f"line {header.lines}", element=decode(words[1]), count=decode(words[2]))
    name = decode(words[1])
    if header.element(name):
        raise _broken(header, f"the element {name} stands there twice")
    header.elements.append(Element(name, int(words[2])))


def _property(header: Header, words: list[bytes]) -> None:
    """Take in a property of the last element."""
    if not header.elements:
        raise _broken(header, "a property stands before any element")
    texts = [decode(word) for word in words[1:]]
    listed = bool(texts) and texts[0] == "list"
    names = texts[1:] if listed else texts
    if len(names) != (3 if listed else 2) or any(name not in TYPES for name in names[:-1]):
        raise _broken(header, "a property needs known types and a name")
    types = [TYPES[name] for name in names[:-1]]
    if listed and types[0].startswith("f"):
        raise _broken(header, "the length of a list must be a whole number")
    properties = header.elements[-1].properties
    if any(one.name == names[-1] for one in properties):
        raise _broken(header, f"the property {names[-1]} stands there twice")
    if len(properties) >= _PROPERTIES:
        raise _broken(header, f"more than {_PROPERTIES} properties")
    properties.append(Property(names[-1], types[-1], types[0] if listed else None))


def _check(header: Header, remaining: int, limits: Limits) -> None:
    """Compare what the header promises with the limits and with the bytes that are there."""
    if not header.encoding:
        raise _broken(header, "it states no format")
    bounds = {"vertex": limits.vertices, "face": limits.faces}
    for element in header.elements:
        limit = bounds.get(element.name, max(limits.vertices, limits.faces))
        if element.count > limit:
            raise Refusal("ply.count-too-large", element=element.name, count=element.count, limit=limit)
        if element.count and not element.properties:
            raise _broken(header, f"the element {element.name} has no properties")
    _check_vertices(header)
    _check_faces(header)
    least = sum(element.count * (element.least_bytes if header.encoding != "ascii" else 2) for element in header.elements)
    # The last line of a text may lack its end.
    if least > remaining + 1 and header.encoding == "ascii":
        raise Refusal("ply.shorter-than-header", bytes=remaining, needed=least)


def _check_vertices(header: Header) -> None:
    """See to it that there are vertices with plain coordinates."""
    vertex = header.element("vertex")
    if vertex is None or vertex.count == 0:
        raise Refusal("mesh.no-vertices")
    names = {one.name for one in vertex.properties if one.length is None and one.type.startswith("f")}
    if not {"x", "y", "z"} <= names:
        raise _broken(header, "its vertices lack x, y or z as floating-point numbers")
    if header.elements[0].name != "vertex":
        raise _broken(header, "its vertices must come first")


def _check_faces(header: Header) -> None:
    """See to it that faces and strips, where there are any, have lists of indices."""
    for name in ("face", STRIPS):
        element = header.element(name)
        if element is None or element.count == 0:
            continue
        lists = [one for one in element.properties if one.name in INDEX_NAMES]
        if len(lists) != 1 or lists[0].length is None or lists[0].type.startswith("f"):
            raise _broken(header, f"its element {name} needs one list vertex_indices of whole numbers")
