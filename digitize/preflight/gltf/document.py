# SPDX-License-Identifier: Apache-2.0
"""The JSON of a glTF and the bytes of its buffers: sizes and depth before anything is parsed."""

from __future__ import annotations

import base64
import binascii
import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any
from urllib.parse import unquote

from digitize.errors import Doubt, Refusal
from digitize.preflight.model import Limits
from digitize.preflight.source import member

Json = dict[str, Any]

# Everything else that is required would have to be understood to read the mesh rightly.
READABLE_EXTENSIONS = frozenset({
    "KHR_texture_transform", "KHR_mesh_quantization", "KHR_materials_unlit", "KHR_materials_emissive_strength", "KHR_materials_ior",
    "KHR_materials_specular", "KHR_materials_clearcoat", "KHR_materials_sheen", "KHR_materials_transmission", "KHR_materials_volume",
    "KHR_materials_iridescence", "KHR_materials_anisotropy", "KHR_materials_dispersion", "KHR_lights_punctual", "KHR_xmp_json_ld",
    "KHR_materials_diffuse_transmission", "KHR_materials_pbrSpecularGlossiness", "KHR_materials_variants", "KHR_animation_pointer",
    "KHR_node_visibility", "KHR_draco_mesh_compression", "EXT_meshopt_compression", "KHR_meshopt_compression", "EXT_texture_webp",
    "KHR_texture_basisu",
})  # fmt: skip

_STRING_OR_BRACKET = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"|([\[{])|[\]}]', re.DOTALL)
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_DATA = re.compile(r"data:[\w.+/-]*(?:;[\w=-]+)*;base64,", re.ASCII)


@dataclass(frozen=True, slots=True)
class Span:
    """Bytes that stay in their file: `size` of them from `offset`."""

    path: Path
    offset: int
    size: int


class Document:
    """A parsed glTF: its JSON, where its files are, what it names."""

    def __init__(self, root: Path, main: str, data: Json, limits: Limits, binary: Span | None) -> None:
        self.root, self.main, self.data, self.limits, self.binary = root, main, data, limits, binary
        self.members: list[str] = []
        self.doubts: list[Doubt] = []
        self._lists: dict[str, list[Json]] = {}
        self._files: dict[str, Span] = {}

    def items(self, name: str) -> list[Json]:
        """Give one of the top-level lists, every entry an object, bounded in length; checked when it is first asked for."""
        if name not in self._lists:
            self._lists[name] = self._checked(name)
        return self._lists[name]

    def _checked(self, name: str) -> list[Json]:
        """Read one of the top-level lists."""
        found = self.data.get(name, [])
        if not isinstance(found, list) or any(not isinstance(item, dict) for item in found):
            raise Refusal("gltf.structure", at=name, problem="it must be a list of objects")
        if len(found) > self.limits.json_items:
            raise Refusal("gltf.too-many", at=name, count=len(found), limit=self.limits.json_items)
        return found

    def check_asset(self) -> None:
        """Check version and required extensions (§3.1, §3.2, §3.12)."""
        asset = self.data.get("asset")
        version = asset.get("version") if isinstance(asset, dict) else None
        if not isinstance(version, str) or not version.startswith("2."):
            raise Refusal("gltf.version", at="asset/version", version=str(version))
        required = self.names("extensionsRequired")
        if unknown := sorted(set(required) - READABLE_EXTENSIONS):
            raise Refusal("gltf.extension", at="extensionsRequired", extension=unknown[0])
        self.doubts += [Doubt("gltf.not-carried", None, {"name": name}) for name in ("animations", "skins") if self.items(name)]

    def names(self, name: str) -> list[str]:
        """Give a top-level list of strings."""
        found = self.data.get(name, [])
        if not isinstance(found, list) or any(not isinstance(item, str) for item in found):
            raise Refusal("gltf.structure", at=name, problem="it must be a list of names")
        return found

    def resource(self, uri: object, at: str, budget: int) -> bytes | Span:
        """Give the bytes of a data URI, or the file that a relative one names.

        Raises
        ------
        Refusal
            ``gltf.uri`` for any other scheme, and what `member` refuses.
        """
        if not isinstance(uri, str):
            raise Refusal("gltf.structure", at=at, problem="a URI must be text")
        if uri[:5].lower() == "data:":
            return _inline(uri, at, budget)
        if _SCHEME.match(uri) or uri.startswith(("//", "\\\\")):
            raise Refusal("gltf.uri", at=at, uri=uri[:80])
        if uri not in self._files:
            self._files[uri] = self._file(uri, at)
        return self._files[uri]

    def _file(self, uri: str, at: str) -> Span:
        """Find the file that a relative URI names."""
        name = member(self.root, self.main, unquote(uri), by=self.main, at=at, limits=self.limits)
        if name not in self.members:
            self.members.append(name)
        path = self.root / name
        return Span(path, 0, path.stat().st_size)


def _inline(uri: str, at: str, budget: int) -> bytes:
    """Decode a data URI within a budget."""
    head = _DATA.match(uri[:200])
    if head is None:
        raise Refusal("gltf.uri", at=at, uri=uri[:80])
    if (len(uri) - head.end()) * 3 // 4 > budget:
        raise Refusal("input.too-large", at=at, name="data:", bytes=(len(uri) - head.end()) * 3 // 4, limit=budget)
    try:
        return base64.b64decode(uri[head.end() :], validate=True)
    except (binascii.Error, ValueError) as error:
        raise Refusal("gltf.structure", at=at, problem="its data URI is not base64") from error


def read_text(root: Path, main: str, limits: Limits) -> Document:
    """Read a ``.gltf`` file."""
    path = root / main
    if path.stat().st_size > limits.json_bytes:
        raise Refusal("gltf.json-too-large", bytes=path.stat().st_size, limit=limits.json_bytes)
    return Document(root, main, parse(path.read_bytes(), limits), limits, None)


def read_glb(root: Path, main: str, limits: Limits) -> Document:
    """Read a GLB: header, JSON chunk, at most one binary chunk (§4.4)."""
    path = root / main
    with path.open("rb") as file:
        size = path.stat().st_size
        head = file.read(12)
        version, stated = int.from_bytes(head[4:8], "little"), int.from_bytes(head[8:12], "little")
        if len(head) < 12 or head[:4] != b"glTF" or version != 2:
            raise Refusal("gltf.version", at="byte 4", version=str(version))
        if stated != size:
            raise Refusal("glb.length", at="byte 8", stated=stated, bytes=size)
        length = _chunk(file, b"JSON", 12, size, limits.json_bytes)
        data = parse(file.read(length), limits)
        at, binary = 20 + length, None
        if at < size:
            binary = Span(path, at + 8, _chunk(file, b"BIN\0", at, size, limits.file_bytes))
            at += 8 + binary.size
    document = Document(root, main, data, limits, binary)
    if at < size:
        document.doubts.append(Doubt("input.bytes-after-end", None, {"bytes": size - at}))
    return document


def _chunk(file: IO[bytes], kind: bytes, at: int, size: int, limit: int) -> int:
    """Read the head of a chunk; its length must fit into the file."""
    head = file.read(8)
    length = int.from_bytes(head[:4], "little")
    if len(head) < 8 or at + 8 + length > size:
        raise Refusal("glb.chunk", at=f"byte {at}", stated=length, left=max(0, size - at - 8))
    if head[4:] != kind:
        raise Refusal("glb.chunk-kind", at=f"byte {at + 4}", kind=repr(head[4:]), wanted=kind.decode().rstrip("\0"))
    if length > limit:
        raise Refusal("gltf.json-too-large", at=f"byte {at}", bytes=length, limit=limit)
    return length


def parse(text: bytes, limits: Limits) -> Json:
    """Parse a glTF's JSON strictly: bounded depth, no doubled members, no NaN.

    Raises
    ------
    Refusal
        ``gltf.json``, ``gltf.depth``.
    """
    _check_depth(text, limits.json_depth)
    try:
        data = json.loads(text.decode("utf-8-sig"), object_pairs_hook=_members, parse_constant=_constant, parse_float=_finite)
    except json.JSONDecodeError as error:
        raise Refusal("gltf.json", at=f"line {error.lineno}", problem=error.msg) from error
    except (ValueError, RecursionError) as error:
        raise Refusal("gltf.json", problem=str(error)[:100]) from error
    if not isinstance(data, dict):
        raise Refusal("gltf.json", problem="it is not an object")
    return data


def _check_depth(text: bytes, limit: int) -> None:
    """Count brackets outside of strings; a parser would recurse."""
    depth = 0
    for found in _STRING_OR_BRACKET.finditer(text):
        if text[found.start()] == 0x22:
            continue
        depth += 1 if found.lastindex else -1
        if depth > limit:
            raise Refusal("gltf.depth", limit=limit)


def _members(pairs: list[tuple[str, Any]]) -> Json:
    """Refuse an object with one name twice: two programs would read two files."""
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("a member stands there twice")
    return members


def _constant(name: str) -> float:
    raise ValueError(f"{name} is no JSON number")


def _finite(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise ValueError(f"the number {text[:20]} is too large")
    return value


def index(value: object, count: int, at: str) -> int:
    """Check an index into a list of so many.

    Raises
    ------
    Refusal
        ``gltf.index``.
    """
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < count:
        raise Refusal("gltf.index", at=at, index=str(value)[:40], count=count)
    return value


def whole(item: Mapping[str, Any], name: str, at: str, *, default: int | None = None, least: int = 0) -> int:
    """Read a whole number not below `least`.

    Raises
    ------
    Refusal
        ``gltf.structure``.
    """
    value = item.get(name, default)
    if not isinstance(value, int) or isinstance(value, bool) or value < least:
        raise Refusal("gltf.structure", at=f"{at}/{name}", problem=f"it must be a whole number from {least}")
    return value
