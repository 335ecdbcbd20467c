# SPDX-License-Identifier: Apache-2.0
"""How close each derivative is to the scan, in numbers that were measured."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from assets.queries import Published
from guide import figures
from guide.panels.stage.model import level_names

ROLES = ("lod-0", "lod-1", "lod-2", "lod-3", "ar")
TWINS = ("-compressed", "-meshopt", "-ktx2")


@dataclass(frozen=True)
class Row:
    """One derivative: what it weighs and how far it is from the scan, written for people."""

    name: str
    role: str
    url: str
    triangles: str
    size: str
    compressed: str
    mean: str
    worst: str
    relative: str
    psnr: str


@dataclass(frozen=True)
class Measured:
    """The measured error of an asset's derivatives.

    Parameters
    ----------
    mean, worst, relative, psnr
        Of the finest level, written for people.
    original_triangles, points
        Of the scan itself; `points` is empty where it has triangles.
    """

    mean: str
    worst: str
    relative: str
    psnr: str
    triangles: str
    original_triangles: str
    points: str
    unit_known: bool
    rows: tuple[Row, ...]


def role_name(role: str) -> str:
    """Name a role for people."""
    names = {
        **{f"lod-{number}": name for number, name in enumerate(level_names())},
        "ar": _("For your table (AR)"),
        "usdz": _("For Apple devices (USDZ)"),
        "heat": _("Painted with its error"),
        "points": _("Points"),
        "splats": _("Splats"),
        "motion": _("Movement"),
        "print-stl": _("For printing (STL)"),
        "print-3mf": _("For printing (3MF)"),
        "image": _("Picture"),
        "pyramid": _("Tiles to look into"),
        "pages": _("Pages"),
        "text": _("Words"),
        "thumbnail": _("Thumbnail"),
        "contact-sheet": _("Contact sheet"),
        "sound": _("Sound"),
        "sound-opus": _("Sound (Opus)"),
        "waveform": _("Waveform"),
        "waveform-data": _("Waveform (data)"),
        "framemd5": _("Digests of all frames"),
        "cameras": _("Cameras"),
        "camera-plan": _("Plan of the cameras"),
        "film": _("Film"),
        "hls": _("Film in several sizes"),
        "preservation": _("Preservation copy"),
        "report": _("Report"),
    }
    twin = next((ending for ending in TWINS if role.endswith(ending)), "")
    base = role.removesuffix(twin)
    if base.startswith("captions-"):
        return _("Captions ({language})").format(language=base.removeprefix("captions-"))
    name = str(names.get(base, base))
    wrap = {
        "-compressed": _("{name}, compressed"),
        "-meshopt": _("{name}, compressed (meshopt)"),
        "-ktx2": _("{name}, for graphics memory (KTX2)"),
    }
    return wrap[twin].format(name=name) if twin else name


def row(published: Published, one: dict[str, Any], *, error: dict[str, Any] | None = None) -> Row:
    """Write one derivative's numbers; `error` is that of the file which stands for it, else its own."""
    error = error or one["error"] or {}
    unit = error.get("unit")
    twin = compressed(published, one)
    return Row(
        name=role_name(one["role"]),
        role=one["role"],
        url=published.public_url(one),
        triangles=figures.whole(one["triangles"]),
        size=figures.size(one["bytes"]),
        compressed=figures.size(twin["bytes"]) if twin else "–",
        mean=figures.length(error.get("mean"), unit),
        worst=figures.length(error.get("max"), unit),
        relative=figures.relative(error.get("mean_relative")),
        psnr=figures.decibel(error.get("colour_psnr")),
    )


def compressed(published: Published, one: dict[str, Any]) -> dict[str, Any] | None:
    """Give the compressed twin of a derivative."""
    return published.rendition(f"{one['role']}-compressed", one["original"])


def shown_error(published: Published, one: dict[str, Any]) -> dict[str, Any]:
    """Give the error of the file that the stage shows for a level: of the compressed twin where there is one."""
    twin = compressed(published, one)
    found: dict[str, Any] = (twin["error"] if twin else None) or one["error"] or {}
    return found


def finest_error(published: Published) -> dict[str, Any]:
    """Give the error of the finest level as the stage shows it, empty where nothing was measured."""
    finest = published.rendition("lod-0")
    return shown_error(published, finest) if finest else {}


def measured(published: Published) -> Measured | None:
    """Give the measured error, or None where nothing was measured (a picture, a sound)."""
    finest = published.rendition("lod-0")
    if finest is None or not shown_error(published, finest):
        return None
    found = [one for role in ROLES if (one := published.rendition(role, finest["original"]))]
    rows = tuple(row(published, one, error=shown_error(published, one)) for one in found)
    original = published.facts(finest["original"])
    return Measured(
        mean=rows[0].mean,
        worst=rows[0].worst,
        relative=rows[0].relative,
        psnr=rows[0].psnr,
        triangles=rows[0].triangles,
        original_triangles=figures.whole(original.get("triangles")),
        points="" if original.get("triangles") else figures.whole(original.get("points")),
        unit_known=bool(shown_error(published, finest).get("unit")),
        rows=rows,
    )
