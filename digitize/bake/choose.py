# SPDX-License-Identifier: Apache-2.0
"""Which texture a level gets: its own, the same layout painted anew, or a new unwrap; what measures better is taken."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from digitize.bake import judge
from digitize.bake.align import align
from digitize.bake.judge import Judged, Pairs, Yardstick
from digitize.bake.paint import Paint, pictures
from digitize.bake.press import press
from digitize.bake.rebake import full_side, rebake
from digitize.bake.resolve import Painted, fitted, resolvable, resolve
from digitize.bake.texels import Source
from digitize.encode.textures import without_profile
from digitize.measure.closest import surface
from digitize.mesh import COLOUR_SLOTS, Mesh, Texture

KEPT, RESOLVED, REBAKED = "kept", "resolved", "rebaked"
CLOSE = 0.3  # dB: less is no reason for the costlier way
NEW = 2.0  # dB: what a texture must gain over vertex colours, which cost fewer bytes
ENOUGH, FEW = 45.0, 1e-4  # dB, and points off: nobody sees more, so no other way is tried
MISSED = 1.05  # of the triangles asked for
_REACH = 4.0  # mean distances of a level: how far a ray looks for the original
_SHARE, _FLOOR = 0.25, 1.6  # of a level's own mean square error, and of 255-ths squared (46 dB): what encoding may add
_DATA = 2.0  # the same for maps that hold no colour: in a normal map about half a degree


@dataclass(frozen=True)
class Candidate:
    """One way of making a level: its mesh without pressed textures, its pictures, what it measures."""

    method: str
    mesh: Mesh
    painted: Mapping[int, Painted]
    judged: Judged

    def facts(self) -> dict[str, Any]:
        """State what was measured."""
        return {
            "method": self.method,
            "triangles": self.mesh.triangles,
            "colour_psnr": round(self.judged.psnr, 2),
            "colour_off": round(self.judged.off, 6),
            "mean_relative": float(f"{self.judged.mean:.4g}"),
        }


@dataclass(frozen=True)
class Chosen:
    """A level ready to be written, how its texture was made, and what else was tried."""

    mesh: Mesh
    method: str
    candidates: list[dict[str, Any]] = field(default_factory=list)


class Chooser:
    """An original with everything that its levels are compared with and painted from.

    `extra` names maps that a new layout gets beside those of the original: ``normal``, ``occlusion``.
    """

    def __init__(self, original: Mesh, extra: frozenset[str] = frozenset()) -> None:
        self._mesh, self._extra = original, extra
        self._search = surface(original.positions, original.faces)
        self._pictures = pictures(original)
        self._yardstick: Yardstick = judge.yardstick(Paint(original, self._pictures), self._search)

    def choose(self, level: Mesh, *, asked: int, limit: int, free: Callable[[], Mesh] | None = None) -> Chosen:
        """Make a level's textures, at most `limit` pixels a side.

        Parameters
        ----------
        asked : the triangles that the level should have.
        free : gives the level simplified without regard to its texture, with its new layout; None where that is not wanted.
        """
        if self._mesh.triangles > level.triangles:
            level = align(self._mesh, self._search, level)
        paired = judge.pairs(self._yardstick, level)
        kept = self._kept(level, paired, limit)
        found = [kept]
        missed, good = level.triangles > MISSED * asked, kept.judged.psnr >= ENOUGH and kept.judged.off <= FEW
        # On the texels that there are, no new layout shows more than the old one painted anew: it is for what the old one cannot do.
        anew = free is not None and (missed or not (good or resolvable(level)))
        if anew and free is not None:
            found.append(self._rebaked(free(), min(limit, full_side(self._mesh))))
        elif not good and resolvable(level):
            found.append(self._painted(RESOLVED, level, paired, resolve(self._source(paired), level, self._pictures, limit)))
        best = self._best(found, asked)
        return Chosen(self._pressed(best), best.method, [one.facts() for one in found])

    def _rebaked(self, mesh: Mesh, limit: int) -> Candidate:
        """Paint a level with a new layout."""
        paired = judge.pairs(self._yardstick, mesh)
        bare, painted = rebake(self._source(paired), mesh, self._yardstick.paint, limit, self._extra)
        return self._painted(REBAKED, bare, paired, painted)

    def _source(self, paired: Pairs) -> Source:
        """Say how far a ray looks for the original."""
        return Source(self._mesh, self._search, max(_REACH * 4 * paired.mean, 1e-4) * self._yardstick.diagonal)

    def _kept(self, level: Mesh, paired: Pairs, limit: int) -> Candidate:
        """Take the textures as they are, made smaller where they are too large."""
        painted = {}
        light = {n for material in level.materials for slot, n in material.textures.items() if slot in COLOUR_SLOTS}
        for number, picture in self._pictures.items():
            size = fitted(picture, limit)
            image = picture if size == picture.shape[:2] else _resized(picture, size, number in light)
            painted[number] = Painted(image, np.ones(size, dtype=bool))
        return self._painted(KEPT, level, paired, painted)

    def _painted(self, method: str, mesh: Mesh, paired: Pairs, painted: Mapping[int, Painted]) -> Candidate:
        """Measure a candidate."""
        paint = Paint(mesh, {number: one.image for number, one in painted.items()})
        return Candidate(method, mesh, painted, judge.judge(self._yardstick, paired, paint))

    def _best(self, found: list[Candidate], asked: int) -> Candidate:
        """Take what reaches its number of triangles, then what looks more like the original; the simpler where that is even."""
        reached = [one for one in found if one.mesh.triangles <= MISSED * asked] or [min(found, key=lambda one: one.mesh.triangles)]
        best = reached[0]
        for one in reached[1:]:
            if one.judged.psnr > best.judged.psnr + (CLOSE if best.painted else NEW):
                best = one
        return best

    def _pressed(self, best: Candidate) -> Mesh:
        """Encode the textures; one that is unchanged stays as it came where that is no larger."""
        bound = max(_SHARE * best.judged.square, _FLOOR)
        light = {n for material in best.mesh.materials for slot, n in material.textures.items() if slot in COLOUR_SLOTS}
        names = [texture.name for texture in best.mesh.textures]
        made = list(best.mesh.textures)
        for number, one in best.painted.items():
            texture = press(names[number], one.image, one.used, bound if number in light else _DATA)
            came = without_profile(best.mesh.textures[number]) if best.method == KEPT else None
            made[number] = _smaller(texture, came, one)
        return replace(best.mesh, textures=tuple(made))


def _smaller(texture: Texture, came: Texture | None, painted: Painted) -> Texture:
    """Prefer the file as it came where it shows the same and is no larger."""
    if came is None or came.media_type not in {"image/png", "image/jpeg"}:
        return texture
    same = painted.image.shape[:2] == (came.height, came.width)
    return came if same and len(came.data) <= len(texture.data) else texture


def _resized(picture: Any, size: tuple[int, int], light: bool) -> Any:
    """Shrink a picture (h, w, c): halved in linear light, the rest by Lanczos."""
    from PIL import Image

    from digitize.bake.gather import halved

    while picture.shape[0] >= 2 * size[0] and picture.shape[1] >= 2 * size[1]:
        picture = np.rint(halved(picture, light)).astype(np.uint8)
    if picture.shape[:2] == size:
        return picture
    return np.asarray(Image.fromarray(picture).resize((size[1], size[0]), Image.Resampling.LANCZOS))
