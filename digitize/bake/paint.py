# SPDX-License-Identifier: Apache-2.0
"""What is seen of a mesh at a point of its surface: its maps, factors and vertex colours, as glTF multiplies them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from digitize.bake.gather import LINEAR, bilinear, encoded, halved, interpolate
from digitize.encode.textures import opened
from digitize.mesh import COLOUR_SLOTS, Integers, Mesh, Singles

Picture = NDArray[Any]  # (h, w, 3 or 4), 0..255, as stored


@dataclass(frozen=True)
class Paint:
    """A mesh and its decoded textures by number."""

    mesh: Mesh
    pictures: Mapping[int, Picture]

    def base(self, face: Integers, weights: Singles) -> Singles:
        """Return the base colour at weights (k, 3) of faces (k,): sRGB 0..255 (k, 3)."""
        return self._by_material(face, weights, "base_colour", 3, self._base)

    def slot(self, name: str, face: Integers, weights: Singles) -> Singles:
        """Return a slot's value (k, 3): its map times its factor, in 0..255; emissive is sRGB, the others are plain."""
        return self._by_material(face, weights, name, 3, _FACTORS[name])

    def alpha(self, face: Integers, weights: Singles) -> Singles:
        """Return the opacity (k, 1), 0..255."""
        return self._by_material(face, weights, "base_colour", 1, self._alpha)

    def _by_material(self, face: Integers, weights: Singles, name: str, channels: int, apply: Any) -> Singles:
        """Look a slot up, material by material."""
        result = np.empty((len(face), channels), dtype=np.float32)
        material_of = self.mesh.material_of[face] if len(self.mesh.materials) > 1 else None
        for number, material in enumerate(self.mesh.materials):
            own = slice(None) if material_of is None else np.flatnonzero(material_of == number)
            at, share = face[own], weights[own]
            if len(at):
                texture = material.textures.get(name)
                seen = None if texture is None or self.mesh.uv is None else bilinear(self.pictures[texture], self._uv(at, share))
                result[own] = apply(material, seen, at, share)
        return result

    def _uv(self, face: Integers, weights: Singles) -> Singles:
        assert self.mesh.uv is not None
        return interpolate(self.mesh.uv, self.mesh.faces, face, weights)

    def _base(self, material: Any, seen: Singles | None, face: Integers, weights: Singles) -> Singles:
        """Multiply map, factor and vertex colour in linear light."""
        factor = np.array(material.base_colour[:3], dtype=np.float32)
        srgb = np.full((len(face), 3), 255, dtype=np.float32) if seen is None else seen[:, :3]
        if self.mesh.colours is None and bool((factor == 1).all()):
            return srgb
        linear = _linear(srgb) * factor
        if self.mesh.colours is not None:
            linear *= interpolate(LINEAR[self.mesh.colours[:, :3]], self.mesh.faces, face, weights)
        return encoded(np.clip(linear, 0, 1))

    def _alpha(self, material: Any, seen: Singles | None, face: Integers, weights: Singles) -> Singles:
        """Multiply map, factor and vertex colour."""
        alpha = np.full((len(face), 1), 255, dtype=np.float32) if seen is None or seen.shape[1] < 4 else seen[:, 3:]
        if self.mesh.colours is not None:
            alpha = alpha * interpolate(self.mesh.colours[:, 3:] / 255.0, self.mesh.faces, face, weights)
        return np.asarray(alpha * np.float32(material.base_colour[3]))


def _linear(srgb: Singles) -> Singles:
    """Turn sRGB 0..255 into linear 0..1 (IEC 61966-2-1)."""
    value = srgb / np.float32(255)
    return np.where(value <= 0.04045, value / np.float32(12.92), ((value + np.float32(0.055)) / np.float32(1.055)) ** np.float32(2.4))


def _plain(count: int, values: tuple[float, float, float]) -> Singles:
    return np.tile(np.array(values, dtype=np.float32) * np.float32(255), (count, 1))


def _surface(material: Any, seen: Singles | None, face: Integers, weights: Singles) -> Singles:
    """Return roughness in green, metal in blue (glTF 2.0 §3.9.2)."""
    del weights
    factors = (1.0, material.roughness, material.metallic)
    return _plain(len(face), factors) if seen is None else np.asarray(seen[:, :3] * np.array(factors, dtype=np.float32))


def _light(material: Any, seen: Singles | None, face: Integers, weights: Singles) -> Singles:
    """Return emitted light as sRGB."""
    del weights
    factor = np.array(material.emissive, dtype=np.float32)
    linear = np.tile(factor, (len(face), 1)) if seen is None else _linear(seen[:, :3]) * factor
    return encoded(np.clip(linear, 0, 1))


def _open(material: Any, seen: Singles | None, face: Integers, weights: Singles) -> Singles:
    """Return occlusion in red."""
    del material, weights
    return _plain(len(face), (1.0, 1.0, 1.0)) if seen is None else seen[:, :3]


def _relief(material: Any, seen: Singles | None, face: Integers, weights: Singles) -> Singles:
    """Return the normal map's vector, scaled as the material says and brought back to bytes."""
    del weights
    if seen is None:
        return _plain(len(face), (0.5, 0.5, 1.0))
    vector = seen[:, :3] / np.float32(127.5) - 1
    vector[:, :2] *= np.float32(material.normal_scale)
    return np.asarray((vector + 1) * np.float32(127.5))


_FACTORS = {"metallic_roughness": _surface, "emissive": _light, "occlusion": _open, "normal": _relief}


def pictures(mesh: Mesh, limits: Mapping[int, float] | None = None) -> dict[int, Picture]:
    """Decode a mesh's textures, each halved as long as it stays at least as large as its limit (pixels of its longer side)."""
    see_through = {material.textures.get("base_colour") for material in mesh.materials if material.alpha_mode != "OPAQUE"}
    light = {number for material in mesh.materials for slot, number in material.textures.items() if slot in COLOUR_SLOTS}
    found: dict[int, Picture] = {}
    for number in sorted({n for material in mesh.materials for n in material.textures.values()}):
        picture: Picture = np.asarray(opened(mesh.textures[number], opaque=number not in see_through))
        limit = limits.get(number, np.inf) if limits else np.inf
        while max(picture.shape[:2]) >= 2 * limit and min(picture.shape[:2]) > 1:
            picture = np.rint(halved(picture, number in light)).astype(np.uint8)
        found[number] = picture
    return found
