# SPDX-License-Identifier: Apache-2.0
"""The elements of a PLY file as arrays; ASCII and both binary byte orders.

Source: Greg Turk, "The PLY Polygon File Format", 1994; the scalar names of its common dialects.
"""

import re
import struct
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from digitize.errors import Refusal

_TYPES = {
    "char": "i1", "int8": "i1", "uchar": "u1", "uint8": "u1", "short": "i2", "int16": "i2", "ushort": "u2", "uint16": "u2",
    "int": "i4", "int32": "i4", "uint": "u4", "uint32": "u4", "float": "f4", "float32": "f4", "double": "f8", "float64": "f8",
}  # fmt: skip
_CODES = {"i1": "b", "u1": "B", "i2": "h", "u2": "H", "i4": "i", "u4": "I", "f4": "f", "f8": "d"}
_HEADER = re.compile(rb"\r?\nend_header[ \t]*(?:\r\n|\n|\r)")


@dataclass(frozen=True)
class Property:
    """A property: its numpy type, and the type of its length where it is a list."""

    name: str
    kind: str
    length: str | None = None


@dataclass(frozen=True)
class Element:
    """An element as the header announces it."""

    name: str
    count: int
    properties: list[Property] = field(default_factory=list)

    def has_lists(self) -> bool:
        """Tell whether rows differ in length."""
        return any(part.length for part in self.properties)


@dataclass(frozen=True)
class Column:
    """A property's values: for a list, `sizes` (n,) tells where each row of the flat `values` ends."""

    values: NDArray[Any]
    sizes: NDArray[np.int64] | None = None


Table = dict[str, dict[str, Column]]


def read_table(path: Path) -> tuple[Table, list[str]]:
    """Read every element of a PLY file, and its comments.

    Raises
    ------
    Refusal
        `mesh.unreadable` where the header is none or the body ends early.
    """
    data = path.read_bytes()
    found = _HEADER.search(data)
    if found is None or not data.startswith(b"ply"):
        raise Refusal("mesh.unreadable", at="header", name=path.name)
    form, elements, comments = _header(data[: found.start()].decode("utf-8", "replace"))
    try:
        body = _ascii(data[found.end() :], elements) if form == "ascii" else _binary(data, found.end(), elements, _order(form))
    except (ValueError, IndexError, struct.error) as error:
        raise Refusal("mesh.unreadable", at="body", name=path.name) from error
    return body, comments


def _order(form: str) -> str:
    """Return numpy's mark of a byte order."""
    return {"binary_little_endian": "<", "binary_big_endian": ">"}[form]


def _header(text: str) -> tuple[str, list[Element], list[str]]:
    """Parse the header's lines."""
    form, elements, comments = "ascii", list[Element](), list[str]()
    for line in text.splitlines():
        word, _, rest = line.strip().partition(" ")
        if word in ("comment", "obj_info"):
            comments.append(rest.strip())
        elif word == "format":
            form = rest.split()[0]
        elif word == "element":
            name, count = rest.split()
            elements.append(Element(name, int(count)))
        elif word == "property":
            elements[-1].properties.append(_property(rest.split()))
    return form, elements, comments


def _property(words: list[str]) -> Property:
    """Parse one property line."""
    if words[0] == "list":
        return Property(words[3], _TYPES[words[2]], _TYPES[words[1]])
    return Property(words[1], _TYPES[words[0]])


def _binary(data: bytes, offset: int, elements: list[Element], order: str) -> Table:
    """Read binary elements one after the other."""
    table: Table = {}
    for element in elements:
        reader = _binary_lists if element.has_lists() else _binary_rows
        table[element.name], offset = reader(data, offset, element, order)
    return table


def _binary_rows(data: bytes, offset: int, element: Element, order: str) -> tuple[dict[str, Column], int]:
    """Read rows of equal length in one piece."""
    dtype = np.dtype([(part.name, order + part.kind) for part in element.properties])
    rows = np.frombuffer(data, dtype=dtype, count=element.count, offset=offset)
    return {part.name: Column(rows[part.name]) for part in element.properties}, offset + rows.nbytes


def _binary_lists(data: bytes, offset: int, element: Element, order: str) -> tuple[dict[str, Column], int]:
    """Read rows with lists: in one piece where all lists are as long as the first row's, else row by row."""
    if element.count == 0:
        return {part.name: Column(np.empty(0), np.zeros(0, dtype=np.int64)) for part in element.properties}, offset
    sizes, at = [], offset
    for part in element.properties:
        size = struct.unpack_from(order + _CODES[part.length], data, at)[0] if part.length else 1
        at += (np.dtype(part.length).itemsize if part.length else 0) + size * np.dtype(part.kind).itemsize
        sizes.append(int(size))
    fields: list[Any] = []
    for number, (part, size) in enumerate(zip(element.properties, sizes, strict=True)):
        fields += ([(f"n{number}", order + part.length)] if part.length else []) + [(f"v{number}", order + part.kind, (size,))]
    dtype = np.dtype(fields)
    if offset + dtype.itemsize * element.count <= len(data):
        rows = np.frombuffer(data, dtype=dtype, count=element.count, offset=offset)
        if all(bool((rows[f"n{number}"] == sizes[number]).all()) for number, part in enumerate(element.properties) if part.length):
            return _even(rows, element, sizes), offset + rows.nbytes
    return _walk(element, offset, _binary_cursor(data, order))


def _even(rows: NDArray[Any], element: Element, sizes: list[int]) -> dict[str, Column]:
    """Turn rows of equal lists into columns."""
    result = {}
    for number, part in enumerate(element.properties):
        values = np.ascontiguousarray(rows[f"v{number}"]).reshape(-1)
        result[part.name] = Column(values, np.full(len(rows), sizes[number], dtype=np.int64) if part.length else None)
    return result


Cursor = Callable[[int, str, int], tuple[tuple[Any, ...], int]]


def _binary_cursor(data: bytes, order: str) -> Cursor:
    """Return a function that takes `count` values of a type at an offset, and the offset behind them."""
    sizes = {kind: np.dtype(kind).itemsize for kind in _CODES}

    def take(offset: int, kind: str, count: int) -> tuple[tuple[Any, ...], int]:
        return struct.unpack_from(f"{order}{count}{_CODES[kind]}", data, offset), offset + count * sizes[kind]

    return take


def _text_cursor(tokens: NDArray[np.float64]) -> Cursor:
    """Return the same for parsed tokens, where an offset counts tokens."""

    def take(offset: int, _kind: str, count: int) -> tuple[tuple[Any, ...], int]:
        if count < 0 or offset + count > len(tokens):
            raise IndexError(offset)
        return tuple(tokens[offset : offset + count].tolist()), offset + count

    return take


def _walk(element: Element, offset: int, take: Cursor) -> tuple[dict[str, Column], int]:
    """Read rows of uneven lists one by one."""
    values: list[list[Any]] = [[] for _ in element.properties]
    sizes: list[list[int]] = [[] for _ in element.properties]
    for _ in range(element.count):
        for number, part in enumerate(element.properties):
            count = 1
            if part.length:
                (size,), offset = take(offset, part.length, 1)
                count = int(size)
                sizes[number].append(count)
            row, offset = take(offset, part.kind, count)
            values[number].extend(row)
    columns = {}
    for number, part in enumerate(element.properties):
        lengths = np.array(sizes[number], dtype=np.int64) if part.length else None
        columns[part.name] = Column(np.array(values[number], dtype=part.kind), lengths)
    return columns, offset


def _ascii(body: bytes, elements: list[Element]) -> Table:
    """Read ASCII elements; the whole body is one run of numbers."""
    tokens: NDArray[np.float64] = np.fromstring(body.decode("ascii"), dtype=np.float64, sep=" ")
    table: Table = {}
    offset = 0
    for element in elements:
        table[element.name], offset = _ascii_element(tokens, offset, element)
    return table


def _ascii_element(tokens: NDArray[np.float64], offset: int, element: Element) -> tuple[dict[str, Column], int]:
    """Read one element: in one piece where rows are even, else row by row."""
    width = _even_width(tokens, offset, element)
    if width is None:
        return _walk(element, offset, _text_cursor(tokens))
    rows = tokens[offset : offset + width * element.count].reshape(element.count, width)
    columns, at = {}, 0
    for part in element.properties:
        size = int(rows[0, at]) if part.length and element.count else 1
        at += 1 if part.length else 0
        values = rows[:, at : at + size].astype(part.kind).reshape(-1)
        columns[part.name] = Column(values, np.full(element.count, size, dtype=np.int64) if part.length else None)
        at += size
    return columns, offset + width * element.count


def _even_width(tokens: NDArray[np.float64], offset: int, element: Element) -> int | None:
    """Return the tokens of a row where all rows have the first one's lengths, else None."""
    at, lengths = offset, list[tuple[int, float]]()
    for part in element.properties:
        if part.length:
            if at >= len(tokens):
                return None
            lengths.append((at - offset, tokens[at]))
            at += 1 + int(tokens[at])
        else:
            at += 1
    width = at - offset
    if offset + width * element.count > len(tokens):
        if not element.has_lists():
            raise IndexError(offset)
        return None
    rows = tokens[offset : offset + width * element.count].reshape(element.count, width)
    return width if all(bool((rows[:, column] == length).all()) for column, length in lengths) else None
