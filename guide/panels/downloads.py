# SPDX-License-Identifier: Apache-2.0
"""What everyone may take home."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from assets.queries import Published


@dataclass(frozen=True)
class Download:
    """A file with its name for people and its size."""

    name: str
    url: str
    bytes: int | None


def _wanted() -> tuple[tuple[str, str], ...]:
    """Name the roles that are offered, in their order."""
    return (
        ("lod-0", _("3D model, fine (GLB)")),
        ("lod-0-compressed", _("3D model, compressed (GLB, Draco)")),
        ("lod-0-meshopt", _("3D model, compressed (GLB, meshopt)")),
        ("lod-0-ktx2", _("3D model, small in graphics memory (GLB, KTX2)")),
        ("lod-2", _("3D model, light (GLB)")),
        ("usdz", _("For Apple devices (USDZ)")),
        ("points", _("Points (GLB)")),
        ("splats", _("Splats")),
        ("motion", _("Movement (GLB)")),
        ("image", _("Picture")),
        ("pages", _("All pages (ZIP)")),
        ("text", _("The words (text)")),
        ("film", _("Film (MP4)")),
        ("sound", _("Sound")),
    )


def downloads(published: Published) -> list[Download]:
    """List the public files and the record."""
    files = [Download(name, published.file_url(one), one["bytes"]) for role, name in _wanted() for one in published.renditions(role)[:1]]
    report = reverse("guide:report", kwargs={"asset": published.asset})
    told = [Download(_("Digitization report"), report, None)] if published.renditions("report") else []
    return [*files, Download(_("Record (JSON)"), f"/id/{published.asset}.json", None), *told]
