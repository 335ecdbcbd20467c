# SPDX-License-Identifier: Apache-2.0
"""Read every scan of a cloud, bring them into one frame, leave out what stands apart, thin, and give each point a normal."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from digitize.errors import Doubt, Refusal
from digitize.mesh import METRES
from digitize.points import clean, cloud, normals, register
from digitize.points.cloud import Cloud
from digitize.points.readers import Reading, read
from digitize.preflight.formats import FORMAT_OF
from digitize.scale import undeclared
from digitize.steps import read_facts, write_facts

_LEAST = 100
_FOG = 0.1
_SAMPLE, _SEED = 200_000, 20_011


def run(*, inputs: Mapping[str, Path], out: Path, params: Mapping[str, Any], progress: Callable[[float, str], None]) -> dict[str, Any]:
    """Read the clouds in `source`.

    Parameters
    ----------
    params : `neighbours` and `sigmas` of the outliers' removal, `most` points to publish, `normals` (neighbours of a normal's
        plane), `register` (see `digitize.points.register.Settings`).

    Raises
    ------
    Refusal
        ``points.count-mismatch``, ``points.too-few``, ``points.no-extent``, ``points.units-differ``, ``points.not-registered``.
    """
    intake = read_facts(inputs["source"], "intake.json")
    progress(0.0, "reading")
    gathered = gather(inputs["source"], intake)
    progress(0.2, "outliers")
    cleaned = cleaned_scans(gathered, params)
    progress(0.5, "registering")
    placed = register.register(list(cleaned.scans), gathered.framed, register.Settings(**params["register"]))
    kept, unit_doubts = declare(cloud.joined(placed.scans), intake.get("declared", {}))
    check(kept)
    progress(0.7, "thinning")
    thin, cell = clean.thinned(kept, int(params["most"]))
    progress(0.8, "normals")
    sided = normals.normals(thin, int(params["normals"]))
    thin = replace(thin, normals=sided.normals.astype(np.float32))
    thick = normals.thickness(thin.positions, int(params["normals"]))
    cloud.save(thin, out / "cloud")
    cloud.save(sample(kept), out / "sample")
    doubts = [*gathered.doubts, *cleaned.doubts(), *placed.doubts, *unit_doubts, *_doubts(len(kept), thin, cell, sided, thick)]
    facts = {
        **describe(kept, intake),
        **gathered.facts,
        **cleaned.facts(),
        "points": gathered.records,
        **_spacings(kept, thin, cell),
        "normals": sided.method,
        "normals_agreement": sided.agreement,
        "thickness": thick,
        "registration": placed.facts,
        "doubts": [doubt.as_json() for doubt in doubts],
    }
    write_facts(out, facts)
    return facts


@dataclass(frozen=True)
class Cleaned:
    """Scans without doubled points and without what stands apart, and how many of each there were among all `distinct` places."""

    scans: tuple[tuple[str, Cloud], ...]
    distinct: int
    doubled: int
    outliers: int

    def facts(self) -> dict[str, Any]:
        """State what was left out."""
        return {"duplicates": self.doubled, "outliers": self.outliers, "outlier_share": self.outliers / self.distinct}

    def doubts(self) -> list[Doubt]:
        """Say what was left out."""
        found = [Doubt("points.duplicates", None, {"count": self.doubled})] if self.doubled else []
        if self.outliers:
            share = f"{100 * self.outliers / self.distinct:.3g}"
            found.append(Doubt("points.outliers", None, {"count": self.outliers, "share": share}))
        return found


def cleaned_scans(gathered: Gathered, params: Mapping[str, Any]) -> Cleaned:
    """Clean each scan by itself.

    Raises
    ------
    Refusal
        ``points.too-few`` where hardly any of a scan are left.
    """
    once = [(name, clean.distinct(scan)) for name, scan in gathered.scans]
    scans = tuple((name, without_outliers(scan, params)) for name, scan in once)
    for name, scan in scans:
        enough(scan, name)
    given, distinct, left = (sum(len(scan) for _, scan in some) for some in (gathered.scans, once, scans))
    return Cleaned(scans, distinct, given - distinct, distinct - left)


def _spacings(kept: Cloud, thin: Cloud, cell: float) -> dict[str, Any]:
    """State how many points there are and how far they lie apart, as kept and as published."""
    spacing = clean.spacing_of(kept.positions)
    return {
        "kept": len(kept),
        "published": len(thin),
        "cell": cell,
        "spacing": spacing,
        "published_spacing": clean.spacing_of(thin.positions) if cell else spacing,
    }


@dataclass(frozen=True)
class Gathered:
    """All scans of an input by name, whether their files place them in one frame, and what was doubted while reading."""

    scans: tuple[tuple[str, Cloud], ...]
    framed: bool
    records: int
    doubts: tuple[Doubt, ...]
    facts: Mapping[str, object]


def gather(source: Path, intake: Mapping[str, Any]) -> Gathered:
    """Read every file of the input.

    Raises
    ------
    Refusal
        ``points.count-mismatch``, ``points.units-differ``.
    """
    parts = {part["name"]: part["counts"] for part in intake.get("parts", [])} or {intake["main"]: intake["counts"]}
    readings = [_read(source, name, counts) for name, counts in parts.items()]
    scans = tuple(scan for reading in readings for scan in reading.scans)
    unit = scans[0][1].unit
    for name, one in scans:
        if one.unit != unit:
            raise Refusal("points.units-differ", at=name, name=name, unit=one.unit or "—", expected=unit or "—")
    told: dict[str, Doubt] = {}
    for reading in readings:
        for code, params in reading.doubts:
            told.setdefault(code, Doubt(code, None, params))
    framed = (len(readings) == 1 and readings[0].framed) or (len(readings) > 1 and all(one.facts.get("crs") for one in readings))
    facts = dict(readings[0].facts)
    return Gathered(scans, framed, sum(one.records for one in readings), tuple(told.values()), facts)


def _read(source: Path, name: str, counts: Mapping[str, int]) -> Reading:
    """Read one file and compare it with what the pre-flight counted."""
    reading = read(source, name, FORMAT_OF[Path(name).suffix.lower()])
    expected = counts.get("points", counts.get("vertices"))
    if expected is not None and expected != reading.records:
        raise Refusal("points.count-mismatch", at=name, expected=expected, read=reading.records)
    return reading


def declare(whole: Cloud, declared: Mapping[str, str]) -> tuple[Cloud, list[Doubt]]:
    """Apply the unit and the up axis that were declared with the input; say where nothing or two things are declared."""
    doubts = []
    stated = declared.get("unit")
    if stated in METRES:
        if whole.unit not in {None, stated}:
            doubts.append(Doubt("points.unit-overruled", None, {"stated": whole.unit, "declared": stated}))
        whole = replace(whole, unit=stated, unit_evidence="declared with the upload")
    if whole.unit is None:
        doubts.append(undeclared(whole.diagonal()))
    if declared.get("up") in {"x", "-x", "y", "-y", "z", "-z"}:
        whole = replace(whole, up=declared["up"])
    return whole, doubts


def without_outliers(scan: Cloud, params: Mapping[str, Any]) -> Cloud:
    """Leave out what stands apart within one scan: scans differ in how dense they are."""
    sound = clean.inliers(clean.spread(scan.positions, int(params["neighbours"]), float(params["sigmas"])))
    return scan if sound.all() else scan.take(sound)


def enough(scan: Cloud, name: str) -> None:
    """Refuse a scan of so few points that no neighbourhood tells anything.

    Raises
    ------
    Refusal
        ``points.too-few``.
    """
    if len(scan) < _LEAST:
        raise Refusal("points.too-few", at=name, points=len(scan), least=_LEAST)


def check(kept: Cloud) -> None:
    """Refuse what cannot be a scan of an object.

    Raises
    ------
    Refusal
        ``points.no-extent``.
    """
    extents = np.sort(np.ptp(kept.positions, axis=0))
    if not extents[1] > 1e-9 * max(float(np.abs(kept.positions).max()), extents[2]):
        raise Refusal("points.no-extent")


def sample(kept: Cloud) -> Cloud:
    """Draw the points against which the surface and the published points are measured; all of them where there are few."""
    if len(kept) <= _SAMPLE:
        chosen = np.arange(len(kept))
    else:
        chosen = np.sort(np.random.Generator(np.random.PCG64(_SEED)).choice(len(kept), _SAMPLE, replace=False))
    return replace(kept.take(chosen), normals=None, station=None)


def describe(kept: Cloud, intake: Mapping[str, Any]) -> dict[str, Any]:
    """State what the cloud is."""
    low, high = kept.bounds()
    return {
        "kind": "points",
        "format": intake["format"],
        "main": intake["main"],
        "bounds": {"min": low.tolist(), "max": high.tolist()},
        "diagonal": kept.diagonal(),
        "unit": kept.unit,
        "unit_evidence": kept.unit_evidence,
        "up": kept.up,
        "colours": kept.colours is not None,
    }


def _doubts(kept: int, thin: Cloud, cell: float, sided: normals.Sided, thick: float) -> list[Doubt]:
    """Say what was thinned out of `kept` points, what was supposed, and where points lie on no surface."""
    found = list[Doubt]()
    if cell:
        side = f"{cell:.3g} {thin.unit or ''}".strip()
        found.append(Doubt("points.thinned", None, {"kept": len(thin), "points": kept, "cell": side}))
    if sided.agreement is not None:
        found.append(Doubt("points.sides-supposed", None, {"share": f"{100 * sided.agreement:.0f}"}))
    if thick > _FOG:
        found.append(Doubt("points.fog", None, {"share": f"{100 * thick:.0f}"}))
    return found
