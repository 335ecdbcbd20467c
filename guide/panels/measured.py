# SPDX-License-Identifier: Apache-2.0
"""How close each derivative is to the scan, in numbers that were measured."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from assets.queries import Published
from guide import figures

ROLES = ("lod-0", "lod-1", "lod-2", "ar")


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
    original_triangles
        Of the scan itself.
    """

    mean: str
    worst: str
    relative: str
    psnr: str
    triangles: str
    original_triangles: str
    unit_known: bool
    rows: tuple[Row, ...]


def role_name(role: str) -> str:
    """Name a role for people."""
    names = {
        "lod-0": pgettext("level", "Fine"),
        "lod-1": pgettext("level", "Medium"),
        "lod-2": pgettext("level", "Light"),
        "ar": _("For your table (AR)"),
        "usdz": _("For Apple devices (USDZ)"),
        "image": _("Picture"),
        "thumbnail": _("Thumbnail"),
        "sound": _("Sound"),
        "waveform": _("Waveform"),
        "report": _("Report"),
    }
    base, compressed = role.removesuffix("-compressed"), role.endswith("-compressed")
    name = names.get(base, base)
    return _("{name}, compressed").format(name=name) if compressed else name


def row(published: Published, one: dict[str, Any], *, error: dict[str, Any] | None = None) -> Row:
    """Write one derivative's numbers; `error` is that of the file which stands for it, else its own."""
    error = error or one["error"] or {}
    unit = error.get("unit")
    twin = compressed(published, one)
    return Row(
        name=role_name(one["role"]),
        role=one["role"],
        url=published.file_url(one),
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
    original = published.record["originals"][finest["original"] - 1]["facts"]
    return Measured(
        mean=rows[0].mean,
        worst=rows[0].worst,
        relative=rows[0].relative,
        psnr=rows[0].psnr,
        triangles=rows[0].triangles,
        original_triangles=figures.whole(original.get("triangles")),
        unit_known=bool(shown_error(published, finest).get("unit")),
        rows=rows,
    )
