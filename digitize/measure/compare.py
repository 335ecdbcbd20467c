# SPDX-License-Identifier: Apache-2.0
"""A derivative against its original, both ways.

Source: Cignoni, Rocchini, Scopigno, "Metro: measuring error on simplified surfaces", 1998 (sampled two-sided distance).
"""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from digitize.measure import statistics
from digitize.measure.closest import Closest, Surface, joined, surface
from digitize.measure.colour import Painter, coloured
from digitize.measure.extremes import Farthest, Vertices, ask
from digitize.measure.sample import Samples, by_area
from digitize.measure.tail import Draw, Tail, tail
from digitize.mesh import Floats, Integers, Mesh
from digitize.topology import face_normals

SAMPLES, SEED = 1 << 17, 20_011


@dataclass(frozen=True)
class Reference:
    """The original with all that is needed of it for every comparison."""

    mesh: Mesh
    diagonal: float
    samples: Samples
    search: Surface
    vertices: Vertices
    painter: Painter | None
    colours: Floats | None
    normals: Floats


@dataclass(frozen=True)
class Way:
    """One direction of a comparison: points on one surface and their closest points on the other.

    Attributes
    ----------
    samples, closest : on the one and on the other surface.
    angle : (k,) between the two surfaces' normals, degrees; NaN where a triangle has none.
    colour : (k, 3) difference in sRGB, of 255; None where the original has no colour.
    farthest : the largest distance of any sample or vertex.
    tail : the 99.9th percentile of the distance.
    """

    samples: Samples
    closest: Closest
    angle: Floats
    colour: Floats | None
    farthest: Farthest | None = None
    tail: Tail | None = None

    @property
    def most(self) -> float:
        """Return the largest distance."""
        return self.farthest.distance if self.farthest else float(self.closest.distance.max())


@dataclass(frozen=True)
class Compared:
    """Both ways, original to derivative and back."""

    there: Way
    back: Way
    method: str

    @property
    def asked(self) -> int:
        """Count the vertices whose distance had to be computed to be sure of the largest."""
        return sum(way.farthest.asked for way in (self.there, self.back) if way.farthest)


def reference(mesh: Mesh, samples: int = SAMPLES, seed: int = SEED) -> Reference:
    """Prepare an original: samples, closest-point search, colours."""
    search = surface(mesh.positions, mesh.faces)
    drawn = by_area(mesh.positions, mesh.faces, min(samples, search.budget), seed)
    painter = Painter(mesh) if coloured(mesh) else None
    colours = painter.colours(drawn.face, drawn.weights) if painter else None
    return Reference(mesh, mesh.diagonal(), drawn, search, Vertices.of(mesh), painter, colours, unit_normals(mesh, drawn.face))


def compare(original: Reference, derived: Mesh, seed: int = SEED, share: int = 2) -> dict[str, Any]:
    """Measure a derivative that stands in the original's unit and frame; see `summary` and `both_ways`."""
    return summary(original, both_ways(original, derived, seed, share))


def both_ways(original: Reference, derived: Mesh, seed: int = SEED, share: int = 2, twin: Compared | None = None) -> Compared:
    """Compare both ways with a `share`-th (8, 4, 2, 1) of the original's points, twice as many as long as the means are uncertain.

    `twin` is the comparison of a mesh that differs from this one only by its encoding: the original's vertex that is farthest
    from this one is looked for among those that were candidates for that one.
    """
    search = surface(derived.positions, derived.faces)
    painter = Painter(derived) if original.painter else None
    whole = len(original.samples.points)
    done = whole // share or whole
    there, back = _batch(original, derived, search, painter, span=(0, done), seed=seed + 1)
    while done < whole and not all(_settled(way, original.diagonal) for way in (there, back)):
        share //= 2
        more = _batch(original, derived, search, painter, span=(done, whole // share), seed=seed + 1 + done)
        there, back, done = _added(there, more[0]), _added(back, more[1]), whole // share
    return Compared(*_finished(original, derived, search, (there, back), seed=seed, twin=twin), search.method)


def _finished(
    original: Reference, derived: Mesh, search: Surface, ways: tuple[Way, Way], *, seed: int, twin: Compared | None
) -> tuple[Way, Way]:
    """Add what the samples alone do not tell: the largest distance and the 99.9th percentile."""
    there, back = ways
    known, diagonal = there.most, original.diagonal
    if twin and twin.there.farthest:
        far = ask(search, twin.there.farthest.vertices, known)
    else:
        far = original.vertices.farthest(search, known, diagonal)
    near = Vertices.of(derived).farthest(original.search, back.most, diagonal)
    beyond = tail(there.closest.distance, search, _draw(original.mesh), diagonal, seed + 2)
    behind = tail(back.closest.distance, original.search, _draw(derived), diagonal, seed + 3)
    return replace(there, farthest=far, tail=beyond), replace(back, farthest=near, tail=behind)


def _draw(mesh: Mesh) -> Draw:
    """Return what draws points of a mesh with their geometric normals, null where a triangle has none."""

    def draw(count: int, seed: int) -> tuple[Floats, Floats]:
        drawn = by_area(mesh.positions, mesh.faces, count, seed)
        return drawn.points, np.nan_to_num(unit_normals(mesh, drawn.face))

    return draw


def _batch(
    original: Reference, derived: Mesh, search: Surface, painter: Painter | None, *, span: tuple[int, int], seed: int
) -> tuple[Way, Way]:
    """Compare one batch of points both ways."""
    samples = original.samples.part(*span)
    drawn = by_area(derived.positions, derived.faces, len(samples.points), seed)
    there, back = search.closest(samples.points), original.search.closest(drawn.points)
    forward = angle(original.normals[slice(*span)], unit_normals(derived, there.face))
    backward = angle(unit_normals(derived, drawn.face), unit_normals(original.mesh, back.face))
    if painter is None or original.painter is None or original.colours is None:
        return Way(samples, there, forward, None), Way(drawn, back, backward, None)
    seen = painter.colours(there.face, there.weights) - original.colours[slice(*span)]
    shown = original.painter.colours(back.face, back.weights) - painter.colours(drawn.face, drawn.weights)
    return Way(samples, there, forward, seen), Way(drawn, back, backward, shown)


def recoloured(original: Reference, derived: Mesh, found: Compared) -> Compared:
    """Compare the colours of a mesh whose surface and layout are those of one that was compared before, at the same points."""
    if original.painter is None or original.colours is None:
        return found
    painter, there, back = Painter(derived), found.there, found.back
    seen = painter.colours(there.closest.face, there.closest.weights) - original.colours[: len(there.samples.points)]
    shown = original.painter.colours(back.closest.face, back.closest.weights) - painter.colours(back.samples.face, back.samples.weights)
    return replace(found, there=replace(there, colour=seen), back=replace(back, colour=shown))


def _settled(way: Way, diagonal: float) -> bool:
    """Tell whether one direction's means are certain enough."""
    return statistics.settled(way.closest.distance, way.colour, diagonal)


def _added(one: Way, two: Way) -> Way:
    """Put two batches one after the other."""
    a, b = one.samples, two.samples
    samples = Samples(np.concatenate([a.points, b.points]), np.concatenate([a.face, b.face]), np.concatenate([a.weights, b.weights]))
    colour = None if one.colour is None or two.colour is None else np.concatenate([one.colour, two.colour])
    return Way(samples, joined([one.closest, two.closest]), np.concatenate([one.angle, two.angle]), colour)


def unit_normals(mesh: Mesh, face: Integers) -> Floats:
    """Return the geometric normals (k, 3) of the given faces; NaN for a triangle without area."""
    normals = face_normals(mesh.positions, mesh.faces[face])
    with np.errstate(invalid="ignore"):
        return normals / np.sqrt(np.einsum("kd,kd->k", normals, normals))[:, None]


def angle(one: Floats, two: Floats) -> Floats:
    """Return the angles (k,) between unit vectors, in degrees; by the tangent, which is exact for small ones too."""
    apart, along = np.linalg.norm(one - two, axis=1), np.linalg.norm(one + two, axis=1)
    return np.degrees(2.0 * np.arctan2(apart, along))


def summary(original: Reference, found: Compared) -> dict[str, Any]:
    """State a comparison in numbers.

    Returns
    -------
    `mean`, `max`, `rms`, `p999` in the original's unit (the larger of both directions), the same relative to the
    diagonal, under `per_10000_of_diagonal` and `mm`, each direction alone under `forward` (original to derivative) and
    `backward`, a `histogram` of both, `normal_deviation` in degrees, and the colour's `colour_psnr` (dB), `colour_mae`
    (of 255), `colour_off` (share of points off by more than 30). What does not apply or is infinite is None.
    """
    there, back = found.there, found.back
    forward, backward = (statistics.distances(way.closest.distance, way.most, way.tail) for way in (there, back))
    turned = [statistics.angles(way.angle) for way in (there, back)]
    worst = {name: max(forward[name], backward[name]) for name in forward}
    relative = np.concatenate([there.closest.distance, back.closest.distance]) / original.diagonal
    return {
        **statistics.lengths(worst, original.diagonal, original.mesh.unit),
        "standard_error_relative": worst["standard_error"] / original.diagonal,
        "unit": original.mesh.unit,
        "forward": forward,
        "backward": backward,
        "histogram": statistics.histogram(relative),
        "normal_deviation": {name: max(way[name] for way in turned) for name in ("mean", "p999")},
        "samples": len(back.samples.points),
        "vertices_asked": found.asked,
        "method": found.method,
        **statistics.colour(there.colour, back.colour),
    }
