# SPDX-License-Identifier: Apache-2.0
"""Buffers, views and accessors: every byte that a mesh will ask for is there, and no more is asked for than there is."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import numpy as np
from numpy.typing import NDArray

from digitize.errors import Refusal
from digitize.preflight.gltf.document import Document, Json, Span, index, whole
from digitize.preflight.gltf.packed import MESHOPT, check_first_byte, check_stream, draco_accessors, extension, is_fallback
from digitize.preflight.model import LARGEST, Limits

COMPONENTS = {5120: "i1", 5121: "u1", 5122: "<i2", 5123: "<u2", 5125: "<u4", 5126: "<f4"}
WIDTHS = {"SCALAR": 1, "VEC2": 2, "VEC3": 3, "VEC4": 4, "MAT2": 4, "MAT3": 9, "MAT4": 16}


class Arrays:
    """The accessors of a document, checked first and read afterwards."""

    def __init__(self, document: Document, limits: Limits) -> None:
        self._document, self._limits = document, limits
        self._buffers: list[bytes | Span] = []
        self._sizes: list[int] = []
        self._implicit = 0
        self._asked = 0
        self._packed: dict[int, Json] = {}
        self._in_draco: set[int] = set()
        self._judged: dict[tuple[str, int], int] = {}

    def check(self) -> None:
        """Check all buffers, then all views, then all accessors (§3.6)."""
        for number, item in enumerate(self._document.items("buffers")):
            self._buffer(item, number)
        for number, item in enumerate(self._document.items("bufferViews")):
            self._view(item, number)
        self._in_draco = draco_accessors(self._document)
        for number, item in enumerate(self._document.items("accessors")):
            self._accessor(item, f"accessors/{number}")

    def _buffer(self, item: Json, number: int) -> None:
        """Compare a buffer's stated length with the bytes there are."""
        at = f"buffers/{number}"
        stated = whole(item, "byteLength", at, least=1)
        if "uri" in item:
            found: bytes | Span = self._document.resource(item["uri"], f"{at}/uri", self._limits.json_bytes)
        elif number == 0 and self._document.binary is not None:
            found = self._document.binary
        elif is_fallback(item, at):
            found = Span(self._document.root, 0, stated)  # nobody reads it: see `_view`
        else:
            raise Refusal("gltf.structure", at=at, problem="it has no bytes")
        present = found.size if isinstance(found, Span) else len(found)
        if present < stated:
            raise Refusal("gltf.buffer-short", at=at, bytes=present, needed=stated)
        self._buffers.append(found)
        self._sizes.append(stated)

    def _view(self, item: Json, number: int) -> None:
        """Check that a view lies inside its buffer, and a compressed one's stream inside its own."""
        at = f"bufferViews/{number}"
        buffer = index(item.get("buffer"), len(self._sizes), f"{at}/buffer")
        offset, length = whole(item, "byteOffset", at, default=0), whole(item, "byteLength", at, least=1)
        if offset + length > self._sizes[buffer]:
            raise Refusal("gltf.out-of-bounds", at=at, end=offset + length, size=self._sizes[buffer])
        if "byteStride" in item and (not 4 <= whole(item, "byteStride", at) <= 252 or item["byteStride"] % 4):
            raise Refusal("gltf.structure", at=f"{at}/byteStride", problem="it must be a multiple of 4 from 4 to 252")
        if (packed := extension(item, MESHOPT, at)) is not None:
            self._stream(*packed, item, number)
        elif self._stands_nowhere(buffer):
            raise Refusal("gltf.structure", at=at, problem="its buffer has no bytes of its own")

    def _stream(self, name: str, packed: Json, view: Json, number: int) -> None:
        """Check a compressed view."""
        at = f"bufferViews/{number}"
        check_stream(name, packed, view, self._sizes, at)
        if self._stands_nowhere(packed["buffer"]):
            raise Refusal("gltf.structure", at=at, problem="its buffer has no bytes of its own")
        first = self._bytes(packed["buffer"], packed.get("byteOffset", 0), 1)
        check_first_byte(first, packed["mode"], name, at)
        self._asked += view["byteLength"]
        self._packed[number] = packed

    def _stands_nowhere(self, buffer: int) -> bool:
        """Say whether a buffer only stands for what compressed views unpack to."""
        return is_fallback(self._document.items("buffers")[buffer], f"buffers/{buffer}") and not (
            buffer == 0 and self._document.binary is not None
        )

    def readable(self, number: int) -> bool:
        """Say whether an accessor's values stand in the file as they are; what is compressed is checked where it is unpacked."""
        view = self._document.items("accessors")[number].get("bufferView")
        return view not in self._packed and number not in self._in_draco

    def _accessor(self, item: Json, at: str) -> None:
        """Check an accessor's form, its place in its view, and what it asks for in all."""
        if not _known(item.get("componentType"), COMPONENTS) or not _known(item.get("type"), WIDTHS):
            raise Refusal("gltf.structure", at=at, problem="its type does not exist")
        count = whole(item, "count", at, least=1)
        size = count * self.element_bytes(item)
        self._asked += size
        if count > 3 * max(self._limits.vertices, self._limits.faces) or self._asked > 4 * self._limits.file_bytes:
            raise Refusal("gltf.too-many", at=at, count=count, limit=3 * max(self._limits.vertices, self._limits.faces))
        if "bufferView" in item:
            self._inside(item, item["bufferView"], count, self.element_bytes(item), at)
        elif int(at.rpartition("/")[2]) not in self._in_draco:
            # Zeros that stand nowhere: a few hundred bytes of JSON could ask for gigabytes.
            self._implicit += size
            if self._implicit > self._limits.implicit_bytes:
                raise Refusal("gltf.implicit", at=at, bytes=self._implicit, limit=self._limits.implicit_bytes)
        if "sparse" in item:
            self._sparse(item, count, at)

    @staticmethod
    def element_bytes(item: Json) -> int:
        """Give the bytes of one element; matrices of small components are padded (§3.6.2.4)."""
        component, kind = int(COMPONENTS[item["componentType"]][-1]), item["type"]
        if kind.startswith("MAT"):
            rows = int(kind[3])
            return rows * -(-rows * component // 4) * 4
        return WIDTHS[kind] * component

    def _inside(self, item: Json, view: object, count: int, size: int, at: str) -> None:
        """Check that so many elements lie inside a view, aligned to their components."""
        views = self._document.items("bufferViews")
        found = views[index(view, len(views), f"{at}/bufferView")]
        offset = whole(item, "byteOffset", at, default=0)
        stride = found.get("byteStride", size)
        end = offset + stride * (count - 1) + size
        if end > found["byteLength"]:
            raise Refusal("gltf.out-of-bounds", at=at, end=end, size=found["byteLength"])
        if stride < size:
            raise Refusal("gltf.structure", at=at, problem="its elements overlap")

    def _sparse(self, item: Json, count: int, at: str) -> None:
        """Check replaced elements: no more than there are, at rising places inside the accessor (§3.6.2.3)."""
        sparse = item["sparse"]
        if not isinstance(sparse, dict) or not all(isinstance(sparse.get(part), dict) for part in ("indices", "values")):
            raise Refusal("gltf.structure", at=f"{at}/sparse", problem="it lacks indices or values")
        replaced = whole(sparse, "count", f"{at}/sparse", least=1)
        if replaced > count:
            raise Refusal("gltf.structure", at=f"{at}/sparse", problem="it replaces more elements than there are")
        if not _known(sparse["indices"].get("componentType"), (5121, 5123, 5125)):
            raise Refusal("gltf.structure", at=f"{at}/sparse/indices", problem="its type does not exist")
        if self._packed and {part.get("bufferView") for part in (item, sparse["indices"], sparse["values"])} & set(self._packed):
            raise Refusal("gltf.structure", at=f"{at}/sparse", problem="sparse values in compressed views are not read here")
        dtype = COMPONENTS[sparse["indices"]["componentType"]]
        width = int(dtype[-1])
        self._inside(sparse["indices"], sparse["indices"].get("bufferView"), replaced, width, f"{at}/sparse/indices")
        self._inside(sparse["values"], sparse["values"].get("bufferView"), replaced, self.element_bytes(item), f"{at}/sparse/values")
        places = np.frombuffer(self._part(sparse["indices"], replaced * width), dtype).astype(np.int64)
        if int(places[-1]) >= count or (np.diff(places) <= 0).any():
            raise Refusal("gltf.structure", at=f"{at}/sparse/indices", problem="its places do not rise within the accessor")

    def view_bytes(self, number: int) -> bytes:
        """Read the bytes of a checked view that is not compressed."""
        item = self._plain_view(number)
        return self._bytes(item["buffer"], item.get("byteOffset", 0), item["byteLength"])

    @property
    def size(self) -> int:
        """Give the bytes of all buffers together."""
        return sum(self._sizes)

    def view_size(self, number: object, at: str) -> int:
        """Give the bytes of the view that something names."""
        views = self._document.items("bufferViews")
        return int(views[index(number, len(views), f"{at}/bufferView")]["byteLength"])

    def view_head(self, number: int, most: int) -> bytes:
        """Read the first bytes of a checked view that is not compressed, at most so many."""
        item = self._plain_view(number)
        return self._bytes(item["buffer"], item.get("byteOffset", 0), min(most, item["byteLength"]))

    def _plain_view(self, number: int) -> Json:
        """Give a checked view that is not compressed."""
        if number in self._packed:
            raise Refusal("gltf.structure", at=f"bufferViews/{number}", problem="what is read from it cannot be compressed")
        return self._document.items("bufferViews")[number]

    def _part(self, item: Json, length: int) -> bytes:
        """Read so many bytes of the view that an accessor, or a part of a sparse one, names: many may name one large view."""
        view = self._plain_view(item["bufferView"])
        return self._bytes(view["buffer"], view.get("byteOffset", 0) + item.get("byteOffset", 0), length)

    def _bytes(self, buffer: int, offset: int, length: int) -> bytes:
        """Read some bytes of a buffer."""
        source = self._buffers[buffer]
        if isinstance(source, bytes):
            return source[offset : offset + length]
        with source.path.open("rb") as file:
            file.seek(source.offset + offset)
            return file.read(length)

    def values(self, number: int) -> NDArray[Any]:
        """Read a checked accessor of vectors or numbers: (count, width), replaced elements included."""
        item = self._document.items("accessors")[number]
        dtype, width, count = np.dtype(COMPONENTS[item["componentType"]]), WIDTHS[item["type"]], item["count"]
        if "bufferView" in item:
            stride = self._document.items("bufferViews")[item["bufferView"]].get("byteStride", dtype.itemsize * width)
            raw = self._part(item, stride * (count - 1) + dtype.itemsize * width)
            table = np.ndarray((count, width), dtype, raw, 0, (stride, dtype.itemsize))
        else:
            table = np.zeros((count, width), dtype)
        return self._replaced(table, item) if "sparse" in item else table

    def _replaced(self, table: NDArray[Any], item: Json) -> NDArray[Any]:
        """Put a sparse accessor's values in their places."""
        sparse, table = item["sparse"], table.copy()
        where, what = sparse["indices"], sparse["values"]
        kind = np.dtype(COMPONENTS[where["componentType"]])
        places = np.frombuffer(self._part(where, sparse["count"] * kind.itemsize), kind)
        values = self._part(what, sparse["count"] * table.shape[1] * table.itemsize)
        table[places] = np.frombuffer(values, table.dtype).reshape(-1, table.shape[1])
        return table

    def first_unbounded(self, number: int) -> int:
        """Give the first element of a checked accessor that is no usable number, -1 for none; looked at once, however many use it."""
        if ("finite", number) not in self._judged:
            good = (np.abs(self.values(number)) <= LARGEST).all(axis=1)
            self._judged["finite", number] = -1 if good.all() else int(np.argmin(good))
        return self._judged["finite", number]

    def highest(self, number: int) -> int:
        """Give the largest value of a checked accessor; looked for once, however many use it."""
        if ("highest", number) not in self._judged:
            self._judged["highest", number] = int(self.values(number).max())
        return self._judged["highest", number]


def _known(value: object, names: Collection[object]) -> bool:
    """Say whether a value is one of some plain ones; a list or an object never is."""
    return isinstance(value, int | str) and not isinstance(value, bool) and value in names
