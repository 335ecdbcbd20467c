# SPDX-License-Identifier: Apache-2.0
"""Wavefront material libraries, with the metallic-roughness extension (Pr, Pm, norm)."""

import shlex
from dataclasses import dataclass, field
from pathlib import Path

from digitize.mesh import Material, Texture
from digitize.readers.pictures import texture_file

_CARRIED = {"map_kd": "base_colour", "map_ke": "emissive", "norm": "normal"}
_OPTIONS = {
    "-blendu": 1,
    "-blendv": 1,
    "-boost": 1,
    "-mm": 2,
    "-o": 3,
    "-s": 3,
    "-t": 3,
    "-texres": 1,
    "-clamp": 1,
    "-bm": 1,
    "-imfchan": 1,
    "-type": 1,
    "-cc": 1,
}
Doubts = list[tuple[str, dict[str, object]]]


@dataclass
class Library:
    """The materials of all libraries that an OBJ names, and the textures they share."""

    materials: dict[str, Material] = field(default_factory=dict)
    textures: list[Texture] = field(default_factory=list)
    doubts: Doubts = field(default_factory=list)
    _number: dict[str, int] = field(default_factory=dict)

    def texture(self, root: Path, name: str) -> int:
        """Return a texture's index, reading the file once."""
        if name not in self._number:
            self._number[name] = len(self.textures)
            self.textures.append(texture_file(root, name))
        return self._number[name]


def read(root: Path, path: Path, library: Library) -> None:
    """Add the materials of one file to the library; textures lie beside the OBJ or beside the MTL.

    Raises
    ------
    Refusal
        `texture.not-found`, `texture.undecodable`.
    """
    blocks: dict[str, dict[str, str]] = {}
    current: dict[str, str] = {}
    for raw in path.read_text(encoding="utf-8", errors="surrogateescape").replace("\\\n", " ").splitlines():
        word, _, rest = raw.split("#", 1)[0].strip().partition(" ")
        if word.lower() == "newmtl":
            current = blocks.setdefault(rest.strip(), {})
        elif word:
            current[word.lower()] = rest.strip()
    for name, facts in blocks.items():
        library.materials.setdefault(name, _material(root, path.parent, name, facts, library))


def _material(root: Path, beside: Path, name: str, facts: dict[str, str], library: Library) -> Material:
    """Translate one block; a map that glTF has no place for becomes a doubt."""
    textures = {}
    for key, value in facts.items():
        if key in _CARRIED:
            textures[_CARRIED[key]] = library.texture(root, _file_name(root, beside, value))
        elif key.startswith("map_") or key in ("bump", "disp", "decal", "refl"):
            library.doubts.append(("obj.map-left-out", {"material": name, "map": key}))
    colour: tuple[float, ...] = (1.0, 1.0, 1.0) if "base_colour" in textures else _numbers(facts.get("kd", ""), (0.8, 0.8, 0.8))
    if "base_colour" in textures and _numbers(facts.get("kd", ""), colour) != colour:
        library.doubts.append(("obj.kd-left-out", {"material": name}))
    alpha = _opacity(facts)
    return Material(
        name=name,
        base_colour=(_linear(colour[0]), _linear(colour[1]), _linear(colour[2]), alpha),
        metallic=_numbers(facts.get("pm", ""), (0.0,))[0],
        roughness=_numbers(facts.get("pr", ""), (0.85,))[0],
        emissive=_emissive(facts, textures),
        alpha_mode="OPAQUE" if alpha >= 1.0 else "BLEND",
        textures=textures,
    )


def _emissive(facts: dict[str, str], textures: dict[str, int]) -> tuple[float, float, float]:
    """Return the emission's linear factor; a map without Ke shines in full."""
    ke = _numbers(facts.get("ke", ""), (1.0, 1.0, 1.0) if "emissive" in textures else (0.0, 0.0, 0.0))
    return _linear(ke[0]), _linear(ke[1]), _linear(ke[2])


def _opacity(facts: dict[str, str]) -> float:
    """Return alpha from d, or from Tr, which counts the other way."""
    if "d" in facts:
        return _numbers(facts["d"].removeprefix("-halo "), (1.0,))[0]
    return 1.0 - _numbers(facts.get("tr", ""), (0.0,))[0]


def _numbers(text: str, default: tuple[float, ...]) -> tuple[float, ...]:
    """Read as many numbers as the default has, each kept within 0 and 1."""
    try:
        values = tuple(min(max(float(word), 0.0), 1.0) for word in text.split()[: len(default)])
    except ValueError:
        return default
    return values if len(values) == len(default) else default


def _linear(value: float) -> float:
    """Turn an sRGB value of 0..1 into a linear one (IEC 61966-2-1)."""
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4


def _file_name(root: Path, beside: Path, value: str) -> str:
    """Strip a map statement's options; the name may hold spaces and is relative to the MTL, else to the OBJ."""
    try:
        words = shlex.split(value, posix=True) if '"' in value else value.split()
    except ValueError:
        words = value.split()
    while words and words[0].lower() in _OPTIONS:
        skip = 1 + _OPTIONS[words[0].lower()]
        numeric = [word for word in words[1:skip] if _is_number(word)] if words[0].lower() in ("-o", "-s", "-t") else words[1:skip]
        words = words[1 + len(numeric) :]
    name = " ".join(words).replace("\\", "/")
    near = (beside / name).resolve()
    return near.relative_to(root.resolve()).as_posix() if near.is_file() and near.is_relative_to(root.resolve()) else name


def _is_number(word: str) -> bool:
    """Tell whether a word is a number."""
    try:
        float(word)
    except ValueError:
        return False
    return True
