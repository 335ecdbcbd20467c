# SPDX-License-Identifier: Apache-2.0
"""Painting a level's map: each texel looked up on the original, contrasts solved, gaps filled."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from digitize.bake.fill import fill
from digitize.bake.original import PIECE, Feet
from digitize.bake.raster import Texels, half_planes
from digitize.bake.sharpen import sharpen
from digitize.bake.texels import Place, Source, covered, places
from digitize.mesh import Floats, Mesh, Singles

Look = Callable[[Place], Singles]


@dataclass(frozen=True)
class Canvas:
    """A map of (h, w) texels of some of a level's faces, and where each covered one lies on the original.

    Attributes
    ----------
    edge : (m, 3, 2), how the weights of each face of the level change from texel to texel.
    """

    source: Source
    level: Mesh
    size: tuple[int, int]
    texels: Texels
    feet: Feet
    edge: Floats

    def paint(self, look: Look, phase: Singles | None = None, *, solve: bool = True) -> Singles:
        """Paint what `look` sees (k, c), 0..255: (h, w, c)."""
        height, width = self.size
        image: Singles | None = None
        for start in range(0, len(self.texels.at), PIECE):
            colours = look(self.part(slice(start, start + PIECE)))
            if image is None:
                image = np.zeros((height * width, colours.shape[1]), dtype=np.float32)
            image[self.texels.at[start : start + PIECE]] = colours
        assert image is not None
        image = fill(image.reshape(height, width, -1), self.used)
        return sharpen(image, self.texels.at, self._beside(look), phase) if solve else image

    def part(self, part: slice) -> Place:
        """Return some of the covered texels."""
        texels, feet = self.texels, self.feet
        own = Texels(texels.at[part], texels.face[part], texels.weights[part])
        return Place(own, Feet(feet.face[part], feet.weights[part]), part.start)

    def _beside(self, look: Look) -> Callable[[NDArray[np.intp], tuple[float, float]], Singles]:
        """Return a look beside the middle of some texels."""

        def beside(chosen: NDArray[np.intp], offset: tuple[float, float]) -> Singles:
            face = self.texels.face[chosen]
            moved = self.texels.weights[chosen] + (self.edge[face] @ np.array(offset)).astype(np.float32)
            found = [look(place) for place in places(self.source, self.level, Texels(self.texels.at[chosen], face, moved))]
            return np.concatenate(found)

        return beside

    @property
    def used(self) -> NDArray[np.bool_]:
        """Tell which texels (h, w) are covered."""
        known = np.zeros(self.size[0] * self.size[1], dtype=bool)
        known[self.texels.at] = True
        return known.reshape(self.size)


def canvas(source: Source, level: Mesh, faces: NDArray[np.intp], size: tuple[int, int]) -> Canvas:
    """Find where the texels of the given faces lie on the original."""
    assert level.uv is not None
    texels = covered(level, faces, size)
    face, weights = np.empty(len(texels.at), dtype=np.int32), np.empty((len(texels.at), 3), dtype=np.float32)
    done = 0
    for place in places(source, level, texels):
        count = len(place.feet.face)
        face[done : done + count], weights[done : done + count] = place.feet.face, place.feet.weights
        done += count
    corners = level.uv.astype(np.float64)[level.faces] * (size[1], size[0]) - 0.5
    return Canvas(source, level, size, texels, Feet(face, weights), half_planes(corners)[0])
