# SPDX-License-Identifier: Apache-2.0
"""Give textured levels a twin that a graphics card keeps compressed: meshoptimizer's streams with KTX2 textures."""

import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from digitize.basis import encoder, exchange
from digitize.basis.choose import Chooser, Chosen, Use
from digitize.basis.header import device_bytes, header
from digitize.errors import Doubt, StepFailure
from digitize.readers.pictures import texture
from digitize.steps import read_facts, write_facts
from digitize.steps.timing import Stopwatch

ENDING, _OF = "-ktx2", "-meshopt"
_COLOUR = (("pbrMetallicRoughness", "baseColorTexture"), ("emissiveTexture",))
_NORMAL, _BASE = ("normalTexture",), ("pbrMetallicRoughness", "baseColorTexture")


@dataclass
class _Twins:
    """The files of `encode`, where the twins go, and what has come of them."""

    encoded: Path
    out: Path
    renditions: list[dict[str, Any]] = field(default_factory=list)
    doubts: list[dict[str, Any]] = field(default_factory=list)

    def add(self, level: Mapping[str, Any], packed: Mapping[str, Any], chooser: Chooser) -> None:
        """Make the twin of a level, or doubt it: nothing else needs it, so the other files are not lost with it."""
        try:
            self._add(level, packed, chooser)
        except StepFailure as failure:
            self.doubts.append(Doubt(failure.code, None, failure.params).as_json())

    def _add(self, level: Mapping[str, Any], packed: Mapping[str, Any], chooser: Chooser) -> None:
        """Make the twin of a level from its own file and its packed one, where all its textures are near enough."""
        data = (self.encoded / level["path"]).read_bytes()
        document, _ = exchange.unwrapped(data)
        own = [texture(picture, f"image-{n}") for n, picture in enumerate(exchange.pictures(data))]
        found = [chooser.choose(one, _use(document, number)) for number, one in enumerate(own)]
        chosen = [one for one in found if isinstance(one, Chosen)]
        if len(chosen) < len(found):
            worst = min(one for one in found if not isinstance(one, Chosen))
            self.doubts.append(Doubt("ktx2.beyond-bound", None, {"role": level["role"], "decibels": worst}).as_json())
            return
        role = f"{level['role']}{ENDING}"
        made = exchange.exchanged((self.encoded / packed["path"]).read_bytes(), [one.texture for one in chosen])
        (self.out / f"{role}.glb").write_bytes(made)
        self.renditions.append({**packed, "role": role, "path": f"{role}.glb", **_facts(chosen)})


def run(*, inputs: Mapping[str, Path], out: Path, params: Mapping[str, Any], progress: Callable[[float, str], None]) -> dict[str, Any]:
    """Exchange the textures of the files of `encode` for KTX2.

    Parameters
    ----------
    params : `roles`, the levels that get such a twin; `side`, pixels beyond which a texture is not tried, for it would take longer
        than all else; `decibels`, how near its pixels must be at least to those of the level's own
        texture; `etc1s`, `uastc`, `zstd`, see `encoder.Settings`.
    """
    twins, watch, tools = _Twins(inputs["encode"], out), Stopwatch(), dict[str, str]()
    facts = {one["role"]: one for one in read_facts(inputs["encode"])["renditions"]}
    roles = [role for role in params["roles"] if _serves(facts.get(role, {}), int(params["side"])) and f"{role}{_OF}" in facts]
    program = encoder.found() if roles else None
    if program:
        tools["basisu"] = encoder.version(program)
        with tempfile.TemporaryDirectory() as folder:
            chooser = _chooser(program, Path(folder), params)
            for place, role in enumerate(roles):
                progress(place / len(roles), role)
                with watch.of(f"{role}{ENDING}"):
                    twins.add(facts[role], facts[f"{role}{_OF}"], chooser)
    elif roles:
        twins.doubts.append(Doubt("ktx2.no-encoder").as_json())
    found = {"renditions": twins.renditions, "doubts": twins.doubts, "tools": tools}
    write_facts(out, found)
    made = {one["role"] for one in twins.renditions}
    return {**found, "timings": {role: spent for role, spent in watch.spread().items() if role in made}}


def _serves(level: Mapping[str, Any], side: int) -> bool:
    """Tell whether a level has textures, none of them too large."""
    sides = [max(one["width"], one["height"]) for one in level.get("textures", [])]
    return bool(sides) and max(sides) <= side


def _chooser(program: Path, folder: Path, params: Mapping[str, Any]) -> Chooser:
    settings = encoder.Settings(**{name: int(params[name]) for name in ("etc1s", "uastc", "zstd") if name in params})
    return Chooser(program, folder, decibels=float(params["decibels"]), settings=settings)


def _facts(chosen: Sequence[Chosen]) -> dict[str, Any]:
    """Describe the textures of a twin, and what they take on a graphics card beside what they would as RGBA."""
    textures = [one.texture for one in chosen]
    taken = sum(header(one.data).device_bytes() for one in textures)
    plain = sum(device_bytes(one.width, one.height) for one in textures)
    return {"textures": [_fact(one) for one in chosen], "device_bytes": {"textures": taken, "uncompressed": plain}}


def _fact(chosen: Chosen) -> dict[str, Any]:
    """Describe a texture."""
    one = chosen.texture
    said = {"media_type": one.media_type, "width": one.width, "height": one.height, "bytes": len(one.data)}
    return {**said, "form": chosen.mode, "decibels": chosen.decibels}


def _use(document: Mapping[str, Any], number: int) -> Use:
    """Tell what a texture of a GLB of ours is for."""
    materials = document["materials"]

    def named(place: tuple[str, ...]) -> list[Mapping[str, Any]]:
        return [one for one in materials if _index(one, place) == number]

    seen = any(one.get("alphaMode", "OPAQUE") != "OPAQUE" for one in named(_BASE))
    return Use(colour=any(named(place) for place in _COLOUR), normal=bool(named(_NORMAL)), opaque=not seen)


def _index(material: Mapping[str, Any], place: tuple[str, ...]) -> int | None:
    """Give the texture that a material has in a place."""
    found: Any = material
    for name in place:
        found = found.get(name, {})
    return found.get("index") if isinstance(found, Mapping) else None
