# SPDX-License-Identifier: Apache-2.0
"""The XML of an E57, read without document types, entities or anything outside, in bounded depth and number."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NoReturn
from xml.parsers import expat

from digitize.errors import Refusal
from digitize.preflight.model import Limits

_DEPTH, _TEXT = 32, 1 << 20


@dataclass(slots=True)
class Node:
    """An element: its name without a namespace, attributes, text and children in order."""

    name: str
    attributes: dict[str, str]
    text: str = ""
    children: list[Node] = field(default_factory=list)

    def find(self, name: str) -> Node | None:
        """Find the first child of a name."""
        return next((one for one in self.children if one.name == name), None)


def parse(xml: bytes, limits: Limits) -> Node:
    """Parse the XML.

    Raises
    ------
    Refusal
        ``e57.xml`` with the line.
    """
    builder = _Builder(limits)
    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = builder.start, builder.end, builder.text
    parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = parser.ExternalEntityRefHandler = builder.forbidden
    builder.parser = parser
    try:
        parser.Parse(xml.rstrip(b"\0 \r\n"), True)
    except expat.ExpatError as error:
        raise Refusal("e57.xml", at=f"line {error.lineno}", problem=expat.ErrorString(error.code)) from error
    assert builder.root is not None
    if builder.root.name != "e57Root":
        raise Refusal("e57.xml", at="line 1", problem="its root is not e57Root")
    return builder.root


class _Builder:
    """Build the tree, element by element."""

    parser: expat.XMLParserType

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._open: list[Node] = []
        self._seen = self._characters = 0
        self.root: Node | None = None

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Open an element."""
        self._seen += 1
        if len(self._open) >= _DEPTH or self._seen > self._limits.json_items:
            self._refuse("it is nested too deep or has too many elements")
        node = Node(name.rpartition(":")[2], dict(attributes))
        if self._open:
            self._open[-1].children.append(node)
        else:
            self.root = node
        self._open.append(node)

    def end(self, _name: str) -> None:
        """Close an element."""
        self._open.pop()

    def text(self, data: str) -> None:
        """Take in characters; what stands between elements is not kept, and long texts are cut."""
        if data.strip() and self._characters < _TEXT:
            self._characters += len(data)
            self._open[-1].text += data

    def forbidden(self, *_: object) -> int:
        """Refuse document types and entities."""
        self._refuse("it declares a document type or an entity")

    def _refuse(self, problem: str) -> NoReturn:
        raise Refusal("e57.xml", at=f"line {self.parser.CurrentLineNumber}", problem=problem)
