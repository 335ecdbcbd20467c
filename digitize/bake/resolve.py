# SPDX-License-Identifier: Apache-2.0
"""The same layout, new texels: where simplifying moved the surface under its map, the map is moved along."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from digitize.bake.canvas import Canvas, Look, canvas
from digitize.bake.gather import bilinear, interpolate, largest, smallest
from digitize.bake.original import PIECE, mapped
from digitize.bake.paint import Picture
from digitize.bake.raster import rasterise
from digitize.bake.texels import Place, Source
from digitize.mesh import Mesh, Singles

_OVERLAP = 0.002  # share of texels that several triangles may claim: rounding along seams does that
_JUMP = 6.0  # texels; a foot further off lies in another chart, across a seam
_PROBE, _WELL_INSIDE = 512, 1e-3
_REPEATS = 4.0  # maps; what runs further is a tiled pattern


@dataclass(frozen=True)
class Painted:
    """A new picture (h, w, c) of 0..255 for a texture, and the texels that are looked at."""

    image: Singles
    used: NDArray[np.bool_]


def resolvable(level: Mesh) -> bool:
    """Tell whether each texel of a level's maps belongs to one place of its surface."""
    if level.uv is None or not any(material.textures for material in level.materials):
        return False
    used = level.uv[level.faces.ravel()]
    if used.min() < -_REPEATS or used.max() > 1 + _REPEATS:
        return False
    for materials in groups(level).values():
        faces = level.faces[np.isin(level.material_of, materials)]
        found = rasterise(level.uv, faces, (_PROBE, _PROBE))
        at = found.at[smallest(found.weights) > _WELL_INSIDE]
        if len(at) and 1 - len(np.unique(at)) / len(at) > _OVERLAP:
            return False
    return True


def groups(level: Mesh) -> dict[frozenset[int], list[int]]:
    """Return, for each set of textures that share a layout, the materials that use them."""
    found: dict[frozenset[int], list[int]] = {}
    for number, material in enumerate(level.materials):
        own = set(material.textures.values())
        if own:
            near = [key for key in found if key & own]
            merged = frozenset(own.union(*near))
            found[merged] = sorted([number, *(one for key in near for one in found.pop(key))])
    return found


def resolve(source: Source, level: Mesh, pictures: dict[int, Picture], limit: int) -> dict[int, Painted]:
    """Paint every texture of a level anew, at most `limit` pixels a side, in the layout that it has."""
    result: dict[int, Painted] = {}
    for textures, materials in groups(level).items():
        faces = np.flatnonzero(np.isin(level.material_of, materials))
        if len(faces):
            result |= _group(source, level, pictures, faces, textures=sorted(textures), limit=limit)
    return result


def _group(
    source: Source, level: Mesh, pictures: dict[int, Picture], faces: NDArray[np.intp], *, textures: list[int], limit: int
) -> dict[int, Painted]:
    """Paint the textures that share a layout; those of one size share the search too."""
    made: dict[int, Painted] = {}
    canvases: dict[tuple[int, int], tuple[Canvas, Singles, Singles]] = {}
    for number in textures:
        size = fitted(pictures[number], limit)
        if size not in canvases:
            ground = canvas(source, level, faces, size)
            where = _wheres(ground)
            canvases[size] = ground, where, _phase(ground, where)
        ground, where, phase = canvases[size]
        image = ground.paint(_look(ground, where, pictures[number]), phase)
        made[number] = Painted(image, ground.used)
    return made


def fitted(picture: Picture, limit: int) -> tuple[int, int]:
    """Return the (height, width) that a picture has when its longer side is at most `limit`."""
    share = min(1.0, limit / max(picture.shape[:2]))
    return max(1, round(picture.shape[0] * share)), max(1, round(picture.shape[1] * share))


def _look(ground: Canvas, where: Singles, picture: Picture) -> Look:
    """Return a look at the original's picture; the uv of the canvas's own texels are known already."""

    def look(place: Place) -> Singles:
        own = _where(ground, place) if place.start is None else where[place.start : place.start + len(place.texels.at)]
        return bilinear(picture, own)

    return look


def _wheres(ground: Canvas) -> Singles:
    """Return the original's uv (k, 2) for all texels of a canvas."""
    parts = [ground.part(slice(start, start + PIECE)) for start in range(0, len(ground.texels.at), PIECE)]
    return np.concatenate([_where(ground, part) for part in parts])


def _where(ground: Canvas, place: Place) -> Singles:
    """Return the original's uv (k, 2) for some texels of a level.

    Where the foot lies across a seam but its neighbourhood does not, the chart's own map goes on instead.
    """
    level, size = ground.level, np.array(ground.size[::-1], dtype=np.float32)
    assert level.uv is not None
    found = mapped(ground.source.mesh, place.feet)
    own = interpolate(level.uv, level.faces, place.texels.face, place.texels.weights)
    far = largest(np.abs((found - own) * size)) > _JUMP
    if far.any():
        lonely = far & ~_inner(far, place.texels.at, ground.size)
        found[lonely] = own[lonely]
    return found


def _inner(far: NDArray[np.bool_], at: NDArray[np.int64], size: tuple[int, int]) -> NDArray[np.bool_]:
    """Tell which of the far texels (k,) have only far or uncovered ones around them."""
    near = np.zeros(size[0] * size[1], dtype=bool)
    near[at[~far]] = True
    row, column = at[far] // size[1], at[far] % size[1]
    alone = np.ones(len(row), dtype=bool)
    for down in (-1, 0, 1):
        for across in (-1, 0, 1):
            alone &= ~near[(row + down) % size[0] * size[1] + (column + across) % size[1]]
    result = far.copy()
    result[far] = alone
    return result


def _phase(ground: Canvas, where: Singles) -> Singles:
    """Return how far from the original's own pixels each texel is read (k,): 0, at most a quarter."""
    share = (where * np.array(ground.size[::-1], dtype=np.float32) - np.float32(0.5)) % 1
    return np.asarray(largest(share * (1 - share)))
