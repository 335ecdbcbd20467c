# SPDX-License-Identifier: Apache-2.0
"""Rights in XMP: read by a parser that takes no document type and no entity, written as the smallest packet that states them.

Source: ISO 16684-1 §7 (RDF), Adobe's XMP Specification Part 2 (Dublin Core, rights, Photoshop), PLUS/Creative Commons' ``cc:license``.
"""

from __future__ import annotations

from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

_MOST, _DEEP, _TEXT = 1 << 20, 32, 2000
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns# "
_XML_LANG = "http://www.w3.org/XML/1998/namespace lang"
_DC, _RIGHTS = "http://purl.org/dc/elements/1.1/", "http://ns.adobe.com/xap/1.0/rights/"
_PHOTOSHOP, _XMP, _CC = "http://ns.adobe.com/photoshop/1.0/", "http://ns.adobe.com/xap/1.0/", "http://creativecommons.org/ns#"
_EXIF = "http://ns.adobe.com/exif/1.0/"
# What is believed first stands first.
_FIELDS = {
    "creator": (f"{_DC} creator",),
    "copyright": (f"{_DC} rights",),
    "credit": (f"{_PHOTOSHOP} Credit",),
    "licence": (f"{_CC} license", f"{_RIGHTS} WebStatement"),
    "terms": (f"{_RIGHTS} UsageTerms",),
    "date": (f"{_PHOTOSHOP} DateCreated", f"{_XMP} CreateDate"),
}
_PLACES = (f"{_EXIF} GPSLatitude", f"{_EXIF} GPSLongitude")
_SEVERAL = frozenset({"creator"})
_IN_LANGUAGES = frozenset({"copyright", "terms"})


class _Refused(Exception):  # noqa: N818 - ends the parsing
    """The packet holds what none needs: a document type, an entity, or too much depth."""


class _Reader:
    """Collects the values of every property: as an attribute, as text, as the items of a list."""

    def __init__(self) -> None:
        self.values: dict[str, list[tuple[str, str]]] = {}
        self._path: list[str] = []
        self._text, self._language = "", ""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if len(self._path) >= _DEEP:
            raise _Refused
        if name == f"{_RDF}Description":
            for key, value in attributes.items():
                self._keep(key, value)
        elif f"{_RDF}resource" in attributes:
            self._keep(name, attributes[f"{_RDF}resource"])
        self._path.append(name)
        self._text, self._language = "", attributes.get(_XML_LANG, "")

    def data(self, text: str) -> None:
        if len(self._text) < _TEXT:
            self._text += text

    def end(self, name: str) -> None:
        self._path.pop()
        owner = next((one for one in reversed((*self._path, name)) if not one.startswith(_RDF)), "")
        self._keep(owner, self._text)
        self._text = ""

    def _keep(self, name: str, text: str) -> None:
        words = " ".join("".join(char if char.isprintable() else " " for char in text[:_TEXT]).split())
        if words:
            self.values.setdefault(name, []).append((self._language, words))


def _values(packet: bytes) -> dict[str, list[tuple[str, str]]] | None:
    """Read every property with its languages; None where the packet is no XML or holds what it must not."""
    if len(packet) > _MOST:
        return None
    reader, parser = _Reader(), expat.ParserCreate(namespace_separator=" ")

    def refuse(*_: object) -> None:
        raise _Refused

    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = reader.start, reader.end, reader.data
    try:
        parser.Parse(packet.strip(b"\0 \r\n\t"), True)
    except (expat.ExpatError, _Refused, ValueError):
        return None
    return reader.values


def read(packet: bytes) -> dict[str, str] | None:
    """Read a packet; None where it cannot be read."""
    values = _values(packet)
    if values is None:
        return None
    found = {}
    for field, names in _FIELDS.items():
        said = next((values[name] for name in names if name in values), [])
        if said:
            found[field] = _said(field, said)
    return found


def _said(field: str, said: list[tuple[str, str]]) -> str:
    """Choose among the values of a field: all creators, or the text that stands for every language."""
    if field in _SEVERAL:
        return "; ".join(dict.fromkeys(words for _, words in said))
    if field in _IN_LANGUAGES:
        return next((words for language, words in said if language == "x-default"), said[0][1])
    return said[0][1]


def located(packet: bytes) -> bool:
    """Say whether a packet tells a place."""
    values = _values(packet) if packet else None
    return values is not None and any(name in values for name in _PLACES)


def write(rights: dict[str, str]) -> bytes:
    """Write a packet; the same rights give the same bytes."""
    parts = []
    if "creator" in rights:
        names = "".join(f"<rdf:li>{escape(name)}</rdf:li>" for name in rights["creator"].split("; "))
        parts.append(f"<dc:creator><rdf:Seq>{names}</rdf:Seq></dc:creator>")
    for field, name in (("copyright", "dc:rights"), ("terms", "xmpRights:UsageTerms")):
        if field in rights:
            parts.append(f'<{name}><rdf:Alt><rdf:li xml:lang="x-default">{escape(rights[field])}</rdf:li></rdf:Alt></{name}>')
    for field, name in (("credit", "photoshop:Credit"), ("date", "photoshop:DateCreated"), ("licence", "xmpRights:WebStatement")):
        if field in rights:
            parts.append(f"<{name}>{escape(rights[field])}</{name}>")
    if "licence" in rights:
        parts.append(f"<cc:license rdf:resource={quoteattr(rights['licence'])}/>")
    spaces = {"rdf": _RDF.strip(), "dc": _DC, "xmpRights": _RIGHTS, "photoshop": _PHOTOSHOP, "cc": _CC}
    named = " ".join(f'xmlns:{short}="{space}"' for short, space in spaces.items())
    body = "".join(parts)
    return f'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF {named}><rdf:Description rdf:about="">{body}</rdf:Description></rdf:RDF></x:xmpmeta>'.encode()
