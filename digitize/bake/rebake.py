# SPDX-License-Identifier: Apache-2.0
"""A new layout, one material, every map looked up on the original."""

from dataclasses import replace

import numpy as np

from digitize.bake.canvas import Look, canvas
from digitize.bake.paint import Paint
from digitize.bake.relief import normals, occlusion
from digitize.bake.resolve import Painted
from digitize.bake.texels import Place, Source
from digitize.mesh import Material, Mesh, Singles, Texture

_PER_VERTEX = 3  # texels, half of which no layout can use
_CARRIED = ("metallic_roughness", "emissive", "occlusion")


def mergeable(mesh: Mesh) -> bool:
    """Tell whether all materials in use can be shown by one, given maps for what differs."""
    used = [mesh.materials[number] for number in np.unique(mesh.material_of)]
    return len({(one.alpha_mode, one.alpha_cutoff, one.unlit) for one in used}) == 1


def full_side(mesh: Mesh) -> int:
    """Return the side of one map, a power of two, that holds as many texels as all base colour maps of a mesh, or its vertex colours."""
    used = {one.textures["base_colour"] for one in mesh.materials if "base_colour" in one.textures}
    texels = sum(mesh.textures[number].width * mesh.textures[number].height for number in used)
    if not used and mesh.colours is not None:
        texels = _PER_VERTEX * len(mesh.positions)
    return 1 << max(6, int(np.ceil(np.log2(max(texels, 1)) / 2 - 1e-9)))


def rebake(source: Source, level: Mesh, paint: Paint, size: int, extra: frozenset[str] = frozenset()) -> tuple[Mesh, dict[int, Painted]]:
    """Paint every map of an unwrapped level from the original.

    Parameters
    ----------
    level : with a layout of its own, which no two places share.
    paint : the original's look.
    size : the maps' side in texels.
    extra : maps to be made of the original's shape although it has none: ``normal``, ``occlusion``.
    """
    ground = canvas(source, level, np.arange(level.triangles), (size, size))
    used = [source.mesh.materials[number] for number in np.unique(source.mesh.material_of)]
    see_through = used[0].alpha_mode != "OPAQUE"

    def base(place: Place) -> Singles:
        colour = paint.base(place.feet.face, place.feet.weights)
        return np.hstack([colour, paint.alpha(place.feet.face, place.feet.weights)]) if see_through else colour

    images = {"base_colour": ground.paint(base)}
    for slot in _needed(used):
        images[slot] = ground.paint(_carry(paint, slot), solve=False)
    if "normal" in extra or any("normal" in one.textures for one in used):
        images["normal"] = ground.paint(normals(ground, paint), solve=False)
    if "occlusion" in extra and "occlusion" not in images and source.search.rays:
        images["occlusion"] = ground.paint(occlusion(ground, paint), solve=False)
    numbers = {slot: number for number, slot in enumerate(images)}
    material = replace(_merged(used, set(images)), textures=numbers)
    textures = tuple(Texture(f"{slot}.png", "image/png", size, size, b"") for slot in images)
    bare = replace(level, materials=(material,), textures=textures, material_of=np.zeros(level.triangles, dtype=np.int32), colours=None)
    return bare, {numbers[slot]: Painted(image, ground.used) for slot, image in images.items()}


def _carry(paint: Paint, slot: str) -> Look:
    """Return a look at a slot of the original."""
    return lambda place: paint.slot(slot, place.feet.face, place.feet.weights)


def _needed(used: list[Material]) -> list[str]:
    """Name the maps besides the base colour that the materials need when they become one."""
    first = used[0]
    differ = {
        "metallic_roughness": any((one.metallic, one.roughness) != (first.metallic, first.roughness) for one in used),
        "emissive": any(one.emissive != first.emissive for one in used),
    }
    return [slot for slot in _CARRIED if differ.get(slot) or any(slot in one.textures for one in used)]


def _merged(used: list[Material], maps: set[str]) -> Material:
    """Return one material for all; a factor is one where a map holds its product already."""
    first = used[0]
    return replace(
        first,
        name="baked",
        base_colour=(1.0, 1.0, 1.0, 1.0),
        metallic=1.0 if "metallic_roughness" in maps else first.metallic,
        roughness=1.0 if "metallic_roughness" in maps else first.roughness,
        emissive=(1.0, 1.0, 1.0) if "emissive" in maps else first.emissive,
        double_sided=any(one.double_sided for one in used),
        normal_scale=1.0,
    )
