# SPDX-License-Identifier: Apache-2.0
"""The colour of a surface where one looks: base colour factor, texture and vertex colours, as glTF multiplies them."""

import numpy as np
from numpy.typing import NDArray

from digitize.encode.textures import pixels
from digitize.mesh import Bytes, Floats, Integers, Mesh


def coloured(mesh: Mesh) -> bool:
    """Tell whether a mesh has colour that a derivative could lose."""
    return mesh.colours is not None or any("base_colour" in material.textures for material in mesh.materials)


def to_linear(srgb: Floats) -> Floats:
    """Turn sRGB 0..255 into linear 0..1 (IEC 61966-2-1)."""
    value = srgb / 255.0
    return np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)


_TABLE = to_linear(np.arange(256.0))


class Painter:
    """A mesh with its base colour textures decoded once."""

    def __init__(self, mesh: Mesh) -> None:
        used = {material.textures["base_colour"] for material in mesh.materials if "base_colour" in material.textures}
        self._mesh = mesh
        self._vertices = None if mesh.colours is None else _TABLE[mesh.colours[:, :3]]
        self._images = {number: pixels(mesh.textures[number]) for number in sorted(used)}

    def colours(self, face: Integers, weights: Floats) -> Floats:
        """Return the sRGB colour, 0..255, at barycentric weights (k, 3) of faces (k,): (k, 3)."""
        result = np.empty((len(face), 3))
        material_of = self._mesh.material_of[face]
        for number, material in enumerate(self._mesh.materials):
            own = np.flatnonzero(material_of == number)
            if len(own) == 0:
                continue
            corners = self._mesh.faces[face[own]]
            texture = material.textures.get("base_colour")
            base = np.array(material.base_colour[:3])
            if texture is not None and self._mesh.uv is not None:
                uv = np.einsum("kc,kcd->kd", weights[own], self._mesh.uv[corners])
                srgb = bilinear(self._images[texture], uv)
            else:
                srgb = np.full((len(own), 3), 255.0)
            if self._vertices is not None or bool((base != 1.0).any()):
                linear = to_linear(srgb) * base if texture is not None else np.tile(base, (len(own), 1))
                if self._vertices is not None:
                    linear *= np.einsum("kc,kcd->kd", weights[own], self._vertices[corners])
                srgb = to_srgb(linear)
            result[own] = srgb
        return result


def bilinear(image: Bytes, uv: Floats) -> Floats:
    """Look an image (h, w, 3) up at uv (k, 2), origin at the top left, repeating beyond the edges."""
    height, width = image.shape[:2]
    x, y = uv[:, 0] * width - 0.5, uv[:, 1] * height - 0.5
    left, top = np.floor(x).astype(np.int64), np.floor(y).astype(np.int64)
    fx, fy = (x - left)[:, None], (y - top)[:, None]
    columns, rows = (left % width, (left + 1) % width), (top % height, (top + 1) % height)
    flat = image.reshape(-1, 3)

    def at(row: NDArray[np.int64], column: NDArray[np.int64]) -> Floats:
        return np.take(flat, row * width + column, axis=0).astype(np.float64)

    upper = at(rows[0], columns[0]) * (1 - fx) + at(rows[0], columns[1]) * fx
    lower = at(rows[1], columns[0]) * (1 - fx) + at(rows[1], columns[1]) * fx
    return upper * (1 - fy) + lower * fy


def to_srgb(linear: Floats) -> Floats:
    """Turn linear 0..1 into sRGB 0..255 (IEC 61966-2-1)."""
    value = np.clip(linear, 0.0, 1.0)
    return np.where(value <= 0.0031308, value * 12.92, 1.055 * value ** (1 / 2.4) - 0.055) * 255.0
